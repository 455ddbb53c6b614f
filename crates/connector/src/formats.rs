//! The formats asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The formats asked for and what to do with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Formats {
    /// The `Accept` header.
    pub accept: String,
    /// The `Content-Type` header of calls with a body; sent on reads too if `content_type_on_reads`.
    pub content_type: String,
    /// Whether reads carry `Content-Type`, for providers that ask for it.
    pub content_type_on_reads: bool,
    /// What to do when XML comes although JSON was asked for.
    pub on_xml: OnXml,
}

impl Default for Formats {
    fn default() -> Self {
        Self {
            accept: "application/json".to_owned(),
            content_type: "application/json".to_owned(),
            content_type_on_reads: false,
            on_xml: OnXml::Refuse,
        }
    }
}

/// What to do with XML where JSON was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnXml {
    /// A clear error.
    #[default]
    Refuse,
    /// Turn it into JSON: elements become keys, repeated ones lists, texts strings.
    Convert,
}
