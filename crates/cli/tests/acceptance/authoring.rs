//! From a raw field nobody reads to a pinned, versioned override that a whole environment shares: the way an engineer
//! goes, without a window.

use std::fs;

use serde_json::{Value, json};

use crate::overrides::stored;
use crate::support::workspace::{ACCOUNT, Workspace};

const MODEL: &str = "procurement/invoice";
const FIELD: &str = "custom_fields.owner";
const EXPRESSION: &str = "`custom-fields`.`cost-owner`";
const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];
const SHARED: [&str; 4] = ["--level", "environment", "--scope", "retail"];

/// What `map check` says of invoices, and whether it found an error.
fn check(workspace: &Workspace, code: i32) -> Value {
    let outcome = workspace.json(&["map", "check", ACCOUNT, MODEL]);
    outcome.exits(code).document()["models"][0].clone()
}

fn paths(unread: &Value) -> Vec<&str> {
    let fields = unread.as_array().unwrap().iter();
    fields.map(|one| one["path"].as_str().unwrap()).collect()
}

/// What the first invoice holds under the field.
fn owner(workspace: &Workspace) -> Value {
    let invoice = workspace.records("invoices", "unified").remove(0);
    let fields = invoice["custom_fields"].as_array().unwrap();
    let owner = fields.iter().find(|one| one["key"] == "owner");
    owner.map_or(Value::Null, |one| one["value"].clone())
}

#[test]
fn an_unread_field_becomes_a_pinned_override_that_others_take_over() {
    let (_instance, workspace) = stored();
    let map =
        |words: &[&str], holder: &[&str]| workspace.json(&[&["map"][..], words, holder].concat());

    // What nobody reads: the customer's own first, then by how often it is filled.
    let before = check(&workspace, 0);
    let unread = before["unread"].as_array().unwrap();
    let rank = |one: &Value| {
        (
            one["custom"] == false,
            u64::MAX - one["filled"].as_u64().unwrap(),
        )
    };
    assert!(unread.is_sorted_by_key(rank), "{unread:?}");
    assert!(unread.iter().any(|one| one["custom"] == false));
    let found = unread
        .iter()
        .find(|one| one["path"] == "custom-fields.cost-owner")
        .unwrap();
    assert_eq!((&found["filled"], &found["of"]), (&json!(24), &json!(24)));
    let custom = paths(&before["unread_custom_fields"]);
    assert_eq!(custom, paths(&before["unread"])[..custom.len()]);
    let told = workspace.human(&["map", "check", ACCOUNT, MODEL]);
    assert!(
        told.stdout.contains(
            "custom-fields.cost-owner is filled in 24 of 24 records and nothing reads it (custom)"
        ),
        "{told}"
    );

    // A look first, which saves nothing.
    let seen = map(&["preview", ACCOUNT, MODEL, FIELD, EXPRESSION], &[]).done();
    assert_eq!(
        (&seen["records"], &seen["newly_filled"], &seen["errors"]),
        (&json!(24), &json!(24), &json!(0))
    );
    let history = || map(&["history", MODEL, FIELD], &OWN).done();
    assert_eq!(history(), json!([]));

    // A version with its reason, and a result to hold later ones against.
    let set = ["set", MODEL, FIELD, EXPRESSION, "--note", "asked for by AP"];
    assert_eq!(map(&set, &OWN).done()["version"], 1);
    assert_eq!(owner(&workspace), "owner 1");
    map(
        &["pin", "add", ACCOUNT, MODEL, "7", "--note", "as agreed"],
        &[],
    )
    .exits(0);
    let after = check(&workspace, 0);
    assert!(!paths(&after["unread"]).contains(&"custom-fields.cost-owner"));
    assert_eq!(after["pins"]["checked"], 1);

    // A change that breaks what was agreed is noticed at once and by every check after it.
    let worse = ["set", MODEL, "number", "$lowercase(`invoice-number`)"];
    let warned = map(&worse, &OWN).done();
    assert!(warned["warnings"].to_string().contains("pin"), "{warned}");
    let broken = check(&workspace, 1);
    assert_eq!(broken["pins"]["broken"][0]["field"], "number");
    map(&["unset", MODEL, "number"], &OWN).exits(0);
    check(&workspace, 0);

    // Every version is kept, and an old one can be had again.
    let other = ["set", MODEL, FIELD, "seg3default"];
    assert_eq!(map(&other, &OWN).done()["version"], 2);
    assert_ne!(owner(&workspace), "owner 1");
    let back = map(&["restore", MODEL, FIELD, "1"], &OWN).done();
    assert_eq!(
        (&back["version"], &back["restored_version"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(owner(&workspace), "owner 1");
    let versions = history();
    assert_eq!(versions.as_array().unwrap().len(), 3);
    assert_eq!(versions[2]["note"], "asked for by AP");

    // Out as a bundle, and in for the whole environment, after a look at what it would change.
    let file = workspace.home().join("overrides.yaml");
    let file = file.to_str().unwrap();
    workspace
        .human(&["map", "export", ACCOUNT, "--out", file])
        .exits(0);
    assert!(fs::read_to_string(file).unwrap().contains(FIELD));
    let dry = map(&["import", file, "--dry-run"], &SHARED).done();
    assert_eq!((&dry["dry_run"], &dry["unfit"]), (&json!(true), &json!([])));
    assert!(dry["changes"].to_string().contains(FIELD), "{dry:#}");
    assert_eq!(map(&["history", MODEL, FIELD], &SHARED).done(), json!([]));
    map(&["import", file], &SHARED).exits(0);
    map(&["unset", MODEL, FIELD], &OWN).exits(0);
    assert_eq!(owner(&workspace), "owner 1", "the environment says it now");
    let shown = map(&["show", ACCOUNT, MODEL], &[]).done();
    assert_eq!(shown["fields"][FIELD]["level"], "environment");
    check(&workspace, 0);
}
