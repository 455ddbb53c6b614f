//! The oracle of lineage: change one raw leaf, evaluate again; no change may fall outside of the lineage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crosswalk_connector::{Catalogue, Definition, Mapping};
use crosswalk_mapping::{Compiled, Engine, Jsonata, Lineage};
use serde_json::Value;

/// The way from the root to one leaf.
#[derive(Clone)]
enum Step {
    Key(String),
    Index(usize),
}

/// Every scalar and every empty container, with the way to it.
fn leaves(value: &Value, at: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                at.push(Step::Key(key.clone()));
                leaves(value, at, found);
                at.pop();
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                at.push(Step::Index(index));
                leaves(value, at, found);
                at.pop();
            }
        }
        _ => found.push(at.clone()),
    }
}

fn step<'v>(value: &'v mut Value, step: &Step) -> &'v mut Value {
    match step {
        Step::Key(key) => value.get_mut(key).unwrap(),
        Step::Index(index) => value.get_mut(index).unwrap(),
    }
}

/// The record with one leaf gone, and with it changed into another text and another number.
fn changed(record: &Value, way: &[Step]) -> Vec<Value> {
    let (last, before) = way.split_last().unwrap();
    let mut gone = record.clone();
    match (before.iter().fold(&mut gone, step), last) {
        (Value::Object(entries), Step::Key(key)) => drop(entries.remove(key)),
        (Value::Array(items), Step::Index(index)) => drop(items.remove(*index)),
        _ => unreachable!("the way leads through containers"),
    }
    let with = |value: Value| {
        let mut other = record.clone();
        *way.iter().fold(&mut other, step) = value;
        other
    };
    vec![
        gone,
        with(Value::from("zzz")),
        with(Value::from(987_654_321)),
    ]
}

/// The value as text, or nothing but that it failed: messages may quote anything.
fn outcome(engine: &mut Jsonata, expression: &str, record: &Value) -> String {
    let record = engine.read(record.to_string().as_bytes()).unwrap();
    evaluated(engine, expression, &record)
}

/// The same of a record from which everything outside of the lineage was left out at once.
fn outcome_without_the_rest(
    engine: &mut Jsonata,
    expression: &str,
    lineage: &Lineage,
    record: &Value,
) -> String {
    let record = engine
        .read_for(record.to_string().as_bytes(), lineage)
        .unwrap();
    evaluated(engine, expression, &record)
}

fn evaluated(engine: &mut Jsonata, expression: &str, record: &crosswalk_mapping::Value) -> String {
    match engine.compile(expression) {
        Ok(compiled) => compiled_outcome(engine, &compiled, record),
        Err(_) => "failed".to_owned(),
    }
}

fn compiled_outcome(
    engine: &mut Jsonata,
    compiled: &Compiled,
    record: &crosswalk_mapping::Value,
) -> String {
    let limit = Duration::from_secs(1);
    match engine.within(limit, |engine| engine.evaluate(compiled, record)) {
        Ok(None) => "undefined".to_owned(),
        Ok(Some(value)) => value.to_json().unwrap(),
        Err(_) => "failed".to_owned(),
    }
}

/// The leaves whose change shows although the lineage does not hold them.
fn violations(
    engine: &mut Jsonata,
    expression: &str,
    lineage: &Lineage,
    record: &Value,
    most: usize,
) -> Vec<String> {
    let mut ways = Vec::new();
    leaves(record, &mut Vec::new(), &mut ways);
    let outside: Vec<&Vec<Step>> = ways
        .iter()
        .filter(|way| !way.is_empty() && !lineage.touches(&keys(way)))
        .collect();
    let before = outcome(engine, expression, record);
    let alone = outcome_without_the_rest(engine, expression, lineage, record);
    let mut violations = Vec::new();
    if alone != before {
        violations.push(format!(
            "{expression}\n  reads {:?}\n  but without the rest {before:.80} is {alone:.80}",
            lineage.paths().collect::<Vec<_>>(),
        ));
    }
    // Evenly spread over the record.
    let stride = outside.len().div_ceil(most).max(1);
    for way in outside.into_iter().step_by(stride) {
        for other in changed(record, way) {
            let after = outcome(engine, expression, &other);
            if after != before {
                violations.push(format!(
                    "{expression}\n  reads {:?}\n  but {} changes {before:.80} into {after:.80}",
                    lineage.paths().collect::<Vec<_>>(),
                    keys(way).join("."),
                ));
            }
        }
    }
    violations
}

fn keys(way: &[Step]) -> Vec<&str> {
    way.iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn no_expression_of_the_official_suite_reads_outside_of_its_lineage() {
    let path = root().join("../shared/data/jsonata-suite.jsonl");
    let Ok(suite) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let mut engine = Jsonata::new().unwrap();
    let (mut cases, mut whole, mut wrong) = (0, 0, Vec::new());
    for line in suite.lines() {
        let Ok(case) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let expression = case["expr"].as_str().unwrap();
        let bound = case["bindings"]
            .as_object()
            .is_some_and(|all| !all.is_empty());
        let restless = ["$random", "$now", "$millis", "$shuffle"];
        if !case["data"].is_object()
            || bound
            || restless.iter().any(|name| expression.contains(name))
            || case.get("depth").is_some()
        {
            continue;
        }
        let Ok(lineage) = Lineage::of(expression) else {
            continue;
        };
        cases += 1;
        whole += usize::from(lineage.is_whole_record());
        wrong.extend(violations(
            &mut engine,
            expression,
            &lineage,
            &case["data"],
            10,
        ));
    }
    println!("{cases} expressions, {whole} read the whole record");
    assert!(
        wrong.is_empty(),
        "{} violations\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cases > 700, "{cases}");
    assert!(
        whole * 4 < cases,
        "{whole} of {cases} say no more than the whole record"
    );
}

/// One field of a shipped mapping, ready to be evaluated again and again.
struct Field {
    expression: String,
    compiled: Compiled,
    lineage: Lineage,
    /// What it came out as on the record as it is.
    before: String,
}

/// Whether a field may look at the leaf: its lineage says so, or the leaf is one of those the provider does not
/// document and the field reads all of these.
fn may_read(lineage: &Lineage, known: &BTreeSet<String>, keys: &[&str]) -> bool {
    let undocumented = keys.first().is_some_and(|root| !known.contains(*root));
    lineage.touches(keys) || (lineage.reads_unknown_fields() && undocumented)
}

/// Every leaf of a record changed in turn under all fields at once: how many changes were made, and those that
/// showed in a field outside whose lineage they lie.
fn record_violations(
    engine: &mut Jsonata,
    fields: &mut [Field],
    known: &BTreeSet<String>,
    record: &Value,
) -> (usize, Vec<String>) {
    let read = engine.read(record.to_string().as_bytes()).unwrap();
    let mut wrong = Vec::new();
    for field in fields.iter_mut() {
        field.before = compiled_outcome(engine, &field.compiled, &read);
        let alone = outcome_without_the_rest(engine, &field.expression, &field.lineage, record);
        if alone != field.before {
            wrong.push(format!(
                "{}: {alone:.80} without the rest",
                field.expression
            ));
        }
    }
    let (mut ways, mut changes) = (Vec::new(), 0);
    leaves(record, &mut Vec::new(), &mut ways);
    for (number, way) in ways.iter().enumerate() {
        let keys = keys(way);
        // Gone, and another value: a text and a number by turns, since every leaf is tried.
        let [gone, text, figure] = <[Value; 3]>::try_from(changed(record, way)).unwrap();
        let other = if number % 2 == 0 { text } else { figure };
        for other in [gone, other] {
            changes += 1;
            let read = engine.read(other.to_string().as_bytes()).unwrap();
            for field in fields.iter() {
                if may_read(&field.lineage, known, &keys) {
                    continue;
                }
                let after = compiled_outcome(engine, &field.compiled, &read);
                if after != field.before {
                    wrong.push(format!(
                        "{}\n  reads {:?}\n  but {} changes {:.80} into {after:.80}",
                        field.expression,
                        field.lineage.paths().collect::<Vec<_>>(),
                        keys.join("."),
                        field.before,
                    ));
                }
            }
        }
    }
    (changes, wrong)
}

/// What the oracle went through.
#[derive(Default)]
struct Tally {
    expressions: usize,
    records: usize,
    changes: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// All samples of a mapping's resource under all of its fields.
    fn add(&mut self, engine: &mut Jsonata, definition: &Definition, mapping: &Mapping) {
        let resource = &definition.connector.resources[&mapping.resource];
        let known: BTreeSet<String> = resource.known_fields.iter().cloned().collect();
        engine.set_known_fields(Some(known.clone()));
        let mut fields: Vec<Field> = mapping
            .fields
            .values()
            .map(|expression| Field {
                expression: expression.clone(),
                compiled: engine.compile(expression).unwrap(),
                lineage: Lineage::of(expression).unwrap(),
                before: String::new(),
            })
            .collect();
        for field in &fields {
            assert!(!field.lineage.is_whole_record(), "{}", field.expression);
        }
        self.expressions += fields.len();
        let samples = definition
            .samples
            .iter()
            .filter(|sample| sample.resource == mapping.resource);
        for sample in samples {
            let records = match serde_json::from_slice(&sample.json).unwrap() {
                Value::Array(records) => records,
                record => vec![record],
            };
            for record in &records {
                let (changes, wrong) = record_violations(engine, &mut fields, &known, record);
                self.records += 1;
                self.changes += changes;
                self.wrong.extend(wrong);
            }
        }
    }
}

#[test]
fn no_shipped_mapping_reads_outside_of_its_lineage() {
    let shipped: Vec<(&Definition, &Mapping)> = Catalogue::builtin()
        .catalogue
        .iter()
        .flat_map(|definition| {
            definition
                .mappings
                .iter()
                .map(move |own| (&**definition, own))
        })
        .collect();
    // An engine belongs to one thread; two share the work.
    let tallies = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let shipped = &shipped;
            scope.spawn(move || {
                let mut engine = Jsonata::new().unwrap();
                let mut tally = Tally::default();
                for (definition, mapping) in shipped.iter().skip(half).step_by(2) {
                    tally.add(&mut engine, definition, mapping);
                }
                tally
            })
        });
        halves.map(|half| half.join().unwrap())
    });
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let wrong: Vec<&String> = tallies.iter().flat_map(|tally| &tally.wrong).collect();
    let expressions = sum(|tally| tally.expressions);
    let records = sum(|tally| tally.records);
    let changes = sum(|tally| tally.changes);
    println!("{expressions} expressions on {records} samples, {changes} changes");
    assert!(wrong.is_empty(), "{} violations\n{wrong:#?}", wrong.len());
    assert!(expressions > 200 && records > 40 && changes > 10_000);
}

/// What a function is called on at the root is the record itself, also where no argument says so.
#[test]
fn nothing_called_on_the_record_itself_reads_outside_of_its_lineage() {
    let mut engine = Jsonata::new().unwrap();
    let record = serde_json::json!({
        "name": "acme",
        "supplier": {"name": "steel", "id": 7},
        "total": 5,
        "tags": ["a", "b"],
        "lines": [{"price": 1, "code": "x"}, {"price": 2}],
    });
    let signed = "function($r)<o-:s>{ $r.name }()";
    assert_eq!(outcome(&mut engine, signed, &record), "\"acme\"");
    let mut wrong = Vec::new();
    for expression in [
        signed,
        "($f := function($r)<o-:s>{ $r.name }; $f())",
        "supplier.(function($r)<o-:s>{ $r.name }())",
        "($f := function($a, $b)<s?o:s>{ $b.name }; $f(supplier))",
        "($f := function($a, $b)<s-o?:s>{ $b.name }; name.$f(supplier))",
        "function($n)<n:n>{ 1 }(total)",
        "function($a)<a<s>:n>{ $count($a) }(tags)",
        "$map(lines, function($l)<o:n>{ $l.price })",
        "$string()",
        "$keys()",
        "$spread()",
        "$lookup('name')",
        "$each(function($v, $k){ $k })",
        "$sift(function($v){ $v = 'acme' })",
    ] {
        let lineage = Lineage::of(expression).unwrap();
        wrong.extend(violations(&mut engine, expression, &lineage, &record, 20));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_oracle_notices_a_lineage_that_says_too_little() {
    let mut engine = Jsonata::new().unwrap();
    let record = serde_json::json!({"a": {"b": 1}, "c": 2});
    let short = Lineage::of("c").unwrap();
    assert_eq!(
        violations(&mut engine, "a.b + c", &short, &record, 8).len(),
        4
    );
}
