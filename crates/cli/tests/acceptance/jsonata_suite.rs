//! The official JSONata suite through `xwalk jsonata --batch`, held against the lists of what is known to differ. The
//! suite itself is not part of this repository.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::workspace::Workspace;

/// Cases that are not answered as the reference answers them, by number, and why.
const OTHER_ANSWER: [(u64, &str); 0] = [];

/// Cases that end with an error, as they should, but under another code than the reference's.
const OTHER_CODE: [(u64, &str); 2] = [
    (
        405,
        "half a surrogate pair in the expression: refused as a line, before the function",
    ),
    (408, "the same"),
];

/// How many cases the suite has.
const CASES: usize = 1_686;

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

fn listed(known: &[(u64, &'static str)]) -> BTreeMap<u64, String> {
    known
        .iter()
        .map(|(id, why)| (*id, (*why).to_owned()))
        .collect()
}

/// The answer to a line by itself.
fn alone(line: &str) -> String {
    let outcome = Workspace::bare().json_with(&["jsonata", "--batch"], line.as_bytes());
    outcome.exits(0).stdout.trim_end().to_owned()
}

#[test]
fn the_official_suite_is_answered_but_for_what_is_listed() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/jsonata-suite.jsonl");
    let Ok(suite) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let cases: Vec<&str> = suite.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(cases.len(), CASES);
    let outcome = Workspace::bare().json_with(&["jsonata", "--batch"], suite.as_bytes());
    outcome.exits(0);
    let answers: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(answers.len(), CASES, "a line for every line");
    let (mut wrong, mut codes) = (BTreeMap::new(), BTreeMap::new());
    for (case, line) in cases.iter().zip(answers) {
        // A sequence of ten million items takes half of what a line may work, and more where others use the memory.
        let again = line.contains("expression_time") && case.contains("10000");
        let line = &if again { alone(case) } else { line.to_owned() };
        // Half a surrogate pair: no text of ours can hold it, which is an error for the reference too.
        let case: Value = serde_json::from_str(&case.replace("\\ud800", "")).unwrap();
        let answer: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        let (want, id) = (&case["want"], case["id"].as_u64().unwrap());
        let right = match want["k"].as_str().unwrap() {
            "val" => answer
                .get("value")
                .is_some_and(|value| same(value, &want["v"])),
            "undef" => answer.get("undefined").is_some(),
            _ => answer.get("error").is_some(),
        };
        let shown = format!("{} gives {line:.200}, the reference {want}", case["expr"]);
        if !right {
            wrong.insert(id, shown);
        } else if answer
            .get("error")
            .is_some_and(|error| error["code"] != want["code"])
        {
            codes.insert(id, shown);
        }
    }
    for (found, known) in [(&wrong, &OTHER_ANSWER[..]), (&codes, &OTHER_CODE[..])] {
        let known = listed(known);
        let ids = |of: &BTreeMap<u64, String>| of.keys().copied().collect::<Vec<_>>();
        assert_eq!(
            ids(found),
            ids(&known),
            "found {found:#?}, listed {known:#?}"
        );
    }
    println!("{} of {CASES} as the reference", CASES - wrong.len());
    assert!(CASES - wrong.len() >= 1_683);
}
