//! A customer's quiet windows: what is planned waits, what somebody asks for goes on and says so.

use serde_json::Value;

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

fn log_of(workspace: &Workspace, run: &Value) -> String {
    let id = run["run"].as_str().unwrap();
    workspace.json(&["run", id]).done()["log"].to_string()
}

#[test]
fn a_sync_by_hand_in_a_quiet_window_goes_on_and_says_so() {
    let instance = Instance::start();
    instance.put("invoices", invoices(3));
    let workspace = Workspace::connected(&instance);
    let calm = workspace.sync("invoices", &[]).done();
    assert!(!log_of(&workspace, &calm).contains("quiet window"));
    workspace
        .json(&["schedule", "quiet", "acme", "mon-sun"])
        .exits(0);
    let run = workspace.sync("invoices", &[]).done();
    assert_eq!(run["status"], "completed");
    assert!(log_of(&workspace, &run).contains("quiet window"));
    let args = ["sync", ACCOUNT, "invoices"];
    let told = workspace.human(&args);
    assert!(told.exits(0).stderr.contains("wants quiet now"), "{told}");
    // What is planned waits.
    workspace
        .json(&[
            "schedule",
            "set",
            ACCOUNT,
            "currencies",
            "--every",
            "5m",
            "--mode",
            "full",
        ])
        .exits(0);
    let planned = workspace.json(&["schedule", "list", ACCOUNT]).done();
    assert!(
        planned[0]["waits"].to_string().contains("quiet"),
        "{planned}"
    );
    workspace.json(&["daemon", "--once"]).exits(0);
    let runs = workspace.json(&["runs", ACCOUNT, "currencies"]).done();
    assert_eq!(runs.as_array().unwrap().len(), 0, "{runs}");
}
