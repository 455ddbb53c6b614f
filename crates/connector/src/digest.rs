//! What a definition amounts to, as one number.

use std::fmt;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::text_type::{TextError, text_type};

/// The SHA-256 of canonical JSON, in 64 lower-case hexadecimal digits. Comments, quoting and the order of keys in a file do not change it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(String);

text_type!(
    Digest,
    "sha-256",
    "A SHA-256 in 64 lower-case hexadecimal digits."
);

impl Digest {
    /// Reads 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::new(
                "this is not a digest",
                "a digest has 64 lower-case hexadecimal digits",
            ))
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest of a value: the keys of every map sorted, no white space.
    pub(crate) fn of(value: &Value) -> Self {
        let mut hash = Sha256::new();
        feed(value, &mut hash);
        let mut digits = String::with_capacity(64);
        for byte in hash.finalize() {
            let _ = fmt::Write::write_fmt(&mut digits, format_args!("{byte:02x}"));
        }
        Self(digits)
    }
}

fn feed(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            hash.update(b"{");
            for (key, member) in members {
                hash.update(Value::String(key.clone()).to_string());
                hash.update(b":");
                feed(member, hash);
                hash.update(b",");
            }
            hash.update(b"}");
        }
        Value::Array(items) => {
            hash.update(b"[");
            for item in items {
                feed(item, hash);
                hash.update(b",");
            }
            hash.update(b"]");
        }
        leaf => hash.update(leaf.to_string()),
    }
}
