//! Overrides on their way: as a bundle, to other accounts, up to the environment, over to the twin; and two accounts
//! side by side.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, MODEL, Stage, worker};

const FIELD: &str = "custom_fields.owner";
const EXPRESSION: &str = "`internal-note`";
const OTHER: &str = "globex-sandbox";
const RETAIL: &str = "acme-retail";
const TWIN: &str = "acme-prod";

fn which(level: &str, scope: &str) -> Value {
    json!({ "level": level, "scope": scope, "model": MODEL, "resource": null, "field": FIELD })
}

fn table(scope: &str) -> Value {
    json!({ "level": "account", "scope": scope, "name": "owners" })
}

/// An account with an override and a table.
fn with_an_override() -> Stage {
    let stage = Stage::new(5);
    let saved = json!({ "which": which("account", ACCOUNT), "expression": EXPRESSION, "fieldType": null,
        "note": "as agreed", "force": false });
    stage.call("save_override", saved).unwrap();
    let entry = json!([{ "key": "4711", "value": "Una" }]);
    let saved = json!({ "which": table(ACCOUNT), "changes": entry, "note": null });
    stage.call("save_table", saved).unwrap();
    stage
}

/// What a level's latest version of the override says; null: nothing.
fn said(stage: &Stage, level: &str, scope: &str) -> Value {
    let history = json!({ "which": which(level, scope) });
    let history = stage.call("override_history", history).unwrap();
    history[0]["expression"].clone()
}

fn choice(tables: bool) -> Value {
    json!({ "model": null, "field": null, "tables": tables })
}

/// The arguments of a promotion.
fn promoted(account: &str, tables: bool, dry_run: bool) -> Value {
    json!({ "account": account, "choice": choice(tables), "dryRun": dry_run, "note": null })
}

/// The arguments of a copy.
fn copied(to: &str, tables: bool, dry_run: bool) -> Value {
    let mut copy = promoted(ACCOUNT, tables, dry_run);
    copy["to"] = json!([to]);
    copy
}

/// That a report is of one override, and whose it becomes.
#[track_caller]
fn carries(report: &Value, level: &str, scope: &str) {
    let changes = report["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{report}");
    for (key, value) in [
        ("level", level),
        ("scope", scope),
        ("model", MODEL),
        ("field", FIELD),
        ("after", EXPRESSION),
    ] {
        assert_eq!(changes[0][key], value, "{key} of {report}");
    }
    assert_eq!(
        (&changes[0]["before"], &report["unfit"]),
        (&Value::Null, &json!([])),
        "{report}"
    );
}

#[test]
fn overrides_are_copied_after_a_look() {
    let stage = with_an_override();
    stage.add_account("acme", RETAIL, "sandbox", Some("retail"));
    let look = stage
        .call("copy_overrides", copied(RETAIL, false, true))
        .unwrap();
    carries(&look, "account", RETAIL);
    assert_eq!(
        (&look["dry_run"], &look["versions"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(look["accounts"][0]["account"], RETAIL);
    assert_eq!(said(&stage, "account", RETAIL), Value::Null);
    let done = stage
        .call("copy_overrides", copied(RETAIL, false, false))
        .unwrap();
    assert_eq!(
        (&done["dry_run"], &done["versions"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(said(&stage, "account", RETAIL), EXPRESSION);
    let again = stage
        .call("copy_overrides", copied(RETAIL, false, false))
        .unwrap();
    assert_eq!(
        (&again["changes"], &again["versions"]),
        (&json!([]), &json!(0))
    );

    let mut nothing = copied(RETAIL, false, true);
    nothing["account"] = json!(OTHER);
    for (arguments, code) in [
        (copied(ACCOUNT, false, true), "same_account"),
        (copied("nobody", false, true), "not_found"),
        (copied(OTHER, true, true), "tables_stay_with_tenant"),
        (nothing, "nothing_to_copy"),
    ] {
        assert_eq!(stage.code("copy_overrides", arguments), code);
    }
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    for to in [ACCOUNT, OTHER] {
        let arguments = copied(to, false, false);
        assert_eq!(stage.code("copy_overrides", arguments), "not_found", "{to}");
    }
    stage.call("leave_call", json!({})).unwrap();
    assert_eq!(said(&stage, "account", OTHER), Value::Null);
}

#[test]
fn overrides_are_promoted_to_the_environment() {
    let stage = with_an_override();
    let nowhere = promoted(ACCOUNT, false, true);
    assert_eq!(stage.code("promote_overrides", nowhere), "no_environment");
    stage.add_account("acme", RETAIL, "sandbox", Some("retail"));
    stage
        .call("copy_overrides", copied(RETAIL, false, false))
        .unwrap();
    let look = stage
        .call("promote_overrides", promoted(RETAIL, false, true))
        .unwrap();
    carries(&look, "environment", "retail");
    assert_eq!(said(&stage, "environment", "retail"), Value::Null);
    stage
        .call("promote_overrides", promoted(RETAIL, false, false))
        .unwrap();
    assert_eq!(said(&stage, "environment", "retail"), EXPRESSION);
    let nobody = promoted("nobody", false, true);
    assert_eq!(stage.code("promote_overrides", nobody), "not_found");
    // Other tenants share it.
    stage
        .call("enter_call", json!({ "tenant": "acme" }))
        .unwrap();
    let shared = promoted(RETAIL, false, true);
    assert_eq!(stage.code("promote_overrides", shared), "in_customer_call");
}

#[test]
fn the_twin_is_found_and_takes_overrides_and_tables_over() {
    let stage = with_an_override();
    let twin = |account: &str| stage.call("twin", json!({ "account": account }));
    assert_eq!(stage.code("twin", json!({ "account": ACCOUNT })), "no_twin");
    let alone = promoted(ACCOUNT, true, true);
    assert_eq!(stage.code("promote_to_twin", alone), "no_twin");
    stage.add_account("acme", TWIN, "production", None);
    assert_eq!(twin(ACCOUNT).unwrap(), TWIN);
    assert_eq!(twin(TWIN).unwrap(), ACCOUNT);

    let look = stage
        .call("promote_to_twin", promoted(ACCOUNT, true, true))
        .unwrap();
    carries(&look, "account", TWIN);
    assert_eq!(
        look["tables"],
        json!([{ "level": "account", "scope": TWIN, "table": "owners", "added": 1, "changed": 0, "removed": 0 }])
    );
    assert_eq!(said(&stage, "account", TWIN), Value::Null);
    let done = stage
        .call("promote_to_twin", promoted(ACCOUNT, true, false))
        .unwrap();
    assert_eq!(done["versions"], 2, "{done}");
    assert_eq!(said(&stage, "account", TWIN), EXPRESSION);
    let rows = json!({ "which": table(TWIN), "rows": { "offset": 0, "limit": 5, "filter": "" } });
    let rows = stage.call("table_rows", rows).unwrap();
    assert_eq!(rows["rows"], json!([{ "key": "4711", "value": "Una" }]));

    stage.add_account("acme", RETAIL, "sandbox", None);
    for command in ["twin", "promote_to_twin"] {
        let several = promoted(TWIN, false, true);
        assert_eq!(stage.code(command, several), "several_twins", "{command}");
        let nobody = promoted("nobody", false, true);
        assert_eq!(stage.code(command, nobody), "not_found", "{command}");
    }
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    for command in ["twin", "promote_to_twin"] {
        let hidden = promoted(ACCOUNT, false, true);
        assert_eq!(stage.code(command, hidden), "not_found", "{command}");
    }
}

#[test]
fn a_bundle_comes_in_after_a_look_and_in_part_where_some_does_not_fit() {
    let stage = with_an_override();
    let out = json!({ "level": "account", "scope": ACCOUNT });
    let out = stage.call("export_bundle", out).unwrap();
    let bundle = out["text"].as_str().unwrap();
    let incoming = |text: &str, dry_run: bool, partial: bool| {
        json!({ "level": "account", "scope": OTHER, "text": text, "dryRun": dry_run, "partial": partial,
            "note": null })
    };
    let look = stage
        .call("import_bundle", incoming(bundle, true, false))
        .unwrap();
    carries(&look, "account", OTHER);
    assert_eq!(
        look["written_for"].as_str().unwrap().split(' ').next(),
        Some("coupa")
    );
    assert_eq!(look["tables"][0]["added"], 1, "{look}");
    assert_eq!(said(&stage, "account", OTHER), Value::Null);
    let misfit = bundle.replace(FIELD, "no_such_field");
    let look = stage
        .call("import_bundle", incoming(&misfit, true, false))
        .unwrap();
    assert_eq!(look["unfit"][0]["field"], "no_such_field", "{look}");
    let refused = incoming(&misfit, false, false);
    assert_eq!(stage.code("import_bundle", refused), "bundle_does_not_fit");
    let done = stage
        .call("import_bundle", incoming(&misfit, false, true))
        .unwrap();
    assert_eq!(done["versions"], 1, "the table: {done}");
    stage
        .call("import_bundle", incoming(bundle, false, false))
        .unwrap();
    assert_eq!(said(&stage, "account", OTHER), EXPRESSION);
    let no_bundle = incoming("format: 1\nconnector: x\n", true, false);
    assert_eq!(stage.code("import_bundle", no_bundle), "not_a_bundle");
    stage
        .call("enter_call", json!({ "tenant": "acme" }))
        .unwrap();
    let hidden = incoming(bundle, true, false);
    assert_eq!(stage.code("import_bundle", hidden), "not_found");
}

#[test]
fn two_accounts_stand_side_by_side() {
    let stage = with_an_override();
    stage.add_account("acme", TWIN, "production", None);
    let pair = |b: &str| json!({ "a": ACCOUNT, "b": b });
    assert_eq!(stage.code("compare_accounts", pair("nobody")), "not_found");
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    assert_eq!(stage.code("compare_accounts", pair(OTHER)), "not_found");
    stage.call("leave_call", json!({})).unwrap();
    if worker().is_none() {
        println!("not all of it: the mapping worker is not built");
        return;
    }
    let stored = stage.sync("full")["stored"].clone();
    let beside = stage.call("compare_accounts", pair(TWIN)).unwrap();
    assert_eq!(
        (&beside["a_kind"], &beside["b_kind"]),
        (&json!("sandbox"), &json!("production"))
    );
    let mapping = beside["mapping"].as_array().unwrap();
    assert_eq!(mapping.len(), 1, "{beside}");
    for (key, value) in [
        ("field", json!(FIELD)),
        ("a", json!(EXPRESSION)),
        ("b", Value::Null),
        ("a_level", json!("account")),
        ("same", json!(false)),
    ] {
        assert_eq!(mapping[0][key], value, "{key}");
    }
    let owners = json!({ "table": "owners", "a_entries": 1, "b_entries": 0, "different": 1,
        "examples": [{ "key": "4711", "a": "Una", "b": null }] });
    assert_eq!(beside["tables"], json!([owners]));
    let scopes = beside["scopes"].as_array().unwrap();
    assert!(
        scopes
            .iter()
            .any(|row| row["scope"] == "core.invoice.read" && row["a"] == true)
    );
    let coverage = beside["coverage"].as_array().unwrap().iter();
    let numbers = coverage.clone().find(|row| row["field"] == "number");
    assert_eq!(
        numbers.unwrap()["a"],
        json!({ "filled": stored, "of": stored })
    );

    stage
        .call("promote_to_twin", promoted(ACCOUNT, true, false))
        .unwrap();
    let beside = stage.call("compare_accounts", pair(TWIN)).unwrap();
    assert_eq!(beside["mapping"][0]["same"], true, "{beside}");
    assert_eq!(beside["tables"][0]["different"], 0, "{beside}");
}
