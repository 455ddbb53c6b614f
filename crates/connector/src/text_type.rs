//! The pattern every typed text of the format follows: a string in the file, parsed once at load.

use crate::{HostPattern, Period, Pointer, RawPath, Template};

/// Gives a type that has `parse(&str) -> Result<Self, TextError>` and `as_str()` its serde, schema and display forms.
///
/// The schema's `format` is the name under which the structure check finds the parser, so that a malformed text is reported
/// with its place like any other mistake.
macro_rules! text_type {
    ($type:ty, $format:literal, $description:literal) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::TextError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": $format, "description": $description })
            }
        }
    };
}

pub(crate) use text_type;

/// A text of the format that does not parse: what is wrong with it and what it should look like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TextError {
    /// One plain sentence.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl TextError {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// Whether `text` is what `format` names in the schema; a format this crate does not define takes any text.
pub(crate) fn check_format(format: &str, text: &str) -> Result<(), TextError> {
    match format {
        "template" => Template::parse(text).map(drop),
        "period" => Period::parse(text).map(drop),
        "json-pointer" => Pointer::parse(text).map(drop),
        "raw-path" => RawPath::parse(text).map(drop),
        "host-pattern" => HostPattern::parse(text).map(drop),
        "regex" => regex::Regex::new(text).map(drop).map_err(|error| {
            let reason = error.to_string();
            let reason = reason
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            let message = format!("`{text}` is not a regular expression: {reason}");
            TextError::new(message, "use the syntax of Rust's regex crate")
        }),
        "semver" => semver::Version::parse(text).map(drop).map_err(|error| {
            let message = format!("`{text}` is not a version: {error}");
            TextError::new(message, "write three numbers, such as \"1.0.0\"")
        }),
        "https-url" => match url::Url::parse(text) {
            Ok(url) if url.scheme() == "https" => Ok(()),
            _ => Err(TextError::new(
                format!("`{text}` is not an https address"),
                "start with `https://`",
            )),
        },
        _ => Ok(()),
    }
}
