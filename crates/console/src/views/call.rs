//! Calls: one HTTP request each, as they were audited.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

/// Which calls to show.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct CallQuery {
    /// In method, address, status, resource or outcome.
    pub text: String,
    #[specta(type = Number)]
    pub offset: u64,
    pub limit: u32,
}

/// Some calls, newest first.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CallPage {
    #[specta(type = Number)]
    pub total: u64,
    pub rows: Vec<CallRow>,
}

/// One HTTP request.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CallRow {
    /// Its place in the audit.
    #[specta(type = Number)]
    pub seq: u64,
    pub at: Timestamp,
    pub account: Option<String>,
    pub resource: Option<String>,
    pub method: String,
    /// Origin, path and query, without secrets.
    pub endpoint: String,
    /// Null when no answer came.
    pub status: Option<u16>,
    #[specta(type = Option<Number>)]
    pub duration_ms: Option<u64>,
    #[specta(type = Option<Number>)]
    pub bytes: Option<u64>,
    #[specta(type = Option<Number>)]
    pub records: Option<u64>,
    pub run: Option<String>,
    /// What was wrong; null for an answer that was used.
    pub error: Option<String>,
}

/// A request and its answer.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CallDetail {
    pub row: CallRow,
    pub request_headers: BTreeMap<String, String>,
    pub request_body: Option<String>,
    pub response_headers: BTreeMap<String, String>,
    /// The first 64 KiB of the answer, secrets masked.
    pub response: Option<String>,
    /// Why there is no answer to show, or not all of it.
    pub response_note: Option<String>,
    /// Length of the whole answer.
    #[specta(type = Number)]
    pub response_bytes: u64,
    /// The request as a shell command, with a placeholder for what authenticates it.
    pub curl: String,
    /// Whether it can be sent again: a read of an address without secrets.
    pub replayable: bool,
}
