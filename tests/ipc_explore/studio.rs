//! What an editor of mappings asks for: what can be typed, what to look at, a draft on one record, and on all of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::mock;
use crate::stage::{ACCOUNT, MODEL, RESOURCE, Stage, of, worker};

const RECORDS: u64 = 30;

/// A draft for the account's own level.
fn draft(field: &str, expression: &str) -> Value {
    json!({ "account": ACCOUNT, "model": MODEL, "resource": RESOURCE, "field": field, "expression": expression,
        "level": "account", "field_type": null })
}

fn impact(id: &str, draft: Value) -> Value {
    json!({ "id": id, "draft": draft, "channel": "__CHANNEL__:7" })
}

/// A stage with stored invoices, and how many; none where nothing evaluates them.
fn stored() -> Option<(Stage, u64)> {
    if worker().is_none() {
        println!("skipped: the mapping worker is not built");
        return None;
    }
    let stage = Stage::new(RECORDS);
    let stored = stage.sync("full")["stored"].as_u64().unwrap();
    assert!(stored > 20);
    Some((stage, stored))
}

#[test]
fn what_can_be_typed_is_offered() {
    let stage = Stage::new(RECORDS);
    let stored = stage.sync("full")["stored"].clone();
    let offered = stage
        .call("completions", of(json!({ "model": MODEL })))
        .unwrap();
    let named = |list: &str, key: &str, name: &str| {
        let all = offered[list].as_array().unwrap().iter();
        let found = all.clone().find(|one| one[key] == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {list}"))
            .clone()
    };
    let number = named("paths", "path", "invoice-number");
    assert_eq!(number["expression"], "`invoice-number`");
    assert_eq!(
        (&number["read"], &number["masked"], &number["filled"]),
        (&json!(true), &json!(false), &stored)
    );
    assert!(number["example"].is_string(), "{number}");
    assert_eq!(named("functions", "name", "decimal_sum")["added"], true);
    let words = named("enums", "field", "status")["values"].clone();
    assert!(words.as_array().unwrap().contains(&json!("draft")));
    assert_eq!(offered["tables"], json!([]));
    let no_model = of(json!({ "model": "no/model" }));
    assert_eq!(stage.code("completions", no_model), "no_model");
    let nobody = json!({ "account": "nobody", "model": MODEL, "resource": null });
    assert_eq!(stage.code("completions", nobody), "not_found");
}

#[test]
fn an_expression_is_looked_at_and_mended() {
    let stage = Stage::new(1);
    let typed = |field: &str, expression: &str, kind: Option<&str>| {
        of(json!({ "model": MODEL, "field": field, "expression": expression, "fieldType": kind }))
    };
    let found = |field: &str, expression: &str, kind: Option<&str>| {
        let found = stage.call("lint_expression", typed(field, expression, kind));
        found.unwrap_or_else(|fault| panic!("{expression}: {fault}"))
    };
    assert_eq!(found("total", "`gross-total`", None), json!([]));
    let sums = found("total", "$sum(`invoice-lines`.total)", None);
    assert_eq!(
        (&sums[0]["code"], &sums[0]["severity"]),
        (&json!("sum_on_money"), &json!("warning")),
        "{sums}"
    );
    let mended = &sums[0]["fix"]["expression"];
    assert_eq!(*mended, "$decimal_sum(`invoice-lines`.total)");
    assert_eq!(found("total", mended.as_str().unwrap(), None), json!([]));
    let broken = found("total", "a +", None);
    assert_eq!(
        (&broken[0]["code"], &broken[0]["severity"]),
        (&json!("expression_syntax"), &json!("error")),
        "{broken}"
    );
    assert!(broken[0]["position"]["line"].is_u64(), "{broken}");
    assert_eq!(found("owner", "memo", Some("string")), json!([]));
    let no_type = typed("owner", "memo", Some("nonsense text"));
    assert_eq!(stage.code("lint_expression", no_type), "invalid_type");
    let mut no_model = typed("total", "id", None);
    no_model["model"] = json!("no/model");
    assert_eq!(stage.code("lint_expression", no_model), "no_model");
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    for command in ["lint_expression", "completions"] {
        let hidden = typed("total", "id", None);
        assert_eq!(stage.code(command, hidden), "not_found", "{command}");
    }
}

#[test]
fn a_draft_is_tried_on_one_record_or_on_a_sample() {
    let Some((stage, _)) = stored() else {
        return;
    };
    let around = of(json!({ "around": { "after": null, "before": null } }));
    let id = stage.call("record_ids", around).unwrap()["next"].clone();
    let trial = |draft: Value, record: &Value, sample: Option<&str>| {
        json!({ "draft": draft, "record": record,
            "sample": sample })
    };
    let tried = |draft: Value, record: &Value, sample: Option<&str>| {
        let tried = stage.call("evaluate_draft", trial(draft, record, sample));
        tried.unwrap_or_else(|fault| panic!("{fault}"))
    };
    let suffixed = || draft("number", "`invoice-number` & '/x'");
    let text = |value: &Value| -> String { serde_json::from_str(value.as_str().unwrap()).unwrap() };
    let one = tried(suffixed(), &id, None);
    assert_eq!(text(&one["value"]), format!("{}/x", text(&one["before"])));
    assert_eq!(
        (&one["status"], &one["changed"], &one["wins"]),
        (&json!("ok"), &json!(true), &json!(true)),
        "{one}"
    );
    assert_eq!(one["reads"], json!(["invoice-number"]));
    let sample = Some("{\"id\": 1, \"invoice-number\": \"S-1\"}");
    assert_eq!(
        text(&tried(suffixed(), &Value::Null, sample)["value"]),
        "S-1/x"
    );
    // What does not compile is an answer, with its place.
    let broken = tried(draft("number", "a +"), &id, None);
    assert_eq!(
        (&broken["status"], &broken["value"]),
        (&json!("error"), &Value::Null)
    );
    assert!(broken["position"]["column"].is_u64(), "{broken}");

    let mut no_model = suffixed();
    no_model["model"] = json!("no/model");
    let mut no_level = suffixed();
    no_level["level"] = json!("planet");
    let mut nobody = suffixed();
    nobody["account"] = json!("nobody");
    let nothing = json!("no-record");
    for (draft, record, sample, code) in [
        (suffixed(), &Value::Null, Some("{"), "input_not_json"),
        (suffixed(), &nothing, None, "not_found"),
        (draft("nmber", "id"), &id, None, "field_unknown"),
        (no_model, &id, None, "no_model"),
        (no_level, &id, None, "unknown_level"),
        (nobody, &id, None, "not_found"),
    ] {
        let arguments = trial(draft, record, sample);
        assert_eq!(stage.code("evaluate_draft", arguments), code);
    }
    stage
        .call("enter_call", json!({ "tenant": "globex" }))
        .unwrap();
    let hidden = trial(suffixed(), &id, None);
    assert_eq!(stage.code("evaluate_draft", hidden), "not_found");
    let hidden = impact("hidden", suffixed());
    assert_eq!(stage.code("start_impact", hidden), "not_found");
}

#[test]
fn a_draft_is_tried_on_all_records_and_saved_nowhere() {
    let Some((stage, stored)) = stored() else {
        return;
    };
    let all = stage
        .call(
            "start_impact",
            impact("all", draft("number", "`invoice-number` & '/x'")),
        )
        .unwrap();
    for (key, count) in [
        ("records", stored),
        ("changed", stored),
        ("errors", 0),
        ("newly_failing", 0),
        ("newly_filled", 0),
    ] {
        assert_eq!(all[key], count, "{key} of {all}");
    }
    let example = &all["examples"][0];
    let before = example["before"].as_str().unwrap();
    assert_eq!(example["after"], format!("{before}/x"));
    let same = stage
        .call(
            "start_impact",
            impact("all", draft("number", "`invoice-number`")),
        )
        .unwrap();
    assert_eq!(same["changed"], 0, "{same}");
    let which =
        of(json!({ "level": "account", "scope": ACCOUNT, "model": MODEL, "field": "number" }));
    let history = stage.call("override_history", json!({ "which": which }));
    assert_eq!(history.unwrap(), json!([]));
    for (draft, code) in [
        (draft("number", "a +"), "expression_syntax"),
        (draft("nmber", "id"), "field_unknown"),
    ] {
        assert_eq!(stage.code("start_impact", impact("all", draft)), code);
    }
}

#[test]
fn an_impact_that_takes_long_is_ended() {
    let Some((stage, _)) = stored() else {
        return;
    };
    // Nobody runs under this id: no fault.
    let nothing = json!({ "id": "nothing" });
    assert_eq!(stage.call("cancel_impact", nothing).unwrap(), Value::Null);
    let slow = impact("slow", draft("number", "$string($sum([1..200000]))"));
    let (window, runtime) = (stage.window.clone(), stage.runtime.handle().clone());
    let impact = std::thread::spawn(move || {
        let _inside = runtime.enter();
        mock::call(&window, "start_impact", slow)
    });
    let until = Instant::now() + Duration::from_mins(1);
    while !impact.is_finished() {
        assert!(Instant::now() < until, "the impact does not end");
        let slow = json!({ "id": "slow" });
        stage.call("cancel_impact", slow).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    let ended = impact.join().unwrap().unwrap_err();
    assert_eq!(ended["code"], "cancelled", "{ended}");
}
