//! docs/security-columns.md against the schema.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use std::collections::BTreeMap;

use common::open;
use rusqlite::Connection;

#[test]
fn every_column_is_listed_with_what_it_holds_and_sealed_ones_are_blobs() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let conn = Connection::open(folder.path().join("workspace.db")).unwrap();
    let schema: BTreeMap<String, String> = conn
        .prepare(
            "SELECT tables.name || '.' || columns.name, columns.type FROM sqlite_schema AS tables, \
             pragma_table_xinfo(tables.name) AS columns WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'",
        )
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let page = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/security-columns.md"
    );
    let listed: BTreeMap<String, bool> = std::fs::read_to_string(page)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(column, rest)| (column.to_owned(), rest.starts_with("**sealed**")))
        .collect();
    assert_eq!(
        listed.keys().collect::<Vec<_>>(),
        schema.keys().collect::<Vec<_>>()
    );
    for (column, sealed) in listed {
        let named = column == "record.body" || column.contains(".sealed");
        assert_eq!(sealed, named, "{column}");
        assert!(!sealed || schema[&column] == "BLOB", "{column}");
    }
}
