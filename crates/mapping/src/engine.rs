use jsonata_core::value::JValue;

use crate::raw::RecordError;

/// A value inside the engine: a parsed record, or what an expression made of it.
///
/// Cheap to clone (reference counted) and bound to the thread that made it.
#[derive(Debug, Clone)]
pub struct Value(pub(crate) JValue);

impl Value {
    /// The value as JSON text; functions come out as `""`, as in the reference.
    pub fn to_json(&self) -> Result<String, ExpressionError> {
        self.0
            .to_json_string()
            .map_err(|error| ExpressionError::Failed {
                code: None,
                message: format!("the result cannot be written as JSON: {error}"),
            })
    }
}

/// What can go wrong with an expression. A caller shows each of them beside the one field it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// The text is not a JSONata expression.
    #[error("{message}")]
    Syntax {
        /// The reference's error code (`S0202`), if the engine knows it.
        code: Option<String>,
        /// What is wrong, in the engine's words.
        message: String,
        /// Characters read when the fault was met (the reference's `position`).
        position: Option<usize>,
    },
    /// The expression uses something this engine does not have.
    #[error("{message}")]
    Unsupported {
        /// What is not supported.
        message: String,
    },
    /// The evaluation ended with an error, such as a number made of letters.
    #[error("{message}")]
    Failed {
        /// The reference's error code (`T2001`, `D3030`), if there is one.
        code: Option<String>,
        /// What went wrong, in the engine's words; may quote the record.
        message: String,
    },
    /// The evaluation took longer than it may.
    #[error("the expression needs too much time")]
    Time,
    /// The evaluation nested deeper than it may.
    #[error("the expression calls itself too deeply")]
    Depth,
    /// The evaluation asked for more memory than it may.
    #[error("the expression needs too much memory")]
    Memory,
}

impl ExpressionError {
    /// A stable name for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "expression_syntax",
            Self::Unsupported { .. } => "expression_unsupported",
            Self::Failed { .. } => "expression_failed",
            Self::Time => "expression_time",
            Self::Depth => "expression_depth",
            Self::Memory => "expression_memory",
        }
    }

    /// The code the JSONata reference gives this error, if it has one.
    pub fn jsonata_code(&self) -> Option<&str> {
        match self {
            Self::Syntax { code, .. } | Self::Failed { code, .. } => code.as_deref(),
            // The reference's own name for an evaluation that is stopped, whatever ran out.
            Self::Time | Self::Depth => Some("U1001"),
            Self::Unsupported { .. } | Self::Memory => None,
        }
    }

    /// Characters read when the fault was met.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Syntax { position, .. } => *position,
            _ => None,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "Correct the expression where the position points.",
            Self::Unsupported { .. } => {
                "Write it with the functions this engine has; look-around in a pattern can often become two steps."
            }
            Self::Failed { .. } => "Try the expression on this record in the mapping editor.",
            Self::Time => "Look for a loop without an end, or for work repeated per line.",
            Self::Depth => "Look for a function that calls itself without an end.",
            Self::Memory => "Look for a string or an array that grows without a bound.",
        }
    }
}

/// An expression language over JSON. The product has one implementation, [`Jsonata`](crate::Jsonata); everything
/// else sees this trait, so that a new engine touches one file.
pub trait Engine {
    /// A compiled expression; cheap to clone.
    type Compiled: Clone;

    /// Compiles an expression, or returns it from the engine's cache.
    ///
    /// # Errors
    /// [`ExpressionError::Syntax`] and [`ExpressionError::Unsupported`].
    fn compile(&mut self, expression: &str) -> Result<Self::Compiled, ExpressionError>;

    /// Reads a record once, for any number of evaluations.
    fn read(&self, record: &[u8]) -> Result<Value, RecordError>;

    /// Evaluates on a record; `None` is JSONata's "undefined".
    fn evaluate(
        &mut self,
        expression: &Self::Compiled,
        input: &Value,
    ) -> Result<Option<Value>, ExpressionError>;
}
