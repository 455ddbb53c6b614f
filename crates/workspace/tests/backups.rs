//! Backups, and the way back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::fs;

use std::sync::{Arc, Mutex};

use common::{add_account, commit, open, options, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::backup::{self, Reason};
use crosswalk_workspace::run::Mode;
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::{Clock, Folder, Workspace, audit, integrity, tenant};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

#[tokio::test]
async fn a_restored_backup_brings_back_what_was_and_says_so_in_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let files = Folder::new(folder.path());
    fs::write(folder.path().join("vault"), "sealed keys").unwrap();
    let workspace = open(folder.path());
    let id = workspace.id();
    workspace.write(|tx| add_account(tx, "a")).await.unwrap();
    let taken = workspace.back_up(Reason::Manual).await.unwrap();
    workspace
        .write(|tx| tenant::add(tx, "later", "Later", None))
        .await
        .unwrap();

    // Not while anybody is there.
    let refused = backup::restore(&files, &taken.name, &options()).unwrap_err();
    assert_eq!(refused.code(), "workspace_in_use");
    drop(workspace);

    backup::restore(&files, &taken.name, &options()).unwrap();
    let workspace = open(folder.path());
    assert_eq!(workspace.id(), id);
    let tenants = workspace.read(tenant::list).await.unwrap();
    assert_eq!(
        tenants
            .iter()
            .map(|tenant| tenant.slug.as_str())
            .collect::<Vec<_>>(),
        ["acme"]
    );
    let last = workspace
        .read(|tx| audit::list(tx, &audit::Filter::default(), 1))
        .await
        .unwrap()
        .remove(0);
    assert_eq!(last.kind, "workspace:restored");
    assert!(last.detail.unwrap().contains(&taken.name));
    assert!(workspace.read(integrity::check).await.unwrap().ok());
    drop(workspace);

    // What was replaced is a backup itself.
    let replaced = backup::list(&files)
        .unwrap()
        .into_iter()
        .find(|backup| backup.reason == Reason::Restore)
        .unwrap();
    backup::restore(&files, &replaced.name, &options()).unwrap();
    assert_eq!(
        open(folder.path()).read(tenant::list).await.unwrap().len(),
        2
    );
    assert_eq!(
        fs::read(folder.path().join("vault")).unwrap(),
        b"sealed keys"
    );
    for file in fs::read_dir(files.backups()).unwrap() {
        assert_eq!(file.unwrap().path().extension().unwrap(), "db");
    }
}

#[tokio::test]
async fn a_damaged_workspace_is_replaced_and_its_files_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let files = Folder::new(folder.path());
    let workspace = open(folder.path());
    workspace.write(|tx| add_account(tx, "a")).await.unwrap();
    let taken = workspace.back_up(Reason::Manual).await.unwrap();
    drop(workspace);
    fs::write(files.database(), "rubbish").unwrap();
    // A log that belongs to what was there must not be replayed into the backup.
    fs::write(folder.path().join("workspace.db-wal"), "old log").unwrap();
    backup::restore(&files, &taken.name, &options()).unwrap();
    assert!(
        open(folder.path())
            .read(integrity::check)
            .await
            .unwrap()
            .ok()
    );
    let kept = fs::read_dir(files.backups())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    assert_eq!(fs::read(kept.join("workspace.db")).unwrap(), b"rubbish");
    assert_eq!(fs::read(kept.join("workspace.db-wal")).unwrap(), b"old log");
}

#[tokio::test]
async fn a_backup_that_does_not_pass_its_check_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let files = Folder::new(folder.path());
    let workspace = open(folder.path());
    workspace.write(|tx| add_account(tx, "a")).await.unwrap();
    let taken = workspace.back_up(Reason::Manual).await.unwrap();
    drop(workspace);
    let path = files.backups().join(&taken.name);
    let sound = fs::read(&path).unwrap();
    let before = fs::read(files.database()).unwrap();
    let mut hollow = sound.clone();
    hollow[8_192..].fill(0);
    for damaged in [
        sound[..sound.len() / 2].to_vec(),
        hollow,
        b"rubbish".to_vec(),
        Vec::new(),
    ] {
        fs::write(&path, damaged).unwrap();
        let refused = backup::restore(&files, &taken.name, &options()).unwrap_err();
        assert_eq!(refused.code(), "backup_invalid", "{refused}");
    }
    assert_eq!(fs::read(files.database()).unwrap(), before);
    assert_eq!(
        backup::restore(&files, "../workspace.db", &options())
            .unwrap_err()
            .code(),
        "not_found"
    );
    open(folder.path());
}

#[cfg(unix)]
#[tokio::test]
async fn backups_and_what_they_bring_back_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let open_up = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    let files = Folder::new(folder.path());
    let workspace = open(folder.path());
    workspace.write(|tx| add_account(tx, "a")).await.unwrap();
    let taken = workspace.back_up(Reason::Manual).await.unwrap();
    let path = files.backups().join(&taken.name);
    assert_eq!(mode(&path), 0o600);
    drop(workspace);
    // As an earlier version left them.
    open_up(&path, 0o644);
    open_up(&files.backups(), 0o755);
    open_up(folder.path(), 0o755);
    backup::restore(&files, &taken.name, &options()).unwrap();
    assert_eq!(mode(&files.database()), 0o600);
    assert_eq!(
        (mode(folder.path()), mode(&files.backups())),
        (0o700, 0o700)
    );
    for backup in backup::list(&files).unwrap() {
        let path = files.backups().join(&backup.name);
        assert_eq!(mode(&path) == 0o600, backup.reason == Reason::Restore);
    }
    open(folder.path());
}

#[derive(Debug)]
struct Moved(Mutex<Timestamp>);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Forty days of a workspace, backed up and thinned each day as house-keeping does.
#[tokio::test]
async fn seven_daily_backups_stay_whole_and_four_weekly_ones_without_records() {
    let folder = tempfile::tempdir().unwrap();
    let files = Folder::new(folder.path());
    fs::write(folder.path().join("vault.xwv"), "XWVAULT sealed keys").unwrap();
    let clock = Arc::new(Moved(Mutex::new("2026-11-21T12:00:00Z".parse().unwrap())));
    let mut options = options();
    options.clock = Arc::<Moved>::clone(&clock);
    let workspace = Workspace::open(folder.path(), &options).unwrap();
    let keys = AccountKeys::generate().unwrap();
    workspace
        .write(move |tx| {
            let account = add_account(tx, "a")?;
            let run = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            let record = sealed(&keys, &account, 1, Some(1), "{\"id\":1}");
            commit(tx, &run, vec![record])
        })
        .await
        .unwrap();
    let body: Vec<u8> = Connection::open(files.database())
        .unwrap()
        .query_row("SELECT body FROM record", [], |row| row.get(0))
        .unwrap();
    for _ in 0..40 {
        workspace.back_up(Reason::Daily).await.unwrap();
        backup::thin(&files, clock.now()).unwrap();
        *clock.0.lock().unwrap() += SignedDuration::from_hours(24);
    }
    let kept = backup::list(&files).unwrap();
    let of = |reason: Reason| kept.iter().filter(|backup| backup.reason == reason).count();
    assert_eq!((of(Reason::Daily), of(Reason::Weekly)), (7, 4), "{kept:?}");
    assert_eq!(kept.len(), 11);
    for backup in &kept {
        let bytes = fs::read(files.backups().join(&backup.name)).unwrap();
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert_eq!(holds(&body), backup.reason == Reason::Daily, "{backup:?}");
        assert!(!holds(b"XWVAULT"), "{backup:?}");
    }
    drop(workspace);
    // A thinned one still is a workspace, its audit unbroken.
    let weekly = kept
        .iter()
        .find(|backup| backup.reason == Reason::Weekly)
        .unwrap();
    backup::restore(&files, &weekly.name, &options).unwrap();
    let workspace = open(folder.path());
    assert!(workspace.read(integrity::check).await.unwrap().ok());
    assert_eq!(workspace.read(tenant::list).await.unwrap().len(), 1);
}
