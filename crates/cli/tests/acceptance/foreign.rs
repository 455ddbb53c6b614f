//! Full syncs of instances with other manners than the documented ones: the result is the truth, or the run says why not.

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::{invoice, invoices};
use crate::support::manners::Manners;
use crate::support::workspace::{ACCOUNT, Workspace, ids};
use crate::syncs::adds_up;

/// Syncs 130 invoices in full and compares with the truth.
#[track_caller]
fn gets_the_truth(manners: Manners) -> (Instance, Workspace, Value) {
    let instance = Instance::with(manners);
    instance.put("invoices", invoices(130));
    let workspace = Workspace::connected(&instance);
    let run = workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .done();
    adds_up(&run);
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(130)),
        "{run:#}"
    );
    let stored = workspace.records("invoices", "raw");
    assert_eq!(ids(&stored), (1..=130).collect::<Vec<_>>());
    if !instance.manners().text_ids {
        assert_eq!(stored, instance.truth("invoices"));
    }
    (instance, workspace, run)
}

#[test]
fn order_by_is_ignored_and_the_order_is_another() {
    let instance = Instance::with(Manners {
        orders: false,
        ..Manners::default()
    });
    let mut shuffled = invoices(130);
    shuffled.sort_by_key(|record| record["id"].as_i64().unwrap() * 7919 % 131);
    instance.put("invoices", shuffled);
    let workspace = Workspace::connected(&instance);
    let run = workspace
        .sync("invoices", &["--mode", "full", "--fields", "all"])
        .done();
    adds_up(&run);
    assert_eq!(run["stored"], 130, "{run:#}");
    assert_eq!(
        ids(&workspace.records("invoices", "raw")),
        (1..=130).collect::<Vec<_>>()
    );
}

#[test]
fn order_by_is_ignored_and_the_order_is_by_id() {
    gets_the_truth(Manners {
        orders: false,
        ..Manners::default()
    });
}

#[test]
fn conditions_are_ignored() {
    let (_instance, _workspace, run) = gets_the_truth(Manners {
        filters: false,
        ..Manners::default()
    });
    assert_eq!(run["errors"], 0);
}

#[test]
fn selections_are_ignored() {
    let instance = Instance::with(Manners {
        selects: false,
        ..Manners::default()
    });
    instance.put("invoices", invoices(70));
    let workspace = Workspace::connected(&instance);
    let run = workspace.sync("invoices", &["--mode", "full"]).done();
    assert_eq!(run["stored"], 70);
    assert_eq!(
        workspace.records("invoices", "raw"),
        instance.truth("invoices")
    );
}

#[test]
fn conditions_order_and_selections_are_all_ignored() {
    gets_the_truth(Manners {
        filters: false,
        orders: false,
        selects: false,
        ..Manners::default()
    });
}

#[test]
fn ids_are_texts() {
    let (_instance, workspace, _run) = gets_the_truth(Manners {
        text_ids: true,
        ..Manners::default()
    });
    let one = workspace
        .json(&["records", ACCOUNT, "invoices", "--id", "17"])
        .exits(0)
        .lines();
    assert_eq!(one[0]["id"], "17");
}

#[test]
fn there_is_no_date_header() {
    let (_instance, workspace, _run) = gets_the_truth(Manners {
        date: false,
        ..Manners::default()
    });
    workspace
        .sync("invoices", &["--mode", "incremental"])
        .exits(0);
}

#[test]
fn the_token_answer_says_little_or_much() {
    gets_the_truth(Manners {
        token_scope: false,
        ..Manners::default()
    });
    let extra = json!({
        "created_at": 1_767_225_600, "instance_url": "http://127.0.0.1:9", "realm": { "id": 3 },
        "id_token": null, "refresh_token": null
    });
    gets_the_truth(Manners {
        token_extra: extra,
        expires_in: json!("86399"),
        ..Manners::default()
    });
    gets_the_truth(Manners {
        expires_in: json!(null),
        ..Manners::default()
    });
}

#[test]
fn pages_are_smaller_than_asked_for() {
    gets_the_truth(Manners {
        page_cap: 20,
        ..Manners::default()
    });
}

#[test]
fn pages_are_smaller_than_asked_for_and_conditions_are_ignored() {
    gets_the_truth(Manners {
        page_cap: 20,
        filters: false,
        ..Manners::default()
    });
}

#[test]
fn nothing_found_is_an_xml_404() {
    let manners = Manners {
        nothing_is_404: true,
        ..Manners::default()
    };
    let (instance, workspace, _run) = gets_the_truth(manners);
    instance.put("invoices", Vec::new());
    let run = workspace.sync("invoices", &[]).done();
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(0))
    );
}

#[test]
fn nothing_found_is_an_xml_404_and_the_last_page_is_full() {
    let instance = Instance::with(Manners {
        nothing_is_404: true,
        ..Manners::default()
    });
    instance.put("invoices", invoices(100));
    let workspace = Workspace::connected(&instance);
    let run = workspace.sync("invoices", &["--mode", "full"]).done();
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(100))
    );
}

#[test]
fn records_have_root_fields_nobody_knows() {
    let instance = Instance::start();
    let odd = (1..=60).map(|id| {
        let mut record = invoice(id);
        record["zz-unheard-of"] = json!({ "deep": [1, { "er": id }] });
        record["subsidary"] = json!("US-01");
        record
    });
    instance.put("invoices", odd.collect());
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &[]).exits(0);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    let stored = workspace.records("invoices", "raw");
    assert_eq!(stored.len(), 60);
    assert!(
        stored
            .iter()
            .all(|record| record["subsidary"] == "US-01" && record["zz-unheard-of"].is_object())
    );
}

#[test]
fn an_address_with_a_trailing_slash_and_capitals() {
    let instance = Instance::start();
    instance.put("invoices", invoices(3));
    let workspace = Workspace::new();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let url = format!("{}/", instance.url().replace("http", "HTTP"));
    let scopes = ["--scope", "core.common.read core.invoice.read"];
    workspace.add_account_to(&url, &instance, &scopes).exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    assert_eq!(workspace.sync("invoices", &[]).done()["stored"], 3);
    assert!(
        instance
            .requests()
            .iter()
            .all(|request| !request.path.contains("//"))
    );
}

#[test]
fn ids_are_sparse_and_large() {
    let instance = Instance::start();
    let sparse = [1, 2, 3, 900_000_000, 900_000_001, 9_007_199_254_740_993];
    let mut records: Vec<Value> = sparse.iter().map(|id| invoice(id % 1000)).collect();
    records
        .iter_mut()
        .zip(sparse)
        .for_each(|(record, id)| record["id"] = json!(id));
    instance.put("invoices", records);
    let workspace = Workspace::connected(&instance);
    let run = workspace.sync("invoices", &["--mode", "full"]).done();
    assert_eq!(run["stored"], 6, "{run:#}");
    assert_eq!(ids(&workspace.records("invoices", "raw")), sparse);
    let unified = workspace.records("invoices", "unified");
    assert_eq!(
        unified[5]["id"], "9007199254740993",
        "beyond what a float holds"
    );
}
