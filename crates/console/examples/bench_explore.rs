//! Measures what exploring feels like, on records of the connector's own sample's shape: comparing a record of 20 KB and
//! one of 10 MB, and indexing, sorting and filtering many. Prints one JSON object a line: name, value, unit, target.
//!
//! The mapping worker has to lie beside it: `cargo xtask bench` builds both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made should say where it broke"
)]

mod stage;

use std::time::Instant;

use crosswalk_console::{Console, ProjectionQuery, ProjectionSort, RawQuery};
use stage::{ACCOUNT, MODEL, RESOURCE, account, millis, options, store};

fn print(name: &str, value: f64, unit: &str, limit: f64) {
    stage::print(name, value, unit, limit, "");
}

/// Opens a record raw and unified, as the compare view does.
async fn compare(console: &Console, id: &str) -> f64 {
    let started = Instant::now();
    let query = RawQuery {
        limit: 100,
        ..RawQuery::default()
    };
    let (raw, compared) = tokio::join!(
        console.raw_page(ACCOUNT, RESOURCE, id, query),
        console.compare_record(ACCOUNT, RESOURCE, id, MODEL)
    );
    assert!(!raw.unwrap().rows.is_empty() && !compared.unwrap().fields.is_empty());
    millis(started)
}

#[tokio::main]
async fn main() {
    let quick = std::env::var_os("CROSSWALK_BENCH_QUICK").is_some();
    let many: u64 = if quick { 5_000 } else { 50_000 };
    let folder = tempfile::tempdir().unwrap();
    let console = Console::open(options(folder.path())).unwrap();
    account(&console).await;
    let stored = folder.path().to_path_buf();
    // What a full sync keeps of an invoice is 2 KB of what the mapping reads.
    let mut records: Vec<(u64, usize)> = vec![(1, 20_000), (2, 10_000_000)];
    records.extend((3..=many).map(|id| (id, 2_000)));
    tokio::task::spawn_blocking(move || store(&stored, &records))
        .await
        .unwrap();

    // The first one starts the worker.
    compare(&console, "3").await;
    print(
        "compare view, record of 20 KB",
        compare(&console, "1").await,
        "ms",
        100.0,
    );
    print(
        "compare view, record of 10 MB",
        compare(&console, "2").await,
        "ms",
        500.0,
    );

    let columns = console.columns(ACCOUNT, RESOURCE).await.unwrap();
    let columns: Vec<String> = columns
        .into_iter()
        .filter(|column| column.suggested)
        .map(|column| column.path)
        .collect();
    let sorted = columns.last().cloned().unwrap();
    let started = Instant::now();
    let opened = console
        .open_projection(ACCOUNT, RESOURCE, columns)
        .await
        .unwrap();
    let page = |filter: &str, sort: Option<&str>| {
        let query = ProjectionQuery {
            limit: 100,
            filter: filter.to_owned(),
            sort: sort.map(|column| ProjectionSort {
                column: column.to_owned(),
                descending: true,
            }),
            ..ProjectionQuery::default()
        };
        console.projection_page(&opened.projection, &query).unwrap()
    };
    loop {
        let page = page("", None);
        assert!(page.stopped.is_none(), "{page:?}");
        if page.complete {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let name = |what: &str| format!("{what}, {many} stored records");
    print(
        &name("indexing the shown columns"),
        started.elapsed().as_secs_f64(),
        "s",
        5.0,
    );
    // As somebody types: each letter is a filter of its own, and none is answered from the one before.
    let mut worst: f64 = 0.0;
    for filter in ["4", "49", "499", "4999", "no such text"] {
        let started = Instant::now();
        page(filter, Some(&sorted));
        worst = worst.max(millis(started));
    }
    print(&name("slowest of five filters, sorted"), worst, "ms", 100.0);
}
