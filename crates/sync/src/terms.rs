//! How a run was asked for beyond its mode and its fields. Kept with the checkpoint, for whoever takes the run up again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::{Plan, WalkKind};
use crate::run::SyncRequest;

/// How a run was asked for beyond its mode and its fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The most pages of a test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Whether what is stored is marked as exported.
    #[serde(default)]
    pub marks: bool,
    /// Share of the provider's limit in per cent; absent: the account's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_percent: Option<u8>,
}

impl Terms {
    pub(crate) fn of(request: &SyncRequest, plan: &Plan) -> Self {
        Self {
            pages: match plan.walk {
                WalkKind::Test { pages } => Some(pages),
                WalkKind::Ranges | WalkKind::Pages => None,
            },
            marks: request.mark_exported.is_some(),
            budget_percent: request.budget_percent,
        }
    }

    /// Those of a stored checkpoint; none where it was stored before they were. They stand in clear, so that no key is
    /// needed.
    pub fn kept(checkpoint: &Value) -> Option<Self> {
        serde_json::from_value(checkpoint.get("terms")?.clone()).ok()
    }

    /// Whether the run marks, as far as its stored checkpoint tells: one stored before the terms were tells it only once
    /// the marking has begun.
    pub fn marks(checkpoint: &Value) -> Option<bool> {
        let marking = checkpoint.pointer("/stage/walk").and_then(Value::as_str) == Some("marking");
        match Self::kept(checkpoint) {
            Some(terms) => Some(terms.marks),
            None => marking.then_some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_checkpoint_tells_of_its_run() {
        for (checkpoint, pages, marks) in [
            (
                json!({ "version": 1, "terms": { "pages": 20, "marks": false } }),
                Some(20),
                Some(false),
            ),
            (
                json!({ "version": 1, "stage": { "walk": "ranges" }, "terms": { "marks": true } }),
                None,
                Some(true),
            ),
            // Stored before the terms were.
            (
                json!({ "version": 1, "stage": { "walk": "marking", "after": null } }),
                None,
                Some(true),
            ),
            (
                json!({ "version": 1, "stage": { "walk": "ranges" } }),
                None,
                None,
            ),
            (json!({ "terms": "none" }), None, None),
            (Value::Null, None, None),
        ] {
            let kept = Terms::kept(&checkpoint);
            assert_eq!(kept.and_then(|terms| terms.pages), pages, "{checkpoint}");
            assert_eq!(Terms::marks(&checkpoint), marks, "{checkpoint}");
        }
    }
}
