//! The audited calls, searched and paged; and where a record stands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::time::Duration;

use common::{add_account, commit, open, sealed, start_run};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::audit::{self, Call, CallFilter, Subject};
use crosswalk_workspace::record::{self, Direction, NativeId};
use crosswalk_workspace::run::{self, Mode};
use crosswalk_workspace::selection::Selection;

fn call(endpoint: &str, status: u16) -> Call {
    Call {
        at: jiff::Timestamp::UNIX_EPOCH,
        method: "GET".into(),
        endpoint: endpoint.into(),
        status: Some(status),
        records: None,
        duration: Duration::from_millis(3),
        bytes: 10,
        resource: None,
        detail: None,
        answer: None,
    }
}

#[test]
fn calls_are_found_by_account_run_tenant_and_text_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let run = workspace
        .write_blocking(|tx| {
            let (one, two) = (add_account(tx, "one")?, add_account(tx, "two")?);
            let run = start_run(tx, &one, Mode::Full, &Selection::Whole)?;
            let (one, two) = (Subject::from(&one), Subject::from(&two));
            for page in 0..5 {
                let call = call(
                    &format!("https://x.example.com/Invoices?offset={page}"),
                    200,
                );
                audit::append_call(tx, &one, Some(run.uuid), &call)?;
            }
            audit::append_call(tx, &one, None, &call("https://x.example.com/token", 401))?;
            audit::append_call(tx, &two, None, &call("https://y.example.com/invoices", 200))?;
            Ok(run.uuid)
        })
        .unwrap();
    let filter = |change: fn(&mut CallFilter)| {
        let mut filter = CallFilter::default();
        change(&mut filter);
        filter
    };
    let of_run = CallFilter {
        run: Some(run),
        ..CallFilter::default()
    };
    for (filter, total) in [
        (CallFilter::default(), 7),
        (filter(|filter| filter.account = Some("one".into())), 6),
        (filter(|filter| filter.text = Some("INVOICES".into())), 6),
        (filter(|filter| filter.text = Some(" 401 ".into())), 1),
        (filter(|filter| filter.tenant = Some("ACME".into())), 7),
        (filter(|filter| filter.tenant = Some("other".into())), 0),
        (of_run, 5),
    ] {
        let (found, rows) = workspace
            .read_blocking(|tx| audit::calls(tx, &filter, 1, 3))
            .unwrap();
        assert_eq!(found, total, "{filter:?}");
        assert_eq!(rows.len() as u64, total.saturating_sub(1).min(3));
        assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(row.seq)));
        for row in rows {
            let one = workspace
                .read_blocking(|tx| audit::call(tx, row.seq))
                .unwrap();
            assert_eq!(one, row);
        }
    }
    // The first row of the audit says that the workspace was made.
    let fault = workspace.read_blocking(|tx| audit::call(tx, 1));
    assert_eq!(fault.unwrap_err().code(), "not_found");
}

#[test]
fn a_record_knows_its_neighbours_and_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace
        .write_blocking(|tx| {
            let account = add_account(tx, "one")?;
            let keys = AccountKeys::generate()?;
            let run = start_run(tx, &account, Mode::Full, &Selection::Whole)?;
            let records = [3, 7, 12].map(|id| sealed(&keys, &account, id, None, "{}"));
            commit(tx, &run, records.into())?;
            Ok(account.uuid)
        })
        .unwrap();
    let id = |id: i64| NativeId::Integer(id);
    for (of, previous, next, position) in [
        (None, None, Some(3), 0),
        (Some(3), None, Some(7), 1),
        (Some(7), Some(3), Some(12), 2),
        (Some(8), Some(7), Some(12), 2),
        (Some(12), Some(7), None, 3),
    ] {
        let place = workspace
            .read_blocking(|tx| record::place(tx, account, "invoices", of.map(id).as_ref()))
            .unwrap();
        assert_eq!(
            (place.previous, place.next, place.position, place.total),
            (previous.map(id), next.map(id), position, 3),
            "{of:?}"
        );
    }
    let down = workspace
        .read_blocking(|tx| record::ids(tx, account, "invoices", Direction::Down, None, 2))
        .unwrap();
    assert_eq!(down, [id(12), id(7)]);
    let counts = workspace
        .read_blocking(|tx| record::present_by_resource(tx, account))
        .unwrap();
    assert_eq!(counts, [("invoices".to_owned(), 3)]);
    let runs = workspace
        .read_blocking(|tx| run::recent(tx, Some("ACME"), None, None, 10))
        .unwrap();
    assert_eq!(runs.len(), 1);
    let others = workspace
        .read_blocking(|tx| run::recent(tx, Some("globex"), None, None, 10))
        .unwrap();
    assert!(others.is_empty());
}
