//! `xwalk jsonata`, with expressions that mean harm.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::outcome::has_keys;
use crate::support::workspace::Workspace;

fn evaluates(workspace: &Workspace, expression: &str, input: &str) -> Value {
    workspace
        .json_with(&["jsonata", expression], input.as_bytes())
        .done()
}

#[test]
fn an_expression_on_the_json_of_stdin() {
    let workspace = Workspace::bare();
    assert_eq!(
        evaluates(&workspace, "a.b", r#"{"a":{"b":[1,2]}}"#),
        json!([1, 2])
    );
    assert_eq!(evaluates(&workspace, "1 + 2", ""), json!(3));
    assert_eq!(
        evaluates(&workspace, "`invoice-number`", r#"{"invoice-number":"A"}"#),
        json!("A")
    );
    assert_eq!(
        evaluates(
            &workspace,
            "$decimal_sum(l.t)",
            r#"{"l":[{"t":"0.10"},{"t":"0.20"}]}"#
        ),
        json!("0.30")
    );
    let human = crate::support::running::Running::start(
        "jsonata".into(),
        workspace.command(&["jsonata", "a"]),
        br#"{"a":"text"}"#,
    );
    assert!(human.outcome().exits(0).stdout.contains("text"));
    assert!(!workspace.folder().exists(), "it opens no workspace");
}

#[test]
fn expressions_and_inputs_that_are_none() {
    let workspace = Workspace::bare();
    let error = workspace.json_with(&["jsonata", "a.(b"], b"{}").fails(2);
    assert!(
        error.to_string().contains("position")
            || error["message"].as_str().unwrap().contains("character"),
        "{error}"
    );
    workspace
        .json_with(&["jsonata", "a"], b"{not json")
        .fails(2);
    workspace.json_with(&["jsonata", "a"], b"\xff\xfe").fails(2);
    workspace.json(&["jsonata"]).fails(2);
    assert_eq!(error["code"], "expression_syntax");
    for (expression, own) in [
        ("1 + \"x\"", "T2002"),
        ("$error(\"this is an error\")", "D3137"),
        ("$nosuch(1)", "T1006"),
    ] {
        let error = workspace
            .json_with(&["jsonata", expression], b"{}")
            .fails(1);
        assert_eq!(error["code"], "expression_failed", "{error}");
        assert!(error["message"].to_string().contains(own), "{error}");
        // A batch is for comparing engines: there the language's own code comes first.
        let line = json!({ "expr": expression, "data": {} }).to_string();
        let answer = &workspace
            .json_with(&["jsonata", "--batch"], line.as_bytes())
            .exits(0)
            .lines()[0]["error"];
        assert_eq!(
            (&answer["code"], &answer["kind"]),
            (&json!(own), &json!("expression_failed")),
            "{answer}"
        );
    }
}

#[test]
fn an_expression_that_loops_or_eats_memory_is_ended() {
    let workspace = Workspace::bare();
    for expression in [
        "($f := function($x) { $f($x + 1) }; $f(0))",
        "($f := function($x) { $f($x) + 1 }; $f(0))",
        "$map([1..9999999], function($v) { $map([1..9999999], function($w) { $v * $w }) })",
        "($f := function($s) { $f($s & $s) }; $f(\"0123456789abcdef\"))",
        "$string([1..9999999]) & $string([1..9999999]) & $string([1..9999999])",
    ] {
        let begun = Instant::now();
        let outcome = workspace.json_with(&["jsonata", expression], b"{}");
        if outcome.code == Some(0) {
            // A tail call may run to the time limit or, at the last one, fit; it never harms.
            assert!(expression.starts_with("$string"), "{outcome}");
        } else {
            outcome.fails(1);
        }
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{expression}: {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn a_batch_gives_a_line_for_every_line() {
    let workspace = Workspace::bare();
    let cases = [
        r#"{"expr":"a","data":{"a":1}}"#,
        r#"{"expr":"b","data":{"a":1}}"#,
        r#"{"expr":"$x + 1","data":null,"bindings":{"x":41}}"#,
        r#"{"expr":"a.(b","data":{}}"#,
        r#"{"expr":"1 + \"x\"","data":{}}"#,
        r#"{"expr":"($f := function($x) { $f($x) + 1 }; $f(0))","data":{}}"#,
        r#"{"expr":"$string([1..9999999]) & $string([1..9999999]) & $string([1..9999999])","data":{}}"#,
        "this is no JSON",
        r#"{"data":{}}"#,
        r#"{"expr":"$","data":null}"#,
        r#"{"expr":"$exists($)"}"#,
        r#"{"expr":"[]","data":{}}"#,
        r#"{"expr":"x","data":{"x":"1050.10"}}"#,
    ];
    let outcome = workspace.json_with(
        &["jsonata", "--batch"],
        (cases.join("\n") + "\n").as_bytes(),
    );
    let lines = outcome.exits(0).lines();
    assert_eq!(lines.len(), cases.len(), "{outcome}");
    assert_eq!(lines[0], json!({ "value": 1 }));
    assert_eq!(lines[1], json!({ "undefined": true }));
    assert_eq!(lines[2], json!({ "value": 42 }));
    for bad in [3, 4, 5, 7, 8] {
        has_keys(&lines[bad]["error"], &["code", "message", "position"]);
        assert_eq!(lines[bad].as_object().unwrap().len(), 1, "{}", cases[bad]);
    }
    assert!(lines[3]["error"]["position"].is_number(), "{}", lines[3]);
    assert_eq!(lines[9], json!({ "value": null }));
    assert_eq!(
        lines[10],
        json!({ "value": false }),
        "no data: undefined input"
    );
    assert_eq!(lines[11], json!({ "value": [] }));
    assert_eq!(lines[12], json!({ "value": "1050.10" }));
    let without_json = crate::support::running::Running::start(
        "jsonata --batch".into(),
        workspace.command(&["jsonata", "--batch"]),
        cases[0].as_bytes(),
    );
    assert_eq!(
        without_json.outcome().exits(0).lines(),
        [json!({ "value": 1 })]
    );
    assert_eq!(
        workspace
            .json_with(&["jsonata", "--batch"], b"")
            .exits(0)
            .stdout,
        ""
    );
}
