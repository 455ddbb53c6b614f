//! How one resource becomes one model.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one resource becomes one model: the file `connectors/<name>/mappings/<category>/<model>.<resource>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The version of this format; 1.
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// The model, with its category: `procurement/invoice`.
    pub model: String,
    /// The resource it reads.
    pub resource: String,
    /// What an author should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// A JSONata expression for each unified field, in the order shown.
    pub fields: IndexMap<String, String>,
    /// A JSONata expression for each unified filter, over the filters that were asked for. It gives the provider's own
    /// conditions: `{ "updated-at": { "gt": updated_after } }`, the operators being those of the connector's `filters`.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub query: IndexMap<String, String>,
}
