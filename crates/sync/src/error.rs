//! Why a run could not begin, or could not be kept.

use crosswalk_client::ClientError;
use crosswalk_workspace::run::Mode;
use thiserror::Error;

/// Why a run could not begin, or could not be kept. What a provider answers is no such error: it ends in the run's own status and fault.
#[derive(Debug, Error)]
pub enum SyncError {
    /// The connector has no such resource.
    #[error("the connector has no resource {resource}")]
    UnknownResource {
        /// What was asked for.
        resource: String,
    },
    /// The resource cannot be read this way.
    #[error("{resource} cannot be synced in mode {mode}: {why}")]
    ModeUnavailable {
        /// The resource.
        resource: String,
        /// The mode.
        mode: Mode,
        /// The reason.
        why: &'static str,
    },
    /// Marking records as exported was asked for and is not allowed.
    #[error("records cannot be marked as exported: {why}")]
    MarkingRefused {
        /// Which condition does not hold.
        why: &'static str,
        /// The next step.
        hint: String,
    },
    /// The run that was to be taken up again cannot be.
    #[error("the run cannot be taken up again: {why}")]
    NotResumable {
        /// What changed meanwhile.
        why: &'static str,
    },
    /// The provider cannot be called at all with these settings.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The workspace failed. What was stored before is kept.
    #[error(transparent)]
    Workspace(#[from] crosswalk_workspace::Error),
}

impl SyncError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownResource { .. } => "not_found",
            Self::ModeUnavailable { .. } => "mode_unavailable",
            Self::MarkingRefused { .. } => "marking_refused",
            Self::NotResumable { .. } => "run_not_resumable",
            Self::Client(error) => error.code(),
            Self::Workspace(error) => error.code(),
        }
    }

    /// The next step.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownResource { .. } => {
                "Choose one of the connector's resources; `xwalk connector show` lists them."
                    .to_owned()
            }
            Self::ModeUnavailable { .. } => {
                "Choose the mode full, or test for a first look.".to_owned()
            }
            Self::MarkingRefused { hint, .. } => hint.clone(),
            Self::NotResumable { .. } => {
                "Start a new sync of the same mode. What this one stored stays.".to_owned()
            }
            Self::Client(error) => error.hint(),
            Self::Workspace(error) => error.hint(),
        }
    }
}

impl PartialEq for SyncError {
    /// Same kind of error; for tests of decisions.
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}
