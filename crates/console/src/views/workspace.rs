//! The workspace.

use serde::Serialize;
use specta::Type;

/// Which workspace is open.
#[derive(Clone, Debug, Serialize, Type)]
pub struct WorkspaceInfo {
    /// Its folder.
    pub folder: String,
    /// This program's version.
    pub version: String,
    /// `keyring` or `passphrase`; null until the first account decides.
    pub vault: Option<String>,
    /// Whether there is no tenant yet.
    pub empty: bool,
}
