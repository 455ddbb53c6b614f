//! The audit chain, and hands that are laid on it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, open};
use crosswalk_workspace::audit::{self, Break, Head, Verdict};
use crosswalk_workspace::{Workspace, account};
use rusqlite::Connection;

const ROWS: u64 = 12;

/// A chain of [`ROWS`] rows, and its head.
fn chain(folder: &std::path::Path) -> (Workspace, Head) {
    let workspace = open(folder);
    let account = workspace.write_blocking(|tx| add_account(tx, "a")).unwrap();
    for number in 0..ROWS - 3 {
        workspace
            .write_blocking(move |tx| account::set_client_id(tx, account.uuid, &number.to_string()))
            .unwrap();
    }
    let head = workspace.read_blocking(audit::head).unwrap().unwrap();
    assert_eq!(head.seq, ROWS);
    (workspace, head)
}

fn tamper(folder: &std::path::Path, sql: &str) {
    let conn = Connection::open(folder.join("workspace.db")).unwrap();
    conn.execute_batch("DROP TRIGGER audit_is_never_updated; DROP TRIGGER audit_is_never_deleted;")
        .unwrap();
    conn.execute_batch(sql).unwrap();
}

fn verify(workspace: &Workspace, anchor: Option<&Head>) -> Verdict {
    workspace
        .read_blocking(|tx| audit::verify(tx, .., anchor))
        .unwrap()
}

#[test]
fn a_chain_as_it_was_written_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, head) = chain(folder.path());
    let verdict = verify(&workspace, Some(&head));
    assert_eq!(
        (verdict.ok, verdict.rows, verdict.broken_at),
        (true, ROWS, None)
    );
    assert_eq!(verdict.head, Some(head.clone()));
    // Rows past the anchor are normal.
    let account = workspace.read_blocking(|tx| account::get(tx, "a")).unwrap();
    workspace
        .write_blocking(move |tx| account::set_budget(tx, account.uuid, Some(50)))
        .unwrap();
    assert!(verify(&workspace, Some(&head)).ok);
    let part = workspace
        .read_blocking(|tx| audit::verify(tx, 3..=5, None))
        .unwrap();
    assert_eq!((part.ok, part.rows), (true, 3));
}

#[test]
fn rows_cannot_be_changed_or_removed_in_passing() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, _) = chain(folder.path());
    let conn = Connection::open(folder.path().join("workspace.db")).unwrap();
    assert!(conn.execute("UPDATE audit SET actor = 'x'", []).is_err());
    assert!(conn.execute("DELETE FROM audit", []).is_err());
    assert!(verify(&workspace, None).ok);
}

#[test]
fn every_kind_of_tampering_is_found_where_it_is() {
    let swap = "UPDATE audit SET seq = -5 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; \
                UPDATE audit SET seq = 6 WHERE seq = -5;";
    for (sql, broken_at, fault) in [
        (
            "UPDATE audit SET actor = 'eve' WHERE seq = 5",
            5,
            Break::Edited,
        ),
        (
            "UPDATE audit SET detail = NULL WHERE seq = 1",
            1,
            Break::Edited,
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE seq = 12",
            12,
            Break::Edited,
        ),
        (
            "UPDATE audit SET tenant = account, account = tenant WHERE seq = 5",
            5,
            Break::Edited,
        ),
        (
            "UPDATE audit SET method = '' WHERE seq = 5",
            5,
            Break::Edited,
        ),
        (
            "UPDATE audit SET hash = zeroblob(32) WHERE seq = 5",
            5,
            Break::Edited,
        ),
        (
            "UPDATE audit SET hash = x'00' WHERE seq = 5",
            5,
            Break::Edited,
        ),
        (
            "UPDATE audit SET previous = zeroblob(32) WHERE seq = 5",
            5,
            Break::Unlinked,
        ),
        ("DELETE FROM audit WHERE seq = 5", 5, Break::Missing),
        ("DELETE FROM audit WHERE seq < 5", 1, Break::Missing),
        (
            "DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5",
            5,
            Break::Unlinked,
        ),
        (swap, 5, Break::Unlinked),
        ("DELETE FROM audit WHERE seq > 9", 10, Break::BelowAnchor),
        ("DELETE FROM audit", 1, Break::BelowAnchor),
        (
            "UPDATE workspace SET uuid = zeroblob(16)",
            1,
            Break::Unlinked,
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, head) = chain(folder.path());
        tamper(folder.path(), sql);
        let verdict = verify(&workspace, Some(&head));
        assert_eq!(
            (verdict.ok, verdict.broken_at, verdict.fault),
            (false, Some(broken_at), Some(fault)),
            "{sql}"
        );
    }
}

#[test]
fn a_chain_that_was_rewritten_from_some_row_on_differs_from_its_anchor() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, head) = chain(folder.path());
    tamper(folder.path(), "DELETE FROM audit WHERE seq > 9");
    let account = workspace.read_blocking(|tx| account::get(tx, "a")).unwrap();
    for number in 0..5 {
        workspace
            .write_blocking(move |tx| {
                account::set_client_id(tx, account.uuid, &format!("other {number}"))
            })
            .unwrap();
    }
    assert!(verify(&workspace, None).ok);
    let verdict = verify(&workspace, Some(&head));
    assert_eq!(
        (verdict.broken_at, verdict.fault),
        (Some(ROWS), Some(Break::BelowAnchor))
    );
}

#[test]
fn when_something_last_happened_to_an_account_is_told_of_that_account_alone() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let told = workspace
        .write_blocking(|tx| {
            let (a, b) = (add_account(tx, "a")?, add_account(tx, "b")?);
            account::set_scopes_asked(tx, a.uuid, &["first".into()])?;
            account::set_scopes_asked(tx, b.uuid, &["other".into()])?;
            account::set_scopes_asked(tx, a.uuid, &["second".into()])?;
            let newest = audit::list(tx, &audit::Filter::default(), 1)?[0].at;
            let of = |account: &str| audit::last_of(tx, account, account::SCOPES_ASKED);
            assert!(of("b")?.is_some_and(|at| at <= newest));
            assert_eq!(of("c")?, None);
            assert_eq!(audit::last_of(tx, "a", "account:removed")?, None);
            Ok((of("a")?, newest))
        })
        .unwrap();
    assert_eq!(told, (Some(told.1), told.1));
}
