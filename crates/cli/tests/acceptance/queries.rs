//! `xwalk query`, and overrides of what its filters ask a provider for.

use std::fs;

use serde_json::{Value, json};

use crate::overrides::stored;
use crate::support::answer;
use crate::support::instance::Instance;
use crate::support::workspace::{ACCOUNT, Workspace};

const MODEL: &str = "procurement/invoice";
const OWN: [&str; 4] = ["--level", "account", "--scope", ACCOUNT];
const SHARED: [&str; 4] = ["--level", "environment", "--scope", "retail"];

fn query(workspace: &Workspace, filters: &[&str]) -> Vec<Value> {
    let filters: Vec<&str> = filters
        .iter()
        .flat_map(|filter| ["--filter", filter])
        .collect();
    let words = [&["query", ACCOUNT, MODEL][..], &filters].concat();
    workspace.json(&words).exits(0).lines()
}

/// The parameters of the last request of invoices that are conditions.
fn asked(instance: &Instance) -> Vec<(String, String)> {
    let last = instance.requests_of("/api/invoices").pop().unwrap();
    let paging = [
        "limit",
        "offset",
        "fields",
        "order_by",
        "dir",
        "return_object",
    ];
    let conditions = last.query.into_iter();
    conditions
        .filter(|(name, _)| !paging.contains(&name.as_str()))
        .collect()
}

fn is(instance: &Instance, conditions: &[(&str, &str)]) {
    let wanted: Vec<(String, String)> = conditions
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(asked(instance), wanted);
}

#[test]
fn a_unified_list_asks_for_just_what_it_is_filtered_by() {
    let (instance, workspace) = stored();
    let found = query(&workspace, &["status=draft"]);
    is(&instance, &[("status[in]", "new,draft")]);
    assert!(!found.is_empty());
    assert!(
        found.iter().all(|one| one["status"] == "draft"),
        "{found:#?}"
    );

    let found = query(
        &workspace,
        &["vendor=41", "updated_after=2026-01-01T08:40:00Z"],
    );
    is(
        &instance,
        &[
            ("supplier[id]", "41"),
            ("updated-at[gt]", "2026-01-01T08:40:00Z"),
        ],
    );
    let ids: Vec<&Value> = found.iter().map(|one| &one["id"]).collect();
    assert_eq!(
        ids,
        ["13", "16", "19", "22"],
        "changed 43, 46, 49, 52 minutes after eight"
    );
    assert!(found.iter().all(|one| one["vendor"]["id"] == "41"));

    let everything = query(&workspace, &[]);
    is(&instance, &[]);
    assert_eq!(everything.len(), 24);
    let few = ["query", ACCOUNT, MODEL, "--limit", "3"];
    assert_eq!(workspace.json(&few).exits(0).lines().len(), 3);

    // What a provider sends although it was not asked for is left out, and told.
    let all = Value::Array(instance.truth("invoices"));
    instance.fault(move |request| request.is_read().then(|| answer::json(200, &all)));
    let words = ["query", ACCOUNT, MODEL, "--filter", "vendor=41"];
    let told = workspace.json(&words);
    assert_eq!(told.exits(0).lines().len(), 8);
    assert!(
        told.stderr.contains("supplier[id]=41") && told.stderr.contains("16 that do not match"),
        "{told}"
    );
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let (instance, workspace) = stored();
    let before = instance.requests().len();
    for (filter, code) in [
        ("statsu=draft", "filter_unknown"),
        ("status=lost", "invalid_filter"),
        ("updated_after=yesterday", "invalid_filter"),
        ("paid=perhaps", "invalid_filter"),
        ("status", "invalid_filter"),
        ("status=submitted", "filter_untranslated"),
    ] {
        let words = ["query", ACCOUNT, MODEL, "--filter", filter];
        let refused = workspace.json(&words).fails_on_stderr(2);
        assert_eq!(refused["code"], code, "{filter}");
    }
    let both = ["--filter", "status=approved", "--filter", "paid=true"];
    let collide = workspace
        .json(&[&["query", ACCOUNT, MODEL][..], &both].concat())
        .fails_on_stderr(2);
    assert_eq!(collide["code"], "filters_collide");
    assert_eq!(instance.requests().len(), before);
}

#[test]
fn a_filter_is_overridden_as_a_field_is() {
    let (instance, workspace) = stored();
    let set = |filter: &str, expression: &str, level: &[&str]| {
        let words = ["map", "set", MODEL, filter, expression, "--request"];
        workspace.json(&[&words[..], level].concat())
    };
    let listed = workspace.json(&["query", ACCOUNT, MODEL, "--list"]).done();
    let status = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "status")
        .unwrap();
    assert_eq!(status["level"], "connector");
    assert!(
        status["enum_values"]
            .as_array()
            .unwrap()
            .contains(&json!("paid"))
    );

    let shared = "{ \"status\": { \"eq\": $table('states', status) } }";
    set("status", shared, &SHARED).exits(0);
    let entry = ["table", "set", "states", "draft", "brouillon"];
    workspace.json(&[&entry[..], &OWN].concat()).exits(0);
    let found = query(&workspace, &["status=draft"]);
    is(&instance, &[("status", "brouillon")]);
    assert!(found.is_empty());

    let own = "{ \"status\": { \"in\": [\"draft\", \"new\"] } }";
    let saved = set("status", own, &OWN).done();
    assert!(
        saved["warnings"]
            .to_string()
            .contains("does not read status"),
        "{saved}"
    );
    query(&workspace, &["status=draft"]);
    is(&instance, &[("status[in]", "draft,new")]);
    let shown = workspace
        .json(&["map", "show", ACCOUNT, MODEL, "--request"])
        .done();
    assert_eq!(shown["fields"]["status"]["level"], "account");
    let unified = workspace.json(&["map", "show", ACCOUNT, MODEL]).done();
    assert_eq!(unified["fields"]["status"]["level"], "connector");

    // Versions, bundles and copies carry them like fields.
    let verb = |verb: &str, more: &[&str]| {
        let words = ["map", verb, MODEL, "status", "--request"];
        workspace.json(&[&words[..], &OWN, more].concat())
    };
    assert_eq!(verb("history", &[]).done()[0]["after"], own);
    let text = workspace
        .human(&["map", "export", ACCOUNT])
        .exits(0)
        .stdout
        .clone();
    assert!(text.contains("filters:"), "{text}");
    let file = workspace.home().join("bundle.yaml");
    fs::write(&file, text.replace("new", "neu")).unwrap();
    let import = ["map", "import", file.to_str().unwrap()];
    let done = workspace.json(&[&import[..], &OWN].concat()).done();
    assert_eq!(done["changes"][0]["request"], true, "{done:#}");
    query(&workspace, &["status=draft"]);
    is(&instance, &[("status[in]", "draft,neu")]);
    verb("restore", &["1"]).exits(0);
    verb("unset", &[]).exits(0);
    query(&workspace, &["status=draft"]);
    is(&instance, &[("status", "brouillon")]);

    // A field that only this account has can be asked for too.
    let word = "map set procurement/invoice custom_fields.owner `custom-fields`.`cost-owner`";
    let words: Vec<&str> = word.split(' ').collect();
    workspace.json(&[&words[..], &OWN].concat()).exits(0);
    let owner = "{ \"custom-fields[cost-owner]\": { \"eq\": `custom_fields.owner` } }";
    set("custom_fields.owner", owner, &OWN).exits(0);
    let found = query(&workspace, &["custom_fields.owner=owner 1"]);
    assert_eq!(found.len(), 6);
    for (filter, expression, code) in [
        ("statsu", own, "filter_unknown"),
        ("status", "{ \"a\"", "expression_syntax"),
        ("custom_fields.nobody", own, "filter_unknown"),
    ] {
        assert_eq!(
            set(filter, expression, &OWN).fails(2)["code"],
            code,
            "{filter}"
        );
    }
    set(
        "number",
        "{ \"invoice-number\": { \"sounds_like\": number } }",
        &OWN,
    )
    .exits(0);
    let words = ["query", ACCOUNT, MODEL, "--filter", "number=x"];
    let refused = workspace.json(&words).fails_on_stderr(2);
    assert_eq!(refused["code"], "unknown_operator");
}
