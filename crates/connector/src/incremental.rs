//! How to ask for a part of a list: by key, by time, by flag, by sample.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Period, RawPath, Template, WriteOperation};

/// How to walk a list in ranges of a key: `after < key <= up_to`, ascending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keyset {
    /// The key in a record; unique and never changed.
    pub field: RawPath,
    /// How keys compare.
    #[serde(rename = "type")]
    pub key_type: KeyType,
    /// Parameters for keys above `{{range.after}}`: `"id[gt]": "{{range.after}}"`.
    pub after: IndexMap<String, Template>,
    /// Parameters for keys up to and with `{{range.up_to}}`. Absent: the list can only be walked as one range.
    #[serde(default)]
    pub up_to: IndexMap<String, Template>,
    /// Parameters that order the list by the key, ascending; empty if that is the provider's own order.
    #[serde(default)]
    pub order: IndexMap<String, Template>,
}

/// How keys compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyType {
    /// As whole numbers. Only such ranges are split between workers.
    Integer,
    /// As text, byte by byte; the list is read in its own order, page by page.
    String,
    /// As UUIDs, byte by byte; the list is read in its own order, page by page.
    Uuid,
}

/// How to ask for what changed since a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watermark {
    /// The time of last change in a record.
    pub field: RawPath,
    /// Parameters: `"updated-at[gt_or_eq]": "{{watermark.value}}"`.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
    /// Headers: `If-Modified-Since: "{{watermark.value}}"` with format `http_date`.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// A clause for a query language, filled in as `{{watermark.clause}}`; empty there when all records are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<Template>,
    /// How the time is written.
    pub format: TimeFormat,
    /// How far before the last watermark to start, for records that were being written then.
    #[serde(default)]
    pub lookback: Option<Period>,
}

/// How a time is written in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// `2026-11-20T21:50:00Z`.
    Rfc3339,
    /// `2026-11-20T21:50:00.000Z`.
    Rfc3339Millis,
    /// `2026-11-20`.
    Date,
    /// Seconds since 1970.
    EpochS,
    /// Milliseconds since 1970.
    EpochMs,
    /// `Fri, 20 Nov 2026 21:50:00 GMT`.
    HttpDate,
}

/// A flag that records were handed over, kept by the provider and shared with every other integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// The flag in a record.
    pub field: RawPath,
    /// Parameters for the records not handed over yet: `exported: "false"`.
    pub params: IndexMap<String, Template>,
    /// The call that marks one record, `{{record.id}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<WriteOperation>,
}

/// How a test sync meets records of every kind: one small read for each value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleBy {
    /// The field in a record.
    pub field: RawPath,
    /// Parameters for one value: `status: "{{sample.value}}"`.
    pub params: IndexMap<String, Template>,
    /// The values, the most telling first.
    pub values: Vec<String>,
}
