//! Expressions that mean harm: how long until their error, and until the worker is back.

use std::path::Path;
use std::time::{Duration, Instant};

use crosswalk_mapping::{Pool, WorkerCommand};
use tokio::runtime::Runtime;

const HARM: [&str; 6] = [
    "($f := function(){ $f() }; $f())",
    "($f := function($n){ 1 + $f($n + 1) }; $f(0))",
    "$length($pad('a', 1000000000))",
    "($f := function($s, $n){ $n = 0 ? $length($s) : $f($s & $s, $n - 1) }; $f('abcdefgh', 40))",
    "$sum([1..1000000000])",
    "$count($distinct([1..200000]))",
];

/// The longest until an error, and the longest until the expression after it was answered.
pub(crate) fn slowest(runtime: &Runtime, worker: &Path) -> (Duration, Duration) {
    let pool = Pool::new(WorkerCommand::new(worker, []), 1);
    let (mut error, mut back) = (Duration::ZERO, Duration::ZERO);
    for expression in HARM {
        let begun = Instant::now();
        let answer = runtime.block_on(pool.evaluate_expr(expression, b"{}"));
        error = error.max(begun.elapsed());
        assert!(answer.unwrap().is_err(), "{expression}");
        let begun = Instant::now();
        let answer = runtime.block_on(pool.evaluate_expr("1 + 1", b"{}"));
        back = back.max(begun.elapsed());
        assert_eq!(answer.unwrap(), Ok(Some("2".to_owned())), "{expression}");
    }
    (error, back)
}
