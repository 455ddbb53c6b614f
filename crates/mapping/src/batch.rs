use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::engine::{Engine, ExpressionError};
use crate::jsonata::Jsonata;
use crate::raw::RecordError;

/// One line of `xwalk jsonata --batch`.
#[derive(Deserialize)]
struct Line<'a> {
    expr: String,
    /// Absent: the input is undefined, which is not the same as `null`.
    #[serde(borrow, default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    bindings: Option<&'a RawValue>,
    /// How deep the evaluation may nest; absent: as deep as the engine allows.
    #[serde(default)]
    depth: Option<usize>,
}

/// A `null` that was written is a value, not an absence.
fn present<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(reader).map(Some)
}

/// Answers one line `{"expr","data","bindings"}` with one line: `{"value":…}`, `{"undefined":true}` or
/// `{"error":{"code","message","position"}}`. Never fails: a line that cannot be read is answered by an error.
///
/// What is evaluated gets at most `limit`.
pub fn answer_line(engine: &mut Jsonata, line: &str, limit: Duration) -> String {
    written(engine.within(limit, |engine| evaluate(engine, line)))
}

/// As [`answer_line`], with at most `effort` of this thread's work and `limit` by the clock.
pub(crate) fn answer_line_at_work(
    engine: &mut Jsonata,
    line: &str,
    effort: Duration,
    limit: Duration,
) -> String {
    written(engine.within_work(effort, limit, |engine| evaluate(engine, line)))
}

fn written(result: Result<Option<String>, String>) -> String {
    match result {
        Ok(Some(json)) => format!("{{\"value\":{json}}}"),
        Ok(None) => "{\"undefined\":true}".to_owned(),
        Err(fault) => fault,
    }
}

/// One line answered by an engine of its own, in this process and so without a limit on memory. For many lines,
/// or expressions somebody else wrote, use a [`Pool`](crate::Pool).
pub fn jsonata_batch_line(line: &str) -> String {
    match Jsonata::new() {
        Ok(mut engine) => answer_line(&mut engine, line, crate::limits::TIME_PER_RECORD),
        Err(error) => fault("engine_start", &error.to_string(), None),
    }
}

fn evaluate(engine: &mut Jsonata, line: &str) -> Result<Option<String>, String> {
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| {
        fault(
            "line_syntax",
            &format!("the line is not as expected: {error}"),
            None,
        )
    })?;
    let expression = engine
        .compile(&line.expr)
        .map_err(|error| expression_fault(&error))?;
    let read = |raw: &RawValue| {
        engine
            .read(raw.get().as_bytes())
            .map_err(|error| record_fault(&error))
    };
    let data = line.data.map(read).transpose()?;
    let bindings = line.bindings.map(read).transpose()?;
    let result = match (&data, &bindings, line.depth) {
        (Some(data), None, None) => engine.evaluate(&expression, data),
        _ => engine.evaluate_with(&expression, data.as_ref(), bindings.as_ref(), line.depth),
    };
    result
        .and_then(|value| value.map(|value| value.to_json()).transpose())
        .map_err(|error| expression_fault(&error))
}

fn record_fault(error: &RecordError) -> String {
    fault(error.code(), &error.to_string(), None)
}

/// An expression's error in the form of the batch. `code` is the reference's own where there is one, since who sends a
/// batch compares engines by it; `kind` is ours, as stable as every other code of the product.
pub(crate) fn expression_fault(error: &ExpressionError) -> String {
    serde_json::json!({"error": {
        "code": error.jsonata_code().unwrap_or_else(|| error.code()),
        "kind": error.code(),
        "message": error.to_string(),
        "position": error.position(),
    }})
    .to_string()
}

fn fault(code: &str, message: &str, position: Option<usize>) -> String {
    serde_json::json!({"error": {"code": code, "message": message, "position": position}})
        .to_string()
}
