//! Thousands of expressions broken at random, through real workers: whatever happens is reported, nothing hangs.
//!
//! 20,000 of them; `CROSSWALK_MUTATIONS` for another number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use crosswalk_connector::Catalogue;
use crosswalk_mapping::{ExpressionError, Lineage, Pool, WorkerCommand};
use futures_util::stream::{self, StreamExt};

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

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

const PIECES: [&str; 40] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    "..",
    ",",
    ":",
    ";",
    "?",
    "??",
    "?:",
    "~>",
    ":=",
    "=",
    "!=",
    "<",
    "&",
    "+",
    "-",
    "*",
    "**",
    "%",
    "@$v",
    "#$i",
    "^",
    "|",
    "$",
    "$$",
    "$map(",
    "$reduce(",
    "function($x){",
    "$eval(",
    "[1..9999999]",
    "$pad('a',100000000)",
    "/(a+)+$/",
    "\"\\u12",
    "1e308",
];

fn mutated(random: &mut Random, seeds: &[String]) -> String {
    let mut text: Vec<char> = seeds[random.below(seeds.len())].chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        match random.below(5) {
            0 if at < text.len() => drop(text.remove(at)),
            1 => drop(text.splice(at..at, PIECES[random.below(PIECES.len())].chars())),
            2 if at < text.len() => {
                text[at] = char::from(u8::try_from(32 + random.below(95)).unwrap());
            }
            3 => {
                let other: Vec<char> = seeds[random.below(seeds.len())].chars().collect();
                let (from, length) = (random.below(other.len()), random.below(30));
                drop(text.splice(at..at, other.into_iter().skip(from).take(length)));
            }
            _ => text.truncate(at),
        }
    }
    text.into_iter().collect()
}

/// Workers at once: what loops until its time is up waits, and others go on.
const WORKERS: usize = 4;

#[tokio::test]
async fn broken_expressions_never_break_more_than_themselves() {
    let count = std::env::var("CROSSWALK_MUTATIONS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(20_000);
    let catalogue = &Catalogue::builtin().catalogue;
    let mut seeds: Vec<String> = catalogue
        .iter()
        .flat_map(|definition| &definition.mappings)
        .flat_map(|mapping| mapping.fields.values().cloned())
        .collect();
    seeds.extend(
        [
            "$map(lines, function($l){ $l.price * $l.qty })",
            "($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(20))",
            "lines^(>price).{\"a\": $string(price)}",
            "$reduce([1..100], function($a, $b){ $a & $b })",
            "$match(text, /a(b*)c/).match",
            "lines{kind: $sum(price)}",
            "$length($pad('a', 1000000000))",
            "$count($distinct([1..200000]))",
            "($f := function(){ $f() }; $f())",
        ]
        .map(str::to_owned),
    );
    let record = catalogue
        .iter()
        .flat_map(|definition| &definition.samples)
        .find(|sample| sample.resource == "invoices")
        .map_or_else(
            || b"{}".to_vec(),
            |sample| {
                let mut samples: serde_json::Value = serde_json::from_slice(&sample.json).unwrap();
                // Two lines are as good as twenty, and read twenty thousand times in a fraction of the time.
                if let Some(lines) = samples[0]["invoice-lines"].as_array_mut() {
                    lines.truncate(2);
                }
                samples[0].to_string().into_bytes()
            },
        );
    let pool = Pool::new(
        WorkerCommand::new(env!("CARGO_BIN_EXE_crosswalk-worker"), []),
        WORKERS,
    );
    let begun = std::time::Instant::now();
    let mut random = Random(20_261_120);
    let expressions: Vec<String> = (0..count).map(|_| mutated(&mut random, &seeds)).collect();
    let outcomes: Vec<(String, Result<bool, ExpressionError>)> = stream::iter(expressions)
        .map(|expression| {
            let (pool, record) = (&pool, &record);
            async move {
                // Told in this process, so it has to end by itself.
                let _ = Lineage::of(&expression);
                let answer = pool.evaluate_expr(&expression, record);
                let answer = tokio::time::timeout(Duration::from_secs(30), answer).await;
                let answer = answer.unwrap_or_else(|_| panic!("no answer at all: {expression}"));
                (expression, answer.unwrap().map(|value| value.is_some()))
            }
        })
        .buffered(WORKERS)
        .collect()
        .await;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (expression, outcome) in &outcomes {
        let kind = match outcome {
            Ok(true) => "value",
            Ok(false) => "undefined",
            Err(error) => error.code(),
        };
        *kinds.entry(kind).or_default() += 1;
        if let Err(ExpressionError::Failed { message, .. }) = outcome {
            assert!(!message.contains("worker ended"), "{expression}: {message}");
        }
    }
    println!("{kinds:?} in {:?}", begun.elapsed());
    assert_eq!(outcomes.len(), count);
    let fine = pool.evaluate_expr("1 + 1", b"{}").await.unwrap();
    assert_eq!(fine, Ok(Some("2".to_owned())));
}
