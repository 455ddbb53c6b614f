//! The shape of records: which paths they have, of which types, and the words of those that hold only a few.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_connector::{RawPath, Selection};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::raw::path::{keys_of, push_key};

/// Different paths told apart. A record whose keys are data would otherwise fill the workspace.
const MOST_PATHS: usize = 5_000;
/// Words kept of a path; one with more holds free text.
const MOST_WORDS: usize = 24;
/// The longest text that may be a word, in bytes.
const LONGEST_WORD: usize = 64;

/// What records of one resource showed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Shape {
    /// How many records were fetched with each selection.
    pub(crate) selections: Vec<(Selection, u64)>,
    /// In the order of their keys.
    pub(crate) paths: Vec<SeenPath>,
}

/// One path as records showed it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct SeenPath {
    /// Its keys, lists left out.
    pub(crate) keys: Vec<String>,
    /// As people spell it: `lines[].account.code`.
    pub(crate) path: String,
    /// Records that have it, with whatever value.
    pub(crate) present: u64,
    /// Of these, records in which it holds something.
    pub(crate) filled: u64,
    /// What it held: `text`, `number`, `boolean`, `object`, `list`.
    pub(crate) types: BTreeSet<String>,
    /// Every text it held; none where these were too many, too long, masked or no words.
    pub(crate) words: Option<BTreeSet<String>>,
}

/// What one run showed, and when.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) at: Timestamp,
    pub(crate) records: u64,
    pub(crate) shape: Shape,
}

impl Shape {
    /// How many of the records were asked for this path, or for something below it.
    pub(crate) fn held(&self, keys: &[String]) -> u64 {
        let asked = self.selections.iter();
        asked
            .filter(|(selection, _)| asks(selection, keys))
            .map(|(_, records)| records)
            .sum()
    }

    /// How many of the records could have shown this path: they were asked for it, and what it lies in holds something.
    pub(crate) fn chances(&self, keys: &[String]) -> u64 {
        let held = self.held(keys);
        match keys.split_last() {
            Some((_, parent)) if !parent.is_empty() => {
                let filled = self.path(parent).map_or(0, |parent| parent.filled);
                held.min(filled)
            }
            _ => held,
        }
    }

    /// The path with these keys.
    pub(crate) fn path(&self, keys: &[String]) -> Option<&SeenPath> {
        let found = self
            .paths
            .binary_search_by(|held| held.keys.as_slice().cmp(keys));
        found.ok().map(|at| &self.paths[at])
    }
}

fn asks(selection: &Selection, keys: &[String]) -> bool {
    match (selection, keys.split_first()) {
        (Selection::Whole, _) | (Selection::Fields(_), None) => true,
        (Selection::Fields(fields), Some((first, rest))) => {
            fields.get(first).is_some_and(|field| asks(field, rest))
        }
    }
}

/// Counts records.
pub(crate) struct Counter {
    /// Paths whose values are not kept.
    masked: Vec<Vec<String>>,
    keeps_words: bool,
    records: u64,
    selections: Vec<(Selection, u64)>,
    paths: BTreeMap<Vec<String>, Counted>,
}

struct Counted {
    seen: SeenPath,
    /// The last record counted, so that ten lines of one record count once.
    present_in: u64,
    filled_in: u64,
}

impl Counter {
    /// A counter that keeps no words of what is to be masked, or of anything.
    pub(crate) fn new(masked: &[RawPath], keeps_words: bool) -> Self {
        let owned = |path: &RawPath| keys_of(path).into_iter().map(str::to_owned).collect();
        Self {
            masked: masked.iter().map(owned).collect(),
            keeps_words,
            records: 0,
            selections: Vec::new(),
            paths: BTreeMap::new(),
        }
    }

    /// Counts one record, fetched with a selection.
    pub(crate) fn add(&mut self, record: &Value, selection: &Selection) {
        self.records += 1;
        match self
            .selections
            .iter_mut()
            .find(|(held, _)| held == selection)
        {
            Some((_, records)) => *records += 1,
            None => self.selections.push((selection.clone(), 1)),
        }
        if let Value::Object(members) = record {
            for (key, value) in members {
                self.walk(value, &mut vec![key.clone()], &spelled_root(key));
            }
        }
    }

    fn walk(&mut self, value: &Value, keys: &mut Vec<String>, path: &str) {
        self.count(keys, path, value);
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let mut below = path.to_owned();
                    push_key(&mut below, key);
                    keys.push(key.clone());
                    self.walk(value, keys, &below);
                    keys.pop();
                }
            }
            Value::Array(items) => {
                let below = format!("{path}[]");
                for item in items {
                    if let Value::Object(members) = item {
                        for (key, value) in members {
                            let mut below = below.clone();
                            push_key(&mut below, key);
                            keys.push(key.clone());
                            self.walk(value, keys, &below);
                            keys.pop();
                        }
                    } else {
                        self.count(keys, &below, item);
                    }
                }
            }
            _ => {}
        }
    }

    fn count(&mut self, keys: &[String], path: &str, value: &Value) {
        let room = self.paths.len() < MOST_PATHS;
        let words = self.keeps_words && !self.is_masked(keys);
        let counted = match self.paths.get_mut(keys) {
            Some(counted) => counted,
            None if !room => return,
            None => self.paths.entry(keys.to_vec()).or_insert_with(|| Counted {
                seen: SeenPath {
                    keys: keys.to_vec(),
                    path: path.to_owned(),
                    present: 0,
                    filled: 0,
                    types: BTreeSet::new(),
                    words: words.then(BTreeSet::new),
                },
                present_in: 0,
                filled_in: 0,
            }),
        };
        let seen = &mut counted.seen;
        if counted.present_in != self.records {
            counted.present_in = self.records;
            seen.present += 1;
        }
        let Some(kind) = kind(value) else { return };
        if !seen.types.contains(kind) {
            seen.types.insert(kind.to_owned());
        }
        let empty = match value {
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if !empty && counted.filled_in != self.records {
            counted.filled_in = self.records;
            seen.filled += 1;
        }
        if let Value::String(text) = value
            && let Some(words) = &mut seen.words
            && !text.is_empty()
            && !words.contains(text)
        {
            if words.len() < MOST_WORDS && is_word(text) {
                words.insert(text.clone());
            } else {
                seen.words = None;
            }
        }
    }

    fn is_masked(&self, keys: &[String]) -> bool {
        let covers = |path: &Vec<String>| path.iter().zip(keys).all(|(a, b)| a == b);
        self.masked.iter().any(covers)
    }

    /// What the records showed.
    pub(crate) fn finish(self) -> (u64, Shape) {
        let mut paths: Vec<SeenPath> = self.paths.into_values().map(|one| one.seen).collect();
        for path in &mut paths {
            // Words are those of texts; a path without any has none.
            if path.words.as_ref().is_some_and(BTreeSet::is_empty) {
                path.words = None;
            }
        }
        let shape = Shape {
            selections: self.selections,
            paths,
        };
        (self.records, shape)
    }
}

fn spelled_root(key: &str) -> String {
    let mut path = String::new();
    push_key(&mut path, key);
    path
}

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        Value::String(_) => Some("text"),
        Value::Array(_) => Some("list"),
        Value::Object(_) => Some("object"),
    }
}

/// Whether a text may be a word of an enum: no number with a fraction, no time, not long.
fn is_word(text: &str) -> bool {
    let timed = text.parse::<Timestamp>().is_ok() || text.parse::<jiff::civil::Date>().is_ok();
    let fraction = text.contains('.') && text.parse::<f64>().is_ok();
    text.len() <= LONGEST_WORD && !timed && !fraction
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn shape(records: &[Value], selection: &Selection) -> Shape {
        let masked = [RawPath::parse("bank").unwrap()];
        let mut counter = Counter::new(&masked, true);
        for record in records {
            counter.add(record, selection);
        }
        counter.finish().1
    }

    fn keys(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn records_show_paths_types_and_words() {
        let shape = shape(
            &[
                json!({"id": 1, "status": "open", "bank": {"iban": "DE1"}, "lines": [{"n": 1}, {"n": "x"}], "at": "2026-01-31"}),
                json!({"id": 2, "status": "paid", "note": null, "lines": [], "tags": ["a", "b"], "total": "12.50"}),
            ],
            &Selection::Whole,
        );
        let of = |path: &str| shape.path(&keys(path)).unwrap();
        assert_eq!((of("id").present, of("id").filled), (2, 2));
        assert_eq!((of("note").present, of("note").filled), (1, 0));
        assert_eq!((of("lines").present, of("lines").filled), (2, 1));
        assert_eq!(of("lines.n").path, "lines[].n");
        assert_eq!((of("lines.n").present, of("lines.n").types.len()), (1, 2));
        let words = |path: &str| {
            let words = of(path).words.clone();
            words.map(|words| words.into_iter().collect::<Vec<_>>().join(" "))
        };
        assert_eq!(words("status").as_deref(), Some("open paid"));
        assert_eq!(words("tags").as_deref(), Some("a b"));
        assert_eq!(words("bank.iban"), None, "it is masked");
        assert_eq!(
            (words("at"), words("total"), words("id")),
            (None, None, None)
        );
        assert!(shape.path(&keys("absent")).is_none());
        let text = serde_json::to_string(&shape).unwrap();
        assert_eq!(serde_json::from_str::<Shape>(&text).unwrap(), shape);
    }

    #[test]
    fn only_records_that_were_asked_for_a_path_count_for_it() {
        let mut narrow = Selection::empty();
        narrow.add(&["id"]);
        narrow.add(&["supplier", "name"]);
        let shape = shape(&[json!({"id": 1, "supplier": {"name": "x"}})], &narrow);
        for (path, held) in [
            ("id", 1),
            ("supplier", 1),
            ("supplier.name", 1),
            ("supplier.number", 0),
            ("status", 0),
        ] {
            assert_eq!(shape.held(&keys(path)), held, "{path}");
        }
    }

    #[test]
    fn free_text_is_no_list_of_words() {
        let records: Vec<Value> = (0..40).map(|n| json!({"t": format!("text {n}")})).collect();
        let shape = shape(&records, &Selection::Whole);
        assert_eq!(shape.path(&keys("t")).unwrap().words, None);
    }
}
