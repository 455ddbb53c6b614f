//! `xwalk drift`: what changed in the shape of records from one run to the next.

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

const MODEL: &str = "procurement/invoice";

fn synced() -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(60));
    let workspace = Workspace::connected_unlimited(&instance);
    sync(&workspace);
    (instance, workspace)
}

fn sync(workspace: &Workspace) {
    let whole = ["--mode", "full", "--fields", "all", "--restart"];
    workspace.sync("invoices", &whole).exits(0);
}

fn drift(workspace: &Workspace) -> Value {
    let found = workspace.json(&["drift", ACCOUNT]).done();
    found[0].clone()
}

fn of_kind<'d>(drift: &'d Value, kind: &str) -> Vec<&'d Value> {
    let changes = drift["changes"].as_array().unwrap().iter();
    changes.filter(|change| change["kind"] == kind).collect()
}

/// The open alerts of one kind.
fn alerts(workspace: &Workspace) -> Vec<Value> {
    let all = workspace.json(&["alerts"]).done();
    let all = all.as_array().unwrap().iter();
    all.filter(|alert| alert["kind"] == "mapped_path_gone")
        .cloned()
        .collect()
}

fn change_all(instance: &Instance, change: impl Fn(&mut Value)) {
    let mut records = instance.truth("invoices");
    records.iter_mut().for_each(change);
    instance.put("invoices", records);
}

#[test]
fn what_is_new_gone_or_said_anew_is_told_and_a_mapped_path_raises_an_alert() {
    let (instance, workspace) = synced();
    let first = drift(&workspace);
    assert_eq!(first["resource"], "invoices");
    assert_eq!(first["records"], 60);
    assert_eq!(
        (&first["compared_with"], &first["changes"]),
        (&Value::Null, &json!([]))
    );

    sync(&workspace);
    let same = drift(&workspace);
    assert_ne!(same["compared_with"], Value::Null);
    assert_eq!((&same["changes"], &same["gone"]), (&json!([]), &json!([])));

    change_all(&instance, |record| {
        let members = record.as_object_mut().unwrap();
        members.remove("gross-total");
        members.insert("legal-entity".to_owned(), json!({ "name": "Acme" }));
        members.insert("tax-amount".to_owned(), json!(0));
        if record["id"] == 7 {
            record["status"] = json!("parked-by-ap");
        }
    });
    sync(&workspace);
    let told = drift(&workspace);
    let gone = of_kind(&told, "gone");
    assert_eq!(gone.len(), 1, "{told:#}");
    assert_eq!(gone[0]["path"], "gross-total");
    assert_eq!(gone[0]["read_by"], json!(["total"]));
    let new = of_kind(&told, "new");
    assert_eq!(new.len(), 1, "{told:#}");
    assert_eq!(new[0]["path"], "legal-entity");
    assert_eq!(
        (&new[0]["present"], &new[0]["of"]),
        (&json!(60), &json!(60))
    );
    let retyped = of_kind(&told, "type");
    assert_eq!(retyped[0]["path"], "tax-amount");
    assert_eq!(retyped[0]["after"], json!(["number"]));
    let words = of_kind(&told, "words");
    assert_eq!(words[0]["path"], "status");
    assert_eq!(words[0]["after"], json!(["parked-by-ap"]));
    let raised = alerts(&workspace);
    assert_eq!(raised.len(), 1);
    assert_eq!(raised[0]["state"], "active");
    assert!(
        raised[0]["detail"]
            .as_str()
            .unwrap()
            .contains("gross-total of invoices"),
        "{raised:?}"
    );
    let run = workspace
        .json(&["run", told["run"].as_str().unwrap()])
        .done();
    assert!(run["log"].to_string().contains("1 gone"), "{run:#}");
    let human = workspace.human(&["drift", ACCOUNT]).exits(0).stdout.clone();
    for part in ["gross-total", "legal-entity", "+ parked-by-ap", "total"] {
        assert!(human.contains(part), "{part}: {human}");
    }

    // Told once; gone it stays.
    sync(&workspace);
    let later = drift(&workspace);
    assert_eq!(later["changes"], json!([]), "{later:#}");
    assert_eq!(later["gone"][0]["path"], "gross-total");
    assert_eq!(alerts(&workspace).len(), 1);

    change_all(&instance, |record| record["gross-total"] = json!("10.00"));
    sync(&workspace);
    let back = drift(&workspace);
    assert_eq!(of_kind(&back, "back")[0]["path"], "gross-total");
    assert_eq!(back["gone"], json!([]));
    assert!(alerts(&workspace).is_empty(), "it resolves by itself");

    // One resource with all it shows; values stand sealed.
    let all = workspace.json(&["drift", ACCOUNT, "invoices"]).done();
    let paths = all[0]["paths"].as_array().unwrap();
    let status = paths.iter().find(|one| one["path"] == "status").unwrap();
    assert!(
        status["words"]
            .as_array()
            .unwrap()
            .contains(&json!("parked-by-ap")),
        "{status}"
    );
    let line = paths
        .iter()
        .find(|one| one["path"] == "invoice-lines[].account.code")
        .unwrap();
    assert_eq!(line["filled"], 60);
    for (path, bytes) in workspace.files() {
        let held = bytes.windows(12).any(|part| part == b"parked-by-ap");
        assert!(!held, "{}", path.display());
    }
}

#[test]
fn an_alert_goes_when_the_mapping_no_longer_reads_what_is_gone() {
    let (instance, workspace) = synced();
    change_all(&instance, |record| {
        record.as_object_mut().unwrap().remove("internal-note");
    });
    sync(&workspace);
    assert_eq!(alerts(&workspace).len(), 1);
    let own = ["--level", "account", "--scope", ACCOUNT];
    workspace
        .json(&[&["map", "set", MODEL, "memo", "description"][..], &own].concat())
        .exits(0);
    assert!(alerts(&workspace).is_empty());
    workspace
        .json(&[&["map", "restore", MODEL, "memo"][..], &own].concat())
        .exits(0);
    sync(&workspace);
    assert_eq!(alerts(&workspace).len(), 1);
}

#[test]
fn what_was_not_asked_for_is_not_missed() {
    let (_instance, workspace) = synced();
    // The mapping reads a part of each record; what it leaves out is no news.
    for _ in 0..2 {
        workspace
            .sync("invoices", &["--mode", "full", "--restart"])
            .exits(0);
    }
    let told = drift(&workspace);
    assert_eq!((&told["changes"], &told["gone"]), (&json!([]), &json!([])));
    assert!(alerts(&workspace).is_empty());
    assert_eq!(
        workspace.json(&["drift", "nobody"]).fails(2)["code"],
        "not_found"
    );
    let none = workspace.json(&["drift", ACCOUNT, "nothing"]).fails(2);
    assert_eq!(none["code"], "not_found");
}
