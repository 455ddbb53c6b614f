//! What a user may be handed by somebody else: bundles, exports of an audit, tables. Whatever is in them, reading ends in
//! a result or a fault that says what to do, never in a panic, and within bounds of time and memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "../../../tests/support/mutation.rs"]
mod mutation;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use crosswalk_console::{
    ConnectionInput, Console, Fault, ImportInput, NewAccount, Options, Secret, VaultKind,
    read_table,
};
use mutation::{bounded, mutated};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const ACCOUNT: &str = "acme-test";

struct Stage {
    runtime: Runtime,
    console: Console,
    _folder: TempDir,
}

/// A workspace with one account and no records.
static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::new(folder.path().to_path_buf());
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from("for this test".to_owned()))));
    let runtime = Runtime::new().unwrap();
    let console = runtime.block_on(async {
        let console = Console::open(options).unwrap();
        console.add_tenant("acme", None, None).await.unwrap();
        let account = NewAccount {
            id: ACCOUNT.to_owned(),
            tenant: "acme".to_owned(),
            connector: "coupa".to_owned(),
            kind: "sandbox",
            environment: None,
            grant: None,
            purpose: "read",
            connection: ConnectionInput {
                config: vec![("instance_url".to_owned(), "http://127.0.0.1:9".to_owned())],
                client_id: Some("client".to_owned()),
                client_secret: Some(Secret::from("secret".to_owned())),
                ..ConnectionInput::default()
            },
        };
        console.add_account(account).await.unwrap();
        console
    });
    Stage {
        runtime,
        console,
        _folder: folder,
    }
});

fn corpus(what: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(what)
}

/// A fault is whole: a code, a sentence that is not endless, a next step.
#[track_caller]
fn is_whole<T>(result: Result<T, Fault>) {
    if let Err(fault) = result {
        assert!(!fault.code.is_empty());
        assert!(
            (8..20_000).contains(&fault.message.len()),
            "{}",
            fault.message.len()
        );
        assert!(
            fault.hint.is_some_and(|hint| !hint.is_empty()),
            "{}",
            fault.code
        );
    }
}

fn import(text: &str) -> Result<(), Fault> {
    let input = ImportInput {
        level: "account".to_owned(),
        scope: ACCOUNT.to_owned(),
        text: text.to_owned(),
        dry_run: true,
        partial: true,
        note: None,
    };
    let import = STAGE.console.import_bundle(input);
    STAGE.runtime.block_on(import).map(drop)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bundle(bytes in mutated(&corpus("bundles"))) {
        let text = String::from_utf8_lossy(&bytes);
        bounded(|| is_whole(import(&text)));
    }

    #[test]
    fn any_export_of_an_audit(bytes in mutated(&corpus("audits"))) {
        let text = String::from_utf8_lossy(&bytes);
        let check = STAGE.console.verify_audit(Some(&text));
        bounded(|| is_whole(STAGE.runtime.block_on(check)));
    }

    #[test]
    fn any_table(bytes in mutated(&corpus("tables"))) {
        let text = String::from_utf8_lossy(&bytes);
        bounded(|| is_whole(read_table(&text)));
    }
}

/// The seeds as they are, among them files made to exhaust memory or stack.
#[test]
fn every_seed() {
    for bytes in mutation::seeds(&corpus("bundles")) {
        let text = String::from_utf8_lossy(&bytes);
        bounded(|| is_whole(import(&text)));
    }
    let wide: String = (0..200_000).map(|n| format!("{n},{n}\n")).collect();
    assert_eq!(bounded(|| read_table(&wide)).unwrap().len(), 200_000);
    let aliases = format!(
        "format: 1\nconnector: coupa\nconnector_version: 1.0.0\ntables:\n  t: &t {{{}}}\n{}",
        (0..1_000)
            .map(|n| format!("k{n}: v"))
            .collect::<Vec<_>>()
            .join(", "),
        (0..5_000)
            .map(|n| format!("  t{n}: *t\n"))
            .collect::<String>()
    );
    let refused = bounded(|| import(&aliases)).unwrap_err();
    assert_eq!(refused.code, "not_a_bundle");
}
