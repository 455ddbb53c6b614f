//! Canaries: a client secret and a token that must not be found anywhere but where they belong.

use std::time::Duration;

use serde_json::json;

use crate::support::answer;
use crate::support::canary::{instance as canary_instance, no_secret, processes_are_clean};
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

#[test]
fn no_secret_in_any_file_or_output() {
    let instance = canary_instance();
    let workspace = Workspace::new();
    let mut said = Vec::new();
    said.push(workspace.add_account(
        &instance,
        &["--scope", "core.common.read core.invoice.read"],
    ));
    let lines = [
        "-vv account test acme-test",
        "-vv sync acme-test invoices --budget 100",
        "-vv sync acme-test invoices --mode full --budget 100",
        "-vv records acme-test invoices --format both --limit 20",
        "-vv get acme-test /invoices/1",
        "account show acme-test",
        "account renew acme-test",
        "account request acme-test",
        "audit list",
        "runs acme-test",
        "map check acme-test",
        "connector show standin",
        "setting list",
        "backup create",
        "doctor",
    ];
    for line in lines {
        let args: Vec<&str> = line.split(' ').collect();
        said.push(workspace.json(&args));
        if !line.starts_with("-vv") {
            said.push(workspace.human(&args));
        }
    }
    // Providers that repeat what they were sent, in errors and in records.
    instance.fault(|request| {
        let told = format!("bad: {} {}", request.body, request.header("authorization"));
        request.path.contains("token").then(|| {
            answer::json(
                401,
                &json!({ "error": "invalid_client", "error_description": told }),
            )
        })
    });
    said.push(workspace.json(&["-vv", "account", "renew", ACCOUNT]));
    said.push(workspace.human(&["-vv", "account", "renew", ACCOUNT]));
    instance.heal();
    instance.fault(|request| {
        let told = format!("you sent {}", request.header("authorization"));
        (request.path == "/api/invoices")
            .then(|| answer::json(400, &json!({ "errors": { "base": [told] } })))
    });
    said.push(workspace.json(&["-vv", "sync", ACCOUNT, "invoices", "--restart"]));
    said.push(workspace.human(&["-vv", "sync", ACCOUNT, "invoices", "--restart"]));
    said.push(workspace.json(&["audit", "list"]));
    for outcome in &said {
        no_secret(
            &format!("the output of xwalk {}", outcome.line),
            outcome.everything().as_bytes(),
        );
    }
    let files = workspace.files();
    assert!(files.iter().any(|(path, _)| path.ends_with("workspace.db")));
    for (path, bytes) in files {
        no_secret(&path.display().to_string(), &bytes);
    }
}

#[test]
fn no_secret_in_an_argument_or_a_childs_environment() {
    let instance = canary_instance();
    let workspace = Workspace::new();
    workspace
        .add_account(
            &instance,
            &["--scope", "core.common.read core.invoice.read"],
        )
        .exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    let mut children_seen = 0;
    for args in [
        &["account", "test", ACCOUNT][..],
        &[
            "sync", ACCOUNT, "invoices", "--mode", "full", "--budget", "100",
        ],
        &["records", ACCOUNT, "invoices", "--format", "unified"],
        &["map", "check", ACCOUNT],
    ] {
        let mut running = workspace.start(args);
        while running.is_running() {
            children_seen += processes_are_clean(running.pid());
            std::thread::sleep(Duration::from_millis(1));
        }
        running.outcome().exits(0);
    }
    assert!(
        children_seen > 0,
        "mappings are evaluated in processes of their own"
    );
}

#[test]
fn records_are_sealed_on_disk() {
    let instance = canary_instance();
    let mut records = invoices(40);
    for record in &mut records {
        record["internal-note"] = json!("CANARYnote of a customer CANARYnote of a customer");
        record["invoice-number"] = json!("CANARYnumber");
        record["custom-fields"]["CANARYfield"] = json!("CANARYvalue");
    }
    instance.put("invoices", records);
    let workspace = Workspace::connected(&instance);
    workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .exits(0);
    workspace.json(&["map", "check", ACCOUNT]).exits(0);
    workspace.json(&["backup", "create"]).exits(0);
    for (path, bytes) in workspace.files() {
        let text = String::from_utf8_lossy(&bytes);
        for canary in ["CANARYnote", "CANARYnumber", "CANARYvalue"] {
            assert!(!text.contains(canary), "{canary} is in {}", path.display());
        }
    }
}
