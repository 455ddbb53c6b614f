//! The audit.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

/// A row of the audit.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AuditView {
    #[specta(type = Number)]
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub actor: String,
    pub tenant: Option<String>,
    pub account: Option<String>,
    pub method: Option<String>,
    pub endpoint: Option<String>,
    pub status: Option<u16>,
    #[specta(type = Option<Number>)]
    pub records: Option<u64>,
    #[specta(type = Option<Number>)]
    pub duration_ms: Option<u64>,
    #[specta(type = Option<Number>)]
    pub bytes: Option<u64>,
    pub detail: Option<String>,
    pub previous: String,
    pub hash: String,
}
