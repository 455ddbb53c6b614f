//! `xwalk audit`, `backup`, `doctor`, `setting`, `sandbox`, `demo`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::outcome::has_keys;
use crate::support::running::Guarded;
use crate::support::workspace::{ACCOUNT, Workspace};

#[test]
fn every_call_is_in_the_audit() {
    let instance = Instance::start();
    instance.put("invoices", invoices(120));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let listed = workspace.json(&["audit", "list", "--limit", "1000"]).done();
    let rows = listed.as_array().unwrap();
    for row in rows {
        has_keys(
            row,
            &[
                "seq",
                "at",
                "kind",
                "actor",
                "tenant",
                "account",
                "method",
                "endpoint",
                "status",
                "records",
                "duration_ms",
                "bytes",
                "previous",
                "hash",
            ],
        );
    }
    let calls: Vec<&Value> = rows
        .iter()
        .filter(|row| row["method"].is_string())
        .collect();
    assert_eq!(calls.len(), instance.requests().len(), "{listed:#}");
    let lists = calls
        .iter()
        .filter(|row| row["endpoint"].as_str().unwrap().contains("/invoices"));
    assert_eq!(lists.count(), instance.requests_of("/api/invoices").len());
    assert!(
        calls.iter().all(|row| row["account"] == ACCOUNT
            && row["tenant"] == "acme"
            && row["status"] == 200)
    );
    let mut sequence: Vec<u64> = rows
        .iter()
        .map(|row| row["seq"].as_u64().unwrap())
        .collect();
    sequence.sort_unstable();
    assert!(
        sequence.windows(2).all(|pair| pair[0] + 1 == pair[1]),
        "{sequence:?}"
    );
    let hashes: std::collections::BTreeMap<u64, &Value> = rows
        .iter()
        .map(|row| (row["seq"].as_u64().unwrap(), row))
        .collect();
    for pair in sequence.windows(2) {
        assert_eq!(hashes[&pair[1]]["previous"], hashes[&pair[0]]["hash"]);
    }
    assert!(
        workspace
            .human(&["audit", "list"])
            .exits(0)
            .stdout
            .contains("/invoices")
    );
    let few = workspace.json(&["audit", "list", "--limit", "2"]).done();
    assert_eq!(few.as_array().unwrap().len(), 2);
}

#[test]
fn a_backup_brings_back_what_was() {
    let instance = Instance::start();
    instance.put("invoices", invoices(20));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    assert_eq!(workspace.json(&["backup", "list"]).done(), json!([]));
    let made = workspace.json(&["backup", "create"]).done();
    let name = made["name"].as_str().unwrap();
    let listed = workspace.json(&["backup", "list"]).done();
    assert_eq!(listed[0]["name"], name);
    workspace.json(&["tenant", "add", "later"]).exits(0);
    workspace.json(&["backup", "restore", name]).fails(2);
    workspace
        .json(&["backup", "restore", name, "--yes"])
        .exits(0);
    let tenants = workspace.json(&["tenant", "list"]).done();
    assert_eq!(tenants.as_array().unwrap().len(), 1, "{tenants}");
    assert_eq!(workspace.records("invoices", "raw").len(), 20);
    assert!(
        workspace
            .json(&["backup", "list"])
            .done()
            .as_array()
            .unwrap()
            .len()
            >= 2
    );
    workspace
        .json(&["backup", "restore", "no-such", "--yes"])
        .fails(2);
    assert!(
        workspace
            .human(&["backup", "list"])
            .exits(0)
            .stdout
            .contains(name)
    );
}

#[test]
fn doctor_says_what_works_here() {
    let workspace = Workspace::bare();
    workspace.json(&["tenant", "list"]).exits(0);
    let outcome = workspace.json(&["doctor"]);
    assert!(matches!(outcome.code, Some(0 | 1)), "{outcome}");
    let text = outcome.document().to_string().to_lowercase();
    for part in ["keyring", "notification", "network", "workspace"] {
        assert!(text.contains(part), "{part}: {outcome}");
    }
    assert!(!workspace.human(&["doctor"]).stdout.is_empty());
    std::fs::write(workspace.folder().join("workspace.db"), vec![1; 20_000]).unwrap();
    let corrupt = workspace.json(&["doctor"]);
    assert_ne!(corrupt.code, Some(0), "{corrupt}");
    corrupt.document();
}

#[test]
fn the_sandbox_serves_until_interrupted() {
    let workspace = Workspace::bare();
    let mut command = workspace.command(&[
        "sandbox",
        "--no-limit",
        "--settle",
        "0",
        "--invoices",
        "70",
        "--seed",
        "7",
        "--json",
    ]);
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = Guarded(child.unwrap());
    let mut first = String::new();
    BufReader::new(child.0.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    has_keys(&first, &["url", "client_id", "client_secret", "scopes"]);
    let other = Workspace::new();
    other.json(&["tenant", "add", "acme"]).exits(0);
    let text = |key: &str| first[key].as_str().unwrap().to_owned();
    let setting = format!("instance_url={}", text("url"));
    let client = text("client_id");
    let args = [
        "account",
        "add",
        ACCOUNT,
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--kind",
        "sandbox",
        "--set",
        &setting,
        "--client-id",
        &client,
        "--client-secret-stdin",
        "--scope",
        "core.common.read core.invoice.read",
    ];
    other
        .json_with(&args, text("client_secret").as_bytes())
        .exits(0);
    other.json(&["account", "test", ACCOUNT]).exits(0);
    let run = other.sync("invoices", &["--mode", "full"]).done();
    assert_eq!(run["stored"], 70);
    // SAFETY: a plain system call on the pid of a child that was not waited for yet.
    assert_eq!(
        unsafe { libc::kill(i32::try_from(child.0.id()).unwrap(), libc::SIGINT) },
        0
    );
    let status = child.0.wait().unwrap();
    assert!(matches!(status.code(), Some(0 | 130)), "{status:?}");
}

#[test]
fn the_demo_does_the_main_job_in_half_a_minute() {
    let workspace = Workspace::bare();
    let begun = Instant::now();
    let demo = workspace.human(&["demo"]);
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    for word in ["invoice", "records"] {
        assert!(demo.exits(0).stdout.to_lowercase().contains(word), "{demo}");
    }
    assert!(
        !workspace.folder().exists(),
        "it uses a workspace of its own"
    );
}
