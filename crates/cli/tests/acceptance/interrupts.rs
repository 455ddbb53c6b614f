//! Ctrl-C, kill -9 and a second process: what was stored stays, nothing twice, and the next run goes on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::running::Running;
use crate::support::workspace::{ACCOUNT, Workspace};
use crate::syncs::adds_up;

const FULL: [&str; 4] = ["--mode", "full", "--fields", "all"];
const PAGES: &str = "/api/invoices";

/// An instance with so many invoices, and a workspace connected to it.
fn connected(count: i64) -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(count));
    let workspace = Workspace::connected_unlimited(&instance);
    (instance, workspace)
}

/// Starts a full sync that gets so many pages and waits for the next.
fn caught_after(pages: usize, instance: &Instance, workspace: &Workspace) -> Running {
    let asked = instance.requests_of(PAGES).len();
    instance.hold_after(PAGES, asked + pages);
    let running = workspace.start_sync("invoices", &FULL);
    instance.wait_for(PAGES, asked + pages + 1);
    running
}

/// Waits until something of a run is on disk.
fn wait_for_records(workspace: &Workspace) {
    let begun = Instant::now();
    while workspace.records("invoices", "raw").is_empty() {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "nothing is stored"
        );
    }
}

#[track_caller]
fn is_the_truth(instance: &Instance, workspace: &Workspace, run: &Value) {
    adds_up(run);
    let truth = instance.truth("invoices");
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(truth.len())),
        "{run:#}"
    );
    assert_eq!(run["checkpoint"], json!(null));
    assert_eq!(workspace.records("invoices", "raw"), truth);
}

#[test]
fn ctrl_c_keeps_the_checkpoint_and_the_next_run_goes_on() {
    let (instance, workspace) = connected(2_000);
    let running = caught_after(20, &instance, &workspace);
    wait_for_records(&workspace);
    running.signal(libc::SIGINT);
    let outcome = running.outcome();
    let stopped = outcome.exits(130).document();
    instance.release();
    adds_up(&stopped);
    assert_eq!(stopped["status"], "cancelled", "{stopped:#}");
    assert_ne!(stopped["checkpoint"], json!(null), "{stopped:#}");
    let kept = stopped["stored"].as_u64().unwrap();
    assert!(kept > 0 && kept < 2_000, "{stopped:#}");
    assert_eq!(workspace.records("invoices", "raw").len() as u64, kept);

    let before = instance.requests_of(PAGES).len();
    let resumed = workspace.sync("invoices", &FULL).done();
    is_the_truth(&instance, &workspace, &resumed);
    let pages = instance.requests_of(PAGES).len() - before;
    let left = (2_000 - kept) / 50;
    assert!(
        (pages as u64) < left + 15,
        "{pages} pages for {left} pages left: it began anew"
    );
}

#[test]
fn restart_begins_anew() {
    let (instance, workspace) = connected(1_000);
    let running = caught_after(10, &instance, &workspace);
    running.signal(libc::SIGINT);
    let stopped = running.outcome().exits(130).document();
    instance.release();
    let again = workspace
        .sync("invoices", &[&FULL, &["--restart"][..]].concat())
        .done();
    assert_ne!(again["run"], stopped["run"]);
    is_the_truth(&instance, &workspace, &again);
    let old = workspace
        .json(&["run", stopped["run"].as_str().unwrap()])
        .done();
    assert_eq!(old["status"], "cancelled");
}

#[test]
fn killed_in_the_middle_it_goes_on_and_equals_the_truth() {
    for pages in [3, 15, 28] {
        let (instance, workspace) = connected(2_000);
        let running = caught_after(pages, &instance, &workspace);
        running.signal(libc::SIGKILL);
        assert_eq!(running.outcome().code, None);
        instance.release();
        let kept = workspace.records("invoices", "raw");
        let truth = instance.truth("invoices");
        let of_id = |id: i64| &truth[usize::try_from(id - 1).unwrap()];
        let exact = |record: &Value| record == of_id(record["id"].as_i64().unwrap());
        assert!(kept.iter().all(exact));
        let runs = workspace.json(&["runs", ACCOUNT, "invoices"]).done();
        let resumed = workspace.sync("invoices", &FULL).done();
        is_the_truth(&instance, &workspace, &resumed);
        assert_eq!(resumed["run"], runs[0]["run"], "the killed run went on");
    }
}

#[test]
fn a_second_process_on_the_same_run_is_told() {
    let (instance, workspace) = connected(2_000);
    let running = caught_after(3, &instance, &workspace);
    let second = workspace.sync("invoices", &FULL);
    let document = second.exits(1).document();
    assert_eq!(document["error"]["code"], "run_in_progress", "{second}");
    second.whole_error(&document["error"]);
    // Another resource, and reading, go on beside it.
    workspace.sync("currencies", &[]).exits(0);
    workspace
        .json(&["records", ACCOUNT, "invoices", "--limit", "1"])
        .exits(0);
    workspace.json(&["tenant", "add", "another"]).exits(0);
    instance.release();
    is_the_truth(&instance, &workspace, &running.outcome().done());
}

#[test]
fn a_paused_run_of_another_selection_is_cancelled() {
    let (instance, workspace) = connected(1_000);
    let running = caught_after(8, &instance, &workspace);
    running.signal(libc::SIGKILL);
    running.outcome();
    instance.release();
    let killed = workspace.json(&["runs", ACCOUNT, "invoices"]).done()[0]["run"].clone();
    let other = workspace
        .sync("invoices", &["--mode", "full", "--fields", "mapped"])
        .done();
    assert_ne!(other["run"], killed);
    assert_eq!(other["stored"], 1_000);
    let old = workspace.json(&["run", killed.as_str().unwrap()]).done();
    assert_eq!(old["status"], "cancelled");
}
