use std::io::Write as _;

use crosswalk_connector::ScalarType;
use jiff::Timestamp;
use jiff::civil::Date;
use jsonata_core::value::JValue;

use crate::decimal::Decimal;
use crate::raw::MAX_DEPTH;

/// The most characters of a record's value that a message quotes.
const LONGEST_QUOTE: usize = 40;

/// Writes `value` as a unified scalar; `false`, and nothing written, if it is not one.
///
/// Texts, ids and decimals come out as texts whatever they were, whole numbers as numbers (a provider's
/// `"line-num": "1"` is one), dates as written in the provider's own offset, instants in UTC with at most
/// microseconds.
pub(crate) fn write(value: &JValue, kind: ScalarType, out: &mut Vec<u8>) -> bool {
    match (kind, value) {
        (ScalarType::Any, value) => {
            return nests_within(value, MAX_DEPTH)
                && serde_json::to_writer(&mut *out, value).is_ok();
        }
        (ScalarType::String | ScalarType::Id, JValue::String(text)) => write_text(text, out),
        (ScalarType::String, JValue::Number(number)) if number.is_finite() => {
            write_text(&value.to_string(), out);
        }
        (ScalarType::Id, JValue::Number(number)) if number.fract() == 0.0 => {
            write_text(&value.to_string(), out);
        }
        (ScalarType::Integer, value) => return write_integer(value, out),
        (ScalarType::Decimal, JValue::String(text)) if Decimal::is_decimal(text) => {
            write_text(text, out);
        }
        (ScalarType::Decimal, JValue::Number(number)) if number.is_finite() => {
            let text = value.to_string();
            if !Decimal::is_decimal(&text) {
                return false;
            }
            write_text(&text, out);
        }
        (ScalarType::Boolean, JValue::Bool(truth)) => {
            out.extend_from_slice(if *truth { b"true" } else { b"false" });
        }
        (ScalarType::Boolean, JValue::String(text)) if matches!(&**text, "true" | "false") => {
            out.extend_from_slice(text.as_bytes());
        }
        // An empty text is no value of any of these, and no fault either.
        (
            ScalarType::Decimal
            | ScalarType::Date
            | ScalarType::Timestamp
            | ScalarType::Currency
            | ScalarType::Country,
            JValue::String(text),
        ) if text.is_empty() => out.extend_from_slice(b"null"),
        (ScalarType::Date, JValue::String(text)) => match date(text) {
            Some(date) => write_text(date, out),
            None => return false,
        },
        (ScalarType::Timestamp, JValue::String(text)) => match instant(text) {
            Some(instant) => {
                // Writing to memory does not fail.
                let _ = write!(out, "\"{instant}\"");
            }
            None => return false,
        },
        (ScalarType::Currency, JValue::String(text)) if is_code(text, 3) => write_text(text, out),
        (ScalarType::Country, JValue::String(text)) if is_code(text, 2) => write_text(text, out),
        _ => return false,
    }
    true
}

/// Whether the value nests no deeper than `levels`.
fn nests_within(value: &JValue, levels: usize) -> bool {
    let inside = |levels: usize| move |part: &JValue| nests_within(part, levels);
    match (value, levels.checked_sub(1)) {
        (JValue::Array(_) | JValue::Object(_), None) => false,
        (JValue::Array(items), Some(levels)) => items.iter().all(inside(levels)),
        (JValue::Object(entries), Some(levels)) => entries.values().all(inside(levels)),
        _ => true,
    }
}

fn write_integer(value: &JValue, out: &mut Vec<u8>) -> bool {
    let text = match value {
        JValue::Number(number) if number.fract() == 0.0 && number.is_finite() => value.to_string(),
        JValue::String(text) => text.to_string(),
        _ => return false,
    };
    if text.is_empty() {
        out.extend_from_slice(b"null");
        return true;
    }
    match text.parse::<i64>() {
        Ok(number) => write!(out, "{number}").is_ok(),
        Err(_) => false,
    }
}

/// Writes a JSON string.
pub(crate) fn write_text(text: &str, out: &mut Vec<u8>) {
    // Writing a string to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// The calendar date a text begins with, as written: `2010-09-22` of `2010-09-22T20:42:57-07:00`.
fn date(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    if !matches!(text.as_bytes().get(10), None | Some(b'T' | b't' | b' ')) {
        return None;
    }
    let mut parts = day.splitn(3, '-');
    let mut number = |digits: usize| {
        parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<i16>().ok())
    };
    let (year, month, of_month) = (number(4)?, number(2)?, number(2)?);
    Date::new(
        year,
        i8::try_from(month).ok()?,
        i8::try_from(of_month).ok()?,
    )
    .ok()?;
    Some(day)
}

/// The instant a text with an offset names, cut to microseconds; without an offset it names none.
fn instant(text: &str) -> Option<Timestamp> {
    let instant: Timestamp = text.parse().ok()?;
    Timestamp::from_microsecond(instant.as_microsecond()).ok()
}

fn is_code(text: &str, letters: usize) -> bool {
    text.len() == letters && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// A value as a message quotes it: short, and on one line.
pub(crate) fn shown(value: &JValue) -> String {
    match value {
        JValue::Object(_) => "an object".to_owned(),
        JValue::Array(_) => "a list".to_owned(),
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
            "a function".to_owned()
        }
        JValue::String(text) if text.chars().nth(LONGEST_QUOTE).is_some() => {
            format!("{}…", serde_json::Value::from(cut(text)))
        }
        JValue::String(text) => serde_json::Value::from(&**text).to_string(),
        other => other.to_string(),
    }
}

/// The beginning of a text, as much as a message quotes.
pub(crate) fn cut(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::wanted::Wanted;

    #[test]
    fn scalars_are_written_as_the_models_want_them() {
        use ScalarType::{
            Any, Boolean, Country, Currency, Date, Decimal, Id, Integer, String, Timestamp,
        };
        for (kind, raw, unified) in [
            (String, "\"a\\nb\"", Some("\"a\\nb\"")),
            (String, "12", Some("\"12\"")),
            (String, "true", None),
            (Id, "4711", Some("\"4711\"")),
            (Id, "\"A-1\"", Some("\"A-1\"")),
            (Id, "1.5", None),
            (Integer, "\"1\"", Some("1")),
            (Integer, "3", Some("3")),
            (Integer, "3.5", None),
            (Integer, "\"x\"", None),
            (Decimal, "\"567.070\"", Some("\"567.070\"")),
            (Decimal, "12.5", Some("\"12.5\"")),
            (Decimal, "\"1,000\"", None),
            (Decimal, "\"\"", Some("null")),
            (Boolean, "false", Some("false")),
            (Boolean, "\"true\"", Some("true")),
            (Boolean, "1", None),
            (
                Date,
                "\"2010-09-22T23:42:57-07:00\"",
                Some("\"2010-09-22\""),
            ),
            (Date, "\"2024-02-29\"", Some("\"2024-02-29\"")),
            (Date, "\"2023-02-29\"", None),
            (Date, "\"22.9.2010\"", None),
            (Date, "\"2010-09-222\"", None),
            (
                Timestamp,
                "\"2010-09-22T20:42:57-07:00\"",
                Some("\"2010-09-23T03:42:57Z\""),
            ),
            (
                Timestamp,
                "\"2010-09-22T20:42:57.123456789Z\"",
                Some("\"2010-09-22T20:42:57.123456Z\""),
            ),
            (Timestamp, "\"2010-09-22T20:42:57\"", None),
            (Currency, "\"EUR\"", Some("\"EUR\"")),
            (Currency, "\"eur\"", None),
            (Country, "\"DE\"", Some("\"DE\"")),
            (Country, "\"Germany\"", None),
            (Any, "{\"a\":[1]}", Some("{\"a\":[1]}")),
        ] {
            let value = crate::raw::read(raw.as_bytes(), &Wanted::default()).unwrap();
            let mut out = Vec::new();
            let written = write(&value, kind, &mut out).then(|| std::str::from_utf8(&out).unwrap());
            assert_eq!(written, unified, "{kind:?} {raw}");
        }
    }

    #[test]
    fn quotes_are_short() {
        let long = JValue::string("x".repeat(100));
        assert_eq!(shown(&long), format!("\"{}\"…", "x".repeat(40)));
    }
}
