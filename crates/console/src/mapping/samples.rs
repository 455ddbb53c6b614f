//! Records from a file or the clipboard, to try a draft on. They are never stored.

use crosswalk_connector::RawPath;
use crosswalk_mapping::RawRecord;
use serde_json::value::RawValue;

use crate::Fault;
use crate::raw::path::keys_of;

/// Records tried at most: what a person looks at is a handful.
const MOST: usize = 10_000;

fn refused(why: impl std::fmt::Display) -> Fault {
    Fault::invalid(
        "input_not_json",
        format!("The sample is not JSON: {why}."),
        "Give one raw record as a JSON object, a list of them, or one a line.",
    )
}

/// Reads one record, a list of records, or records one behind the other (JSON Lines). Each keeps its bytes.
///
/// # Errors
/// `input_not_json`, `no_samples`.
pub(crate) fn read(text: &str, id: Option<&RawPath>) -> Result<Vec<RawRecord>, Fault> {
    let mut found = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let value = value.map_err(refused)?.get();
        if value.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(value).map_err(refused)?;
            found.extend(items.into_iter().map(RawValue::get));
        } else {
            found.push(value);
        }
    }
    if let Some(odd) = found.iter().find(|value| !value.starts_with('{')) {
        let cut: String = odd.chars().take(20).collect();
        return Err(refused(format!("{cut} is no record")));
    }
    if found.is_empty() || found.len() > MOST {
        return Err(Fault::invalid(
            "no_samples",
            format!("The sample holds {} records.", found.len()),
            format!("Give between one and {MOST}."),
        ));
    }
    let keys = id.map_or_else(|| vec!["id"], keys_of);
    Ok(found
        .into_iter()
        .zip(1..)
        .map(|(raw, number)| RawRecord {
            key: key_of(raw, &keys).unwrap_or_else(|| format!("sample {number}")),
            raw: raw.as_bytes().to_vec(),
            selection: None,
        })
        .collect())
}

/// A record's own id, where it has one.
fn key_of(raw: &str, keys: &[&str]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(raw).ok()?;
    let mut at = &value;
    for key in keys {
        at = at.get(key)?;
    }
    match at {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn one_record_a_list_or_lines() {
        let id = RawPath::parse("id").unwrap();
        for (text, keys) in [
            (r#"{"id": 7, "total": 1.50}"#, Some(vec!["7"])),
            (r#"[{"id": "a"}, {"x": 1}]"#, Some(vec!["a", "sample 2"])),
            ("{\"id\": 1}\n{\"id\": 2}\n", Some(vec!["1", "2"])),
            ("", None),
            ("[]", None),
            ("[1]", None),
            ("{", None),
            ("7", None),
        ] {
            let read = read(text, Some(&id)).ok();
            let found = read.map(|all| all.into_iter().map(|one| one.key).collect::<Vec<_>>());
            let keys = keys.map(|all| all.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(found, keys, "{text}");
        }
        let kept = read(r#"[ {"total": 1.50} ]"#, None).unwrap();
        assert_eq!(
            kept[0].raw, br#"{"total": 1.50}"#,
            "a decimal keeps its digits"
        );
    }
}
