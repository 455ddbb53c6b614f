//! Ctrl-C, kill -9 and a second process: what was stored stays, nothing twice, and the next run goes on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::manners::Manners;
use crate::support::workspace::{ACCOUNT, Workspace};
use crate::syncs::adds_up;

const FULL: [&str; 4] = ["--mode", "full", "--fields", "all"];
const PAGES: &str = "/api/invoices";

/// An instance whose pages take a while, so that a run can be caught in the middle.
fn slow(count: i64) -> (Instance, Workspace, usize) {
    slow_by(count, Duration::from_millis(60))
}

fn slow_by(count: i64, latency: Duration) -> (Instance, Workspace, usize) {
    let manners = Manners {
        latency,
        ..Manners::default()
    };
    let instance = Instance::with(manners);
    instance.put("invoices", invoices(count));
    let workspace = Workspace::connected_unlimited(&instance);
    let asked = instance.requests_of(PAGES).len();
    (instance, workspace, asked)
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
    let (instance, workspace, asked) = slow(2_000);
    let running = workspace.start_sync("invoices", &FULL);
    instance.wait_for(PAGES, asked + 20);
    running.signal(libc::SIGINT);
    let outcome = running.outcome();
    let stopped = outcome.exits(130).document();
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
    let (instance, workspace, asked) = slow(1_000);
    let running = workspace.start_sync("invoices", &FULL);
    instance.wait_for(PAGES, asked + 10);
    running.signal(libc::SIGINT);
    let stopped = running.outcome().exits(130).document();
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
        let (instance, workspace, asked) = slow(2_000);
        let running = workspace.start_sync("invoices", &FULL);
        instance.wait_for(PAGES, asked + pages);
        running.signal(libc::SIGKILL);
        assert_eq!(running.outcome().code, None);
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
    // Long enough for a second process to start on a machine that is busy.
    let (instance, workspace, asked) = slow_by(2_000, Duration::from_secs(1));
    let running = workspace.start_sync("invoices", &FULL);
    instance.wait_for(PAGES, asked + 3);
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
    is_the_truth(&instance, &workspace, &running.outcome().done());
}

#[test]
fn a_paused_run_of_another_selection_is_cancelled() {
    let (instance, workspace, asked) = slow(1_000);
    let running = workspace.start_sync("invoices", &FULL);
    instance.wait_for(PAGES, asked + 8);
    running.signal(libc::SIGKILL);
    running.outcome();
    let killed = workspace.json(&["runs", ACCOUNT, "invoices"]).done()[0]["run"].clone();
    let other = workspace
        .sync("invoices", &["--mode", "full", "--fields", "mapped"])
        .done();
    assert_ne!(other["run"], killed);
    assert_eq!(other["stored"], 1_000);
    let old = workspace.json(&["run", killed.as_str().unwrap()]).done();
    assert_eq!(old["status"], "cancelled");
}
