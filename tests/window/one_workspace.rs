//! The window, a daemon and other programs on one workspace at once: nobody loses what another wrote, nobody is told that
//! it is busy, and one of them does what is planned.

use std::path::Path;
use std::time::{Duration, Instant};

use crosswalk_sandbox::{Resource, SandboxConfig};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::{Customer, Stage, Window, Xwalk, play};

const RECORDS: u64 = 120;
const ROUNDS: usize = 4;
const BY_HAND: usize = 3;

const FIELD: [&str; 6] = [
    "procurement/invoice",
    "number",
    "--level",
    "account",
    "--scope",
    "acme-test",
];
const TABLE: [&str; 4] = ["--level", "account", "--scope", "basalt-test"];
/// What the daemon syncs by itself.
const PLANNED: [&str; 2] = ["invoices", "suppliers"];

fn customer(tenant: &'static str, name: &'static str, account: &'static str) -> Customer {
    Customer {
        tenant,
        name,
        account,
        kind: "sandbox",
        instance: SandboxConfig::for_tests().with(Resource::Invoices, RECORDS),
    }
}

/// Programs that write, each again and again, all at once.
fn programs(xwalk: &Xwalk) -> JoinSet<()> {
    let mut all = JoinSet::new();
    let own = xwalk.clone();
    all.spawn(async move {
        for round in 0..ROUNDS {
            let (id, name) = (format!("program-{round}"), format!("Program {round}"));
            own.prints(&["tenant", "add", &id, "--name", &name]).await;
        }
    });
    let own = xwalk.clone();
    all.spawn(async move {
        for round in 0..ROUNDS {
            let [model, field, holder @ ..] = FIELD;
            let (expression, note) = (
                format!("`invoice-number` & '/{round}'"),
                format!("round {round}"),
            );
            let set = ["map", "set", model, field, &expression, "--note", &note];
            own.prints(&[&set[..], &holder].concat()).await;
        }
    });
    let own = xwalk.clone();
    all.spawn(async move {
        for round in 0..ROUNDS {
            let (key, value) = (format!("code {round}"), format!("department {round}"));
            let set = ["table", "set", "owners", &key, &value];
            own.prints(&[&set[..], &TABLE].concat()).await;
        }
    });
    let own = xwalk.clone();
    all.spawn(async move {
        for _ in 0..ROUNDS {
            let sync = ["sync", "basalt-test", "invoices", "--mode", "full"];
            let run = own
                .prints(&[&sync[..], &["--budget", "100"]].concat())
                .await;
            assert_eq!(run["status"], "completed", "{run}");
        }
    });
    let own = xwalk.clone();
    all.spawn(async move {
        for _ in 0..ROUNDS {
            own.prints(&["account", "renew", "basalt-test"]).await;
            own.prints(&["backup", "create"]).await;
            own.prints(&["audit", "verify"]).await;
        }
    });
    all
}

/// Adds a tenant in the window, and writes a note about it.
async fn add_by_hand(window: &Window, number: usize) {
    window.go("/tenants?add=1").await;
    window
        .sees("A tenant is a customer whose systems you connect.")
        .await;
    window.fill("Name", &format!("By Hand {number}")).await;
    window.chord("Enter").await;
    window.arrives(&format!("/tenants/by-hand-{number}")).await;
    window.fill("Notes", &format!("noted {number}")).await;
    window.press("Save").await;
    window.misses("Draft kept, not saved").await;
}

/// The window shows what the others wrote, without being opened anew.
async fn shows_everything(window: &Window) {
    window.go("/tenants").await;
    for round in 0..ROUNDS {
        window.lists(&format!("Program {round}")).await;
    }
    for number in 0..BY_HAND {
        window.lists(&format!("By Hand {number}")).await;
    }
    window.go("/tenants/by-hand-0").await;
    window.holds("Notes", "noted 0").await;
    window
        .go("/accounts/acme-test/mapping?resource=invoices")
        .await;
    window
        .lists(&format!("`invoice-number` & '/{}'", ROUNDS - 1))
        .await;
    window.go("/accounts/basalt-test/tables").await;
    window.sees(&format!("{ROUNDS} entries")).await;
    window
        .go("/accounts/basalt-test/sync?resource=invoices")
        .await;
    window.lists("completed").await;
}

/// Everything that was written is in the workspace.
async fn nothing_is_lost(xwalk: &Xwalk) {
    let tenants = xwalk.prints(&["tenant", "list"]).await;
    assert_eq!(
        tenants.as_array().unwrap().len(),
        2 + ROUNDS + BY_HAND,
        "{tenants}"
    );
    let history = xwalk
        .prints(&[&["map", "history"][..], &FIELD].concat())
        .await;
    let notes: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|version| version["note"].as_str())
        .collect();
    let expected: Vec<String> = (0..ROUNDS)
        .rev()
        .map(|round| format!("round {round}"))
        .collect();
    assert_eq!(notes, expected, "{history}");
    let table = xwalk
        .prints(&[&["table", "export", "owners"][..], &TABLE].concat())
        .await;
    assert_eq!(table.as_object().unwrap().len(), ROUNDS, "{table}");
    for account in ["acme-test", "basalt-test"] {
        let records = xwalk.runs(&["records", account, "invoices"]).await;
        let lines = records.well().stdout.lines().count();
        assert_eq!(lines as u64, RECORDS, "{account}");
    }
    let runs = xwalk.prints(&["runs", "basalt-test"]).await;
    let completed = |run: &&Value| run["status"] == "completed";
    let completed = runs.as_array().unwrap().iter().filter(completed).count();
    assert_eq!(completed, ROUNDS, "{runs}");
    let verdict = xwalk.prints(&["audit", "verify"]).await;
    assert_eq!(verdict["ok"], true, "{verdict}");
}

/// Waits until the daemon has done what was planned.
async fn planned_syncs_end(xwalk: &Xwalk) {
    let begun = Instant::now();
    loop {
        let runs = xwalk.prints(&["runs", "acme-test"]).await;
        let done = PLANNED.iter().all(|resource| {
            let mut runs = runs.as_array().unwrap().iter();
            runs.any(|run| run["resource"] == *resource && run["status"] == "completed")
        });
        if done {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "{runs}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The window's own log tells of nothing that kept it waiting.
fn log_is_calm(workspace: &Path) {
    for entry in std::fs::read_dir(workspace.join("logs")).unwrap() {
        let path = entry.unwrap().path();
        let log = std::fs::read_to_string(&path).unwrap();
        for word in ["busy", "is locked", "panicked"] {
            assert!(!log.contains(word), "{}: {log}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_window_a_daemon_and_programs_write_to_one_workspace_and_nothing_is_lost() {
    let Some(stage) = Stage::set("one-workspace") else {
        return;
    };
    let seed = stage.seed();
    let _instances = tokio::join!(
        seed.customer(customer("acme", "Acme Manufacturing", "acme-test")),
        seed.customer(customer("basalt", "Basalt Works", "basalt-test")),
    );
    drop(seed);
    let xwalk = stage.xwalk();
    for resource in PLANNED {
        let set = ["schedule", "set", "acme-test", resource, "--every", "6h"];
        xwalk.prints(&set).await;
    }
    let daemon = xwalk.daemon().await;
    let beside = xwalk.clone();
    play(&stage, |window| async move {
        // One of them does what is planned, and the other says which.
        window.go("/settings").await;
        window
            .sees(&format!("process {} does what is planned", daemon.pid))
            .await;
        window.go("/").await;
        window.sees("2 accounts of 2 tenants").await;
        window.watches_for_errors().await;
        let mut programs = programs(&beside);
        for number in 0..BY_HAND {
            add_by_hand(&window, number).await;
        }
        window.go("/").await;
        while let Some(ended) = programs.join_next().await {
            ended.unwrap();
        }
        window.sees("2 accounts of 9 tenants").await;
        planned_syncs_end(&beside).await;
        shows_everything(&window).await;
        daemon.ends().await.well();
        nothing_is_lost(&beside).await;
        let errors = window.errors().await;
        assert!(errors.is_empty(), "the window said: {errors:#?}");
    })
    .await;
    log_is_calm(&stage.workspace());
    let verdict = xwalk.prints(&["audit", "verify"]).await;
    assert_eq!(verdict["ok"], true, "{verdict}");
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn where_the_window_does_what_is_planned_a_daemon_says_so_and_ends() {
    let Some(stage) = Stage::set("one-runner") else {
        return;
    };
    let seed = stage.seed();
    seed.tenant("acme", "Acme Manufacturing").await;
    seed.waiting_account("acme", "acme-test", "sandbox").await;
    drop(seed);
    let xwalk = stage.xwalk();
    play(&stage, |window| async move {
        window.sees("acme-test").await;
        xwalk.sees_runner("process ").await;
        window.go("/settings").await;
        window.sees("this program does what is planned").await;
        let refused = xwalk.runs(&["daemon", "--once"]).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains("runner_elsewhere"), "{refused:?}");
    })
    .await;
}
