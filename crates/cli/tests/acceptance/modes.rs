//! `xwalk sync` in the modes that ask for a part: incremental and unexported.

use serde_json::json;

use crate::support::invoice::minute;
use crate::support::manners::Manners;
use crate::support::workspace::ids;
use crate::syncs::{adds_up, with_invoices};

#[test]
fn an_incremental_sync_brings_what_changed() {
    let (instance, workspace) = with_invoices(120, Manners::default());
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(1)).to_string();
    instance.change("invoices", 17, |record| {
        record["updated-at"] = json!(soon);
        record["internal-note"] = json!("changed");
    });
    let mut records = instance.truth("invoices");
    let mut new = crate::support::invoice::invoice(121);
    new["updated-at"] = json!(soon);
    records.push(new);
    instance.put("invoices", records);

    let before = instance.requests_of("/api/invoices").len();
    let run = workspace
        .sync("invoices", &["--mode", "incremental"])
        .done();
    adds_up(&run);
    assert_eq!(
        (&run["mode"], &run["status"]),
        (&json!("incremental"), &json!("completed"))
    );
    assert!(run["stored"].as_u64().unwrap() < 60, "{run:#}");
    let reads = instance.requests_of("/api/invoices").split_off(before);
    assert!(
        reads
            .iter()
            .any(|read| read.query.iter().any(|(key, _)| key.starts_with("updated")))
    );
    let stored = workspace.records("invoices", "raw");
    assert_eq!(stored.len(), 121);
    assert_eq!(stored[16]["internal-note"], "changed");
}

#[test]
fn unexported_asks_for_the_queue_and_leaves_it_as_it_is() {
    let (instance, workspace) = with_invoices(60, Manners::default());
    let run = workspace.sync("invoices", &["--mode", "unexported"]).done();
    adds_up(&run);
    assert_eq!(run["stored"], 30);
    let stored = ids(&workspace.records("invoices", "raw"));
    assert!(stored.iter().all(|id| id % 2 == 1), "{stored:?}");
    assert!(
        instance
            .requests()
            .iter()
            .all(|request| request.method != "PUT")
    );
}

#[test]
fn marking_needs_write_credentials_and_the_tenants_id() {
    let (instance, workspace) = with_invoices(6, Manners::default());
    let mode = ["--mode", "unexported", "--mark-exported"];
    workspace.sync("invoices", &mode).exits(2);
    workspace
        .sync("invoices", &[&mode, &["--confirm", "acme"][..]].concat())
        .exits(2);
    assert!(
        instance
            .requests()
            .iter()
            .all(|request| request.method != "PUT")
    );

    let setting = format!("instance_url={}", instance.url());
    let args = [
        "account",
        "add",
        "acme-write",
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--kind",
        "sandbox",
        "--set",
        &setting,
        "--client-id",
        &instance.manners().client_id,
        "--client-secret-stdin",
        "--purpose",
        "write",
        "--scope",
        "core.common.read core.invoice.read core.invoice.write",
    ];
    workspace
        .json_with(&args, instance.manners().client_secret.as_bytes())
        .exits(0);
    workspace.json(&["account", "test", "acme-write"]).exits(0);
    let sync = [
        "sync",
        "acme-write",
        "invoices",
        "--mode",
        "unexported",
        "--mark-exported",
        "--budget",
        "100",
    ];
    workspace.json(&sync).exits(2);
    workspace
        .json(&[&sync, &["--confirm", "another"][..]].concat())
        .exits(2);
    assert!(
        instance
            .requests()
            .iter()
            .all(|request| request.method != "PUT")
    );
    let run = workspace
        .json(&[&sync, &["--confirm", "acme"][..]].concat())
        .done();
    assert_eq!(run["stored"], 3);
    let marks: Vec<_> = instance
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT")
        .collect();
    assert_eq!(marks.len(), 3, "{marks:?}");
    assert!(
        marks
            .iter()
            .all(|mark| mark.param("exported") == Some("true"))
    );
    assert!(
        instance
            .truth("invoices")
            .iter()
            .all(|record| record["exported"] == true)
    );
}

#[test]
fn times_in_conditions_survive_the_journey() {
    let (instance, workspace) = with_invoices(5, Manners::default());
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    workspace
        .sync("invoices", &["--mode", "incremental"])
        .exits(0);
    let since = instance
        .requests_of("/api/invoices")
        .iter()
        .flat_map(|read| read.query.clone())
        .find(|(key, _)| key.starts_with("updated"))
        .unwrap();
    // A `+` that was not encoded would have arrived as a space.
    let since: jiff::Timestamp = since.1.parse().unwrap();
    assert!(since > minute(0).parse().unwrap());
}
