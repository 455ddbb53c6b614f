//! Finding one value in a large JSON text without building all of it.

use std::borrow::Cow;

use crosswalk_connector::{RawPath, RawStep};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A body as text: without a byte order mark, and with bytes that are not UTF-8 replaced. Borrowed unless any were.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(String::from_utf8_lossy(body).into_owned()),
    }
}

/// The value at a JSON pointer (RFC 6901), as the exact text it has in `body`. Of repeated keys the last counts, as in every JSON parser here.
pub(crate) fn at_pointer<'b>(body: &'b str, pointer: &str) -> Option<&'b RawValue> {
    let mut found: Option<&RawValue> = None;
    for step in pointer.split('/').skip(1) {
        let text = found.map_or(body, RawValue::get);
        found = Some(member(text, &step.replace("~1", "/").replace("~0", "~"))?);
    }
    found.or_else(|| serde_json::from_str(body).ok())
}

/// The first value a path reaches in a record; `[]` takes the first element.
pub(crate) fn at_path<'b>(record: &'b str, path: &RawPath) -> Option<&'b RawValue> {
    let mut found: Option<&'b RawValue> = None;
    for step in path.steps() {
        let text = found.map_or(record, RawValue::get);
        found = Some(match step {
            RawStep::Key(key) => member(text, key)?,
            RawStep::Each => member(text, "0")?,
        });
    }
    found
}

/// A scalar as text: strings without quotes, numbers as they are written. `None` for null, lists and objects.
pub(crate) fn scalar(raw: &RawValue) -> Option<String> {
    let text = raw.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b'n' | b'{' | b'[' => None,
        _ => Some(text.to_owned()),
    }
}

fn member<'b>(text: &'b str, key: &str) -> Option<&'b RawValue> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Member { key }.deserialize(&mut deserializer).ok().flatten()
}

/// Reads one member of an object, or one element of a list, and skips the rest.
struct Member<'k> {
    key: &'k str,
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.key {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        // A page that is a list has no members: an error rule that looks for one must not cost another reading of the page.
        let Ok(wanted) = self.key.parse::<usize>() else {
            return Ok(None);
        };
        let (mut index, mut found) = (0, None);
        loop {
            if wanted == index {
                match items.next_element()? {
                    Some(item) => found = Some(item),
                    None => return Ok(found),
                }
            } else if items.next_element::<IgnoredAny>()?.is_none() {
                return Ok(found);
            }
            index += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn values_keep_their_exact_text() {
        let body = r#"{"a":{"x/y":[1.50,{"z":"\u00e9"}]},"n":null,"a2":1,"a2":2}"#;
        let at = |pointer: &str| at_pointer(body, pointer).map(RawValue::get);
        assert_eq!(at("/a/x~1y/0"), Some("1.50"));
        assert_eq!(at("/a/x~1y/1/z"), Some(r#""\u00e9""#));
        assert_eq!(at("/a2"), Some("2"));
        assert_eq!(at("/n"), Some("null"));
        assert_eq!(at("/missing"), None);
        assert_eq!(at("/n/deeper"), None);
        assert_eq!(at(""), Some(body));
        assert!(at_pointer("[1,2]", "/errors").is_none());
        assert!(at_pointer("[1,2", "/0").is_none());
    }

    #[test]
    fn a_body_is_read_without_its_mark_and_with_bad_bytes_replaced() {
        assert!(matches!(text(b"\xef\xbb\xbf[]"), Cow::Borrowed("[]")));
        assert!(matches!(text("é".as_bytes()), Cow::Borrowed("é")));
        assert_eq!(text(b"\xef\xbb\xbf\"\xff\""), "\"\u{fffd}\"");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn paths_reach_scalars() {
        let record = r#"{"supplier":{"id":7},"lines":[{"no":"1"},{"no":"2"}],"gone":null}"#;
        let text = |path: &str| at_path(record, &RawPath::parse(path).unwrap()).and_then(scalar);
        assert_eq!(text("supplier.id").as_deref(), Some("7"));
        assert_eq!(text("lines[].no").as_deref(), Some("1"));
        assert_eq!(text("gone"), None);
        assert_eq!(text("supplier"), None);
    }

    proptest::proptest! {
        /// `serde_json::Value::pointer` is the judge.
        #[test]
        fn pointers_find_what_a_parsed_body_has(pointer in "(/[ab01]){0,4}") {
            let body = r#"{"a":{"b":[1,{"0":"x","a":null}],"1":[[]]},"b":[{"b":2.50}],"0":7}"#;
            let parsed: serde_json::Value = serde_json::from_str(body).unwrap();
            let found = at_pointer(body, &pointer).map(|raw| serde_json::from_str::<serde_json::Value>(raw.get()).unwrap());
            proptest::prop_assert_eq!(found.as_ref(), parsed.pointer(&pointer));
        }
    }
}
