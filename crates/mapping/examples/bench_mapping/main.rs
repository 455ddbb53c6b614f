//! How fast invoices of 20 KB become unified ones, through a worker, beside a mapping written by hand in Rust.
//!
//! `cargo xtask bench` runs it; by itself: `cargo build --release -p crosswalk-mapping`, then
//! `cargo run --release -p crosswalk-mapping --example bench_mapping`. Prints one JSON object a line:
//! `{"name","value","unit","target"}`. `CROSSWALK_BENCH_QUICK=1` measures less.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark"
)]

mod by_hand;
mod harm;
mod records;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crosswalk_connector::Catalogue;
use crosswalk_mapping::{EffectiveMapping, Overrides, Pool, RawRecord, Status, WorkerCommand};
use serde_json::{Value, json};

/// Different records; enough that caches of the processor do not hold them all.
const RECORDS: usize = 200;

/// How often everything is measured; the best counts, since others use this machine too.
const ROUNDS: usize = 5;

/// Records mapped in one round.
const PER_ROUND: usize = 4_000;

fn main() {
    let rounds = if std::env::var_os("CROSSWALK_BENCH_QUICK").is_some() {
        2
    } else {
        ROUNDS
    };
    let worker = worker();
    let definition = Catalogue::builtin().catalogue.get("coupa").unwrap();
    let own = definition.mapping_of("invoices").unwrap();
    let resource = &definition.connector.resources["invoices"];
    let documented: HashSet<&str> = resource.known_fields.iter().map(String::as_str).collect();
    let mapping = Arc::new(
        EffectiveMapping::merge(
            definition.models.get("procurement/invoice").unwrap(),
            &definition.models.shared_types(),
            own,
            "1",
            &Overrides::new(),
            &Overrides::new(),
        )
        .unwrap()
        .with_known_fields(documented.iter().copied()),
    );
    let sample = definition
        .samples
        .iter()
        .find(|sample| sample.resource == "invoices")
        .unwrap();
    let raws = records::invoices(&sample.json, RECORDS);
    let bytes: usize = raws.iter().map(Vec::len).sum();
    say(
        "size of an invoice to be mapped",
        bytes as f64 / raws.len() as f64,
        "bytes",
        "about 20,000",
    );

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let pool = Pool::new(WorkerCommand::new(&worker, []), 1);
    same_results(&runtime, &pool, &mapping, &raws, &documented);

    let by_hand = best_of(rounds, || {
        for raw in raws.iter().cycle().take(PER_ROUND) {
            std::hint::black_box(by_hand::unified(raw, &documented));
        }
    });
    let through_worker = best_of(rounds, || {
        let batch = batch(&raws, PER_ROUND);
        let results = runtime.block_on(pool.evaluate(batch, &mapping)).unwrap();
        assert_eq!(results.len(), PER_ROUND);
    });
    let rate = |time: Duration| PER_ROUND as f64 / time.as_secs_f64();
    say(
        "invoices through a mapping written by hand",
        rate(by_hand),
        "records/s",
        "",
    );
    say(
        "invoices through one mapping worker",
        rate(through_worker),
        "records/s/core",
        "≥ 3,500",
    );
    say(
        "the worker's share of the mapping by hand",
        by_hand.as_secs_f64() / through_worker.as_secs_f64(),
        "",
        "≥ 0.6",
    );

    let preview = best_of(50, || {
        runtime
            .block_on(pool.evaluate(batch(&raws, 1), &mapping))
            .unwrap();
    });
    say(
        "one invoice through a worker, there and back",
        preview.as_secs_f64() * 1000.0,
        "ms",
        "",
    );
    let start = Instant::now();
    let fresh = Pool::new(WorkerCommand::new(&worker, []), 1);
    runtime
        .block_on(fresh.evaluate(batch(&raws, 1), &mapping))
        .unwrap();
    say(
        "first invoice of a worker that is not started yet",
        start.elapsed().as_secs_f64() * 1000.0,
        "ms",
        "≤ 100",
    );
    tell_of_harm(&runtime, &worker);
}

fn tell_of_harm(runtime: &tokio::runtime::Runtime, worker: &std::path::Path) {
    let (error, back) = harm::slowest(runtime, worker);
    say(
        "an expression that means harm, until its error",
        error.as_secs_f64() * 1000.0,
        "ms",
        "≤ 1,500",
    );
    say(
        "the worker back after it",
        back.as_secs_f64() * 1000.0,
        "ms",
        "≤ 100",
    );
}

/// The worker, which cargo puts beside the folder of examples.
fn worker() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let name = format!("crosswalk-worker{}", std::env::consts::EXE_SUFFIX);
    let worker = own.ancestors().nth(2).unwrap().join(name);
    assert!(
        worker.exists(),
        "{} is not built: cargo build --release -p crosswalk-mapping",
        worker.display()
    );
    worker
}

fn say(name: &str, value: f64, unit: &str, target: &str) {
    let value = (value * 1000.0).round() / 1000.0;
    println!(
        "{}",
        json!({"name": name, "value": value, "unit": unit, "target": target})
    );
}

fn best_of(rounds: usize, mut run: impl FnMut()) -> Duration {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn batch(raws: &[Vec<u8>], count: usize) -> Vec<RawRecord> {
    raws.iter()
        .cycle()
        .take(count)
        .map(|raw| RawRecord {
            key: String::new(),
            raw: raw.clone(),
            selection: None,
        })
        .collect()
}

/// Both ways give the same unified invoices, else the comparison says nothing.
fn same_results(
    runtime: &tokio::runtime::Runtime,
    pool: &Pool,
    mapping: &Arc<EffectiveMapping>,
    raws: &[Vec<u8>],
    documented: &HashSet<&str>,
) {
    let results = runtime
        .block_on(pool.evaluate(batch(raws, raws.len()), mapping))
        .unwrap();
    for (raw, result) in raws.iter().zip(&results) {
        for (field, outcome) in mapping.fields.iter().zip(&result.fields) {
            assert!(
                outcome.status <= Status::Empty,
                "{}: {:?} {:?}",
                field.name,
                outcome.status,
                outcome.message
            );
        }
        let mapped: Value = serde_json::from_str(result.unified.as_deref().unwrap()).unwrap();
        let by_hand: Value = serde_json::from_slice(&by_hand::unified(raw, documented)).unwrap();
        for (name, value) in mapped.as_object().unwrap() {
            assert_eq!(value, by_hand.get(name).unwrap_or(&Value::Null), "{name}");
        }
    }
}
