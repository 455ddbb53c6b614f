//! Errors that were kept.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

/// An error that was kept.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ErrorView {
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}
