//! What filters ask a provider for: listed, tried without asking, overridden, asked by, taken back.

use serde_json::{Value, json};

use crate::stage::{ACCOUNT, MODEL, RESOURCE, Stage, of, worker};

/// Another expression for the filter `status`.
const EXACT: &str = "{ \"status\": { \"eq\": status } }";

fn row(stage: &Stage, name: &str) -> Value {
    let rows = stage
        .call("filter_table", of(json!({ "model": MODEL })))
        .unwrap();
    let rows = rows.as_array().unwrap().iter();
    rows.clone()
        .find(|row| row["name"] == name)
        .unwrap_or_else(|| panic!("no filter {name}: {rows:?}"))
        .clone()
}

fn which(request: bool) -> Value {
    json!({ "level": "account", "scope": ACCOUNT, "model": MODEL, "resource": RESOURCE, "field": "status",
        "request": request })
}

fn set(stage: &Stage, expression: &str, note: Option<&str>) -> Value {
    let arguments = json!({ "which": which(true), "expression": expression, "fieldType": null, "note": note,
        "force": false });
    stage.call("save_override", arguments).unwrap()
}

#[test]
fn filters_are_listed_and_overridden_with_versions_of_their_own() {
    let stage = Stage::new(5);
    let status = row(&stage, "status");
    assert_eq!(
        (&status["type"], &status["bound"], &status["level"]),
        (
            &json!("one of a few texts"),
            &json!("is"),
            &json!("connector")
        ),
        "{status}"
    );
    let words = status["enum_values"].as_array().unwrap();
    assert!(words.contains(&json!("draft")), "{status}");
    let after = row(&stage, "updated_after");
    assert_eq!(
        (&after["field"], &after["bound"]),
        (&json!("updated_at"), &json!("after")),
        "{after}"
    );
    // One that nobody asks the provider by stands there too, but is none to ask by.
    let memo = row(&stage, "memo");
    assert_eq!(
        (&memo["expression"], &memo["level"], &memo["levels"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    let in_force = stage
        .call("model_filters", of(json!({ "model": MODEL })))
        .unwrap();
    let in_force = in_force.as_array().unwrap();
    assert!(in_force.iter().all(|filter| filter["name"] != "memo"));

    let saved = set(&stage, EXACT, Some("one state only"));
    assert_eq!(
        (&saved["version"], &saved["action"]),
        (&json!(1), &json!("set"))
    );
    let own = row(&stage, "status");
    assert_eq!(
        (&own["expression"], &own["level"]),
        (&json!(EXACT), &json!("account"))
    );
    let levels = own["levels"].as_array().unwrap();
    assert_eq!(levels.len(), 2, "{own}");
    assert_eq!(levels[0]["expression"], status["expression"]);
    assert_eq!(levels[1]["note"], "one state only");

    let history = |request: bool| {
        let arguments = json!({ "which": which(request) });
        stage.call("override_history", arguments).unwrap()
    };
    assert_eq!(history(true)[0]["expression"], EXACT);
    // The field of the same name has a history of its own, and is what is meant where nothing is said.
    assert_eq!(history(false), json!([]));
    let mut unsaid = which(false);
    unsaid.as_object_mut().unwrap().remove("request");
    let of_field = stage.call("override_history", json!({ "which": unsaid }));
    assert_eq!(of_field.unwrap(), json!([]));

    let undo = json!({ "which": which(true), "version": 1 });
    let undone = stage.call("undo_override", undo.clone()).unwrap();
    assert_eq!(undone["action"], "inherit", "{undone}");
    assert_eq!(row(&stage, "status")["level"], "connector");
    // It is taken back once, and only as long as it is what is in force.
    assert_eq!(stage.code("undo_override", undo), "override_changed");
    let again = json!({ "which": which(true), "version": 1, "note": null, "force": true });
    let again = stage.call("restore_override", again).unwrap();
    assert_eq!(
        (&again["version"], &again["restored_version"]),
        (&json!(3), &json!(1))
    );
    let undo = json!({ "which": which(true), "version": 3 });
    stage.call("undo_override", undo).unwrap();

    // What is not read is pointed at; taking the filter away leaves it in the list.
    let saved = set(&stage, "{ \"status\": { \"eq\": \"new\" } }", None);
    assert!(
        saved["warnings"]
            .to_string()
            .contains("does not read status"),
        "{saved}"
    );
    let away = json!({ "which": which(true), "expression": null, "fieldType": null, "note": null, "force": false });
    stage.call("save_override", away).unwrap();
    let away = row(&stage, "status");
    assert_eq!(
        (&away["expression"], &away["level"]),
        (&Value::Null, &json!("account")),
        "{away}"
    );
    let inherit = json!({ "which": which(true), "note": null, "force": false });
    stage.call("unset_override", inherit).unwrap();
    assert_eq!(row(&stage, "status")["level"], "connector");
    assert_eq!(history(true).as_array().unwrap().len(), 7);
}

#[test]
fn what_is_said_for_every_resource_is_told_so_and_taken_away() {
    let stage = Stage::new(5);
    let every = |request: bool| {
        let mut every = which(request);
        every["resource"] = Value::Null;
        every
    };
    let arguments = json!({ "which": every(true), "expression": EXACT, "fieldType": null, "note": null,
        "force": false });
    stage.call("save_override", arguments).unwrap();
    let levels = row(&stage, "status")["levels"].clone();
    assert_eq!(levels[0]["resource"], RESOURCE, "{levels}");
    assert_eq!(levels[1]["resource"], Value::Null, "{levels}");
    // The resource alone says nothing that could be taken away.
    let own = json!({ "which": which(true), "note": null, "force": false });
    assert_eq!(stage.code("unset_override", own), "nothing_changed");
    let away = json!({ "which": every(true), "note": null, "force": false });
    stage.call("unset_override", away).unwrap();
    assert_eq!(row(&stage, "status")["level"], "connector");

    if worker().is_none() {
        println!("not all of it: the mapping worker is not built");
        return;
    }
    let arguments = json!({ "which": every(false), "expression": "status", "fieldType": null, "note": null,
        "force": true });
    stage.call("save_override", arguments).unwrap();
    let table = stage
        .call("mapping_table", of(json!({ "model": MODEL })))
        .unwrap();
    let fields = table["fields"].as_array().unwrap();
    let status = fields.iter().find(|field| field["field"] == "status");
    let levels = &status.unwrap()["levels"];
    assert_eq!(levels[1]["resource"], Value::Null, "{levels}");
}

#[test]
fn a_draft_of_a_filter_tells_what_it_asks_for_and_sends_nothing() {
    if worker().is_none() {
        println!("skipped: the mapping worker is not built");
        return;
    }
    let stage = Stage::new(40);
    let draft = |field: &str, expression: &str, typed: &str| {
        of(json!({ "model": MODEL, "field": field, "expression": expression, "typed": typed }))
    };
    let sent = || {
        let query = json!({ "text": "", "offset": 0, "limit": 1 });
        let calls = stage.call("calls", json!({ "account": ACCOUNT, "query": query }));
        calls.unwrap()["total"].clone()
    };
    let before = sent();
    for (field, expression, typed, asked) in [
        ("status", EXACT, "draft", json!(["status=draft"])),
        (
            "status",
            "{ \"status\": { \"in\": [status, \"new\"] } }",
            " draft ",
            json!(["status[in]=draft,new"]),
        ),
        (
            "updated_after",
            "{ \"updated-at\": { \"gt\": updated_after } }",
            "2026-01-31",
            json!(["updated-at[gt]=2026-01-31T00:00:00Z"]),
        ),
        // One that no level has an expression for.
        (
            "memo",
            "{ \"internal-note\": { \"contains\": memo } }",
            "urgent",
            json!(["internal-note[contains]=urgent"]),
        ),
    ] {
        let tried = stage.call("try_filter", draft(field, expression, typed));
        let tried = tried.unwrap_or_else(|fault| panic!("{expression}: {fault}"));
        assert_eq!(tried["asked"], asked, "{expression}");
        assert_eq!(tried["warnings"], json!([]), "{expression}");
    }
    let blind = stage
        .call(
            "try_filter",
            draft("status", "{ \"status\": { \"eq\": \"new\" } }", "draft"),
        )
        .unwrap();
    assert_eq!(blind["asked"], json!(["status=new"]));
    assert_eq!(blind["warnings"].as_array().unwrap().len(), 1, "{blind}");
    for (field, expression, typed, code) in [
        ("status", EXACT, "drft", "invalid_filter"),
        ("status", EXACT, "", "invalid_filter"),
        (
            "updated_after",
            "{ \"updated-at\": { \"gt\": updated_after } }",
            "soon",
            "invalid_filter",
        ),
        ("status", "{}", "draft", "filter_untranslated"),
        ("status", "status", "draft", "filter_untranslated"),
        (
            "status",
            "$lookup({ \"paid\": {} }, status)",
            "draft",
            "filter_untranslated",
        ),
        (
            "status",
            "{ \"status\": { \"sounds_like\": status } }",
            "draft",
            "unknown_operator",
        ),
        ("status", "{ \"status\"", "draft", "expression_syntax"),
        ("status", "null", "draft", "filter_unknown"),
        ("statsu", EXACT, "draft", "filter_unknown"),
        ("line_items", EXACT, "draft", "filter_unknown"),
    ] {
        let found = stage.code("try_filter", draft(field, expression, typed));
        assert_eq!(found, code, "{field} {expression} {typed}");
    }
    assert_eq!(sent(), before);

    // Saved, a query asks by it; taken back, by the connector's own again.
    let asked = || {
        let filters = json!([{ "name": "status", "value": "draft" }]);
        let query = of(json!({ "model": MODEL, "filters": filters, "native": [] }));
        let answer = stage.call("query_unified", query).unwrap();
        assert_eq!(answer["left_out"], 0, "{answer}");
        answer["asked"].clone()
    };
    set(&stage, EXACT, None);
    assert_eq!(asked(), json!(["status=draft"]));
    let inherit = json!({ "which": which(true), "note": null, "force": false });
    stage.call("unset_override", inherit).unwrap();
    assert_eq!(asked(), json!(["status[in]=new,draft"]));
}

#[test]
fn filters_of_what_is_not_there_or_not_to_be_seen_are_refused() {
    let stage = Stage::new(5);
    let nothing = of(json!({ "model": "no/model" }));
    assert_eq!(stage.code("filter_table", nothing), "no_model");
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    let hidden = of(json!({ "model": MODEL }));
    assert_eq!(stage.code("filter_table", hidden), "not_found");
    let hidden =
        of(json!({ "model": MODEL, "field": "status", "expression": EXACT, "typed": "draft" }));
    assert_eq!(stage.code("try_filter", hidden), "not_found");
}
