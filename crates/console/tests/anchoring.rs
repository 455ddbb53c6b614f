//! The audit's anchor after what comes between it and its chain.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use crosswalk_console::{ConnectionInput, Console, NewAccount, Options, Secret, VaultKind};
use crosswalk_workspace::{Folder, OpenOptions, backup};

fn options(folder: &Path) -> Options {
    let mut options = Options::new(folder.to_path_buf());
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from("for this test".to_owned()))));
    options
}

/// A workspace with an account and an anchor.
async fn anchored(folder: &Path) -> Console {
    let console = Console::open(options(folder)).unwrap();
    console.add_tenant("acme", None, None).await.unwrap();
    let account = NewAccount {
        id: "acme-test".to_owned(),
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
    console.anchor_audit().await.unwrap();
    console
}

/// Puts a database in the place of the present one, and of what is not in that yet.
fn put_back(copy: &Path, folder: &Path) {
    for rest in ["workspace.db-wal", "workspace.db-shm"] {
        let _ = std::fs::remove_file(folder.join(rest));
    }
    std::fs::copy(copy, folder.join("workspace.db")).unwrap();
}

/// The chain lacks rows, and anchoring it does not make that well.
async fn stays_below_its_anchor(folder: &Path) {
    let console = Console::open(options(folder)).unwrap();
    for _ in 0..2 {
        let verdict = console.verify_audit(None).await.unwrap();
        assert_eq!(verdict.fault.as_deref(), Some("below_anchor"));
        console.anchor_audit().await.unwrap();
    }
}

#[tokio::test]
async fn a_restore_that_was_cut_short_is_anchored_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let console = anchored(folder.path()).await;
    let taken = console.create_backup().await.unwrap();
    console
        .add_tenant("globex", None, None)
        .await
        .map(drop)
        .unwrap();
    console.anchor_audit().await.unwrap();
    drop(console);

    // Nobody lives to anchor it.
    let restoring = OpenOptions::new("1.0.0");
    backup::restore(&Folder::new(folder.path()), &taken.name, &restoring).unwrap();
    let console = Console::open(options(folder.path())).unwrap();
    for _ in 0..2 {
        let verdict = console.verify_audit(None).await.unwrap();
        assert!(verdict.ok, "{verdict:?}");
        assert_eq!(verdict.anchored_seq, None);
        assert!(
            verdict.notes[0].starts_with("A backup was restored"),
            "{verdict:?}"
        );
    }
    console.anchor_audit().await.unwrap();
    let verdict = console.verify_audit(None).await.unwrap();
    assert!(verdict.ok && verdict.notes.is_empty(), "{verdict:?}");
    assert_eq!(verdict.anchored_seq, verdict.head.map(|head| head.seq));
    let rows = console.audit(None, None, 100).await.unwrap();
    let lost = rows
        .iter()
        .filter(|row| row.kind == "audit:anchor_abandoned");
    assert_eq!(lost.count(), 1, "the anchor that was given up is named");
    drop(console);

    // What came before is put back by hand: the chain is another one again, and no row says why.
    let replaced = backup::list(&Folder::new(folder.path())).unwrap();
    let replaced = replaced.iter().find(|one| one.name != taken.name).unwrap();
    let kept = folder.path().join("backups").join(&replaced.name);
    put_back(&kept, folder.path());
    stays_below_its_anchor(folder.path()).await;
}

#[tokio::test]
async fn a_restore_explains_a_chain_that_was_cut_short_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let console = anchored(folder.path()).await;
    let taken = console.create_backup().await.unwrap();
    drop(console);
    let restoring = OpenOptions::new("1.0.0");
    backup::restore(&Folder::new(folder.path()), &taken.name, &restoring).unwrap();

    // A copy of the database as the restore left it, before it was anchored.
    let console = Console::open(options(folder.path())).unwrap();
    let copy = console.create_backup().await.unwrap();
    console.anchor_audit().await.unwrap();
    console.add_tenant("globex", None, None).await.unwrap();
    console.anchor_audit().await.unwrap();
    drop(console);

    let copy = folder.path().join("backups").join(&copy.name);
    put_back(&copy, folder.path());
    stays_below_its_anchor(folder.path()).await;
}

#[tokio::test]
async fn an_anchor_that_is_gone_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let console = anchored(folder.path()).await;
    std::fs::remove_file(folder.path().join("audit-anchor.json")).unwrap();
    let verdict = console.verify_audit(None).await.unwrap();
    assert!(
        verdict.notes[0].starts_with("The anchor is gone"),
        "{verdict:?}"
    );
    for _ in 0..2 {
        console.anchor_audit().await.unwrap();
    }
    let verdict = console.verify_audit(None).await.unwrap();
    assert!(verdict.ok && verdict.notes.is_empty(), "{verdict:?}");
    assert_eq!(verdict.anchored_seq, verdict.head.map(|head| head.seq));
    let rows = console.audit(None, None, 100).await.unwrap();
    let told = rows.iter().filter(|row| row.kind == "audit:anchor_gone");
    assert_eq!(told.count(), 1);
}
