//! Evaluating expressions by themselves, in a worker process like any other.

use crosswalk_mapping::{Pool, WorkerCommand};

use crate::{Fault, FaultClass};

/// What an expression gave.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Evaluation {
    /// JSON text.
    Value(String),
    /// Nothing at all.
    Undefined,
}

/// Evaluates one expression on JSON text; no text is no input.
///
/// # Errors
/// The engine's error: code, message, and where in the expression it is known.
pub async fn evaluate_jsonata(
    worker: WorkerCommand,
    expr: &str,
    data: Option<&str>,
) -> Result<Evaluation, Fault> {
    let mut line = serde_json::Map::new();
    line.insert("expr".into(), expr.into());
    if let Some(text) = data {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
            Fault::invalid(
                "input_not_json",
                format!("Stdin is not JSON: {error}."),
                "Pipe one JSON document in.",
            )
        })?;
        line.insert("data".into(), value);
    }
    let mut batch = evaluate_jsonata_batch(worker);
    let answer = batch
        .line(serde_json::Value::Object(line).to_string().as_bytes())
        .await;
    let answer: serde_json::Value = serde_json::from_str(&answer).map_err(|error| {
        Fault::failed(
            "worker_answer",
            format!("The worker's answer is not JSON: {error}."),
            "Please report this.",
        )
    })?;
    if let Some(error) = answer.get("error") {
        let text = |key: &str| {
            error
                .get(key)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
        };
        let position = error.get("position").and_then(serde_json::Value::as_u64);
        let place = position.map_or_else(String::new, |position| {
            format!(" (at character {position})")
        });
        // Under our own kind, like every other code; JSONata's own stands in the message, for who looks it up.
        let (own, kind) = (text("code"), text("kind"));
        let kind = if kind.is_empty() { own } else { kind };
        let own = if own == kind {
            String::new()
        } else {
            format!(" [{own}]")
        };
        let (class, hint) = match kind {
            "expression_syntax" | "expression_unsupported" => (
                FaultClass::Invalid,
                "Correct the expression; docs.jsonata.org describes the language.",
            ),
            "expression_time" | "expression_depth" | "expression_memory" => (
                FaultClass::Failed,
                "Look for a function that calls itself, or a text or range that is too long.",
            ),
            _ => (
                FaultClass::Failed,
                "Check the expression against the input.",
            ),
        };
        return Err(Fault::new(
            class,
            kind,
            format!("{}{place}{own}", text("message")),
            hint,
        ));
    }
    Ok(answer.get("value").map_or(Evaluation::Undefined, |value| {
        Evaluation::Value(value.to_string())
    }))
}

/// Evaluates lines of `{"expr","data","bindings"}`, one after the other.
pub struct Batch(Pool);

/// A batch of expressions over one worker.
pub fn evaluate_jsonata_batch(worker: WorkerCommand) -> Batch {
    Batch(Pool::new(worker, 1))
}

impl Batch {
    /// The answer to a line; a line that cannot be read, or that ends the worker, gets an answer that says so.
    pub async fn line(&mut self, line: &[u8]) -> String {
        let refused = |code: &str, message: String| {
            serde_json::json!({ "error": { "code": code, "message": message, "position": null } })
                .to_string()
        };
        match std::str::from_utf8(line) {
            Ok(line) => match self.0.answer_line(line).await {
                Ok(answer) => answer,
                Err(error) => refused(error.code(), error.to_string()),
            },
            Err(error) => refused("line_encoding", format!("the line is not UTF-8: {error}")),
        }
    }
}
