//! `xwalk account rotate-key` and `history`: another key from now on, and everything stays readable.

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

const ROTATE: [&str; 3] = ["account", "rotate-key", ACCOUNT];

fn readable(workspace: &Workspace) {
    assert_eq!(workspace.records("invoices", "raw").len(), 12);
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
}

#[test]
fn a_new_key_leaves_everything_readable_and_stands_in_the_history() {
    let instance = Instance::start();
    instance.put("invoices", invoices(12));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let rotated = workspace.json(&ROTATE).done();
    assert_eq!(rotated["id"], ACCOUNT);
    readable(&workspace);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    readable(&workspace);
    let history = workspace.json(&["account", "history", ACCOUNT]).done();
    let kinds: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    for kind in [
        "account:keys_rotated",
        "account:active",
        "token:obtained",
        "credential:stored",
    ] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert!(!history.to_string().contains("s3cret"));
    let few = ["account", "history", ACCOUNT, "--limit", "2"];
    assert_eq!(workspace.json(&few).done().as_array().unwrap().len(), 2);
    let shown = workspace.human(&["account", "history", ACCOUNT]);
    assert!(shown.exits(0).stdout.contains("account:active"), "{shown}");
    workspace.json(&["account", "history", "no-such"]).fails(2);
    workspace
        .json(&["setting", "set", "key_rotation_days", "never"])
        .fails(2);
    workspace
        .json(&["setting", "set", "key_rotation_days", "30"])
        .exits(0);
    workspace
        .json(&["setting", "set", "key_rotation_days", "off"])
        .exits(0);
}

#[test]
fn a_rotation_of_the_key_killed_at_any_moment_loses_none() {
    let instance = Instance::start();
    instance.put("invoices", invoices(12));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let begun = std::time::Instant::now();
    workspace.json(&ROTATE).exits(0);
    let takes = begun.elapsed();
    for part in [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97] {
        let running = workspace.start(&ROTATE);
        std::thread::sleep(takes.mul_f64(part));
        running.kill();
        readable(&workspace);
    }
    // Sixteen retired keys are as many as an entry holds: that is said, and nothing is dropped.
    let refused = loop {
        let rotated = workspace.json(&ROTATE);
        if rotated.code != Some(0) {
            break rotated;
        }
    };
    assert_eq!(
        refused.document()["error"]["code"],
        "keys_too_many_retired",
        "{refused}"
    );
    readable(&workspace);
    assert_eq!(workspace.json(&["audit", "verify"]).done()["ok"], true);
}

#[test]
fn several_rotations_at_once_lose_no_key() {
    let instance = Instance::start();
    instance.put("invoices", invoices(12));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let running: Vec<_> = (0..4)
        .map(|number| {
            if number % 2 == 0 {
                workspace.start(&ROTATE)
            } else {
                workspace.start(&["account", "renew", ACCOUNT])
            }
        })
        .collect();
    for one in running {
        one.outcome().exits(0);
    }
    readable(&workspace);
}
