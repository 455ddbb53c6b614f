//! Random mixes of operators, answered here and by the reference (npm `jsonata`) where node has it.
//!
//! The package is looked for in `ui/node_modules`, or in the folder `CROSSWALK_NODE_MODULES` names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crosswalk_mapping::{Jsonata, answer_line};
use serde_json::{Value, json};

const SCRIPT: &str = "
const jsonata = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n');
(async () => {
  for (const line of lines) {
    const { expr, data } = JSON.parse(line);
    try {
      const value = await jsonata(expr).evaluate(data);
      console.log(JSON.stringify(value === undefined ? { undefined: true } : { value }));
    } catch (error) { console.log(JSON.stringify({ error: error.code || 'none' })); }
  }
})();";

/// A small generator whose runs can be repeated: `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = self.next() % from.len() as u64;
        from[usize::try_from(index).unwrap()]
    }
}

const OPERANDS: [&str; 16] = [
    "a",
    "b",
    "n",
    "m",
    "t",
    "f",
    "z",
    "none",
    "list",
    "o.x",
    "o.none",
    "\"x\"",
    "3",
    "true",
    "list[0]",
    "lines[q > 1].p",
];

const OPERATORS: [&str; 17] = [
    " ?? ",
    " ?? ",
    " ?? ",
    " ?: ",
    " ?: ",
    " ?: ",
    " and ",
    " or ",
    " = ",
    " != ",
    " < ",
    " in ",
    " & ",
    " + ",
    " * ",
    " - ",
    " ~> $string() & ",
];

fn expression(random: &mut Random, depth: usize) -> String {
    let mut text = String::new();
    let operands = 2 + random.next() % 4;
    for index in 0..operands {
        if index > 0 {
            text.push_str(random.pick(&OPERATORS));
        }
        match random.next() % 12 {
            0 if depth > 0 => {
                let inner = expression(random, depth - 1);
                write!(text, "({inner})").unwrap();
            }
            1 if depth > 0 => {
                let inner = expression(random, depth - 1);
                write!(text, "$string({inner})").unwrap();
            }
            2 if depth > 0 => {
                let inner = expression(random, depth - 1);
                write!(text, "[1..2, {inner}]").unwrap();
            }
            _ => text.push_str(random.pick(&OPERANDS)),
        }
    }
    match random.next() % 8 {
        0 => format!(
            "{text} ? {} : {}",
            random.pick(&OPERANDS),
            random.pick(&OPERANDS)
        ),
        1 => {
            let other = if depth > 0 {
                expression(random, depth - 1)
            } else {
                "b".to_owned()
            };
            format!("{} ? {text} : {other}", random.pick(&OPERANDS))
        }
        _ => text,
    }
}

fn package() -> Option<PathBuf> {
    let folder = std::env::var_os("CROSSWALK_NODE_MODULES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules"),
        PathBuf::from,
    );
    let package = folder.join("jsonata");
    package.exists().then_some(package)
}

#[test]
fn mixed_operators_mean_what_they_mean_to_the_reference() {
    let Some(package) = package() else {
        println!("skipped: npm's jsonata is not in ui/node_modules");
        return;
    };
    let data = json!({"a": "x", "b": "y", "n": 1, "m": 5, "t": true, "f": false, "z": 0, "list": [1, 2, "x"],
        "o": {"x": 7}, "lines": [{"p": 10, "q": 1}, {"p": 20, "q": 2}]});
    let mut random = Random(7);
    let lines: Vec<String> = (0..5_000)
        .map(|_| json!({"expr": expression(&mut random, 2), "data": data}).to_string())
        .collect();
    let started = Command::new("node")
        .args(["-e", SCRIPT])
        .arg(package.canonicalize().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut node) = started else {
        println!("skipped: there is no node");
        return;
    };
    let mut input = node.stdin.take().unwrap();
    let text = lines.join("\n");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap();
    let reference: Vec<Value> = std::str::from_utf8(&output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(reference.len(), lines.len(), "node answered every line");
    let mut engine = Jsonata::new().unwrap();
    let mut wrong = Vec::new();
    for (line, wanted) in lines.iter().zip(&reference) {
        let answer = answer_line(&mut engine, line, Duration::from_secs(1));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let same = match wanted.get("error") {
            // Which of two faults is met first is not promised.
            Some(_) => answer.get("error").is_some(),
            None => answer == *wanted,
        };
        if !same {
            let case: Value = serde_json::from_str(line).unwrap();
            wrong.push(format!(
                "{}\n  reference {wanted}\n  here      {answer}",
                case["expr"].as_str().unwrap()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}
