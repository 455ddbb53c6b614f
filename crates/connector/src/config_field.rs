//! The fields of the connection form.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Origin;

/// A field of the connection form; its value is `{{config.<key>}}`. Never a secret: those are credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigField {
    /// The name used in templates and by `--set`.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub key: String,
    /// What the form calls it.
    pub label: String,
    /// One or two sentences on where to find the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What a value looks like.
    pub kind: ConfigKind,
    /// A regular expression the whole value must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "regex"))]
    pub pattern: Option<String>,
    /// A made-up value, shown as the placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Whether the form refuses to go on without it.
    #[serde(default = "yes")]
    pub required: bool,
    /// The value when none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What can be chosen; for `select` only, and required there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ConfigOption>,
}

pub(crate) fn yes() -> bool {
    true
}

/// What a connection setting looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConfigKind {
    /// An origin: `https://acme.example.com`, without path, query, user or trailing slash. `http` for loopback only.
    Url,
    /// A host name, or the labels of one: `acme` or `api.eu`.
    Host,
    /// Any one line.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of `options`.
    Select,
}

/// A value of a `select`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigOption {
    /// What is stored and filled in.
    pub value: String,
    /// What the form shows.
    pub label: String,
}

impl ConfigField {
    /// Whether `value` is one the form takes: of its kind, and matching its pattern as a whole. The error is a plain sentence.
    pub fn accepts(&self, value: &str) -> Result<(), String> {
        let is_host = |text: &str| {
            !text.is_empty()
                && text.split('.').all(|label| {
                    !label.is_empty()
                        && label
                            .bytes()
                            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                })
        };
        let fits = match self.kind {
            ConfigKind::Url => {
                let bare = value.strip_suffix('/').unwrap_or(value);
                match Origin::parse(bare) {
                    Err(error) => return Err(format!("{}: {error}", self.label)),
                    Ok(_) => bare.matches('/').count() == 2 && !bare.contains(['?', '#']),
                }
            }
            ConfigKind::Host => is_host(value),
            ConfigKind::Text => !value.is_empty() && !value.chars().any(char::is_control),
            ConfigKind::Integer => value.parse::<i64>().is_ok(),
            ConfigKind::Boolean => matches!(value, "true" | "false"),
            ConfigKind::Select => self.options.iter().any(|option| option.value == value),
        };
        if !fits {
            let wanted = match self.kind {
                ConfigKind::Url => {
                    "an address without path, such as https://acme.example.com".to_owned()
                }
                ConfigKind::Host => "a host name, or part of one".to_owned(),
                ConfigKind::Text => "one line of text".to_owned(),
                ConfigKind::Integer => "a whole number".to_owned(),
                ConfigKind::Boolean => "true or false".to_owned(),
                ConfigKind::Select => {
                    let values: Vec<&str> = self
                        .options
                        .iter()
                        .map(|option| option.value.as_str())
                        .collect();
                    format!("one of {}", values.join(", "))
                }
            };
            return Err(format!("{}: `{value}` is not {wanted}", self.label));
        }
        match &self.pattern {
            Some(pattern) => match regex::Regex::new(&format!("^(?:{pattern})$")) {
                Ok(regex) if regex.is_match(value) => Ok(()),
                Ok(_) => Err(format!(
                    "{}: `{value}` does not look as it should ({pattern})",
                    self.label
                )),
                Err(_) => Err(format!(
                    "{}: the connector's pattern is not a regular expression",
                    self.label
                )),
            },
            None => Ok(()),
        }
    }
}
