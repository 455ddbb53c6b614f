//! Pass-through reads.

use std::collections::BTreeMap;

use serde::Serialize;

/// A pass-through read.
#[derive(Clone, Debug, Serialize)]
pub struct PassThrough {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    /// JSON where it was JSON, else text.
    pub body: serde_json::Value,
}
