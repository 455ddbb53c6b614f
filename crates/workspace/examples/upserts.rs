//! How fast records are stored and read: `cargo run --release -p crosswalk-workspace --example upserts [RECORDS]`.
//!
//! Pages of 50 records of 700 sealed bytes, each with its checkpoint and its call, come from 16 threads that wait for
//! their commits, as a sync's workers do. The workspace is in the system's folder for temporary files; set `TMPDIR` to
//! measure another disk.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement: it prints, and stops where something fails"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crosswalk_workspace::account::{self, Account, NewAccount};
use crosswalk_workspace::audit::Call;
use crosswalk_workspace::page::{self, Page};
use crosswalk_workspace::record::{self, NativeId, SealedRecord, Shown, Watermark};
use crosswalk_workspace::run::{self, Mode, NewRun, Run, Trigger, Usage};
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::{Kind, OpenOptions, Purpose, Trust, Workspace, tenant};

const PAGE: u64 = 50;
const SEALED_BYTES: usize = 700;
const WORKERS: usize = 16;

fn main() {
    let records: u64 = std::env::args()
        .nth(1)
        .map_or(200_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(folder.path(), &OpenOptions::new("bench")).unwrap();
    let account = workspace
        .write_blocking(|tx| {
            tenant::add(tx, "acme", "Acme", None)?;
            account::add(
                tx,
                &NewAccount {
                    slug: "acme".into(),
                    tenant: "acme".into(),
                    connector: "demo".into(),
                    kind: Kind::Sandbox,
                    purpose: Purpose::Read,
                    environment: None,
                    grant: "client_credentials".into(),
                    client_id: None,
                    config: serde_json::Map::new(),
                    scopes_asked: Vec::new(),
                    trust: Trust::default(),
                },
            )
        })
        .unwrap();
    for pass in ["new", "confirmed"] {
        let (run, took) = sync(&workspace, &account, records);
        workspace
            .write_blocking(move |tx| run::complete(tx, run.uuid))
            .unwrap();
        println!(
            "{pass}: {:.0} records/s",
            records as f64 / took.as_secs_f64()
        );
    }
    read(&workspace, &account);
    println!("resident at most: {} MiB", peak_mib());
}

fn sync(workspace: &Workspace, account: &Account, records: u64) -> (Run, Duration) {
    let id = account.uuid;
    let run = workspace
        .write_blocking(move |tx| {
            let new = NewRun {
                account: id,
                resource: "invoices".into(),
                mode: Mode::Full,
                trigger: Trigger::Manual,
                selection: selection::intern(tx, &Selection::Whole)?,
                definition_digest: String::new(),
            };
            run::start(tx, &new)
        })
        .unwrap();
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let first = next.fetch_add(PAGE, Ordering::Relaxed);
                    if first >= records {
                        break;
                    }
                    let page = page(&run, first, (first + PAGE).min(records));
                    workspace
                        .write_blocking(move |tx| page::commit(tx, &page))
                        .unwrap();
                }
            });
        }
    });
    (run, begun.elapsed())
}

/// Bodies of arbitrary bytes: what they hold is all one to the database.
fn page(run: &Run, first: u64, end: u64) -> Page {
    Page {
        run: run.uuid,
        selection: run.selection,
        sample: false,
        records: (first..end)
            .map(|id| SealedRecord {
                native_id: NativeId::Integer(id.cast_signed()),
                watermark: Some(Watermark(1)),
                size: 3_000,
                body: Some(vec![id.to_le_bytes()[0]; SEALED_BYTES]),
                in_memory: false,
            })
            .collect(),
        errors: Vec::new(),
        checkpoint: Some(serde_json::json!({ "ranges": [{ "after": end, "to": null }] })),
        calls: vec![Call {
            at: jiff::Timestamp::now(),
            method: "GET".into(),
            endpoint: format!("https://acme.example.com/api/invoices?limit=50&id[gt]={first}"),
            status: Some(200),
            records: Some(end - first),
            duration: Duration::from_millis(200),
            bytes: 150_000,
            resource: Some("invoices".into()),
            detail: None,
            answer: None,
        }],
        usage: Usage {
            requests: 1,
            ..Usage::default()
        },
    }
}

fn read(workspace: &Workspace, account: &Account) {
    let begun = Instant::now();
    let mut after = None;
    let mut count = 0;
    let mut first = None;
    loop {
        let found = workspace
            .read_blocking(|tx| {
                record::page(
                    tx,
                    account.uuid,
                    "invoices",
                    Shown::Present,
                    after.as_ref(),
                    200,
                )
            })
            .unwrap();
        first.get_or_insert_with(|| begun.elapsed());
        let Some(last) = found.last() else { break };
        count += found.len();
        after = Some(last.native_id.clone());
    }
    let rate = f64::from(u32::try_from(count).unwrap()) / begun.elapsed().as_secs_f64();
    println!(
        "read: first page after {:.1?}, {rate:.0} records/s",
        first.unwrap_or_default()
    );
}

/// Linux only; 0 elsewhere.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or("0 kB");
    line.trim()
        .split(' ')
        .next()
        .and_then(|kib| kib.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
