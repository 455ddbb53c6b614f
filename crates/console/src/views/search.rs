//! Search.

use serde::Serialize;
use specta::Type;

/// Something a search found, and where it leads.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct Hit {
    /// `tenant`, `account`, `resource`, `field` or `connector`.
    pub kind: String,
    pub label: String,
    pub detail: String,
    pub account: Option<String>,
    pub tenant: Option<String>,
    pub resource: Option<String>,
    pub field: Option<String>,
    pub connector: Option<String>,
}
