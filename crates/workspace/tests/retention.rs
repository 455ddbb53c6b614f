//! What is kept, how long, and that what goes is gone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::path::Path;
use std::sync::{Arc, Mutex};

use common::{add_account, commit, open, options, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{self, Retention};
use crosswalk_workspace::record::{self, NativeId, SealedRecord, Shown, Watermark};
use crosswalk_workspace::run::{self, Mode};
use crosswalk_workspace::selection::Selection;
use crosswalk_workspace::{Clock, Workspace};
use jiff::{SignedDuration, Timestamp};

#[derive(Debug)]
struct Moved(Mutex<Timestamp>);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

#[test]
fn a_body_goes_so_many_days_after_it_was_last_fetched_and_leaves_a_tombstone() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Moved(Mutex::new(
        Timestamp::from_second(1_800_000_000).unwrap(),
    )));
    let mut options = options();
    options.clock = Arc::<Moved>::clone(&clock);
    let workspace = Workspace::open(folder.path(), &options).unwrap();
    let keys = AccountKeys::generate().unwrap();
    let days = |days: i64| {
        let mut now = clock.0.lock().unwrap();
        *now += SignedDuration::from_hours(24 * days);
    };
    let fetch = |ids: &'static [i64]| {
        let keys = keys.clone();
        workspace
            .write_blocking(move |tx| {
                let account = account::find(tx, "a")?.map_or_else(|| add_account(tx, "a"), Ok)?;
                let run = start_run(tx, &account, Mode::Incremental, &Selection::Whole)?;
                commit(
                    tx,
                    &run,
                    ids.iter()
                        .map(|&id| sealed(&keys, &account, id, Some(1), "{}"))
                        .collect(),
                )
            })
            .unwrap()
    };
    fetch(&[1, 2]);
    days(20);
    fetch(&[2]);
    days(10);
    let id = workspace
        .read_blocking(|tx| account::get(tx, "a"))
        .unwrap()
        .uuid;
    let now = workspace.clock().now();
    assert_eq!(
        workspace
            .read_blocking(|tx| record::due_to_purge(tx, id, now))
            .unwrap(),
        1
    );
    assert_eq!(
        workspace
            .write_blocking(move |tx| record::purge(tx, id, 100))
            .unwrap(),
        1
    );
    assert_eq!(
        workspace
            .write_blocking(move |tx| record::purge(tx, id, 100))
            .unwrap(),
        0
    );
    let gone = workspace
        .read_blocking(|tx| record::get(tx, id, "invoices", &NativeId::from("1")))
        .unwrap()
        .unwrap();
    assert_eq!(
        (gone.body.clone(), gone.watermark, gone.purged_at),
        (None, Some(Watermark(1)), Some(now))
    );
    let page = |shown| {
        workspace
            .read_blocking(|tx| record::page(tx, id, "invoices", shown, None, 10))
            .unwrap()
            .len()
    };
    assert_eq!((page(Shown::Present), page(Shown::All)), (1, 2));
    // Fetched again, it is there again.
    let outcome = fetch(&[1]);
    assert_eq!((outcome.confirmed, page(Shown::Present)), (1, 2));

    workspace
        .write_blocking(move |tx| account::set_retention(tx, id, Retention::None))
        .unwrap();
    assert_eq!(
        workspace
            .write_blocking(move |tx| record::purge(tx, id, 1))
            .unwrap(),
        1
    );
    assert_eq!(
        workspace
            .write_blocking(move |tx| record::purge(tx, id, 100))
            .unwrap(),
        1
    );
    // Without retention only that a record was seen is stored.
    workspace
        .write_blocking(move |tx| {
            let account = account::by_id(tx, id)?;
            let run = start_run(tx, &account, Mode::Incremental, &Selection::Whole)?;
            let seen = |id: i64| SealedRecord::seen(NativeId::Integer(id), Some(Watermark(2)), 700);
            let outcome = commit(tx, &run, vec![seen(1), seen(3)])?;
            assert_eq!((outcome.changed, outcome.created), (1, 1));
            let counts = record::count(tx, id, "invoices")?;
            assert_eq!((counts.present, counts.purged), (0, 3));
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_old_runs_quoted_of_records_goes_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Moved(Mutex::new(
        Timestamp::from_second(1_800_000_000).unwrap(),
    )));
    let mut options = options();
    options.clock = Arc::<Moved>::clone(&clock);
    let workspace = Workspace::open(folder.path(), &options).unwrap();
    let quoting = |account: &'static str| {
        workspace
            .write_blocking(move |tx| {
                let held =
                    account::find(tx, account)?.map_or_else(|| add_account(tx, account), Ok)?;
                let run = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
                let fault = run::RunFault {
                    code: "record_invalid".into(),
                    message: "It is no record.".into(),
                    hint: None,
                };
                run::record_error(tx, run.uuid, &fault, None, Some(b"sealed"))?;
                Ok((held.uuid, run.uuid))
            })
            .unwrap()
    };
    let (id, old) = quoting("a");
    *clock.0.lock().unwrap() += SignedDuration::from_hours(24 * 31);
    let quoted = |run| {
        workspace
            .read_blocking(move |tx| run::errors(tx, run))
            .unwrap()
            .iter()
            .filter(|error| error.sealed_example.is_some())
            .count()
    };
    assert_eq!(quoted(old), 1);
    let purge = || {
        workspace
            .write_blocking(move |tx| record::purge_examples(tx, id))
            .unwrap()
    };
    assert_eq!((purge(), quoted(old), purge()), (1, 0, 0));
}

#[test]
fn without_retention_bodies_are_readable_while_the_process_lives_and_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    let account = workspace
        .write_blocking(|tx| {
            let account = add_account(tx, "a")?;
            account::set_retention(tx, account.uuid, Retention::None)?;
            account::by_id(tx, account.uuid)
        })
        .unwrap();
    let id = account.uuid;
    let fetch = |mode: Mode, bodies: Vec<(i64, &str)>| {
        let records: Vec<SealedRecord> = bodies
            .into_iter()
            .map(|(id, raw)| sealed(&keys, &account, id, Some(1), raw).in_memory())
            .collect();
        let needle = records[0].body.as_deref().unwrap()[20..].to_vec();
        let account = account.clone();
        workspace
            .write_blocking(move |tx| {
                let run = start_run(tx, &account, mode, &Selection::Whole)?;
                let outcome = commit(tx, &run, records)?;
                run::complete(tx, run.uuid)?;
                Ok((outcome, needle))
            })
            .unwrap()
    };
    let raws = |workspace: &Workspace, shown: Shown| -> Vec<(String, Option<String>)> {
        let records = workspace
            .read_blocking(|tx| record::page(tx, id, "invoices", shown, None, 100))
            .unwrap();
        let open = |record: &record::StoredRecord| {
            let raw = record.open(&keys, id, "invoices").unwrap();
            raw.map(|raw| String::from_utf8(raw.to_vec()).unwrap())
        };
        records
            .iter()
            .map(|record| (record.native_id.to_string(), open(record)))
            .collect()
    };
    let (outcome, first) = fetch(Mode::Full, vec![(2, "two"), (10, "ten"), (1, "one")]);
    assert_eq!(outcome.created, 3);
    let all = [("1", "one"), ("2", "two"), ("10", "ten")];
    let all = all.map(|(id, raw)| (id.to_owned(), Some(raw.to_owned())));
    assert_eq!(raws(&workspace, Shown::Present), all);
    assert_eq!(raws(&workspace, Shown::All), all);
    let counts = || {
        workspace
            .read_blocking(|tx| record::count(tx, id, "invoices"))
            .unwrap()
    };
    assert_eq!(
        (counts().present, counts().purged, counts().bytes),
        (3, 0, 9)
    );
    // A purge takes nothing: there is nothing on disk.
    assert_eq!(
        workspace
            .write_blocking(move |tx| record::purge(tx, id, 100))
            .unwrap(),
        0
    );
    // The next full run replaces what it meets and lets go of what it does not.
    let (outcome, second) = fetch(Mode::Full, vec![(1, "uno"), (2, "due")]);
    assert_eq!(outcome.confirmed, 2);
    let two = [("1", "uno"), ("2", "due")].map(|(id, raw)| (id.to_owned(), Some(raw.to_owned())));
    assert_eq!(raws(&workspace, Shown::Present), two);
    let one = workspace
        .read_blocking(|tx| record::get(tx, id, "invoices", &NativeId::Integer(2)))
        .unwrap()
        .unwrap();
    assert!(one.body.is_some() && one.selection.is_some() && one.purged_at.is_none());
    for needle in [first, second] {
        assert!(!holds(folder.path(), &needle));
    }
    drop(workspace);
    let again = open(folder.path());
    assert_eq!(raws(&again, Shown::Present), []);
    assert_eq!(raws(&again, Shown::All).len(), 3);
}

#[test]
fn a_retention_that_ends_during_a_run_holds_for_its_next_page() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    let (account, run) = workspace
        .write_blocking(|tx| {
            let account = add_account(tx, "a")?;
            let run = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            Ok((account, run))
        })
        .unwrap();
    let id = account.uuid;
    // Sealed for the disk, as the run was told when it began.
    let record = |number: i64| {
        let noise: String = (0..300)
            .map(|at: u32| char::from(b'a' + (at * at / 7 % 26) as u8))
            .collect();
        sealed(&keys, &account, number, None, &noise)
    };
    let (first, second) = (record(1), record(2));
    let needle = second.body.as_deref().unwrap()[40..100].to_vec();
    workspace
        .write_blocking(move |tx| {
            commit(tx, &run, vec![first])?;
            account::set_retention(tx, id, Retention::None)?;
            commit(tx, &run, vec![second])
        })
        .unwrap();
    let stored: Vec<bool> = workspace
        .read_blocking(|tx| record::page(tx, id, "invoices", Shown::Present, None, 10))
        .unwrap()
        .into_iter()
        .map(|record| record.body.is_some())
        .collect();
    assert_eq!(stored, [true, true]);
    assert!(!holds(folder.path(), &needle));
}

fn holds(folder: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .any(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
}

#[tokio::test]
async fn what_was_purged_or_removed_is_in_no_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    // Inside a page, and over several: SQLite frees them in different ways.
    for (names, length) in [(["a", "b"], 300), (["c", "d"], 30_000)] {
        let noise: String = (0..length)
            .map(|at: u32| char::from(b'a' + (at * at / 7 % 26) as u8))
            .collect();
        let keys = keys.clone();
        let (accounts, needles) = workspace
            .write(move |tx| {
                let accounts = [add_account(tx, names[0])?, add_account(tx, names[1])?];
                let mut needles = Vec::new();
                for account in &accounts {
                    let record = sealed(&keys, account, 1, None, &noise);
                    needles.push(record.body.as_deref().unwrap()[40..100].to_vec());
                    let run = start_run(tx, account, Mode::Full, &Selection::Whole)?;
                    commit(tx, &run, vec![record])?;
                }
                account::set_retention(tx, accounts[0].uuid, Retention::None)?;
                Ok((accounts.map(|account| account.uuid), needles))
            })
            .await
            .unwrap();
        let held = || {
            [
                holds(folder.path(), &needles[0]),
                holds(folder.path(), &needles[1]),
            ]
        };
        assert_eq!(held(), [true, true]);
        assert_eq!(workspace.purge(accounts[0]).await.unwrap(), 1);
        assert_eq!(workspace.purge(accounts[1]).await.unwrap(), 0);
        assert_eq!(held(), [false, true]);
        workspace
            .write(move |tx| account::remove(tx, accounts[1]))
            .await
            .unwrap();
        workspace.empty_log().await.unwrap();
        assert_eq!(held(), [false, false]);
    }
}
