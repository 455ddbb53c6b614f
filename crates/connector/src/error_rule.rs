//! What answers mean that are not plain success.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Pointer;

/// When a response is an error, which one, and where its words are. All conditions given must hold; at least one is required.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// The statuses: `[404]`, `["5xx"]`, `[200]` for an error inside a success.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<StatusPattern>,
    /// A condition on a header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderMatch>,
    /// A condition on the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyMatch>,
    /// What it is.
    pub class: ErrorClass,
    /// The scope that is missing; for `forbidden` only. Absent: the scopes of the resource read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where the provider's words are, in a JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Pointer>,
    /// What the user should do next, when the class's own hint is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A condition on a response header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeaderMatch {
    /// The header's name, in any case.
    pub name: String,
    /// A text its value contains, in any case; absent: it is present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
}

/// A condition on a response body. All parts given must hold; at least one is required.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyMatch {
    /// Where to look in a JSON body; absent: at the body's text. A body that is not JSON never matches a pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Pointer>,
    /// The value that stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<serde_json::Value>,
    /// A text it contains, in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Whether something other than null stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
}

/// What an error is, and so what is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// No more records; not an error.
    EndOfResults,
    /// The token is not accepted: one new token and one more try, then the account needs to be connected again.
    Auth,
    /// The token lacks a scope or the caller's address is not allowed.
    Forbidden,
    /// Too many calls.
    RateLimited,
    /// May pass by itself.
    Transient,
    /// The request is wrong; trying again is of no use.
    Invalid,
    /// Nothing will help.
    Fatal,
}

/// One status, or a class of them: `404`, `"5xx"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusPattern {
    /// Exactly this status.
    Exactly(u16),
    /// All statuses with this first digit.
    Class(u16),
}

impl StatusPattern {
    /// Whether `status` is meant.
    pub fn matches(self, status: u16) -> bool {
        match self {
            Self::Exactly(exact) => status == exact,
            Self::Class(digit) => status / 100 == digit,
        }
    }
}

impl Serialize for StatusPattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exactly(status) => serializer.serialize_u16(*status),
            Self::Class(digit) => serializer.serialize_str(&format!("{digit}xx")),
        }
    }
}

impl<'de> Deserialize<'de> for StatusPattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let class = |text: &str| match text.as_bytes() {
            [digit @ b'1'..=b'5', b'x', b'x'] => Some(u16::from(digit - b'0')),
            _ => None,
        };
        let exact = value
            .as_u64()
            .and_then(|n| u16::try_from(n).ok())
            .filter(|n| (100..=599).contains(n));
        match (exact, value.as_str().and_then(class)) {
            (Some(status), _) => Ok(Self::Exactly(status)),
            (None, Some(digit)) => Ok(Self::Class(digit)),
            (None, None) => Err(serde::de::Error::custom(
                "a status is a number from 100 to 599, or a class such as `5xx`",
            )),
        }
    }
}

impl JsonSchema for StatusPattern {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StatusPattern".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "One status, or a class of them: `404`, `\"5xx\"`.",
            "anyOf": [
                { "type": "integer", "minimum": 100, "maximum": 599 },
                { "type": "string", "pattern": "^[1-5]xx$" }
            ]
        })
    }
}
