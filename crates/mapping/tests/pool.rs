//! Records through real worker processes: results, order, limits, deaths.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use crosswalk_connector::{Mapping, Model, SharedTypes};
use crosswalk_mapping::{
    EffectiveMapping, ExpressionError, Overrides, Pool, RawRecord, RecordResult, Selection, Status,
    WorkerCommand,
};
use serde_json::{Value, json};

fn pool(size: usize) -> Pool {
    let command = WorkerCommand::new(env!("CARGO_BIN_EXE_crosswalk-worker"), []);
    Pool::new(command, size)
}

/// A mapping whose fields have these types and expressions.
fn mapping(fields: &[(&str, Value, &str)]) -> Arc<EffectiveMapping> {
    let types: serde_json::Map<String, Value> = fields
        .iter()
        .filter(|(name, ..)| !name.starts_with("custom_fields."))
        .map(|(name, kind, _)| ((*name).to_owned(), json!({"type": kind})))
        .collect();
    let expressions: serde_json::Map<String, Value> = fields
        .iter()
        .map(|(name, _, expression)| ((*name).to_owned(), json!(expression)))
        .collect();
    let model: Model = serde_json::from_value(json!({
        "format": 1, "model": "test/thing", "label": "Thing", "description": "A thing.", "fields": types,
    }))
    .unwrap();
    let own: Mapping = serde_json::from_value(json!({
        "format": 1, "model": "test/thing", "resource": "things", "fields": expressions,
    }))
    .unwrap();
    let shared: SharedTypes = serde_json::from_value(json!({"format": 1, "types": {}})).unwrap();
    Arc::new(
        EffectiveMapping::merge(
            &model,
            &shared,
            &own,
            "1",
            &Overrides::new(),
            &Overrides::new(),
        )
        .unwrap(),
    )
}

fn record(key: i32, raw: &Value) -> RawRecord {
    RawRecord {
        key: key.to_string(),
        raw: raw.to_string().into_bytes(),
        selection: None,
    }
}

fn unified(result: &RecordResult) -> Value {
    serde_json::from_str(result.unified.as_deref().unwrap()).unwrap()
}

#[tokio::test]
async fn records_come_back_mapped_and_in_order() {
    let mapping = mapping(&[
        ("id", json!("id"), "id"),
        ("total", json!("decimal"), "$decimal_sum(lines.amount)"),
        (
            "lines",
            json!({"list": {"object": {"amount": {"type": "decimal"}}}}),
            "lines.{\"amount\": amount}",
        ),
        ("status", json!({"enum": ["open", "paid"]}), "status"),
        ("custom_fields", json!({"map": "any"}), "`custom-fields`"),
        ("custom_fields.owner", json!("any"), "owner.login"),
    ]);
    let records = (0..300)
        .map(|id| {
            record(
                id,
                &json!({"id": id, "status": "paid", "lines": [{"amount": "0.10"}, {"amount": "0.25"}],
                    "custom-fields": {"owner": "x", "area": 7}, "owner": {"login": "ada"}}),
            )
        })
        .collect();
    let results = pool(2).evaluate(records, &mapping).await.unwrap();
    assert_eq!(results.len(), 300);
    for (id, result) in results.iter().enumerate() {
        assert_eq!(result.key, id.to_string());
        assert!(
            result.fields.iter().all(|field| field.status == Status::Ok),
            "{result:?}"
        );
        assert_eq!(
            unified(result),
            json!({"id": id.to_string(), "total": "0.35", "lines": [{"amount": "0.10"}, {"amount": "0.25"}],
                "status": "paid", "custom_fields": {"area": 7, "owner": "ada"}})
        );
    }
}

#[tokio::test]
async fn custom_fields_can_be_a_list_and_hold_what_nobody_documented() {
    let element = json!({"object": {"key": {"type": "string"}, "value": {"type": "any"},
        "namespace": {"type": {"enum": ["custom", "global", "mapped"]}}}});
    let plain = mapping(&[
        (
            "custom_fields",
            json!({"list": element}),
            "[$each(extra, function($v, $k) {{\"key\": $k, \"value\": $v, \"namespace\": \"custom\"}}),
              $each($unknown_fields(), function($v, $k) {{\"key\": $k, \"value\": $v, \"namespace\": \"global\"}})]",
        ),
        ("custom_fields.owner", json!("any"), "owner.login"),
    ]);
    let raw = json!({"id": 1, "extra": {"area": 7, "owner": "x"}, "owner": {"login": "ada"}, "old": null, "dept": "9"});
    let custom = |space: &str, key: &str, value: Value| json!({"key": key, "value": value, "namespace": space});
    let mapped = custom("mapped", "owner", json!("ada"));
    // Nobody said what is documented: nothing is unknown.
    let results = pool(1)
        .evaluate(vec![record(1, &raw)], &plain)
        .await
        .unwrap();
    assert_eq!(
        unified(&results[0]),
        json!({"custom_fields": [custom("custom", "area", json!(7)), mapped]})
    );
    let knowing = plain
        .as_ref()
        .clone()
        .with_known_fields(["id", "extra", "owner"]);
    let knowing = Arc::new(knowing);
    let results = pool(1)
        .evaluate(vec![record(1, &raw)], &knowing)
        .await
        .unwrap();
    assert_eq!(
        unified(&results[0]),
        json!({"custom_fields": [
            custom("custom", "area", json!(7)), custom("global", "old", Value::Null),
            custom("global", "dept", json!("9")), mapped,
        ]})
    );
    let report = results[0].report(&knowing, &raw);
    assert_eq!(report["custom_fields"].reads, ["extra", "old", "dept"]);
    assert_eq!(report["custom_fields.owner"].reads, ["owner.login"]);
    assert!(knowing.lineage().touches(&["extra"]));
    assert!(!knowing.lineage_by_name().touches(&["extra"]));
    assert!(knowing.lineage_by_name().touches(&["owner", "login"]));
}

#[tokio::test]
async fn each_expression_that_runs_away_costs_its_own_field_only() {
    let runaways = [
        ("pad", "$pad('a', 1000000000)", "expression_memory"),
        (
            "doubling",
            "($f := function($s, $n){ $n = 0 ? $length($s) : $f($s & $s, $n - 1) }; $f('abcdefgh', 40))",
            "expression_memory",
        ),
        ("range", "$sum([1..1000000000])", "expression_failed"),
        (
            "ranges",
            "$count([1..9000000].[$, $, $, $, $])",
            "expression_memory",
        ),
        (
            "distinct",
            "$count($distinct([1..200000]))",
            "expression_time",
        ),
        (
            "recursion",
            "($f := function($n){ 1 + $f($n + 1) }; $f(0))",
            "expression_depth",
        ),
        (
            "loop",
            "($f := function(){ $f() }; $f())",
            "expression_time",
        ),
    ];
    let pool = pool(2);
    for (name, expression, code) in runaways {
        let mapping = mapping(&[
            ("before", json!("string"), "a"),
            ("bad", json!("any"), expression),
            ("after", json!("string"), "b"),
        ]);
        let start = Instant::now();
        let results = pool
            .evaluate(vec![record(1, &json!({"a": "x", "b": "y"}))], &mapping)
            .await
            .unwrap();
        let took = start.elapsed();
        let codes: Vec<Option<&str>> = results[0]
            .fields
            .iter()
            .map(|field| field.code.as_deref())
            .collect();
        assert_eq!(codes[1], Some(code), "{name}: {results:?}");
        assert_eq!(
            unified(&results[0]),
            json!({"before": "x", "bad": null, "after": "y"}),
            "{name}"
        );
        assert!(
            took < Duration::from_millis(3 * 1500),
            "{name} took {took:?}"
        );
        let start = Instant::now();
        let fine = pool.evaluate_expr("a", b"{\"a\":1}").await.unwrap();
        assert_eq!(fine, Ok(Some("1".to_owned())));
        assert!(
            start.elapsed() < Duration::from_millis(300),
            "{name}: back after {:?}",
            start.elapsed()
        );
    }
}

#[tokio::test]
async fn one_deadly_record_does_not_cost_the_others() {
    let mapping = mapping(&[
        ("id", json!("id"), "id"),
        (
            "bad",
            json!("any"),
            "bomb ? $length($pad('a', 1000000000)) : 0",
        ),
    ]);
    let records = (0..100)
        .map(|id| record(id, &json!({"id": id, "bomb": id == 41})))
        .collect();
    let results = pool(1).evaluate(records, &mapping).await.unwrap();
    for (id, result) in results.iter().enumerate() {
        assert_eq!(unified(result)["id"], json!(id.to_string()));
        let wanted = if id == 41 { Status::Error } else { Status::Ok };
        assert_eq!(result.fields[1].status, wanted, "{id}");
    }
    assert_eq!(
        results[41].fields[1].message.as_deref(),
        Some("the expression needs too much memory")
    );
}

#[tokio::test]
async fn a_field_that_always_runs_away_is_not_tried_for_ever() {
    let mapping = mapping(&[
        ("id", json!("id"), "id"),
        ("bad", json!("any"), "$length($pad('a', 1000000000))"),
    ]);
    let records = (0..200).map(|id| record(id, &json!({"id": id}))).collect();
    let start = Instant::now();
    let results = pool(1).evaluate(records, &mapping).await.unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert!(
        results
            .iter()
            .all(|result| result.fields[1].status == Status::Error)
    );
    assert!(
        results
            .iter()
            .all(|result| result.fields[0].status == Status::Ok)
    );
    assert!(
        results[199].fields[1]
            .message
            .as_deref()
            .unwrap()
            .contains("not tried")
    );
}

#[tokio::test]
async fn what_was_not_fetched_is_said_and_not_evaluated() {
    let mapping = mapping(&[
        ("number", json!("string"), "number"),
        ("supplier", json!("string"), "supplier.name"),
        ("keys", json!("any"), "$keys($)"),
    ]);
    let mut selection = Selection::empty();
    selection.add(&["number"]);
    selection.add(&["supplier", "id"]);
    let mut narrow = record(1, &json!({"number": "7", "supplier": {"id": 1}}));
    narrow.selection = Some(Arc::new(selection));
    let whole = record(2, &json!({"number": "8", "supplier": {"name": "Ada"}}));
    let results = pool(1)
        .evaluate(vec![narrow, whole], &mapping)
        .await
        .unwrap();
    let statuses = |result: &RecordResult| -> Vec<Status> {
        result.fields.iter().map(|field| field.status).collect()
    };
    assert_eq!(
        statuses(&results[0]),
        [Status::Ok, Status::NotFetched, Status::NotFetched]
    );
    assert!(
        results[0].fields[1]
            .message
            .as_deref()
            .unwrap()
            .starts_with("supplier.name was not fetched")
    );
    assert_eq!(statuses(&results[1]), [Status::Ok, Status::Ok, Status::Ok]);
}

#[tokio::test]
async fn records_that_cannot_be_read_say_so() {
    let mapping = mapping(&[("id", json!("id"), "id")]);
    let raws: [(&[u8], &str); 5] = [
        (b"{\"id\":1}", ""),
        (b"{\"id\":", "record_syntax"),
        (b"{\"id\":\"\xff\"}", "record_encoding"),
        (&b"[".repeat(100_000), "record_depth"),
        (b"", "record_syntax"),
    ];
    let records = raws
        .iter()
        .map(|(raw, _)| RawRecord {
            key: String::new(),
            raw: raw.to_vec(),
            selection: None,
        })
        .collect();
    let results = pool(1).evaluate(records, &mapping).await.unwrap();
    for ((raw, code), result) in raws.iter().zip(&results) {
        let found = result
            .error
            .as_ref()
            .map_or("", |fault| fault.code.as_str());
        assert_eq!(
            found,
            *code,
            "{}",
            String::from_utf8_lossy(&raw[..raw.len().min(20)])
        );
    }
}

#[tokio::test]
async fn a_value_too_deep_for_other_readers_is_not_handed_on() {
    let mapping = mapping(&[
        ("id", json!("id"), "id"),
        (
            "deep",
            json!("any"),
            "$reduce([1..20000], function($a, $b){ [[$a]] })",
        ),
    ]);
    let results = pool(1)
        .evaluate(vec![record(1, &json!({"id": 1}))], &mapping)
        .await
        .unwrap();
    assert_eq!(
        results[0].fields[1].status,
        Status::WrongType,
        "{results:?}"
    );
    assert_eq!(unified(&results[0]), json!({"id": "1", "deep": null}));
}

#[tokio::test]
async fn a_dropped_call_leaves_nothing_behind_for_the_next() {
    let pool = pool(1);
    let slow = pool.evaluate_expr("($f := function(){ $f() }; $f())", b"{}");
    assert!(
        tokio::time::timeout(Duration::from_millis(50), slow)
            .await
            .is_err()
    );
    let start = Instant::now();
    assert_eq!(
        pool.evaluate_expr("1 + 1", b"{}").await.unwrap(),
        Ok(Some("2".to_owned()))
    );
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[tokio::test]
async fn expressions_give_values_undefined_or_their_error() {
    let pool = pool(1);
    let value = pool
        .evaluate_expr("a.b", b"{\"a\":{\"b\":[1,\"x\"]}}")
        .await
        .unwrap();
    assert_eq!(value, Ok(Some("[1,\"x\"]".to_owned())));
    assert_eq!(pool.evaluate_expr("a", b"{}").await.unwrap(), Ok(None));
    match pool.evaluate_expr("a +", b"{}").await.unwrap() {
        Err(ExpressionError::Syntax { code, position, .. }) => {
            assert_eq!((code.as_deref(), position), (Some("S0207"), Some(3)));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        pool.evaluate_expr("$number('x')", b"{}").await.unwrap(),
        Err(ExpressionError::Failed { .. })
    ));
}

#[tokio::test]
async fn batch_lines_are_answered_even_when_a_worker_dies() {
    let pool = pool(1);
    for (line, wanted) in [
        (r#"{"expr":"a","data":{"a":null}}"#, r#"{"value":null}"#),
        (r#"{"expr":"a","data":{}}"#, r#"{"undefined":true}"#),
        (r#"{"expr":"$x + 1","bindings":{"x":2}}"#, r#"{"value":3}"#),
        (
            r#"{"expr":"$length($pad('a', 2000000000))"}"#,
            r#"{"error":{"code":"expression_memory","kind":"expression_memory","message":"the expression needs too much memory","position":null}}"#,
        ),
        (r#"{"expr":"1"}"#, r#"{"value":1}"#),
    ] {
        assert_eq!(pool.answer_line(line).await.unwrap(), wanted, "{line}");
    }
    assert!(
        pool.answer_line("nonsense")
            .await
            .unwrap()
            .contains("line_syntax")
    );
}

#[tokio::test]
async fn a_worker_that_is_none_is_an_error_of_the_pool() {
    let gone = Pool::new(WorkerCommand::new("/nowhere/worker", []), 1);
    assert_eq!(
        gone.evaluate_expr("1", b"{}").await.unwrap_err().code(),
        "worker_start"
    );
    #[cfg(unix)]
    {
        let other = Pool::new(WorkerCommand::new("/bin/true", []), 1);
        assert_eq!(
            other.evaluate_expr("1", b"{}").await.unwrap_err().code(),
            "worker_foreign"
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_has_no_environment_no_files_and_no_network() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_crosswalk-worker"))
        .env_clear()
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let process = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    // Its first frame says that it has shut itself in.
    let mut hello = [0; 8];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut hello).unwrap();
    // Only root may still look into it.
    match std::fs::read(process.join("environ")) {
        Ok(environment) => {
            assert_eq!(environment, b"");
            assert_eq!(
                std::fs::read_link(process.join("cwd")).unwrap().to_str(),
                Some("/")
            );
            assert_eq!(std::fs::read_dir(process.join("fd")).unwrap().count(), 3);
        }
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied),
    }
    let status = std::fs::read_to_string(process.join("status")).unwrap();
    assert!(status.contains("Seccomp:\t2"), "{status}");
    let limits = std::fs::read_to_string(process.join("limits")).unwrap();
    let cores = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    assert_eq!(
        cores.map(|line| line.split_whitespace().filter(|word| *word == "0").count()),
        Some(2),
        "{limits}"
    );
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}
