//! Measures syncing and prints one JSON line for each figure: `{"name","value","unit","target","ok","detail"}`.
//!
//! `bench_sync [paced] [stored] [neighbour]`; all three without arguments. `bench_sync instance RECORDS` serves a stand-in for the measurement of
//! memory, in a process of its own, until its standard input ends. `CROSSWALK_BENCH_QUICK=1` stores a tenth.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement for developers"
)]

#[path = "../tests/rig/mod.rs"]
mod rig;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crosswalk_client::{Budgets, CallBuffer, CallContext, ListRequest, Outcome, Share};
use crosswalk_sandbox::{Latency, Resource, Sandbox, SandboxConfig};
use crosswalk_sync::{Mode, RunSummary, Status};
use rig::{Door, Rig};
use serde_json::json;

fn print(name: &str, value: f64, unit: &str, target: &str, ok: bool, detail: &str) {
    println!(
        "{}",
        json!({"name": name, "value": value, "unit": unit, "target": target, "ok": ok, "detail": detail})
    );
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "instance") {
        return serve(words[1].parse().unwrap()).await;
    }
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    if wanted("paced") {
        paced().await;
    }
    if wanted("stored") {
        stored().await;
    }
    if wanted("neighbour") {
        neighbour().await;
    }
}

/// 5,000 invoices at 200 ms latency and 25 requests a second with a burst of 20, the whole budget.
async fn paced() {
    let config = SandboxConfig {
        settle: Duration::ZERO,
        latency: Some(Latency::of(Duration::from_millis(200))),
        ..SandboxConfig::default().with(Resource::Invoices, 5_000)
    };
    let rig = Rig::over(Sandbox::start(config).await.unwrap(), &rig::definition()).await;
    let summary = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(
        (summary.status, summary.stored),
        (Status::Completed, 5_000),
        "{summary:?}"
    );
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let seconds = summary.duration_ms as f64 / 1000.0;
    let detail = format!(
        "{} requests, {} refused",
        summary.requests,
        rig.sandbox.stats().rate_limited
    );
    let refused = rig.sandbox.stats().rate_limited;
    print(
        "full sync of 5,000 invoices, latency 200 ms, 25/s burst 20",
        seconds,
        "s",
        "≤ 3.8, none refused",
        seconds <= 3.8 && refused == 0,
        &detail,
    );
}

/// 100,000 records from an instance without limit in a process of its own.
async fn stored() {
    let quick = std::env::var_os("CROSSWALK_BENCH_QUICK").is_some();
    let records: u32 = if quick { 10_000 } else { 100_000 };
    let mut instance = Command::new(std::env::current_exe().unwrap())
        .args(["instance", &records.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(instance.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let door: serde_json::Value = serde_json::from_str(&line).unwrap();
    let text = |key: &str| door[key].as_str().unwrap().to_owned();
    let door = Door {
        url: text("url"),
        client_id: text("client_id"),
        client_secret: text("client_secret"),
        scopes: text("scopes").split(' ').map(str::to_owned).collect(),
    };
    // Only the workspace and the definition of this rig are used.
    let rig = Rig::new(SandboxConfig::for_tests()).await;
    let client = rig::client(&rig.definition, &door, &rig.budgets, Share::WHOLE);
    let context = rig::context(
        &rig.workspace,
        &rig.keys,
        &rig.definition,
        client,
        "invoices",
    );
    let cancel = tokio_util::sync::CancellationToken::new();
    let began = Instant::now();
    let summary = crosswalk_sync::run(rig::request("invoices", Mode::Full), context, None, cancel)
        .await
        .unwrap();
    let wall = began.elapsed().as_secs_f64();
    drop(instance.stdin.take());
    instance.wait().unwrap();
    assert_eq!(
        (summary.status, summary.stored),
        (Status::Completed, u64::from(records)),
        "{summary:?}"
    );
    let rate = f64::from(records) / wall;
    let detail = format!("{} requests, {wall:.1} s", summary.requests);
    print(
        "records stored, no limit",
        rate.round(),
        "records/s",
        "≥ 15,000",
        rate >= 15_000.0,
        &detail,
    );
    let peak = peak_mib();
    print(
        "peak memory of the syncing process",
        peak,
        "MiB",
        "< 150",
        peak < 150.0,
        "",
    );
}

/// A production account syncs at its default share while another client of the instance uses 60 % of the limit.
async fn neighbour() {
    let config = SandboxConfig {
        settle: Duration::ZERO,
        latency: Some(Latency::of(Duration::from_millis(100))),
        ..SandboxConfig::default().with(Resource::Invoices, 2_500)
    };
    let mut rig = Rig::over(Sandbox::start(config).await.unwrap(), &rig::definition()).await;
    rig.share = Share::PRODUCTION;
    // A budget of its own: it knows nothing of us, as another machine would not.
    let other = rig::client(&rig.definition, &rig.door(), &Budgets::new(), Share::WHOLE);
    let calls = CallBuffer::new();
    let context = CallContext::new(Arc::clone(&calls) as Arc<_>);
    let request = ListRequest {
        limit: Some(1),
        ..ListRequest::default()
    };
    let live = tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_micros(1_000_000 / 15));
        loop {
            tick.tick().await;
            let (other, request, context) = (other.clone(), request.clone(), context.clone());
            tokio::spawn(async move { other.list_page("suppliers", &request, &context).await });
        }
    });
    tokio::time::sleep(Duration::from_secs(2)).await;
    let summary: RunSummary = rig.sync("invoices", Mode::Full).await.unwrap();
    live.abort();
    let calls = calls.take();
    let refused = calls
        .iter()
        .filter(|call| call.outcome == Outcome::RateLimited)
        .count();
    let detail = format!(
        "{} calls of the neighbour, {} of ours at {} a second, {} of ours refused",
        calls.len(),
        summary.requests,
        summary.requests_per_second,
        summary.rate_limited
    );
    assert_eq!(summary.status, Status::Completed, "{summary:?}");
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    print(
        "429s a live neighbour at 60 % sees",
        refused as f64,
        "calls",
        "0",
        refused == 0,
        &detail,
    );
}

async fn serve(records: u64) {
    let config = SandboxConfig::for_tests().with(Resource::Invoices, records);
    let instance = Sandbox::start(config).await.unwrap();
    let line = json!({
        "url": instance.url(),
        "client_id": instance.client_id(),
        "client_secret": instance.client_secret(),
        "scopes": instance.scopes().join(" "),
    });
    println!("{line}");
    std::io::stdout().flush().unwrap();
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()))
        .await
        .unwrap()
        .unwrap();
}

/// The most memory this process ever held, from the system (Linux only; elsewhere not a number).
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .map_or(f64::NAN, |kib| (kib / 1024.0 * 10.0).round() / 10.0)
}
