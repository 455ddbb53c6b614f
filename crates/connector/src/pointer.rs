//! Where something stands in a response body.

use crate::text_type::{TextError, text_type};

/// A JSON pointer (RFC 6901) into a response body: `/paging/next/after`; the empty text is the whole body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Pointer(String);

text_type!(
    Pointer,
    "json-pointer",
    "A JSON pointer (RFC 6901) such as `/paging/next/after`; empty for the whole body."
);

impl Pointer {
    /// Reads a pointer: empty, or starting with `/`; `~` only as `~0` or `~1`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let hint = "start with `/`, as in `/links/next`, or leave it empty for the whole body";
        if !text.is_empty() && !text.starts_with('/') {
            return Err(TextError::new(
                format!("`{text}` is not a JSON pointer"),
                hint,
            ));
        }
        if text
            .split('~')
            .skip(1)
            .any(|rest| !rest.starts_with(['0', '1']))
        {
            return Err(TextError::new(
                format!("`{text}` has a `~` that is not `~0` or `~1`"),
                "write `~0` for a tilde and `~1` for a slash inside a key",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The member of the body's root with this key.
    pub(crate) fn of_key(key: &str) -> Self {
        Self(format!("/{}", key.replace('~', "~0").replace('/', "~1")))
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands there in `body`, if anything does.
    pub fn find<'v>(&self, body: &'v serde_json::Value) -> Option<&'v serde_json::Value> {
        body.pointer(&self.0)
    }
}
