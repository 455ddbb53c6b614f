//! What works on this machine.

use serde::Serialize;
use specta::Type;

/// Where the diagnostics bundle was written.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DiagnosticsBundle {
    pub path: String,
}

/// One thing `doctor` looked at.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DoctorCheck {
    pub name: String,
    /// `ok`, `warning`, `failed` or `skipped`.
    pub state: String,
    pub message: String,
    pub hint: Option<String>,
}
