//! Sealing anew: every sealed column of an account, and nothing changes but the seals.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, commit, open, sealed, start_run};
use crosswalk_vault::{AccountKeys, SealContext, Secret, SecretBytes};
use crosswalk_workspace::mapping_override::Scope;
use crosswalk_workspace::pin::{self, Target};
use crosswalk_workspace::record::{self, NativeId};
use crosswalk_workspace::run::{self, Mode, RunFault, record_error};
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::table::{self, Body, Changes, NewVersion, Tally};
use crosswalk_workspace::token::{self, Clocks};
use crosswalk_workspace::{Account, Resealing, Workspace, credential, schema_seen};

/// Every column the documentation calls sealed.
const SEALED: [(&str, &str); 8] = [
    ("credential", "sealed"),
    ("token", "sealed"),
    ("table_version", "sealed_changes"),
    ("pin", "sealed"),
    ("schema_seen", "sealed"),
    ("run_error", "sealed_example"),
    ("record", "body"),
    ("call_answer", "sealed"),
];

fn target() -> Target {
    Target {
        model: "procurement/invoice".into(),
        resource: "invoices".into(),
        native_id: "7".into(),
    }
}

fn fill(workspace: &Workspace, account: &Account, keys: &AccountKeys) {
    let (held, keys) = (account.clone(), keys.clone());
    let uuid = account.uuid;
    workspace
        .write_blocking(move |tx| {
            let now = tx.now();
            let secret = Secret::from("a secret".to_owned());
            let part = credential::seal(&keys, uuid, "private_key", &secret)?;
            credential::replace(tx, uuid, "private_key", Some(&part))?;
            let tokens = SecretBytes::from(b"{\"access\":1}".to_vec());
            let clocks = Clocks {
                obtained_at: now,
                usable_at: now,
                expires_at: None,
                renew_at: None,
                scopes: None,
                refresh_obtained_at: None,
                refresh_expires_at: None,
                refresh_renew_at: None,
            };
            token::save(tx, uuid, &token::seal(&keys, uuid, &tokens)?, &clocks)?;
            let run = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
            let records = (1..=30)
                .map(|id| sealed(&keys, &held, id, None, &format!("record {id}")))
                .collect();
            commit(tx, &run, records)?;
            let name = run.uuid.uuid();
            let context = SealContext {
                account: uuid.uuid(),
                table: "run_error",
                row: name.as_bytes(),
            };
            let fault = RunFault {
                code: "odd".into(),
                message: "odd".into(),
                hint: None,
            };
            let example = keys.seal(&context, b"what it said")?;
            record_error(tx, run.uuid, &fault, Some("7"), Some(&example))?;
            let seen = schema_seen::seal(&keys, uuid, "invoices", b"paths")?;
            schema_seen::add(tx, uuid, "invoices", run.uuid, 30, &seen)?;
            let pinned = pin::seal(&keys, uuid, &target(), b"a result")?;
            pin::put(tx, &held, &target(), &pinned, None)?;
            let changes: Changes = [("710".to_owned(), Some("Travel".to_owned()))].into();
            let version = NewVersion {
                scope: Scope::Account(uuid),
                name: "cost_centers".into(),
                body: Body::of_account(&keys, uuid, "cost_centers", &changes)?,
                tally: Tally::default(),
                after: None,
                restored_version: None,
                note: Some("first".into()),
            };
            table::add(tx, &version)?;
            Ok(())
        })
        .unwrap();
}

/// The ids of the keys under which a column's values are sealed.
fn keys_in(folder: &std::path::Path, (table, column): (&str, &str)) -> Vec<String> {
    let conn = rusqlite::Connection::open(folder.join("workspace.db")).unwrap();
    let mut statement = conn
        .prepare(&format!(
            "SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
        ))
        .unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, Vec<u8>>(0))
        .unwrap();
    rows.map(|value| AccountKeys::key_of(&value.unwrap()).unwrap().to_string())
        .collect()
}

fn walk(workspace: &Workspace, account: &Account, keys: &AccountKeys) -> Resealing {
    let uuid = account.uuid;
    let mut walk = workspace
        .read_blocking(|tx| Resealing::begin(tx, uuid))
        .unwrap();
    while !walk.is_done() {
        let keys = keys.clone();
        // Few at a time, so that a walk of several steps is tested.
        walk = workspace
            .write_blocking(move |tx| walk.go_on(tx, &keys, 4))
            .unwrap();
    }
    walk
}

#[test]
fn everything_sealed_of_an_account_is_sealed_anew_and_says_the_same() {
    let page = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/security-columns.md"
    );
    let listed = std::fs::read_to_string(page).unwrap();
    for line in listed
        .lines()
        .filter(|line| line.contains("| **sealed** |"))
    {
        let known = |(table, column): &(&str, &str)| line.contains(&format!("`{table}.{column}`"));
        assert!(SEALED.iter().any(known), "not sealed anew: {line}");
    }
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let [account, other] = ["acme-test", "acme-prod"].map(|slug| {
        workspace
            .write_blocking(move |tx| add_account(tx, slug))
            .unwrap()
    });
    let (mut keys, others) = (
        AccountKeys::generate().unwrap(),
        AccountKeys::generate().unwrap(),
    );
    fill(&workspace, &account, &keys);
    fill(&workspace, &other, &others);
    let old = keys.current();
    keys.rotate().unwrap();
    let done = walk(&workspace, &account, &keys);
    assert_eq!((done.resealed, done.stuck.len()), (36, 0));
    // What calls were answered with is not kept here.
    for column in SEALED
        .into_iter()
        .filter(|(table, _)| *table != "call_answer")
    {
        let mut ids = keys_in(folder.path(), column);
        ids.sort();
        ids.dedup();
        let mut expected = vec![keys.current().to_string(), others.current().to_string()];
        expected.sort();
        assert_eq!(ids, expected, "{column:?}");
    }
    // With the new key alone everything opens, at its own place.
    keys.forget(old).unwrap();
    let uuid = account.uuid;
    workspace
        .read_blocking(|tx| {
            let parts = credential::list(tx, uuid)?;
            let secret = parts[0].open(&keys, uuid)?.unwrap();
            assert_eq!(secret.expose(), "a secret");
            let held = token::get(tx, uuid)?.unwrap();
            assert_eq!(held.open(&keys, uuid)?.as_slice(), b"{\"access\":1}");
            let record = record::get(tx, uuid, "invoices", &NativeId::Integer(30))?.unwrap();
            let body = record.open(&keys, uuid, "invoices")?.unwrap();
            assert_eq!(body.as_slice(), b"record 30");
            let pins = pin::list(tx, uuid, None)?;
            assert_eq!(pins[0].open(&keys, uuid)?.as_slice(), b"a result");
            let seen = schema_seen::latest(tx, uuid, "invoices", 1)?;
            assert_eq!(seen[0].open(&keys, uuid, "invoices")?.as_slice(), b"paths");
            let versions = table::history(tx, Scope::Account(uuid), "cost_centers")?;
            assert_eq!(versions.len(), 1);
            assert_eq!(versions[0].note.as_deref(), Some("first"));
            let scope = Scope::Account(uuid);
            let bodies = table::bodies(tx, scope, "cost_centers", None)?;
            let changes = bodies[0].clone().open(Some(&keys), scope, "cost_centers")?;
            assert_eq!(changes["710"].as_deref(), Some("Travel"));
            Ok(())
        })
        .unwrap();
    // Again, there is nothing to do.
    assert_eq!(walk(&workspace, &account, &keys).resealed, 0);
}

#[test]
fn a_value_that_does_not_open_keeps_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace
        .write_blocking(|tx| add_account(tx, "acme-test"))
        .unwrap();
    let mut keys = AccountKeys::generate().unwrap();
    fill(&workspace, &account, &keys);
    drop(workspace);
    let conn = rusqlite::Connection::open(folder.path().join("workspace.db")).unwrap();
    let (row, mut body): (i64, Vec<u8>) = conn
        .query_row("SELECT id, body FROM record LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    *body.last_mut().unwrap() ^= 1;
    let changed = conn
        .execute(
            "UPDATE record SET body = ?2 WHERE id = ?1",
            rusqlite::params![row, body],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(conn);
    let workspace = open(folder.path());
    let old = keys.current();
    keys.rotate().unwrap();
    let done = walk(&workspace, &account, &keys);
    assert_eq!((done.resealed, done.stuck), (35, vec![old]));
}

#[test]
fn the_place_a_provider_gave_is_sealed_anew_inside_its_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace
        .write_blocking(|tx| add_account(tx, "acme-test"))
        .unwrap();
    let mut keys = AccountKeys::generate().unwrap();
    let context = SealContext {
        account: account.uuid.uuid(),
        table: "run",
        row: b"invoices",
    };
    let place = br#"{"token":"t-1"}"#;
    let sealed: String = keys
        .seal(&context, place)
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let checkpoint = serde_json::json!({
        "version": 1,
        "stage": {"walk": "pages", "next": {"position": {"sealed": sealed}, "pages": 3}, "overlap": null},
        "pages": i64::MAX,
    });
    // Beside it one whose place says nothing, and one without any.
    let clear = serde_json::json!({"version": 1, "stage": {"next": {"position": {"offset": 50}}}});
    let (held, checkpoints) = (
        account.clone(),
        [Some(checkpoint.clone()), Some(clear), None],
    );
    let runs = workspace
        .write_blocking(move |tx| {
            checkpoints
                .iter()
                .map(|checkpoint| {
                    let run = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
                    run::set_checkpoint(tx, run.uuid, checkpoint.as_ref())?;
                    Ok(run.uuid)
                })
                .collect::<crosswalk_workspace::Result<Vec<_>>>()
        })
        .unwrap();
    let old = keys.current();
    keys.rotate().unwrap();
    let done = walk(&workspace, &account, &keys);
    assert_eq!((done.resealed, done.stuck), (1, vec![]));
    keys.forget(old).unwrap();
    let mut kept = workspace
        .read_blocking(|tx| run::get(tx, runs[0]))
        .unwrap()
        .checkpoint
        .unwrap();
    let fresh = kept.pointer_mut("/stage/next/position/sealed").unwrap();
    let text = fresh.as_str().unwrap().to_owned();
    let bytes: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect();
    assert_eq!(keys.open(&context, &bytes).unwrap().as_slice(), place);
    // Nothing else changed.
    *fresh = sealed.into();
    assert_eq!(kept, checkpoint);
}
