//! Mixes of operators and every shipped expression, answered here and by the reference (npm `jsonata`) where node
//! has it.
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

use crosswalk_connector::Catalogue;
use crosswalk_mapping::{Jsonata, answer_line};
use serde_json::{Value, json};

const SCRIPT: &str = "
const jsonata = require(process.argv[1]);
// The functions shipped mappings use beside the language's own, on their own.
function decimalSum(list) {
  if (list === undefined) return undefined;
  let [sum, scale] = [0n, 0];
  for (const text of [].concat(list)) {
    const [whole, part = ''] = String(text).split('.');
    const more = Math.max(0, part.length - scale);
    sum = sum * 10n ** BigInt(more) + BigInt(whole + part) * 10n ** BigInt(scale + more - part.length);
    scale += more;
  }
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0');
  const at = digits.length - scale;
  return (sum < 0n ? '-' : '') + digits.slice(0, at) + (scale > 0 ? '.' + digits.slice(at) : '');
}
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n');
(async () => {
  for (const line of lines) {
    const { expr, data } = JSON.parse(line);
    try {
      const compiled = jsonata(expr);
      compiled.registerFunction('decimal_sum', decimalSum);
      compiled.registerFunction('unknown_fields', () => undefined);
      const value = await compiled.evaluate(data);
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

/// What the reference answers to these lines; `None` where there is no node, or no reference.
fn reference(lines: &[String]) -> Option<Vec<Value>> {
    let Some(package) = package() else {
        println!("skipped: npm's jsonata is not in ui/node_modules");
        return None;
    };
    let started = Command::new("node")
        .args(["-e", SCRIPT])
        .arg(package.canonicalize().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut node) = started else {
        println!("skipped: there is no node");
        return None;
    };
    let mut input = node.stdin.take().unwrap();
    let text = lines.join("\n");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap();
    let answers: Vec<Value> = std::str::from_utf8(&output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), lines.len(), "node answered every line");
    Some(answers)
}

/// Both spell numbers their own way: `1.0` is `1`.
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

/// Answers every expression here and by the reference; one more differing than none is a failure.
fn agree(cases: &[(String, &Value)]) {
    let lines: Vec<String> = cases
        .iter()
        .map(|(expr, data)| json!({"expr": expr, "data": data}).to_string())
        .collect();
    let Some(wanted) = reference(&lines) else {
        return;
    };
    let mut engine = Jsonata::new().unwrap();
    let (mut wrong, mut values) = (Vec::new(), 0);
    for ((line, wanted), (expression, _)) in lines.iter().zip(&wanted).zip(cases) {
        let answer = answer_line(&mut engine, line, Duration::from_secs(5));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let agreed = match wanted.get("error") {
            // Which of two faults is met first is not promised.
            Some(_) => answer.get("error").is_some(),
            None => same(&answer, wanted),
        };
        values += usize::from(wanted.get("value").is_some());
        if !agreed {
            wrong.push(format!(
                "{expression}\n  reference {wanted}\n  here      {answer}"
            ));
        }
    }
    println!("{} expressions, {values} with a value", lines.len());
    assert!(
        wrong.is_empty(),
        "{} of {} differ\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}

#[test]
fn mixed_operators_mean_what_they_mean_to_the_reference() {
    let data = json!({"a": "x", "b": "y", "n": 1, "m": 5, "t": true, "f": false, "z": 0, "list": [1, 2, "x"],
        "o": {"x": 7}, "lines": [{"p": 10, "q": 1}, {"p": 20, "q": 2}]});
    let mut random = Random(7);
    let cases: Vec<(String, &Value)> = (0..5_000)
        .map(|_| (expression(&mut random, 2), &data))
        .collect();
    agree(&cases);
}

/// Operators around `??` and `?:`, of every rank there is.
const RANKS: [&str; 9] = ["??", "?:", "and", "or", "=", "<", "in", "&", "+"];

#[test]
fn every_chain_around_a_default_operator_means_what_it_means_to_the_reference() {
    // Operands that tell one reading from another: absent, false, null, empty, a text and a number.
    let records = [
        json!({"b": true, "c": "x", "d": 5}),
        json!({"a": "x", "c": false, "d": "x"}),
        json!({"a": false, "b": null, "d": 1}),
        json!({"a": 1, "b": "", "c": [1, "x"]}),
    ];
    let mut cases = Vec::new();
    for one in RANKS {
        for two in RANKS {
            for three in RANKS {
                let operators = [one, two, three];
                if operators.contains(&"??") || operators.contains(&"?:") {
                    let chain = format!("a {one} b {two} c {three} d");
                    for record in &records {
                        cases.push((chain.clone(), record));
                        cases.push((format!("c ? {chain} : d"), record));
                    }
                }
            }
        }
    }
    assert!(cases.len() > 2_500, "{}", cases.len());
    agree(&cases);
}

#[test]
fn every_shipped_expression_means_what_it_means_to_the_reference() {
    let (mut samples, mut shipped) = (Vec::new(), 0);
    for definition in Catalogue::builtin().catalogue.iter() {
        for mapping in &definition.mappings {
            shipped += mapping.fields.len();
            for sample in &definition.samples {
                if sample.resource == mapping.resource {
                    let records = match serde_json::from_slice(&sample.json).unwrap() {
                        Value::Array(records) => records,
                        record => vec![record],
                    };
                    samples.extend(records.into_iter().map(|record| (mapping, record)));
                }
            }
        }
    }
    let cases: Vec<(String, &Value)> = samples
        .iter()
        .flat_map(|(mapping, record)| {
            let expressions = mapping.fields.values();
            expressions.map(move |expression| (expression.clone(), record))
        })
        .collect();
    assert!(shipped > 200 && cases.len() > 500, "{}", cases.len());
    agree(&cases);
}
