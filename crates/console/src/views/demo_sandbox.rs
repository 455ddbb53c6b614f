//! The sandbox inside the window.

use serde::Serialize;
use specta::Type;

/// What starting the sandbox added, or found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DemoTenants {
    pub tenants: Vec<String>,
    pub accounts: Vec<String>,
    /// The account whose connection test found something to mend.
    pub broken: Option<String>,
}

/// Whether stand-in instances run in this program.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DemoSandbox {
    pub running: bool,
    /// The first one's address.
    pub url: Option<String>,
}
