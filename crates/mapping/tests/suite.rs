//! The official JSONata suite through the batch. The suite itself is not part of this repository.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::path::Path;
use std::time::Duration;

use crosswalk_mapping::{Jsonata, answer_line};
use serde_json::Value;

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

#[test]
fn the_official_suite_is_answered_as_the_reference_answers() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/jsonata-suite.jsonl");
    let Ok(suite) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let mut engine = Jsonata::new().unwrap();
    let mut wrong = Vec::new();
    let mut codes = 0;
    for line in suite.lines() {
        // Half a surrogate pair in an expression: no string of ours can hold it, the reference answers an error too.
        let readable = line.replace("\\ud800", "");
        let case: Value = serde_json::from_str(&readable).unwrap();
        let answer = answer_line(&mut engine, line, Duration::from_secs(5));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let want = &case["want"];
        let right = match want["k"].as_str().unwrap() {
            "val" => answer
                .get("value")
                .is_some_and(|value| same(value, &want["v"])),
            "undef" => answer.get("undefined").is_some(),
            _ => {
                if answer["error"]["code"] == want["code"] {
                    codes += 1;
                } else if answer.get("error").is_some() {
                    println!(
                        "{} {}: {} for {}",
                        case["id"], case["expr"], answer, want["code"]
                    );
                }
                answer.get("error").is_some()
            }
        };
        if !right {
            wrong.push(case["id"].as_u64().unwrap());
            println!(
                "{} {}\n  want {want}\n  got  {answer}",
                case["id"], case["expr"]
            );
        }
    }
    println!("codes as the reference's: {codes}");
    assert_eq!(wrong, Vec::<u64>::new());
    assert!(codes >= 285, "{codes}");
}
