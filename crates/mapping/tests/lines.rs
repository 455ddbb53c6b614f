//! Lines of `xwalk jsonata --batch`, broken at random: each is answered with one line, in time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "../../../tests/support/mutation.rs"]
mod mutation;

use std::path::Path;
use std::sync::LazyLock;

use crosswalk_mapping::{Pool, WorkerCommand};
use mutation::{bounded, mutated};
use proptest::prelude::*;
use serde_json::Value;
use tokio::runtime::Runtime;

static POOL: LazyLock<(Runtime, Pool)> = LazyLock::new(|| {
    let command = WorkerCommand::new(env!("CARGO_BIN_EXE_crosswalk-worker"), []);
    (Runtime::new().unwrap(), Pool::new(command, 1))
});

fn answered(line: &str) -> Value {
    let (runtime, pool) = &*POOL;
    let answer = bounded(|| runtime.block_on(pool.answer_line(line))).unwrap();
    assert!(!answer.contains('\n'), "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let members = answer.as_object().unwrap();
    assert_eq!(members.len(), 1, "{answer}");
    if let Some(error) = members.get("error") {
        assert!(
            error["code"].as_str().is_some_and(|code| !code.is_empty())
                && error["message"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
            "{answer}"
        );
        assert!(
            !error.to_string().contains("ended unexpectedly"),
            "{line}: {answer}"
        );
    } else {
        assert!(
            members.contains_key("value") || members.get("undefined") == Some(&Value::Bool(true)),
            "{answer}"
        );
    }
    answer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_line(bytes in mutated(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lines"))) {
        let line = String::from_utf8_lossy(&bytes).replace(['\r', '\n'], " ");
        answered(&line);
    }
}

#[test]
fn a_line_that_is_none_and_one_that_is() {
    assert_eq!(answered("")["error"]["code"], "line_syntax");
    assert_eq!(answered("{\"expr\":\"1+1\"}")["value"], 2);
}
