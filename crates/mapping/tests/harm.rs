//! Expressions that mean harm, in real worker processes: each ends with an error, and the work beside it goes on.
//!
//! What is promised of an idle machine is 1.5 s to the error and 100 ms until the worker is back. The machine is shared with
//! other tests, so the limits here are wider; `bench_mapping` measures the figures.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::time::{Duration, Instant};

use crosswalk_mapping::{ExpressionError, Pool, WorkerCommand};

const SOON: Duration = Duration::from_millis(3 * 1_500);
const AT_ONCE: Duration = Duration::from_secs(1);

fn pool(size: usize) -> Pool {
    Pool::new(
        WorkerCommand::new(env!("CARGO_BIN_EXE_crosswalk-worker"), []),
        size,
    )
}

/// Expressions that mean harm, and the errors they may end with; none where a quick value is right too.
fn harm() -> Vec<(&'static str, String, &'static [&'static str])> {
    const DEEP: usize = 100_000;
    let wide = "a".repeat(50_000);
    vec![
        (
            "loop",
            "($f := function(){ $f() }; $f())".to_owned(),
            &["expression_time"],
        ),
        (
            "recursion",
            "($f := function($n){ 1 + $f($n + 1) }; $f(0))".to_owned(),
            &["expression_depth", "expression_time", "expression_memory"],
        ),
        (
            "padding",
            "$length($pad('a', 1000000000))".to_owned(),
            &["expression_memory", "expression_time"],
        ),
        (
            "doubling",
            "($f := function($s, $n){ $n = 0 ? $length($s) : $f($s & $s, $n - 1) }; $f('abcdefgh', 40))"
                .to_owned(),
            &["expression_memory", "expression_time"],
        ),
        (
            "a billion",
            "$sum([1..1000000000])".to_owned(),
            &["expression_failed"],
        ),
        (
            "distinct",
            "$count($distinct([1..200000]))".to_owned(),
            &["expression_time"],
        ),
        (
            "brackets",
            "(".repeat(DEEP) + "1" + &")".repeat(DEEP),
            &["expression_syntax"],
        ),
        (
            "functions",
            "function($x){".repeat(DEEP) + "1" + &"}".repeat(DEEP),
            &["expression_syntax"],
        ),
        (
            "a value that nests",
            "$reduce([1..200000], function($a, $b){ [[$a]] })".to_owned(),
            &[],
        ),
        (
            "a match that tries everything",
            format!("$contains('{wide}!', /^(a+)+$/)"),
            &[],
        ),
        (
            "a pattern of patterns",
            format!("$match('{wide}', /(((a{{1,90}}){{1,90}}){{1,90}}){{1,90}}/)"),
            &[],
        ),
    ]
}

#[tokio::test]
async fn harm_ends_with_an_error_and_the_worker_is_back() {
    let pool = pool(1);
    for (name, expression, codes) in harm() {
        let begun = Instant::now();
        let answer = pool.evaluate_expr(&expression, b"{}").await.unwrap();
        let took = begun.elapsed();
        let code = answer
            .as_ref()
            .map_or_else(ExpressionError::code, |_| "value");
        println!("{name}: {code} after {took:?}");
        assert!(
            codes.is_empty() || codes.contains(&code),
            "{name}: {answer:?}"
        );
        assert!(took < SOON, "{name} took {took:?}");
        let begun = Instant::now();
        let fine = pool.evaluate_expr("a + 1", b"{\"a\":1}").await.unwrap();
        assert_eq!(fine, Ok(Some("2".to_owned())), "{name}");
        assert!(
            begun.elapsed() < AT_ONCE,
            "{name}: back after {:?}",
            begun.elapsed()
        );
    }
}

#[tokio::test]
async fn the_work_beside_harm_goes_on() {
    let pool = pool(2);
    for (name, expression, _) in harm() {
        let beside = async {
            let begun = Instant::now();
            for number in 0..100 {
                let record = format!("{{\"a\":{number}}}");
                let answer = pool
                    .evaluate_expr("a + 1", record.as_bytes())
                    .await
                    .unwrap();
                assert_eq!(answer, Ok(Some((number + 1).to_string())), "beside {name}");
            }
            begun.elapsed()
        };
        let (harmful, took) = tokio::join!(pool.evaluate_expr(&expression, b"{}"), beside);
        // Whatever became of it, it was answered.
        drop(harmful.unwrap());
        assert!(took < SOON, "beside {name}: {took:?}");
    }
}
