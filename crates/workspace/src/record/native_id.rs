use std::fmt;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// A record's id at the provider. Integers order as numbers and come before texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NativeId {
    /// An integer in its one usual spelling.
    Integer(i64),
    /// Any other.
    Text(String),
}

impl From<&str> for NativeId {
    /// An integer only if writing it gives the same text: `007` and `+7` stay texts, and `7` and `"7"` are one id.
    fn from(text: &str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let usual = digits == "0" && digits.len() == text.len()
            || digits.starts_with(|first: char| ('1'..='9').contains(&first));
        match text.parse() {
            Ok(number) if usual => Self::Integer(number),
            _ => Self::Text(text.to_owned()),
        }
    }
}

impl From<i64> for NativeId {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl fmt::Display for NativeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl ToSql for NativeId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Integer(number) => ToSqlOutput::from(*number),
            Self::Text(text) => ToSqlOutput::from(text.as_str()),
        })
    }
}

impl FromSql for NativeId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Integer(number) => Ok(Self::Integer(number)),
            ValueRef::Text(_) => Ok(Self::Text(value.as_str()?.to_owned())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// How far something was changed: microseconds since 1970 for a provider that tells the time, else its own ascending
/// number. Values of one resource compare, and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Watermark(pub i64);

impl From<Timestamp> for Watermark {
    fn from(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }
}

impl Watermark {
    /// The instant, for a provider that tells the time. None outside the years -9999 to 9999.
    pub fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.0).ok()
    }
}

impl ToSql for Watermark {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0))
    }
}

impl FromSql for Watermark {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::NativeId::{self, Integer, Text};

    #[test]
    fn only_the_usual_spelling_is_a_number() {
        for (text, expected) in [
            ("0", Integer(0)),
            ("7", Integer(7)),
            ("-7", Integer(-7)),
            ("9223372036854775807", Integer(i64::MAX)),
            ("-9223372036854775808", Integer(i64::MIN)),
            ("9223372036854775808", Text("9223372036854775808".into())),
            ("007", Text("007".into())),
            ("+7", Text("+7".into())),
            ("-0", Text("-0".into())),
            ("7.0", Text("7.0".into())),
            ("", Text(String::new())),
            ("-", Text("-".into())),
            ("INV-7", Text("INV-7".into())),
        ] {
            assert_eq!(NativeId::from(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_two_texts_are_one_id(text in "[-+]?[0-9]{0,20}|\\PC{0,8}") {
            prop_assert_eq!(NativeId::from(text.as_str()).to_string(), text);
        }
    }
}
