//! `xwalk jsonata --batch` under expressions that mean harm: each is an error of its own line, soon, and the lines
//! around it are answered.
//!
//! What is promised is 1.5 s to an error and 100 ms to the next line, of an idle machine. An expression is ended by what
//! it worked, and this machine is shared with other tests: the limits here are those by the clock, and
//! `cargo xtask bench` tells the figures.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::running::Guarded;
use crate::support::workspace::Workspace;

/// The longest an expression that means harm may keep its line waiting, however busy the machine.
const SOON: Duration = Duration::from_secs(12);

/// The longest the line after it may take, a fresh worker included.
const AT_ONCE: Duration = Duration::from_secs(2);

/// A batch that is asked line by line.
struct Batch {
    _child: Guarded,
    input: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    fn start(workspace: &Workspace) -> Self {
        let mut child = workspace
            .command(&["jsonata", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            _child: Guarded(child),
        }
    }

    /// The answer to one line, and how long it took.
    fn ask(&mut self, expression: &str, data: &Value) -> (Value, Duration) {
        let line = json!({"expr": expression, "data": data}).to_string();
        let begun = Instant::now();
        writeln!(self.input, "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let took = begun.elapsed();
        (serde_json::from_str(&answer).unwrap(), took)
    }
}

/// Expressions that mean harm, each with the kinds of error it may end with; none at all where it may also come out
/// with a value, as what is quick and small does.
fn harm() -> Vec<(&'static str, String, &'static [&'static str])> {
    const MEMORY: &[&str] = &["expression_memory", "expression_time", "expression_failed"];
    const TIME: &[&str] = &["expression_time"];
    const DEPTH: &[&str] = &["expression_depth", "expression_time", "expression_memory"];
    const SYNTAX: &[&str] = &["expression_syntax"];
    let (deep, wide) = (100_000, "a".repeat(50_000));
    let plain = |name, expression: &str, kinds| (name, expression.to_owned(), kinds);
    vec![
        plain("loop", "($f := function(){ $f() }; $f())", TIME),
        plain(
            "recursion",
            "($f := function($n){ 1 + $f($n + 1) }; $f(0))",
            DEPTH,
        ),
        plain(
            "two that call each other",
            "($f := function($n){ $g($n) & '' }; $g := function($n){ $f($n + 1) & '' }; $f(0))",
            DEPTH,
        ),
        plain("padding", "$length($pad('a', 1000000000))", MEMORY),
        plain(
            "doubling",
            "($f := function($s, $n){ $n = 0 ? $length($s) : $f($s & $s, $n - 1) }; $f('abcdefgh', 40))",
            MEMORY,
        ),
        plain("a billion", "$sum([1..1000000000])", &["expression_failed"]),
        plain("products", "$count([1..9999].([1..9999].(1)))", MEMORY),
        plain(
            "distinct",
            "$count($distinct([1..200000]))",
            &["expression_time", "expression_memory"],
        ),
        plain(
            "sorting by what never ends",
            "$sort([1..200000], function($l, $r){ $count([1..1000]) > 0 and $l > $r })",
            MEMORY,
        ),
        (
            "brackets",
            "(".repeat(deep) + "1" + &")".repeat(deep),
            SYNTAX,
        ),
        ("lists", "[".repeat(deep) + &"]".repeat(deep), SYNTAX),
        ("signs", "-".repeat(deep) + "1", SYNTAX),
        ("conditions", "a ? ".repeat(deep) + "1", SYNTAX),
        (
            "a match that tries everything",
            format!("$contains('{wide}!', /^(a+)+$/)"),
            &[],
        ),
        (
            "a pattern that is a thousand patterns",
            format!("$match('{wide}', /(((a{{1,90}}){{1,90}}){{1,90}}){{1,90}}/)"),
            &[],
        ),
        (
            "replacing for ever",
            format!("$replace('{wide}', /(a|aa)+$/, '$1$1$1$1')"),
            &[],
        ),
    ]
}

#[test]
fn harm_costs_its_own_line_and_little_time() {
    let workspace = Workspace::bare();
    let mut batch = Batch::start(&workspace);
    let data = json!({"a": 1});
    assert_eq!(batch.ask("a + 1", &data).0, json!({"value": 2}));
    for (name, expression, kinds) in harm() {
        let (answer, took) = batch.ask(&expression, &data);
        println!("{name}: {took:?} {answer:.120}");
        let error = &answer["error"];
        if kinds.is_empty() {
            assert_eq!(answer.as_object().unwrap().len(), 1, "{name}: {answer}");
        } else {
            let kind = error["kind"].as_str().unwrap_or_default();
            assert!(kinds.contains(&kind), "{name}: {answer:.300}");
            assert!(
                error["message"].as_str().is_some_and(|text| text.len() > 8),
                "{name}: {error}"
            );
        }
        assert!(took < SOON, "{name} took {took:?}");
        let (after, took) = batch.ask("a + 1", &data);
        assert_eq!(after, json!({"value": 2}), "{name}");
        assert!(took < AT_ONCE, "{name}: the next line took {took:?}");
    }
}

#[test]
fn a_record_nested_without_end_is_refused() {
    let workspace = Workspace::bare();
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let lines = [
        r#"{"expr":"a","data":{"a":1}}"#.to_owned(),
        format!(r#"{{"expr":"a","data":{{"a":{deep}}}}}"#),
        r#"{"expr":"a","data":{"a":2}}"#.to_owned(),
    ];
    let outcome = workspace.json_with(&["jsonata", "--batch"], lines.join("\n").as_bytes());
    let answers = outcome.exits(0).lines();
    assert_eq!(
        (&answers[0], &answers[2]),
        (&json!({"value": 1}), &json!({"value": 2}))
    );
    assert!(answers[1]["error"]["code"].is_string(), "{}", answers[1]);
}
