//! What parent and worker say to each other: the JSON headers of their frames.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::engine::ExpressionError;
use crate::raw::RecordError;
use crate::shape::Shape;
use crate::status::Status;
use crate::tables::{Misses, Tables};

/// Raised whenever a header changes, so that an app never talks to another version's worker.
pub(crate) const VERSION: u32 = 2;

/// From the parent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    /// From now on records are mapped like this. The body is a [`Plan`]. Not answered.
    Plan,
    /// Map the record in the body; leave out these fields. Answered by [`Answer::Record`].
    Record {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skip: Vec<usize>,
    },
    /// Evaluate one expression on the record in the body. Answered by [`Answer::Value`].
    Expression { expression: String },
    /// Answer the batch line in the body. Answered by [`Answer::Line`].
    Line,
}

/// What a worker needs of an effective mapping.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) fields: Vec<PlanField>,
    pub(crate) tables: Tables,
    /// What `$unknown_fields` leaves out.
    pub(crate) known: Option<BTreeSet<String>>,
}

/// One field of a [`Plan`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlanField {
    pub(crate) name: String,
    pub(crate) expression: Option<String>,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

/// From the worker.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The first thing a worker says.
    Hello { version: u32 },
    /// How each field came out; the body is the unified object.
    Record {
        /// One for each field of the plan.
        statuses: Vec<Status>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        messages: Vec<(usize, Note)>,
        #[serde(default, skip_serializing_if = "Misses::is_empty")]
        misses: Misses,
    },
    /// The record could not be read at all.
    Unreadable { code: String, message: String },
    /// The value in the body, if there is one.
    Value { defined: bool },
    /// The expression failed.
    Fault(Fault),
    /// The answer is in the body.
    Line,
    /// Written by a worker that is about to end, or that its parent has to end.
    LastWords {
        reason: Reason,
        field: Option<usize>,
    },
}

/// A message about one field; `code` is set where the expression failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    pub(crate) message: String,
}

/// Why a worker ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    Memory,
    Time,
}

/// An [`ExpressionError`] on its way between processes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) position: Option<usize>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    Syntax,
    Unsupported,
    Failed,
    Time,
    Depth,
    Memory,
    Record,
}

impl From<&ExpressionError> for Fault {
    fn from(error: &ExpressionError) -> Self {
        let kind = match error {
            ExpressionError::Syntax { .. } => FaultKind::Syntax,
            ExpressionError::Unsupported { .. } => FaultKind::Unsupported,
            ExpressionError::Failed { .. } => FaultKind::Failed,
            ExpressionError::Time => FaultKind::Time,
            ExpressionError::Depth => FaultKind::Depth,
            ExpressionError::Memory => FaultKind::Memory,
        };
        Self {
            kind,
            code: error.jsonata_code().map(str::to_owned),
            message: error.to_string(),
            position: error.position(),
        }
    }
}

impl From<&RecordError> for Fault {
    fn from(error: &RecordError) -> Self {
        Self {
            kind: FaultKind::Record,
            code: Some(error.code().to_owned()),
            message: error.to_string(),
            position: None,
        }
    }
}

impl From<Fault> for ExpressionError {
    fn from(fault: Fault) -> Self {
        match fault.kind {
            FaultKind::Syntax => Self::Syntax {
                code: fault.code,
                message: fault.message,
                position: fault.position,
            },
            FaultKind::Unsupported => Self::Unsupported {
                message: fault.message,
            },
            FaultKind::Failed | FaultKind::Record => Self::Failed {
                code: fault.code,
                message: fault.message,
            },
            FaultKind::Time => Self::Time,
            FaultKind::Depth => Self::Depth,
            FaultKind::Memory => Self::Memory,
        }
    }
}
