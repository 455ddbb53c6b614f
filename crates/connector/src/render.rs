//! Filling in a template.

use std::borrow::Cow;
use std::fmt::Write;

use url::Url;

use crate::{Reference, Segment, Template};

/// What a template is filled in for; it decides how values are encoded and which are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An absolute address. A value at its start has to be an origin (`https://acme.example.com`, nothing after it but a slash), one in its
    /// host consists of letters, digits, hyphens and dots, one after that is percent-encoded.
    Url,
    /// A path, appended to the base URL. Values are percent-encoded, `/` too; an empty one and a `..` are refused.
    Path,
    /// A header's value. Line ends and other control characters are refused.
    Header,
    /// A query parameter, a form parameter, a text in JSON, a query language, a letter: values go in as they are, and whoever sends the text
    /// encodes the whole of it (see [`query_string`]).
    Text,
}

/// Why a template could not be filled in. No message holds a value, since values can be secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The value is not there.
    #[error("`{0}` has no value")]
    Missing(Reference),
    /// The value is empty where something has to stand.
    #[error("`{0}` is empty")]
    Empty(Reference),
    /// The value begins an address and is not an origin.
    #[error("`{0}` is not an address such as https://acme.example.com")]
    NotAnOrigin(Reference),
    /// The value is part of a host and is not made of host characters.
    #[error("`{0}` cannot be part of a host name")]
    NotAHost(Reference),
    /// The path would climb with `.` or `..`.
    #[error("`{0}` would change the path")]
    DotSegment(Reference),
    /// The header's value would hold a line end or another control character, or is not ASCII.
    #[error("`{0}` has characters that no header can carry")]
    HeaderCharacter(Reference),
    /// The whole is not an address.
    #[error("`{0}` does not give an address")]
    NotAnAddress(String),
}

impl RenderError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) | Self::Empty(_) => "missing_setting",
            _ => "invalid_setting",
        }
    }

    /// The next step.
    pub fn hint(&self) -> String {
        match self {
            Self::NotAnAddress(_) => "Check the connection's settings.".to_owned(),
            Self::Missing(reference)
            | Self::Empty(reference)
            | Self::NotAnOrigin(reference)
            | Self::NotAHost(reference)
            | Self::DotSegment(reference)
            | Self::HeaderCharacter(reference) => match reference.source {
                crate::Source::Config => format!(
                    "Correct the setting `{}` of the connection.",
                    reference.name
                ),
                crate::Source::Credential => {
                    format!("Enter the credential's `{}` again.", reference.name)
                }
                crate::Source::Token => "Connect the account again to get a new token.".to_owned(),
                _ => "Check the connector's definition.".to_owned(),
            },
        }
    }
}

impl Template {
    /// The text with its values filled in. `lookup` gives the value of a reference, or nothing if there is none.
    pub fn render<'v>(
        &self,
        place: Place,
        lookup: impl Fn(&Reference) -> Option<Cow<'v, str>>,
    ) -> Result<String, RenderError> {
        let mut text = String::new();
        for (index, segment) in self.segments().iter().enumerate() {
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Value(reference) => {
                    let value =
                        lookup(reference).ok_or_else(|| RenderError::Missing(reference.clone()))?;
                    match place {
                        Place::Url => push_into_url(&mut text, index == 0, reference, &value)?,
                        Place::Path => push_into_path(&mut text, reference, &value)?,
                        Place::Header => {
                            if !value.bytes().all(|b| (b' '..=b'~').contains(&b)) {
                                return Err(RenderError::HeaderCharacter(reference.clone()));
                            }
                            text.push_str(&value);
                        }
                        Place::Text => text.push_str(&value),
                    }
                }
            }
        }
        if matches!(place, Place::Url | Place::Path) {
            self.refuse_dot_segments(&text)?;
        }
        if place == Place::Url && Url::parse(&text).is_err() {
            return Err(RenderError::NotAnAddress(self.as_str().to_owned()));
        }
        Ok(text)
    }

    /// A value such as `..`, or one that joins literal dots to become it. `%2e` counts as a dot for every URL parser.
    fn refuse_dot_segments(&self, text: &str) -> Result<(), RenderError> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let climbs = path.split(['/', '\\']).any(|segment| {
            matches!(
                segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
                "." | ".."
            )
        });
        match (climbs, self.references().last()) {
            (true, Some(reference)) => Err(RenderError::DotSegment(reference.clone())),
            _ => Ok(()),
        }
    }
}

fn push_into_url(
    text: &mut String,
    first: bool,
    reference: &Reference,
    value: &str,
) -> Result<(), RenderError> {
    if first {
        let not_an_origin = || RenderError::NotAnOrigin(reference.clone());
        let trimmed = value.strip_suffix('/').unwrap_or(value);
        let url = Url::parse(trimmed).map_err(|_| not_an_origin())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let plain = !trimmed.contains(['?', '#', '\\', '@']) && trimmed.matches('/').count() == 2;
        if !bare || !plain || crate::Origin::of(&url).is_err() {
            return Err(not_an_origin());
        }
        text.push_str(trimmed);
        return Ok(());
    }
    let in_host = text
        .split_once("://")
        .is_none_or(|(_, rest)| !rest.contains(['/', '?', '#']));
    if !in_host {
        return push_into_path(text, reference, value);
    }
    let labels = value.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    });
    if !labels {
        return Err(RenderError::NotAHost(reference.clone()));
    }
    text.push_str(value);
    Ok(())
}

fn push_into_path(
    text: &mut String,
    reference: &Reference,
    value: &str,
) -> Result<(), RenderError> {
    if value.is_empty() {
        return Err(RenderError::Empty(reference.clone()));
    }
    percent_encode(text, value);
    Ok(())
}

/// Everything but RFC 3986's unreserved characters is encoded.
fn percent_encode(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// `name=value&…`, names and values percent-encoded throughout (a space is `%20`, `:` is `%3A`, `+` is `%2B`).
pub fn query_string<'p>(params: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let mut text = String::new();
    for (name, value) in params {
        if !text.is_empty() {
            text.push('&');
        }
        percent_encode(&mut text, name);
        text.push('=');
        percent_encode(&mut text, value);
    }
    text
}
