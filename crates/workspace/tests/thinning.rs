//! Thinned backups: what a weekly one no longer holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, commit, open, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::backup::{self, Reason};
use crosswalk_workspace::pin::{self, Target};
use crosswalk_workspace::run::Mode;
use crosswalk_workspace::schema_seen;
use crosswalk_workspace::selection::Selection;
use jiff::{SignedDuration, Timestamp};

#[tokio::test]
async fn a_weekly_backup_holds_no_record_no_pin_and_nothing_gathered_from_values() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    workspace
        .write(move |tx| {
            let account = add_account(tx, "acme-test")?;
            let run = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            let record = sealed(&keys, &account, 1, None, "a record's value");
            commit(tx, &run, vec![record])?;
            let target = Target {
                model: "procurement/invoice".into(),
                resource: "invoices".into(),
                native_id: "1".into(),
            };
            let pinned = pin::seal(&keys, account.uuid, &target, b"a copy")?;
            pin::put(tx, &account, &target, &pinned, None)?;
            let seen = schema_seen::seal(&keys, account.uuid, "invoices", b"words")?;
            schema_seen::add(tx, account.uuid, "invoices", run.uuid, 1, &seen)
        })
        .await
        .unwrap();
    let taken = workspace.back_up(Reason::Daily).await.unwrap();
    // Nine days pass.
    let now = Timestamp::now();
    let before = now - SignedDuration::from_hours(24 * 9);
    let aged = before.strftime("%Y%m%dT%H%M%SZ-daily.db").to_string();
    let backups = folder.path().join("backups");
    std::fs::rename(backups.join(&taken.name), backups.join(aged)).unwrap();
    let thinned = backup::thin(workspace.folder(), now).unwrap();
    assert_eq!((thinned.stripped, thinned.removed), (1, 0));
    let left = backup::list(workspace.folder()).unwrap();
    assert_eq!(left[0].reason, Reason::Weekly);
    let conn = rusqlite::Connection::open(backups.join(&left[0].name)).unwrap();
    for (count, expected) in [
        ("SELECT count(*) FROM record WHERE body IS NOT NULL", 0),
        ("SELECT count(*) FROM record", 1),
        ("SELECT count(*) FROM pin", 0),
        ("SELECT count(*) FROM schema_seen", 0),
        ("SELECT count(*) FROM run", 1),
    ] {
        let found: i64 = conn.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!(found, expected, "{count}");
    }
}

#[tokio::test]
async fn the_files_of_a_damaged_database_go_after_a_week() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    workspace.back_up(Reason::Manual).await.unwrap();
    let backups = folder.path().join("backups");
    let now = Timestamp::now();
    let named = |days: i64| {
        let at = now - SignedDuration::from_hours(24 * days);
        backups.join(at.strftime("%Y%m%dT%H%M%SZ-damaged").to_string())
    };
    let foreign = backups.join("film-damaged");
    for path in [&named(6), &named(8), &foreign] {
        std::fs::create_dir(path).unwrap();
        std::fs::write(path.join("workspace.db"), "rubbish").unwrap();
    }
    let thinned = backup::thin(workspace.folder(), now).unwrap();
    assert_eq!((thinned.removed, thinned.failed.len()), (1, 0));
    assert!(named(6).join("workspace.db").exists());
    assert!(!named(8).exists());
    assert!(foreign.join("workspace.db").exists(), "it is not ours");
}

#[tokio::test]
async fn a_backup_that_cannot_be_stripped_goes_and_keeps_no_other_from_being_thinned() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let backups = folder.path().join("backups");
    let now = Timestamp::now();
    let named = |days: i64, ending: &str| {
        let at = now - SignedDuration::from_hours(24 * days);
        backups.join(at.strftime("%Y%m%dT%H%M%SZ-").to_string() + ending)
    };
    let taken = workspace.back_up(Reason::Daily).await.unwrap();
    std::fs::rename(backups.join(&taken.name), named(16, "daily.db")).unwrap();
    // The newer one is no database, so it comes first and fails.
    let broken = named(9, "daily.db");
    std::fs::write(&broken, "rubbish").unwrap();
    // What a process that died left of copies, and what is nobody's.
    let left = [
        named(1, "daily.partial"),
        named(1, "daily.partial-wal"),
        named(3, "restore-2.partial"),
    ];
    let foreign = backups.join("film.partial");
    for path in left.iter().chain([&foreign]) {
        std::fs::write(path, "half").unwrap();
    }
    let thinned = backup::thin(workspace.folder(), now).unwrap();
    assert_eq!((thinned.stripped, thinned.removed), (1, 1), "{thinned:?}");
    let name = broken.file_name().unwrap().to_str().unwrap();
    assert!(
        thinned.failed.len() == 1 && thinned.failed[0].contains(name),
        "{thinned:?}"
    );
    let mut there: Vec<_> = std::fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    there.sort();
    let mut expected = vec![named(16, "weekly.db"), foreign];
    expected.sort();
    assert_eq!(there, expected);
}
