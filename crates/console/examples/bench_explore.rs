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

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crosswalk_console::{
    ConnectionInput, Console, NewAccount, Options, ProjectionQuery, ProjectionSort, RawQuery,
    Secret, VaultKind, WorkerCommand,
};
use crosswalk_vault::{EntryName, PassphraseVault, VAULT_FILE_NAME, Vault as _};
use crosswalk_workspace::page::{self, Page};
use crosswalk_workspace::record::{NativeId, SealedRecord};
use crosswalk_workspace::run::{self, Mode, NewRun, Trigger, Usage};
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::{OpenOptions, Workspace, account};
use serde_json::Value;

const ACCOUNT: &str = "bench";
const RESOURCE: &str = "invoices";
const MODEL: &str = "procurement/invoice";
const PASSPHRASE: &str = "bench";

fn print(name: &str, value: f64, unit: &str, limit: f64) {
    let value = (value * 10.0).round() / 10.0;
    let target = format!("< {limit} {unit}");
    println!(
        "{}",
        serde_json::json!({ "name": name, "value": value, "unit": unit, "target": target })
    );
}

fn options(folder: &Path) -> Options {
    let own = std::env::current_exe().unwrap();
    let worker: PathBuf = own
        .parent()
        .and_then(Path::parent)
        .unwrap()
        .join(format!("crosswalk-worker{}", std::env::consts::EXE_SUFFIX));
    let mut options = Options::new(folder.to_path_buf());
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from(PASSPHRASE.to_owned()))));
    options.worker = Some(WorkerCommand::new(worker, Vec::<String>::new()));
    options
}

/// The connector's sample record.
fn sample() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../connectors/coupa/samples/{RESOURCE}.json"));
    let samples: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    samples.into_iter().next().unwrap()
}

/// The sample with this id, its longest list shortened or repeated until it is about so long.
fn record(sample: &Value, id: u64, bytes: usize) -> Vec<u8> {
    let mut record = sample.clone();
    record["id"] = id.into();
    let members = record.as_object_mut().unwrap();
    let longest = members
        .iter()
        .max_by_key(|(_, value)| value.as_array().map_or(0, |_| value.to_string().len()))
        .map(|(key, _)| key.clone())
        .unwrap();
    let items = members[&longest].as_array().unwrap().clone();
    members.insert(longest.clone(), Value::Array(Vec::new()));
    let mut length = Value::Object(members.clone()).to_string().len();
    let mut kept = Vec::new();
    for item in items.iter().cycle() {
        let more = item.to_string().len();
        if length + more > bytes {
            break;
        }
        length += more;
        kept.push(item.clone());
    }
    members.insert(longest, Value::Array(kept));
    record.to_string().into_bytes()
}

async fn account(console: &Console) {
    console.add_tenant("bench", None, None).await.unwrap();
    let connection = ConnectionInput {
        config: vec![("instance_url".to_owned(), "http://127.0.0.1:9".to_owned())],
        client_id: Some("bench".to_owned()),
        client_secret: Some(Secret::from("bench-secret".to_owned())),
        ..ConnectionInput::default()
    };
    let account = NewAccount {
        id: ACCOUNT.to_owned(),
        tenant: "bench".to_owned(),
        connector: "coupa".to_owned(),
        kind: "sandbox",
        environment: None,
        grant: None,
        purpose: "read",
        connection,
    };
    console.add_account(account).await.unwrap();
}

/// Stores records as a sync does, without asking anybody for them.
fn store(folder: &Path, many: u64) {
    let workspace = Workspace::open(folder, &OpenOptions::new("bench")).unwrap();
    let vault = PassphraseVault::open(
        folder.join(VAULT_FILE_NAME),
        &Secret::from(PASSPHRASE.to_owned()),
    )
    .unwrap();
    let held = workspace
        .read_blocking(|tx| account::get(tx, ACCOUNT))
        .unwrap();
    let keys = vault
        .load(&EntryName {
            workspace: workspace.id().uuid(),
            account: held.uuid.uuid(),
        })
        .unwrap()
        .keys;
    let sample = sample();
    let seal = |id: u64, bytes: usize| {
        let id = i64::try_from(id).unwrap();
        let raw = record(&sample, id.unsigned_abs(), bytes);
        SealedRecord::seal(
            &keys,
            held.uuid,
            RESOURCE,
            NativeId::Integer(id),
            None,
            &raw,
        )
        .unwrap()
    };
    let uuid = held.uuid;
    let run = workspace
        .write_blocking(move |tx| {
            let selection = selection::intern(tx, &Selection::Whole)?;
            run::start(
                tx,
                &NewRun {
                    account: uuid,
                    resource: RESOURCE.to_owned(),
                    mode: Mode::Full,
                    trigger: Trigger::Manual,
                    selection,
                    definition_digest: "bench".to_owned(),
                },
            )
        })
        .unwrap();
    let commit = |records: Vec<SealedRecord>| {
        let page = Page {
            run: run.uuid,
            selection: run.selection,
            sample: false,
            records,
            errors: Vec::new(),
            checkpoint: None,
            calls: Vec::new(),
            usage: Usage::default(),
        };
        workspace
            .write_blocking(move |tx| page::commit(tx, &page))
            .unwrap();
    };
    // What a full sync keeps of an invoice: 2 KB of what the mapping reads.
    for first in (3..=many).step_by(500) {
        commit(
            (first..(first + 500).min(many + 1))
                .map(|id| seal(id, 2_000))
                .collect(),
        );
    }
    commit(vec![seal(1, 20_000), seal(2, 10_000_000)]);
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
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
    tokio::task::spawn_blocking(move || store(&stored, many))
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
