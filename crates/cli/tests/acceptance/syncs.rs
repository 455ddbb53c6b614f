//! `xwalk sync`, in test and in full, against an instance that behaves as documented.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::manners::Manners;
use crate::support::outcome::has_keys;
use crate::support::workspace::{Workspace, ids};

/// What every run shows; the last is not part of the contract's list.
pub const RUN: [&str; 15] = [
    "run",
    "mode",
    "status",
    "fetched",
    "stored",
    "duplicates",
    "errors",
    "requests",
    "retries",
    "rate_limited",
    "duration_ms",
    "requests_per_second",
    "checkpoint",
    "error",
    "account",
];

/// The counters of a run agree with each other.
#[track_caller]
pub fn adds_up(run: &Value) {
    has_keys(run, &RUN[..14]);
    let count = |key: &str| {
        run[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {run:#}"))
    };
    assert_eq!(
        count("fetched"),
        count("stored") + count("duplicates") + count("errors"),
        "{run:#}"
    );
    assert!(
        run["run"].is_string() && run["requests_per_second"].is_number(),
        "{run:#}"
    );
}

/// An instance with so many invoices and a workspace connected to it.
pub fn with_invoices(count: i64, manners: Manners) -> (Instance, Workspace) {
    let instance = Instance::with(manners);
    instance.put("invoices", invoices(count));
    let workspace = Workspace::connected(&instance);
    (instance, workspace)
}

#[test]
fn a_test_sync_reads_a_few_whole_pages_and_writes_nothing() {
    let (instance, workspace) = with_invoices(500, Manners::default());
    let run = workspace.sync("invoices", &[]).done();
    adds_up(&run);
    assert_eq!(run["mode"], "test");
    assert_eq!(run["status"], "completed");
    assert_eq!(run["checkpoint"], json!(null));
    assert_eq!(run["error"], json!(null));
    let mut reads = instance.requests_of("/api/invoices");
    reads.retain(|read| read.param("limit") != Some("1"));
    assert!(reads.len() <= 4, "at most four pages: {reads:?}");
    assert!(
        reads
            .iter()
            .all(|read| read.method == "GET" && read.param("fields").is_none())
    );
    assert!(
        reads
            .iter()
            .all(|read| read.param("limit").unwrap().parse::<u32>().unwrap() <= 50)
    );
    let stored = workspace.records("invoices", "raw");
    assert_eq!(run["stored"], stored.len());
    let truth = instance.truth("invoices");
    for record in &stored {
        assert!(truth.contains(record), "not as received: {record}");
    }
    let found = ids(&stored);
    assert!(found.contains(&500), "the newest are in it: {found:?}");
    let statuses: BTreeSet<&str> = stored
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert!(statuses.len() >= 3, "{statuses:?}");
}

#[test]
fn pages_limits_a_run() {
    let (instance, workspace) = with_invoices(500, Manners::default());
    let run = workspace.sync("invoices", &["--pages", "1"]).done();
    assert_eq!(run["stored"], 50);
    assert_eq!(workspace.records("invoices", "raw").len(), 50);
    drop(instance);
}

#[test]
fn a_full_sync_has_every_record_once_and_exactly() {
    let (instance, workspace) = with_invoices(230, Manners::default());
    let run = workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .done();
    adds_up(&run);
    assert_eq!(
        (&run["status"], &run["stored"], &run["errors"]),
        (&json!("completed"), &json!(230), &json!(0))
    );
    let stored = workspace.records("invoices", "raw");
    assert_eq!(
        ids(&stored),
        (1..=230).collect::<Vec<_>>(),
        "in the order of ids"
    );
    assert_eq!(stored, instance.truth("invoices"));
    assert!(
        instance
            .requests()
            .iter()
            .all(|request| request.method == "GET" || request.path == "/oauth2/token")
    );

    let again = workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .done();
    assert_ne!(again["run"], run["run"]);
    assert_eq!(again["stored"], 230, "written or confirmed");
    assert_eq!(workspace.records("invoices", "raw").len(), 230);
}

#[test]
fn a_full_sync_asks_for_what_the_mapping_reads() {
    let (instance, workspace) = with_invoices(120, Manners::default());
    let run = workspace.sync("invoices", &["--mode", "full"]).done();
    assert_eq!(run["stored"], 120);
    let reads = instance.requests_of("/api/invoices");
    let fields = reads
        .iter()
        .filter_map(|read| read.param("fields"))
        .next_back()
        .unwrap();
    let fields: Value = serde_json::from_str(fields).unwrap();
    let fields = fields.to_string();
    for wanted in [
        "\"id\"",
        "invoice_number",
        "updated_at",
        "gross_total",
        "invoice_lines",
        "custom_fields",
    ] {
        assert!(fields.contains(wanted), "{wanted} in {fields}");
    }
    assert!(!fields.contains('-'), "names with underscores: {fields}");
    let unified = workspace.records("invoices", "unified");
    let truth = instance.truth("invoices");
    for (record, truth) in unified.iter().zip(&truth) {
        assert_eq!(record["number"], truth["invoice-number"]);
        assert_eq!(
            record["total"], truth["gross-total"],
            "decimals keep their scale"
        );
    }
}

#[test]
fn a_limit_of_the_documented_size_is_never_exceeded() {
    let manners = Manners {
        limit: Some((25.0, 20.0)),
        ..Manners::default()
    };
    let (_instance, workspace) = with_invoices(1_500, manners);
    let run = workspace.sync("invoices", &["--mode", "full"]).done();
    assert_eq!(
        (&run["stored"], &run["rate_limited"]),
        (&json!(1_500), &json!(0)),
        "{run:#}"
    );
}
