use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use crosswalk_connector::{Pointer, RawPath};
use crosswalk_vault::Secret;
use serde_json::value::RawValue;

use crate::error::ClientError;
use crate::json;
use crate::words;

/// A record exactly as received: a slice of the page's body, not a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// Its native id, as text.
    pub id: String,
    /// Its bytes: a JSON object in UTF-8.
    pub raw: Bytes,
}

impl RawRecord {
    /// The first scalar `path` reaches: a text without quotes, a number as written. `None` for null, objects and lists.
    pub fn scalar(&self, path: &RawPath) -> Option<String> {
        let text = std::str::from_utf8(&self.raw).ok()?;
        json::at_path(text, path).and_then(json::scalar)
    }
}

/// Something in a page that is no record that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordError {
    /// Its place in the page, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub problem: RecordProblem,
    /// The beginning of it, for the run's report. Derived from a record's values: seal it.
    pub excerpt: String,
}

/// What is wrong with something that should be a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordProblem {
    /// A text, a number, a list or null.
    NotAnObject,
    /// No id, or one that is no text and no number.
    MissingId,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
}

impl RecordProblem {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAnObject => "record_not_an_object",
            Self::MissingId => "record_without_id",
            Self::InvalidUtf8 => "record_not_utf8",
        }
    }

    /// One plain sentence.
    pub fn message(self) -> &'static str {
        match self {
            Self::NotAnObject => "what stands in the list is not an object",
            Self::MissingId => "the record has no id",
            Self::InvalidUtf8 => "the record holds bytes that are not UTF-8",
        }
    }
}

/// What a body holds.
#[derive(Debug)]
pub(crate) struct Contents {
    /// The records, in the order received.
    pub(crate) records: Vec<RawRecord>,
    /// What stood among them.
    pub(crate) errors: Vec<RecordError>,
    /// The body as it was read, in UTF-8. Whatever else stands in it is to be looked for here, not in what was received.
    pub(crate) text: Bytes,
}

impl Contents {
    /// Places in the list, those that hold no record included.
    pub(crate) fn listed(&self) -> usize {
        self.records.len() + self.errors.len()
    }
}

/// The records of a body, and what stood among them. What is quoted of it is without `secrets`.
///
/// A body that is not UTF-8 as a whole is read with the wrong bytes replaced, so that one broken record costs only itself.
pub(crate) fn read_records(
    body: &Bytes,
    pointer: &Pointer,
    id: &RawPath,
    host: &str,
    secrets: &[&Secret],
) -> Result<Contents, ClientError> {
    let (body, broken) = match json::text(body) {
        Cow::Borrowed(text) => (body.slice_ref(text.as_bytes()), false),
        Cow::Owned(text) => (Bytes::from(text), true),
    };
    let text = std::str::from_utf8(&body).map_err(|error| not_json(host, &error.to_string()))?;
    let list = list_at(text, pointer, host, secrets)?;
    let items: Vec<&RawValue> =
        serde_json::from_str(list).map_err(|error| not_json(host, &error.to_string()))?;
    let mut records = Vec::with_capacity(items.len());
    let mut errors = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        match judge(item.get(), id, broken) {
            Ok(id) => records.push(RawRecord {
                id,
                raw: body.slice_ref(item.get().as_bytes()),
            }),
            Err(problem) => errors.push(RecordError {
                index,
                problem,
                excerpt: words::beginning(item.get(), 200, secrets),
            }),
        }
    }
    Ok(Contents {
        records,
        errors,
        text: body,
    })
}

fn list_at<'b>(
    text: &'b str,
    pointer: &Pointer,
    host: &str,
    secrets: &[&Secret],
) -> Result<&'b str, ClientError> {
    // The whole body needs no search, which would read it once more.
    let list = if pointer.as_str().is_empty() {
        text.trim()
    } else {
        match json::at_pointer(text, pointer.as_str()) {
            Some(raw) => raw.get(),
            None => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
                Err(error) => return Err(not_json(host, &error.to_string())),
                Ok(_) => "",
            },
        }
    };
    match list.as_bytes().first() {
        Some(b'[') => Ok(list),
        // Some providers write null for a list without members.
        Some(b'n') if list == "null" => Ok("[]"),
        _ => {
            serde_json::from_str::<serde::de::IgnoredAny>(text)
                .map_err(|error| not_json(host, &error.to_string()))?;
            let detail = if list.is_empty() {
                "nothing is there".to_owned()
            } else {
                format!("found {}", words::beginning(list, 80, secrets))
            };
            Err(ClientError::NoRecords {
                pointer: pointer.as_str().to_owned(),
                detail,
            })
        }
    }
}

fn judge(item: &str, id: &RawPath, broken: bool) -> Result<String, RecordProblem> {
    if !item.starts_with('{') {
        return Err(RecordProblem::NotAnObject);
    }
    if broken && item.contains(char::REPLACEMENT_CHARACTER) {
        return Err(RecordProblem::InvalidUtf8);
    }
    let id = json::at_path(item, id)
        .and_then(json::scalar)
        .filter(|id| !id.is_empty() && id != "true" && id != "false");
    id.ok_or(RecordProblem::MissingId)
}

fn not_json(host: &str, detail: &str) -> ClientError {
    ClientError::NotJson {
        host: host.to_owned(),
        detail: detail.to_owned(),
    }
}

/// A number that stands for the ids of a page, in order.
pub(crate) fn fingerprint(records: &[RawRecord], errors: &[RecordError]) -> Option<u64> {
    if records.is_empty() && errors.is_empty() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    for record in records {
        record.id.hash(&mut hasher);
    }
    for error in errors {
        error.excerpt.hash(&mut hasher);
    }
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::RecordProblem::{MissingId, NotAnObject};
    use super::*;

    fn contents(body: &[u8], pointer: &str) -> Result<Contents, ClientError> {
        let (pointer, id) = (
            Pointer::parse(pointer).unwrap(),
            RawPath::parse("id").unwrap(),
        );
        read_records(
            &Bytes::copy_from_slice(body),
            &pointer,
            &id,
            "a.example",
            &[],
        )
    }

    fn read(body: &[u8], pointer: &str) -> Result<(Vec<RawRecord>, Vec<RecordError>), ClientError> {
        contents(body, pointer).map(|found| (found.records, found.errors))
    }

    #[test]
    fn records_are_kept_byte_for_byte() {
        let body = b"\xef\xbb\xbf {\"items\": [ {\"id\": 7,  \"total\":\"1.50\"} ,{\"id\":\"x\",\"n\":1.0}]}";
        let (records, errors) = read(body, "/items").unwrap();
        assert_eq!(records[0].raw.as_ref(), b"{\"id\": 7,  \"total\":\"1.50\"}");
        assert_eq!((records[0].id.as_str(), records[1].id.as_str()), ("7", "x"));
        assert_eq!(
            records[1].scalar(&RawPath::parse("n").unwrap()).as_deref(),
            Some("1.0")
        );
        assert!(errors.is_empty());
    }

    #[test]
    fn what_is_no_record_costs_only_itself() {
        let (records, errors) = read(
            b"[{\"id\":1},7,null,{\"id\":null},{\"name\":\"n\"},{\"id\":{}},{\"id\":2}]",
            "",
        )
        .unwrap();
        assert_eq!(
            records
                .iter()
                .map(|record| record.id.as_str())
                .collect::<Vec<_>>(),
            ["1", "2"]
        );
        let problems: Vec<_> = errors
            .iter()
            .map(|error| (error.index, error.problem))
            .collect();
        assert_eq!(
            problems,
            [
                (1, NotAnObject),
                (2, NotAnObject),
                (3, MissingId),
                (4, MissingId),
                (5, MissingId)
            ]
        );
    }

    #[test]
    fn invalid_utf8_costs_only_its_record() {
        let (records, errors) = read(
            b"[{\"id\":1,\"n\":\"ok\"},{\"id\":2,\"n\":\"\xff\xfe\"}]",
            "",
        )
        .unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].raw.as_ref(), b"{\"id\":1,\"n\":\"ok\"}");
        assert_eq!(errors[0].problem, RecordProblem::InvalidUtf8);
    }

    #[test]
    fn what_else_stands_in_a_body_is_found_in_its_text() {
        let table: [(&[u8], usize, usize); 4] = [
            (b"{\"items\":[{\"id\":1}],\"next\":\"t1\"}", 1, 1),
            (
                b"\xef\xbb\xbf{\"items\":[{\"id\":1}],\"next\":\"t1\"}",
                1,
                1,
            ),
            (
                b"{\"items\":[{\"id\":1},{\"id\":2,\"n\":\"\xff\"}],\"next\":\"t1\"}",
                1,
                2,
            ),
            (
                b"\xef\xbb\xbf{\"items\":[{\"id\":1,\"n\":\"\xff\"}],\"next\":\"t1\"}",
                0,
                1,
            ),
        ];
        for (body, records, listed) in table {
            let found = contents(body, "/items").unwrap();
            assert_eq!((found.records.len(), found.listed()), (records, listed));
            let text = std::str::from_utf8(&found.text).unwrap();
            let next = json::at_pointer(text, "/next").and_then(json::scalar);
            assert_eq!(next.as_deref(), Some("t1"), "{text}");
        }
    }

    #[test]
    fn bodies_without_a_list_are_told_apart() {
        let code = |body: &[u8], pointer| read(body, pointer).unwrap_err().code();
        assert_eq!(code(b"{\"a\":1}", ""), "no_records");
        assert_eq!(code(b"{\"a\":1}", "/items"), "no_records");
        assert_eq!(code(b"[{\"id\":1},", ""), "not_json");
        assert_eq!(code(b"{\"items\":[{\"id\":1", "/items"), "not_json");
        assert_eq!(code(b"oops", ""), "not_json");
        assert!(read(b"{\"items\":null}", "/items").unwrap().0.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_body_is_too_odd(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let _ = read(&body, "");
            let _ = read(&body, "/items");
        }

        #[test]
        fn every_record_is_found_as_written(ids in proptest::collection::vec(0_u64..1_000, 0..20), space in "[ \n\t]{0,2}") {
            let written: Vec<String> = ids.iter().map(|id| format!("{{{space}\"id\":{space}{id},\"n\":1.0}}")).collect();
            let body = format!("{{\"items\":[{}]}}", written.join(&format!("{space},{space}")));
            let (records, errors) = read(body.as_bytes(), "/items").unwrap();
            proptest::prop_assert!(errors.is_empty());
            let found: Vec<&[u8]> = records.iter().map(|record| record.raw.as_ref()).collect();
            let due: Vec<&[u8]> = written.iter().map(String::as_bytes).collect();
            proptest::prop_assert_eq!(found, due);
        }
    }
}
