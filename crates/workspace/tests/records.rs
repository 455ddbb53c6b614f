//! Records over several runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, commit, open, page, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::Error;
use crosswalk_workspace::page::{PageError, PageOutcome};
use crosswalk_workspace::record::{self, NativeId, SealedRecord, Shown};
use crosswalk_workspace::run::{self, Mode, RunFault};
use crosswalk_workspace::selection::{self, Selection};

#[test]
fn a_record_comes_back_as_the_bytes_received_and_only_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    let raw = "{\"id\": 7,\u{a0} \"total\":\"1.10\"}\n";
    let account = workspace
        .write_blocking(|tx| add_account(tx, "acme-sandbox"))
        .unwrap();
    let stored = sealed(&keys, &account, 7, Some(5), raw);
    let held = account.clone();
    workspace
        .write_blocking(move |tx| {
            let run = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
            commit(tx, &run, vec![stored])
        })
        .unwrap();
    let found = workspace
        .read_blocking(|tx| record::get(tx, account.uuid, "invoices", &NativeId::from("7")))
        .unwrap()
        .unwrap();
    assert_eq!(
        found
            .open(&keys, account.uuid, "invoices")
            .unwrap()
            .unwrap()
            .as_slice(),
        raw.as_bytes()
    );
    assert_eq!(found.size, raw.len() as u64);
    assert!(matches!(
        found.open(&keys, account.uuid, "suppliers"),
        Err(Error::Sealed(_))
    ));
    let other = AccountKeys::generate().unwrap();
    assert!(matches!(
        found.open(&other, account.uuid, "invoices"),
        Err(Error::Sealed(_))
    ));
}

#[test]
fn ids_order_as_numbers_then_as_texts() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace.write_blocking(|tx| add_account(tx, "a")).unwrap();
    let held = account.clone();
    workspace
        .write_blocking(move |tx| {
            let run = start_run(tx, &held, Mode::Full, &Selection::Whole)?;
            let keys = AccountKeys::generate()?;
            let records = ["10", "b", "9", "-1", "007", "100"].map(|id| {
                SealedRecord::seal(
                    &keys,
                    held.uuid,
                    "invoices",
                    NativeId::from(id),
                    None,
                    b"{}",
                )
                .unwrap()
            });
            commit(tx, &run, records.into())
        })
        .unwrap();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let found = workspace
            .read_blocking(|tx| {
                record::page(
                    tx,
                    account.uuid,
                    "invoices",
                    Shown::Present,
                    after.as_ref(),
                    2,
                )
            })
            .unwrap();
        let Some(last) = found.last() else { break };
        after = Some(last.native_id.clone());
        seen.extend(found.into_iter().map(|record| record.native_id.to_string()));
    }
    assert_eq!(seen, ["-1", "9", "10", "100", "007", "b"]);
}

#[test]
fn runs_count_distinct_records_and_a_full_run_finds_what_vanished() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    workspace
        .write_blocking(move |tx| {
            let account = add_account(tx, "a")?;
            let record = |id, watermark| sealed(&keys, &account, id, Some(watermark), "{}");
            let first = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            assert_eq!(
                commit(
                    tx,
                    &first,
                    vec![record(1, 1), record(2, 1), record(3, 1), record(2, 1)]
                )?,
                PageOutcome {
                    created: 3,
                    duplicates: 1,
                    ..PageOutcome::default()
                }
            );
            let done = run::complete(tx, first.uuid)?;
            assert_eq!(
                (
                    done.counters.fetched(),
                    done.counters.stored,
                    done.counters.duplicates
                ),
                (4, 3, 1)
            );
            assert_eq!(done.counters.vanished, 0);

            let second = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            assert_eq!(
                commit(tx, &second, vec![record(1, 1), record(3, 2)])?,
                PageOutcome {
                    confirmed: 1,
                    changed: 1,
                    ..PageOutcome::default()
                }
            );
            // Not before it completes.
            assert_eq!(record::count(tx, account.uuid, "invoices")?.deleted, 0);
            assert_eq!(run::complete(tx, second.uuid)?.counters.vanished, 1);
            let counts = record::count(tx, account.uuid, "invoices")?;
            assert_eq!((counts.present, counts.deleted), (2, 1));
            let met = |after: Option<&NativeId>| {
                record::stored_by(tx, account.uuid, "invoices", second.uuid, after, 10)
            };
            assert_eq!(met(None)?, [NativeId::Integer(1), NativeId::Integer(3)]);
            assert_eq!(met(Some(&NativeId::Integer(1)))?, [NativeId::Integer(3)]);

            // It comes back.
            let third = start_run(tx, &account, Mode::Incremental, &Selection::Whole)?;
            commit(tx, &third, vec![record(2, 1)])?;
            run::complete(tx, third.uuid)?;
            assert_eq!(record::count(tx, account.uuid, "invoices")?.deleted, 0);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_full_run_with_records_it_could_not_read_marks_nothing_as_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    workspace
        .write_blocking(move |tx| {
            let account = add_account(tx, "a")?;
            let first = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            commit(tx, &first, vec![sealed(&keys, &account, 1, None, "{}")])?;
            run::complete(tx, first.uuid)?;
            let second = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            let mut unreadable = page(&second, second.selection, Vec::new());
            unreadable.errors = vec![PageError {
                fault: RunFault {
                    code: "record_without_id".into(),
                    message: "No id.".into(),
                    hint: None,
                },
                native_id: None,
                sealed_example: None,
            }];
            crosswalk_workspace::page::commit(tx, &unreadable)?;
            let done = run::complete(tx, second.uuid)?;
            assert_eq!(
                (
                    done.counters.fetched(),
                    done.counters.errors,
                    done.counters.vanished
                ),
                (1, 1, 0)
            );
            assert_eq!(run::errors(tx, second.uuid)?[0].cause, "record_without_id");
            assert_eq!(record::count(tx, account.uuid, "invoices")?.deleted, 0);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_narrower_answer_does_not_replace_a_wider_one_and_a_sample_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let keys = AccountKeys::generate().unwrap();
    workspace
        .write_blocking(move |tx| {
            let account = add_account(tx, "a")?;
            let mut narrow = Selection::empty();
            narrow.add(&["id"]);
            let whole = selection::intern(tx, &Selection::Whole)?;
            let body = |tx: &crosswalk_workspace::WriteTx<'_>, id: i64| {
                let found =
                    record::get(tx, account.uuid, "invoices", &NativeId::Integer(id))?.unwrap();
                let opened = found.open(&keys, account.uuid, "invoices")?.unwrap();
                Ok::<_, Error>(String::from_utf8(opened.to_vec()).unwrap())
            };
            let run = start_run(tx, &account, Mode::Full, &narrow)?;
            let mut sample = page(
                &run,
                whole,
                vec![sealed(&keys, &account, 1, Some(1), "wide")],
            );
            sample.sample = true;
            assert_eq!(crosswalk_workspace::page::commit(tx, &sample)?.created, 1);
            let outcome = commit(
                tx,
                &run,
                vec![sealed(&keys, &account, 1, Some(1), "narrow")],
            )?;
            assert_eq!((outcome.stored(), outcome.duplicates), (1, 0));
            assert_eq!(body(tx, 1)?, "wide");
            commit(
                tx,
                &run,
                vec![sealed(&keys, &account, 2, Some(1), "narrow")],
            )?;
            let done = run::complete(tx, run.uuid)?;
            assert_eq!(
                (
                    done.counters.fetched(),
                    done.counters.stored,
                    done.counters.vanished
                ),
                (2, 2, 0)
            );

            let later = start_run(tx, &account, Mode::Incremental, &narrow)?;
            commit(
                tx,
                &later,
                vec![sealed(&keys, &account, 1, Some(2), "newer")],
            )?;
            assert_eq!(body(tx, 1)?, "newer");
            Ok(())
        })
        .unwrap();
}
