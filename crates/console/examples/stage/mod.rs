//! What the benchmarks of the console stand on: a workspace with one account, and records of the connector's own sample's
//! shape that are stored without asking anybody for them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crosswalk_console::{
    ConnectionInput, Console, NewAccount, Options, Secret, VaultKind, WorkerCommand,
};
use crosswalk_vault::{EntryName, PassphraseVault, VAULT_FILE_NAME, Vault as _};
use crosswalk_workspace::page::{self, Page};
use crosswalk_workspace::record::{NativeId, SealedRecord};
use crosswalk_workspace::run::{self, Mode, NewRun, Trigger, Usage};
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::{OpenOptions, Workspace, account};
use serde_json::Value;

pub const ACCOUNT: &str = "bench";
pub const RESOURCE: &str = "invoices";
pub const MODEL: &str = "procurement/invoice";
/// The one of the window's tests: a measurement of the window opens the workspace with it.
pub const PASSPHRASE: &str = "the show must go on";

/// Prints a figure as `cargo xtask bench` reads it.
pub fn print(name: &str, value: f64, unit: &str, limit: f64, detail: &str) {
    let value = (value * 10.0).round() / 10.0;
    let target = format!("< {limit} {unit}");
    println!(
        "{}",
        serde_json::json!({ "name": name, "value": value, "unit": unit, "target": target, "detail": detail })
    );
}

/// Milliseconds since then.
pub fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// How the workspace is opened.
pub fn options(folder: &Path) -> Options {
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
    // From the folder of whichever package is measured.
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join(format!("connectors/coupa/samples/{RESOURCE}.json")))
        .find(|path| path.is_file())
        .unwrap();
    let samples: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    samples.into_iter().next().unwrap()
}

/// The sample, its longest list shortened or repeated until it is about so long.
fn shape(sample: &Value, bytes: usize) -> Value {
    let mut record = sample.clone();
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
    record
}

/// Adds the account.
pub async fn account(console: &Console) {
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
/// Each record is an id and about how many bytes it has.
pub fn store(folder: &Path, records: &[(u64, usize)]) {
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
    // By their length: a copy of the sample for each record would take longer than storing it.
    let mut shapes: HashMap<usize, Value> = HashMap::new();
    let mut seal = |id: u64, bytes: usize| {
        let record = shapes.entry(bytes).or_insert_with(|| shape(&sample, bytes));
        record["id"] = id.into();
        let raw = record.to_string().into_bytes();
        let id = i64::try_from(id).unwrap();
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
    for records in records.chunks(500) {
        commit(
            records
                .iter()
                .map(|(id, bytes)| seal(*id, *bytes))
                .collect(),
        );
    }
}
