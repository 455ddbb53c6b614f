//! Measures what authoring a mapping feels like, on records of the connector's own sample's shape: a draft on one record of
//! 20 KB, its impact on 10,000 of them, and a table of 50,000 rows. Prints one JSON object a line: name, value, unit,
//! target, detail.
//!
//! The mapping worker has to lie beside it: `cargo xtask bench` builds both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made should say where it broke"
)]

mod stage;

use std::collections::BTreeMap;
use std::time::Instant;

use crosswalk_console::{
    Console, DraftInput, OverrideChange, PreviewInput, TableChange, TableEdit, TableInput,
};
use stage::{ACCOUNT, MODEL, RESOURCE, account, millis, options, print, store};
use tokio_util::sync::CancellationToken;

/// The table's rows, in the quick run too: filling it takes less than a second.
const ROWS: usize = 50_000;
const TABLE: &str = "units";
/// A draft that reads the lines, as most do that somebody looks twice at.
const DRAFT: &str = "$decimal_sum(`invoice-lines`.total[$ != null and $ != \"\"])";

async fn draft(console: &Console, expression: &str) -> f64 {
    let started = Instant::now();
    let result = console
        .evaluate_draft(DraftInput {
            account: ACCOUNT.to_owned(),
            model: MODEL.to_owned(),
            resource: Some(RESOURCE.to_owned()),
            field: "total".to_owned(),
            expression: expression.to_owned(),
            level: "account".to_owned(),
            field_type: None,
            record: Some("1".to_owned()),
            sample: None,
        })
        .await
        .unwrap();
    assert_ne!(result.status, "error", "{result:?}");
    millis(started)
}

async fn impact(console: &Console) -> (f64, u32) {
    let started = Instant::now();
    let input = PreviewInput {
        account: ACCOUNT.to_owned(),
        model: MODEL.to_owned(),
        resource: Some(RESOURCE.to_owned()),
        field: "total".to_owned(),
        level: "account".to_owned(),
        change: OverrideChange::Set {
            expression: DRAFT.to_owned(),
            field_type: None,
        },
        samples: None,
    };
    let impact = console
        .preview(input, |_, _| (), &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(impact.errors, 0, "{impact:?}");
    (started.elapsed().as_secs_f64(), impact.records)
}

async fn change_table(console: &Console, edit: TableEdit) {
    console
        .change_table(TableInput {
            level: "account".to_owned(),
            scope: ACCOUNT.to_owned(),
            name: TABLE.to_owned(),
            edit,
            note: None,
            dry_run: false,
        })
        .await
        .unwrap();
}

/// Looks a row up, edits another, and tries a draft that reads the table.
async fn table(console: &Console) {
    let entries: BTreeMap<String, String> = (0..ROWS)
        .map(|row| (format!("key {row:06}"), format!("value {row}")))
        .collect();
    change_table(
        console,
        TableEdit::Import {
            entries,
            replace: false,
        },
    )
    .await;
    let mut looked_up: f64 = 0.0;
    for row in [7, 24_999, 49_998] {
        let key = format!("key {row:06}");
        let started = Instant::now();
        let found = console
            .table_rows("account", ACCOUNT, TABLE, 0, 50, &key)
            .await
            .unwrap();
        assert_eq!(found.rows.len(), 1);
        looked_up = looked_up.max(millis(started));
    }
    let name = format!("looking a row up, table of {ROWS} rows");
    print(&name, looked_up, "ms", 50.0, "slowest of three");
    let mut edited: f64 = 0.0;
    for row in [3, 30_000] {
        let change = TableChange {
            key: format!("key {row:06}"),
            value: Some("another".to_owned()),
        };
        let started = Instant::now();
        change_table(console, TableEdit::Change(vec![change])).await;
        edited = edited.max(millis(started));
    }
    let name = format!("saving an edit, table of {ROWS} rows");
    print(&name, edited, "ms", 100.0, "slower of two");
    let reads = format!("$table('{TABLE}', 'key 000007')");
    // The first one after an edit gives the workers the table anew.
    let mut slowest: f64 = 0.0;
    for _ in 0..3 {
        slowest = slowest.max(draft(console, &reads).await);
    }
    let name = format!("a draft that reads a table of {ROWS} rows");
    print(&name, slowest, "ms", 100.0, "slowest of three");
}

#[tokio::main]
async fn main() {
    let quick = std::env::var_os("CROSSWALK_BENCH_QUICK").is_some();
    let many: u64 = if quick { 1_000 } else { 10_000 };
    let folder = tempfile::tempdir().unwrap();
    let console = Console::open(options(folder.path())).unwrap();
    account(&console).await;
    let stored = folder.path().to_path_buf();
    let records: Vec<(u64, usize)> = (1..=many).map(|id| (id, 20_000)).collect();
    tokio::task::spawn_blocking(move || store(&stored, &records))
        .await
        .unwrap();

    // The first one starts the worker.
    draft(&console, DRAFT).await;
    // As somebody types: each key is a draft of its own.
    let mut worst: f64 = 0.0;
    for expression in [
        "total",
        "`gross-total`",
        "$string($count(`invoice-lines`))",
        DRAFT,
    ] {
        worst = worst.max(draft(&console, expression).await);
    }
    let name = "a draft on a record of 20 KB";
    print(name, worst, "ms", 100.0, "slowest of four");
    let (seconds, records) = impact(&console).await;
    let name = format!("impact on {records} stored records of 20 KB");
    print(&name, seconds, "s", 4.0, "");
    table(&console).await;
}
