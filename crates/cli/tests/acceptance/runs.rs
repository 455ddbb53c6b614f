//! `xwalk runs` and `run`, and syncs of what is not there.

use serde_json::{Value, json};

use crate::support::manners::Manners;
use crate::support::outcome::has_keys;
use crate::support::workspace::ACCOUNT;
use crate::syncs::{RUN, with_invoices};

#[test]
fn runs_and_one_run() {
    let (_instance, workspace) = with_invoices(10, Manners::default());
    let first = workspace.sync("invoices", &["--mode", "full"]).done();
    let second = workspace.sync("currencies", &[]).done();
    let runs = workspace.json(&["runs", ACCOUNT]).done();
    let listed: Vec<&Value> = runs
        .as_array()
        .unwrap()
        .iter()
        .map(|run| &run["run"])
        .collect();
    assert_eq!(listed, [&second["run"], &first["run"]], "newest first");
    let of_one = workspace.json(&["runs", ACCOUNT, "invoices"]).done();
    assert_eq!(of_one.as_array().unwrap().len(), 1);
    has_keys(&of_one[0], &RUN);
    let run = workspace
        .json(&["run", first["run"].as_str().unwrap()])
        .done();
    for key in ["run", "mode", "status", "stored", "fetched"] {
        assert_eq!(run[key], first[key], "{key}");
    }
    assert_eq!(
        workspace.json(&["run", "no-such-run"]).fails(2)["code"],
        "not_found"
    );
    assert_eq!(
        workspace.json(&["runs", "nobody"]).fails(2)["code"],
        "not_found"
    );
    let human = workspace.human(&["run", first["run"].as_str().unwrap()]);
    assert!(human.exits(0).stdout.contains("completed"), "{human}");
    assert!(
        workspace
            .human(&["runs", ACCOUNT])
            .exits(0)
            .stdout
            .contains("invoices")
    );
}

#[test]
fn what_does_not_exist_is_wrong_input() {
    let (instance, workspace) = with_invoices(1, Manners::default());
    assert_eq!(
        workspace.sync("nonsense", &[]).fails(2)["code"],
        "not_found"
    );
    let nobody = workspace.json(&["sync", "nobody", "invoices"]);
    assert_eq!(nobody.fails(2)["code"], "not_found");
    assert!(instance.requests_of("/api/nonsense").is_empty());
}

#[test]
fn an_empty_list_is_a_completed_run() {
    let (_instance, workspace) = with_invoices(0, Manners::default());
    for mode in ["test", "full", "incremental", "unexported"] {
        let run = workspace.sync("invoices", &["--mode", mode]).done();
        assert_eq!(
            (&run["status"], &run["stored"]),
            (&json!("completed"), &json!(0)),
            "{mode}"
        );
    }
    assert_eq!(workspace.records("invoices", "raw"), Vec::<Value>::new());
}
