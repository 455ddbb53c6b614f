//! Sums of money are exact, however many amounts there are: held against whole numbers.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::time::Duration;

use crosswalk_mapping::{Jsonata, Pool, WorkerCommand, answer_line};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Amounts to add up in one go.
const AMOUNTS: usize = 10_000;

/// The largest scale used; amounts are counted in units of its last digit.
const SCALE: u32 = 6;

/// An amount: whole units of its last digit, and how many decimals it is written with.
type Amount = (i64, u32);

fn text((units, scale): Amount) -> String {
    let width = scale as usize + 1;
    let digits = format!("{:0width$}", units.unsigned_abs());
    let (whole, part) = digits.split_at(digits.len() - scale as usize);
    let sign = if units < 0 { "-" } else { "" };
    let dot = if scale > 0 { "." } else { "" };
    format!("{sign}{whole}{dot}{part}")
}

/// The sum as whole units of the sixth decimal.
fn exact(amounts: &[Amount]) -> i128 {
    amounts
        .iter()
        .map(|(units, scale)| i128::from(*units) * 10_i128.pow(SCALE - scale))
        .sum()
}

/// What a decimal text says in units of the sixth decimal, and its scale.
fn read(text: &str) -> (i128, u32) {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let scale = u32::try_from(part.len()).unwrap();
    let units: i128 = format!("{whole}{part}").parse().unwrap();
    (units * 10_i128.pow(SCALE - scale), scale)
}

fn amounts() -> impl Strategy<Value = Vec<Amount>> {
    let one = (prop_oneof![-99_999_i64..99_999, any::<i64>()], 0..=SCALE);
    proptest::collection::vec(one, AMOUNTS)
}

fn line(amounts: &[Amount]) -> String {
    let lines: Vec<Value> = amounts
        .iter()
        .map(|amount| json!({"total": text(*amount)}))
        .collect();
    json!({"expr": "$decimal_sum(lines.total)", "data": {"lines": lines}}).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn ten_thousand_texts_add_up_to_the_last_digit(amounts in amounts()) {
        let mut engine = Jsonata::new().unwrap();
        let answer = answer_line(&mut engine, &line(&amounts), Duration::from_secs(30));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let (sum, scale) = read(answer["value"].as_str().expect("a sum"));
        prop_assert_eq!(sum, exact(&amounts));
        // The scale is the largest that was added.
        prop_assert_eq!(Some(scale), amounts.iter().map(|(_, scale)| *scale).max());
    }
}

#[tokio::test]
async fn a_worker_adds_them_up_all_the_same() {
    let worker = WorkerCommand::new(env!("CARGO_BIN_EXE_crosswalk-worker"), []);
    let pool = Pool::new(worker, 1);
    // Where binary fractions would be off already: 0.10 ten thousand times, and cents beside a large amount.
    let cents: Vec<Amount> = (0..AMOUNTS).map(|_| (10, 2)).collect();
    let mut large = cents.clone();
    large[0] = (1_234_567_890_123_456_789, 2);
    for (amounts, sum) in [(cents, "1000.00"), (large, "12345678901235567.79")] {
        let answer = pool.answer_line(&line(&amounts)).await.unwrap();
        assert_eq!(answer, format!("{{\"value\":\"{sum}\"}}"));
    }
}
