//! Whatever hands do to the rows of the audit, a check against its anchor finds it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use common::{add_account, open};
use crosswalk_workspace::audit::{self, Head};
use crosswalk_workspace::{Workspace, account};
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

const ROWS: i64 = 12;

/// What is written by a hand that does not know how rows are chained.
#[derive(Debug, Clone)]
enum Hand {
    /// Another value in one column of one row.
    Edit(i64, &'static str, Value),
    /// One row's column into another's.
    Copy(i64, i64, &'static str),
    /// A row away, with or without the later ones moved up.
    Remove(i64, bool),
    /// Two rows for each other.
    Exchange(i64, i64),
    /// A copy of a row at the end, or in between with the later ones moved down.
    Slip(i64, bool),
    /// Everything from a row on.
    Cut(i64),
    /// Everything before a row.
    Forget(i64),
}

const TEXTS: [&str; 10] = [
    "kind",
    "actor",
    "machine",
    "app_version",
    "tenant",
    "account",
    "resource",
    "method",
    "endpoint",
    "detail",
];
const NUMBERS: [&str; 5] = ["at", "status", "records", "duration", "bytes"];
const BLOBS: [&str; 3] = ["run", "previous", "hash"];

fn hand() -> impl Strategy<Value = Hand> {
    let row = || 1..=ROWS;
    let text = prop_oneof![Just(Value::Null), "[a-z ]{0,6}".prop_map(Value::Text)];
    let number = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        (-3_i64..3).prop_map(Value::Integer)
    ];
    let blob = prop_oneof![
        Just(Value::Null),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Blob),
        prop::collection::vec(any::<u8>(), 32).prop_map(Value::Blob)
    ];
    let column = prop_oneof![
        prop::sample::select(&TEXTS[..]),
        prop::sample::select(&NUMBERS[..]),
        prop::sample::select(&BLOBS[..])
    ];
    prop_oneof![
        (row(), prop::sample::select(&TEXTS[..]), text)
            .prop_map(|(row, column, value)| Hand::Edit(row, column, value)),
        (row(), prop::sample::select(&NUMBERS[..]), number)
            .prop_map(|(row, column, value)| Hand::Edit(row, column, value)),
        (row(), prop::sample::select(&BLOBS[..]), blob)
            .prop_map(|(row, column, value)| Hand::Edit(row, column, value)),
        (row(), row(), column).prop_map(|(from, to, column)| Hand::Copy(from, to, column)),
        (row(), any::<bool>()).prop_map(|(row, closed)| Hand::Remove(row, closed)),
        (row(), row()).prop_map(|(a, b)| Hand::Exchange(a, b)),
        (row(), any::<bool>()).prop_map(|(row, between)| Hand::Slip(row, between)),
        row().prop_map(Hand::Cut),
        row().prop_map(Hand::Forget),
    ]
}

/// Lays hands on the rows. What the database itself refuses (a column that may not be empty) is not done.
fn lay(conn: &Connection, hand: &Hand) {
    let columns = format!(
        "{}, {}, {}",
        TEXTS.join(", "),
        NUMBERS.join(", "),
        BLOBS.join(", ")
    );
    // Through negative numbers, since places are unique.
    let shift = |from: i64, by: i64| {
        format!(
            "UPDATE audit SET seq = -seq WHERE seq >= {from}; UPDATE audit SET seq = -seq + ({by}) WHERE seq < 0;"
        )
    };
    let sql = match hand {
        Hand::Edit(row, column, value) => {
            let sql = format!("UPDATE audit SET {column} = ?1 WHERE seq = ?2");
            let _ = conn.execute(&sql, rusqlite::params![value, row]);
            return;
        }
        Hand::Copy(from, to, column) => format!(
            "UPDATE audit SET {column} = (SELECT {column} FROM audit WHERE seq = {from}) WHERE seq = {to}"
        ),
        Hand::Remove(row, false) => format!("DELETE FROM audit WHERE seq = {row}"),
        Hand::Remove(row, true) => {
            format!(
                "DELETE FROM audit WHERE seq = {row}; {}",
                shift(row + 1, -1)
            )
        }
        Hand::Exchange(a, b) => format!(
            "UPDATE audit SET seq = -{a} WHERE seq = {a}; UPDATE audit SET seq = {a} WHERE seq = {b}; \
             UPDATE audit SET seq = {b} WHERE seq = -{a}"
        ),
        Hand::Slip(row, between) => {
            let to = if *between { row + 1 } else { ROWS + 1 };
            let make_room = if *between {
                shift(row + 1, 1)
            } else {
                String::new()
            };
            format!(
                "{make_room} INSERT INTO audit (seq, {columns}) SELECT {to}, {columns} FROM audit WHERE seq = {row}"
            )
        }
        Hand::Cut(from) => format!("DELETE FROM audit WHERE seq >= {from}"),
        Hand::Forget(to) => format!("DELETE FROM audit WHERE seq < {to}"),
    };
    let _ = conn.execute_batch(&sql);
}

fn rows(conn: &Connection) -> Vec<Vec<Value>> {
    let mut statement = conn.prepare("SELECT * FROM audit ORDER BY seq").unwrap();
    let width = statement.column_count();
    let rows = statement
        .query_map([], |row| (0..width).map(|at| row.get(at)).collect())
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// A workspace with a chain of [`ROWS`] rows, closed.
static BASE: LazyLock<(TempDir, Head)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let account = workspace.write_blocking(|tx| add_account(tx, "a")).unwrap();
    for number in 0..ROWS - 3 {
        workspace
            .write_blocking(move |tx| account::set_client_id(tx, account.uuid, &number.to_string()))
            .unwrap();
    }
    let head = workspace.read_blocking(audit::head).unwrap().unwrap();
    assert_eq!(head.seq, ROWS.unsigned_abs());
    drop(workspace);
    (folder, head)
});

/// A copy of the base to lay hands on.
fn copied() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(BASE.0.path()).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    copy
}

fn tampering(folder: &Path) -> Connection {
    let conn = Connection::open(folder.join("workspace.db")).unwrap();
    conn.execute_batch("DROP TRIGGER audit_is_never_updated; DROP TRIGGER audit_is_never_deleted;")
        .unwrap();
    conn
}

fn found(workspace: &Workspace, anchor: &Head) -> Option<u64> {
    let verdict = workspace
        .read_blocking(|tx| audit::verify(tx, .., Some(anchor)))
        .unwrap();
    assert_eq!(verdict.ok, verdict.broken_at.is_none());
    assert_eq!(verdict.ok, verdict.fault.is_none());
    verdict.broken_at
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_changed_is_found_no_later_than_it_begins(hands in prop::collection::vec(hand(), 1..4)) {
        let folder = copied();
        let conn = tampering(folder.path());
        let before = rows(&conn);
        for hand in &hands {
            lay(&conn, hand);
        }
        let after = rows(&conn);
        drop(conn);
        let workspace = open(folder.path());
        let broken_at = found(&workspace, &BASE.1);
        if before == after {
            prop_assert_eq!(broken_at, None);
        } else {
            let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
            let begins = u64::try_from(same).unwrap() + 1;
            prop_assert!(broken_at.is_some_and(|at| at <= begins), "{:?}: {:?}, it begins at {}", hands, broken_at, begins);
        }
    }

    /// A hand that knows how rows are chained, since it uses the product: it takes rows away and writes others.
    #[test]
    fn a_chain_that_was_written_anew_from_below_its_anchor_is_found(kept in 1..ROWS, written in 0..20_usize, anchored in 1..=ROWS) {
        let folder = copied();
        let workspace = open(folder.path());
        let anchor = workspace.read_blocking(|tx| {
            let rows = audit::list(tx, &audit::Filter::default(), 100)?;
            let row = rows.into_iter().find(|row| row.seq == anchored.unsigned_abs()).unwrap();
            Ok(Head { seq: row.seq, hash: row.hash })
        }).unwrap();
        tampering(folder.path()).execute("DELETE FROM audit WHERE seq > ?1", [kept]).unwrap();
        let account = workspace.read_blocking(|tx| account::get(tx, "a")).unwrap();
        for number in 0..written {
            workspace.write_blocking(move |tx| account::set_client_id(tx, account.uuid, &format!("other {number}"))).unwrap();
        }
        // What was written after the anchor may go unseen; nothing up to it does.
        prop_assert_eq!(found(&workspace, &anchor).is_some(), kept < anchored);
    }
}
