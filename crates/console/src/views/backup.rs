//! Backups.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

/// A copy of the workspace.
#[derive(Clone, Debug, Serialize, Type)]
pub struct BackupView {
    pub name: String,
    pub created_at: Timestamp,
    #[specta(type = Number)]
    pub bytes: u64,
    /// Why it was made: `manual`, `migration`, `restore`.
    pub reason: String,
}
