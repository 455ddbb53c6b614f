//! The database's log while somebody reads of it: what was deleted leaves it as soon as it can.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::path::Path;
use std::time::Duration;

use common::{add_account, commit, open, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{self, Retention};
use crosswalk_workspace::run::Mode;
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::{AccountId, Workspace, tenant};
use rusqlite::Connection;

/// An account with one record whose retention has ended, and a part of the record as it is stored.
async fn filled(workspace: &Workspace) -> (AccountId, Vec<u8>) {
    let keys = AccountKeys::generate().unwrap();
    let noise: String = (0..300)
        .map(|at: u32| char::from(b'a' + (at * at / 7 % 26) as u8))
        .collect();
    workspace
        .write(move |tx| {
            let account = add_account(tx, "a")?;
            let record = sealed(&keys, &account, 1, None, &noise);
            let needle = record.body.as_deref().unwrap()[40..100].to_vec();
            let run = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            commit(tx, &run, vec![record])?;
            account::set_retention(tx, account.uuid, Retention::None)?;
            Ok((account.uuid, needle))
        })
        .await
        .unwrap()
}

/// Somebody who reads for a long time, as an export does.
fn reading(folder: &Path) -> Connection {
    let reader = Connection::open(folder.join("workspace.db")).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let seen: i64 = reader
        .query_row("SELECT count(*) FROM record", [], |row| row.get(0))
        .unwrap();
    assert_eq!(seen, 1);
    reader
}

fn holds(folder: &Path, needle: &[u8]) -> bool {
    ["workspace.db", "workspace.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn a_log_that_somebody_reads_of_is_emptied_when_they_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let (account, needle) = filled(&workspace).await;
    let reader = reading(folder.path());
    assert_eq!(workspace.purge(account).await.unwrap(), 1);
    assert!(workspace.log_is_due() && holds(folder.path(), &needle));
    assert!(!workspace.empty_log().await.unwrap());
    // Others write meanwhile.
    workspace
        .write(|tx| tenant::add(tx, "later", "Later", None))
        .await
        .unwrap();
    drop(reader);
    // Nobody asks for it again.
    let emptied = async {
        while workspace.log_is_due() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), emptied)
        .await
        .unwrap();
    assert!(!holds(folder.path(), &needle));
}

#[tokio::test]
async fn a_log_that_is_still_due_is_emptied_when_the_workspace_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let (account, needle) = filled(&workspace).await;
    // Another one has the workspace open, so that closing it here leaves the log.
    let other = open(folder.path());
    let reader = reading(folder.path());
    workspace.purge(account).await.unwrap();
    assert!(workspace.log_is_due());
    drop(reader);
    drop(workspace);
    assert!(!holds(folder.path(), &needle));
    drop(other);
}
