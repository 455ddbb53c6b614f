//! What a face shows when a use case fails.

pub(crate) mod sides;
pub(crate) mod sources;

use serde::Serialize;
use specta::Type;

/// What kind of failure it is; a command line turns it into an exit code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FaultClass {
    /// The operation failed.
    Failed,
    /// The input is wrong, or names what does not exist.
    Invalid,
    /// The provider refused the credential or the permission.
    Refused,
    /// The workspace or the vault cannot be opened.
    Locked,
    /// The user stopped it; a checkpoint is kept.
    Interrupted,
}

/// A failure as it crosses to a face: faces switch on `code`, users read `message` and `hint`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct Fault {
    /// Stable, in snake case.
    pub code: String,
    /// What happened, a plain sentence.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
    /// What kind of failure it is.
    #[serde(skip)]
    #[specta(skip)]
    pub class: FaultClass,
}

impl Fault {
    pub(crate) fn new(
        class: FaultClass,
        code: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        Self {
            code: code.into(),
            message: message.into(),
            hint,
            class,
        }
    }

    /// Wrong input.
    pub fn invalid(
        code: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(FaultClass::Invalid, code, message, hint)
    }

    /// A workspace or vault that stays shut.
    pub fn locked(
        code: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(FaultClass::Locked, code, message, hint)
    }

    /// An operation that failed.
    pub fn failed(
        code: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(FaultClass::Failed, code, message, hint)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
