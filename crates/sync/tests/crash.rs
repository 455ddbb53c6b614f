//! A syncing process is killed at random moments and its run taken up again: the result equals an undisturbed run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

mod rig;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crosswalk_client::{Budgets, Share};
use crosswalk_sandbox::{Latency, Resource, RunningSandbox, Sandbox, SandboxConfig};
use crosswalk_sync::{Mode, RunSummary, Status};
use crosswalk_workspace::{OpenOptions, Workspace, account, audit};
use rig::{Door, Rig, hurried, request, shared_keys, stored, unlimited};
use tokio_util::sync::CancellationToken;

const RECORDS: u64 = 1_500;
const FOLDER: &str = "CROSSWALK_CRASH_FOLDER";

/// What the child does; as a test of its own it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let variable = |name| std::env::var(name).unwrap();
    let door = Door {
        url: variable("DOOR_URL"),
        client_id: variable("DOOR_ID"),
        client_secret: variable("DOOR_SECRET"),
        scopes: variable("DOOR_SCOPES")
            .split(' ')
            .map(str::to_owned)
            .collect(),
    };
    let workspace = Workspace::open(&folder, &OpenOptions::new("test")).unwrap();
    let account = workspace
        .read(|tx| account::get(tx, "acme-sandbox"))
        .await
        .unwrap();
    let keys = shared_keys(Path::new(&folder), &workspace, &account);
    let definition = hurried(&unlimited());
    let client = rig::client(&definition, &door, &Budgets::new(), Share::WHOLE);
    let context = rig::context(&workspace, &keys, &definition, client, "invoices");
    crosswalk_sync::run(
        request("invoices", Mode::Full),
        context,
        None,
        CancellationToken::new(),
    )
    .await
    .unwrap();
}

fn spawn(rig: &Rig) -> Child {
    let door = rig.door();
    Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--quiet"])
        .env(FOLDER, rig.folder.path())
        .env("DOOR_URL", door.url)
        .env("DOOR_ID", door.client_id)
        .env("DOOR_SECRET", door.client_secret)
        .env("DOOR_SCOPES", door.scopes.join(" "))
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

async fn instance() -> RunningSandbox {
    let config = SandboxConfig::for_tests().with(Resource::Invoices, RECORDS);
    let config = SandboxConfig {
        latency: Some(Latency::of(Duration::from_millis(15))),
        ..config
    };
    Sandbox::start(config).await.unwrap()
}

async fn rig() -> Rig {
    let mut rig = Rig::over(instance().await, &unlimited()).await;
    rig.keys = shared_keys(rig.folder.path(), &rig.workspace, &rig.account);
    rig
}

/// Small enough to need no crate, and repeatable from the seed in a failure's words.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

async fn newest(rig: &Rig) -> RunSummary {
    let account = rig.account.uuid;
    let runs = rig
        .workspace
        .read(move |tx| crosswalk_workspace::run::list(tx, account, Some("invoices"), 10))
        .await
        .unwrap();
    assert_eq!(
        runs.len(),
        1,
        "a killed run is taken up again, not begun anew: {runs:#?}"
    );
    RunSummary::from(&runs[0])
}

async fn is_completed(rig: &Rig) -> bool {
    let account = rig.account.uuid;
    let runs = rig
        .workspace
        .read(move |tx| crosswalk_workspace::run::list(tx, account, Some("invoices"), 1))
        .await
        .unwrap();
    runs.first()
        .is_some_and(|run| run.status == Status::Completed)
}

async fn judge(rig: &Rig, undisturbed: &BTreeMap<String, Vec<u8>>, seed: u64) {
    let summary = newest(rig).await;
    assert_eq!(
        summary.status,
        Status::Completed,
        "seed {seed}: {summary:?}"
    );
    let counted = (
        summary.stored,
        summary.duplicates,
        summary.errors,
        summary.fetched,
    );
    assert_eq!(
        counted,
        (RECORDS, 0, 0, RECORDS),
        "seed {seed}: {summary:?}"
    );
    assert_eq!(summary.checkpoint, None);
    let result = stored(&rig.workspace, &rig.account, &rig.keys, "invoices").await;
    assert_eq!(result.len(), undisturbed.len(), "seed {seed}");
    assert!(result == *undisturbed, "seed {seed}: bytes differ");
    rig.workspace
        .read(|tx| {
            let verdict = audit::verify(tx, .., None)?;
            assert!(verdict.ok, "the audit chain is broken: {verdict:?}");
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_killed_at_random_moments_ends_as_an_undisturbed_one() {
    let kills: u32 = std::env::var("CROSSWALK_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(15);
    let seed = u64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos()
            % 1_000_000_007,
    )
    .unwrap();
    let mut random = Random(seed | 1);

    let calm = rig().await;
    assert!(spawn(&calm).wait().unwrap().success());
    let undisturbed = stored(&calm.workspace, &calm.account, &calm.keys, "invoices").await;
    assert_eq!(undisturbed.len() as u64, RECORDS);

    let mut disturbed = rig().await;
    let (mut killed, mut completed, mut most) = (0, 0, 0);
    while killed < kills {
        // So many requests into the run, and a moment more: a time alone would mostly strike while the process starts, or miss on a busy machine.
        let requests = disturbed.sandbox.stats().requests + random.below(16);
        let moment = Duration::from_micros(random.below(25_000));
        let mut process = spawn(&disturbed);
        while disturbed.sandbox.stats().requests < requests && process.try_wait().unwrap().is_none()
        {
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        tokio::time::sleep(moment).await;
        if let Some(status) = process.try_wait().unwrap() {
            assert!(status.success(), "seed {seed}");
            judge(&disturbed, &undisturbed, seed).await;
            completed += 1;
            disturbed = rig().await;
        } else {
            // SIGKILL: nothing in the process gets a word in.
            process.kill().unwrap();
            process.wait().unwrap();
            killed += 1;
            if is_completed(&disturbed).await {
                // Too late for this run, which had ended; the process had not.
                judge(&disturbed, &undisturbed, seed).await;
                completed += 1;
                disturbed = rig().await;
                continue;
            }
            most = most.max(
                stored(
                    &disturbed.workspace,
                    &disturbed.account,
                    &disturbed.keys,
                    "invoices",
                )
                .await
                .len(),
            );
        }
    }
    assert!(spawn(&disturbed).wait().unwrap().success(), "seed {seed}");
    judge(&disturbed, &undisturbed, seed).await;
    assert!(most > 0, "every kill struck before anything was stored");
    eprintln!("{killed} kills, {} runs completed", completed + 1);
}
