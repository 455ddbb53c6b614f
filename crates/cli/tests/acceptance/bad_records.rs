//! Records that are none: each costs itself, never the run or its neighbours.

use serde_json::{Value, json};

use crate::support::answer;
use crate::support::instance::Instance;
use crate::support::invoice::{invoice, invoices};
use crate::support::workspace::{ACCOUNT, Workspace, ids};
use crate::syncs::adds_up;

/// Syncs these in full, whatever they are.
fn synced(records: Vec<Value>) -> (Workspace, Value) {
    let instance = Instance::start();
    instance.put("invoices", invoices(1));
    let workspace = Workspace::connected(&instance);
    instance.put("invoices", records);
    let outcome = workspace.sync("invoices", &["--mode", "full", "--fields", "all"]);
    assert!(matches!(outcome.code, Some(0 | 1)), "{outcome}");
    let run = outcome.exits(outcome.code.unwrap()).document();
    adds_up(&run);
    (workspace, run)
}

/// The causes `xwalk run` groups the run's errors by.
fn groups(workspace: &Workspace, run: &Value) -> String {
    let detail = workspace
        .json(&["run", run["run"].as_str().unwrap()])
        .done();
    let groups = detail
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| key.contains("error") && *key != "errors");
    groups.map(|(_, value)| value.to_string()).collect()
}

#[test]
fn what_is_not_an_object() {
    let odd = vec![
        invoice(1),
        json!("oops"),
        json!(7),
        json!(null),
        json!([invoice(9)]),
        invoice(2),
    ];
    let (workspace, run) = synced(odd);
    assert_eq!(
        (&run["stored"], &run["errors"]),
        (&json!(2), &json!(4)),
        "{run:#}"
    );
    assert_eq!(ids(&workspace.records("invoices", "raw")), [1, 2]);
    assert!(
        groups(&workspace, &run).contains("object"),
        "{}",
        groups(&workspace, &run)
    );
}

#[test]
fn an_id_that_is_missing_or_no_id() {
    let mut odd = invoices(6);
    odd[1].as_object_mut().unwrap().remove("id");
    odd[2]["id"] = json!(null);
    odd[3]["id"] = json!({ "value": 4 });
    odd[4]["id"] = json!("");
    let (workspace, run) = synced(odd);
    assert_eq!(
        (&run["stored"], &run["errors"]),
        (&json!(2), &json!(4)),
        "{run:#}"
    );
    assert_eq!(ids(&workspace.records("invoices", "raw")), [1, 6]);
    assert!(
        groups(&workspace, &run).contains("id"),
        "{}",
        groups(&workspace, &run)
    );
}

#[test]
fn the_same_id_twice_on_a_page() {
    let mut odd = invoices(5);
    odd.insert(2, odd[1].clone());
    let (workspace, run) = synced(odd);
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(5)),
        "{run:#}"
    );
    assert!(run["duplicates"].as_u64().unwrap() >= 1, "{run:#}");
    assert_eq!(ids(&workspace.records("invoices", "raw")), [1, 2, 3, 4, 5]);
}

#[test]
fn the_same_id_on_two_pages() {
    let mut odd = invoices(120);
    odd.insert(80, odd[10].clone());
    let (workspace, run) = synced(odd);
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(120)),
        "{run:#}"
    );
    assert_eq!(ids(&workspace.records("invoices", "raw")).len(), 120);
}

#[test]
fn bytes_that_are_no_utf8() {
    let instance = Instance::start();
    instance.put("invoices", invoices(60));
    let workspace = Workspace::connected(&instance);
    let before = instance.requests_of("/api/invoices").len();
    let bytes: &[u8] = b"[{\"id\":61,\"internal-note\":\"caf\xE9\"}]";
    instance.fault(move |request| {
        let last = request.path == "/api/invoices" && request.nth > before + 1;
        last.then(|| answer::text(200, "application/json", bytes.to_vec()))
    });
    let outcome = workspace.sync("invoices", &["--mode", "full", "--fields", "all"]);
    let run = outcome.document();
    adds_up(&run);
    let told = match outcome.code {
        Some(0) => run["errors"].as_u64().unwrap() >= 1,
        Some(1) => {
            outcome.whole_error(&run["error"]);
            true
        }
        _ => false,
    };
    assert!(told, "{outcome}");
    assert!(
        ids(&workspace.records("invoices", "raw"))
            .iter()
            .all(|id| *id <= 60)
    );
    instance.heal();
    assert_eq!(
        workspace.sync("invoices", &["--mode", "full"]).done()["stored"],
        60
    );
}

#[test]
fn a_record_with_a_large_field_is_a_record() {
    let mut large = invoices(3);
    large[1]["internal-note"] = json!("x".repeat(3_000_000));
    let (workspace, run) = synced(large.clone());
    assert_eq!(
        (&run["stored"], &run["errors"]),
        (&json!(3), &json!(0)),
        "{run:#}"
    );
    assert_eq!(workspace.records("invoices", "raw"), large);
}

#[test]
fn numbers_and_texts_come_back_as_they_were_received() {
    let instance = Instance::start();
    instance.put("invoices", invoices(1));
    let workspace = Workspace::connected(&instance);
    let raw = r#"{"id":1,"gross-total":"1050.00","quantity":1.10,"big":12345678901234567890.123,"esc":"\u00e9\/\ud83d\ude00","exp":1E+2,"a":1,"a":2}"#;
    instance.fault(move |request| {
        let body = if request.nth % 2 == 0 {
            format!("[{raw}]")
        } else {
            format!("[ {raw} ]")
        };
        (request.path == "/api/invoices").then(|| answer::text(200, "application/json", body))
    });
    workspace.sync("invoices", &["--pages", "1"]).exits(0);
    let outcome = workspace.json(&["records", ACCOUNT, "invoices", "--id", "1"]);
    assert_eq!(
        outcome.exits(0).stdout.trim_end(),
        raw,
        "the record as received"
    );
}
