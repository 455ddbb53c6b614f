//! Workspaces that are not as they should be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{add_account, open, options};
use crosswalk_vault::VaultKind;
use crosswalk_workspace::{Error, Workspace, tenant};
use rusqlite::Connection;

fn database(folder: &Path) -> std::path::PathBuf {
    folder.join("workspace.db")
}

fn raw(folder: &Path) -> Connection {
    Connection::open(database(folder)).unwrap()
}

/// Every file below a folder with its content, but the lock, which says nothing.
fn content(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(content(&path));
        } else {
            files.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

#[test]
fn a_workspace_is_made_on_first_use_and_found_on_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options();
    options.create = false;
    let path = folder.path().join("new");
    assert_eq!(
        Workspace::open(&path, &options).unwrap_err().code(),
        "workspace_missing"
    );
    assert!(!path.exists());
    options.create = true;
    let first = Workspace::open(&path, &options).unwrap();
    assert!(first.was_created());
    let id = first.id();
    drop(first);
    options.create = false;
    let again = Workspace::open(&path, &options).unwrap();
    assert!(!again.was_created());
    assert_eq!(again.id(), id);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o700
        );
        assert_eq!(
            fs::metadata(database(&path)).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn a_newer_workspace_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    raw(folder.path())
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let before = content(folder.path());
    let refused = Workspace::open(folder.path(), &options()).unwrap_err();
    assert!(
        matches!(refused, Error::Newer { found: 99, .. }),
        "{refused}"
    );
    assert_eq!(refused.code(), "workspace_newer");
    assert_eq!(content(folder.path()), before);
}

#[test]
fn a_newer_format_that_is_still_in_the_log_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let other = raw(folder.path());
    other.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(
        Workspace::open(folder.path(), &options())
            .unwrap_err()
            .code(),
        "workspace_newer"
    );
}

#[test]
fn a_database_of_another_program_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    raw(folder.path())
        .execute_batch("CREATE TABLE mine (a)")
        .unwrap();
    let before = content(folder.path());
    assert_eq!(
        Workspace::open(folder.path(), &options())
            .unwrap_err()
            .code(),
        "not_a_workspace"
    );
    assert_eq!(content(folder.path()), before);
}

#[test]
fn a_file_that_is_no_database_is_corrupt_with_the_way_back() {
    let folder = tempfile::tempdir().unwrap();
    for bytes in [
        b"not a database at all".to_vec(),
        b"SQLite format 3\0".to_vec(),
        vec![0; 5_000],
    ] {
        fs::write(database(folder.path()), &bytes).unwrap();
        let refused = Workspace::open(folder.path(), &options()).unwrap_err();
        assert_eq!(refused.code(), "workspace_corrupt");
        assert!(refused.hint().contains("backup restore"));
        assert_eq!(fs::read(database(folder.path())).unwrap(), bytes);
    }
}

#[test]
fn a_damaged_page_is_corrupt_when_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    workspace
        .write_blocking(|tx| add_account(tx, "a").map(|_| ()))
        .unwrap();
    drop(workspace);
    let mut bytes = fs::read(database(folder.path())).unwrap();
    bytes[4_096..].fill(0xa5);
    fs::write(database(folder.path()), bytes).unwrap();
    let refused = match Workspace::open(folder.path(), &options()) {
        Ok(workspace) => workspace.read_blocking(tenant::list).unwrap_err(),
        Err(refused) => refused,
    };
    assert_eq!(refused.code(), "workspace_corrupt", "{refused}");
}

#[test]
fn a_file_that_was_begun_and_never_finished_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(database(folder.path()), b"").unwrap();
    assert!(open(folder.path()).was_created());
}

#[tokio::test]
async fn a_workspace_remembers_its_kind_of_vault() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    assert_eq!(workspace.vault_kind().await.unwrap(), None);
    workspace.use_vault(VaultKind::Passphrase).await.unwrap();
    drop(workspace);
    let workspace = open(folder.path());
    assert_eq!(
        workspace.vault_kind().await.unwrap(),
        Some(VaultKind::Passphrase)
    );
    workspace.use_vault(VaultKind::Passphrase).await.unwrap();
    let refused = workspace.use_vault(VaultKind::Keyring).await.unwrap_err();
    assert_eq!(refused.code(), "vault_mismatch");
    assert!(refused.hint().contains("--vault passphrase"));
}

#[test]
fn names_are_taken_once_whatever_their_case() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    workspace
        .write_blocking(|tx| {
            tenant::add(tx, "acme", "Acme", Some("eu"))?;
            assert_eq!(
                tenant::add(tx, "ACME", "Acme", None).unwrap_err().code(),
                "already_exists"
            );
            assert_eq!(
                tenant::add(tx, "a b", "Acme", None).unwrap_err().code(),
                "invalid_id"
            );
            add_account(tx, "prod")?;
            assert_eq!(
                add_account(tx, "Prod").unwrap_err().code(),
                "already_exists"
            );
            assert_eq!(
                tenant::remove(tx, "acme").unwrap_err().code(),
                "has_dependents"
            );
            assert_eq!(
                tenant::remove(tx, "nobody").unwrap_err().code(),
                "not_found"
            );
            Ok(())
        })
        .unwrap();
}
