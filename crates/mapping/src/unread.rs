use std::collections::BTreeMap;

use crosswalk_connector::RawPath;
use serde::Serialize;
use serde_json::Value;

use crate::lineage::{Lineage, spell_key};

/// Different paths counted. A record whose keys are data (ids as keys) would otherwise fill the memory.
const MOST_PATHS: usize = 20_000;

/// Which leaves raw records have and how often they are filled, to find those no expression reads.
#[derive(Debug, Clone, Default)]
pub struct RawLeaves {
    records: u64,
    leaves: BTreeMap<Vec<String>, Leaf>,
}

#[derive(Debug, Clone)]
struct Leaf {
    path: String,
    filled: u64,
    /// The last record counted, so that ten lines of one record count once.
    last: u64,
    /// The first value met, as JSON, cut.
    example: String,
}

/// The longest example kept, in characters.
const LONGEST_EXAMPLE: usize = 60;

/// A raw leaf that records have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenLeaf {
    /// Its keys, lists left out.
    pub keys: Vec<String>,
    /// Where it lies: `lines[].weight`.
    pub path: String,
    /// Records in which it holds something.
    pub filled: u64,
    /// The first value met, as JSON, cut.
    pub example: String,
}

/// A raw leaf no expression reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadLeaf {
    /// Its keys, lists left out.
    pub keys: Vec<String>,
    /// Where it lies: `custom-fields.cost-center-owner`, `lines[].weight`.
    pub path: String,
    /// Whether it is a field of the customer's own.
    pub custom: bool,
    /// Records in which it holds something.
    pub filled: u64,
    /// Records looked at.
    pub records: u64,
    /// The first value met, as JSON, cut.
    pub example: String,
}

impl RawLeaves {
    /// Counts one record. Give whole objects only: what was not fetched is not there to be missed.
    pub fn add(&mut self, record: &Value) {
        self.records += 1;
        self.walk(record, &mut Vec::new(), &mut String::new());
    }

    /// Records counted.
    pub fn records(&self) -> u64 {
        self.records
    }

    fn walk(&mut self, value: &Value, keys: &mut Vec<String>, path: &mut String) {
        match value {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Object(entries) => {
                for (key, value) in entries {
                    let length = path.len();
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&spell_key(key));
                    keys.push(key.clone());
                    self.walk(value, keys, path);
                    keys.pop();
                    path.truncate(length);
                }
            }
            Value::Array(items) => {
                let length = path.len();
                path.push_str("[]");
                for item in items {
                    self.walk(item, keys, path);
                }
                path.truncate(length);
            }
            _ => self.count(keys, path, value),
        }
    }

    fn count(&mut self, keys: &[String], path: &str, value: &Value) {
        if let Some(leaf) = self.leaves.get_mut(keys) {
            if leaf.last != self.records {
                leaf.last = self.records;
                leaf.filled += 1;
            }
        } else if self.leaves.len() < MOST_PATHS {
            let leaf = Leaf {
                path: path.to_owned(),
                filled: 1,
                last: self.records,
                example: value.to_string().chars().take(LONGEST_EXAMPLE).collect(),
            };
            self.leaves.insert(keys.to_vec(), leaf);
        }
    }

    /// Every leaf met, in the order of keys.
    pub fn seen(&self) -> impl Iterator<Item = SeenLeaf> {
        self.leaves.iter().map(|(keys, leaf)| SeenLeaf {
            keys: keys.clone(),
            path: leaf.path.clone(),
            filled: leaf.filled,
            example: leaf.example.clone(),
        })
    }

    /// The leaves outside of what is read: the customer's own fields first (those below one of `custom`, or with a root
    /// key that `known_root` does not know), each group by how often it is filled.
    pub fn unread(
        &self,
        read: &Lineage,
        custom: &[RawPath],
        known_root: impl Fn(&str) -> bool,
    ) -> Vec<UnreadLeaf> {
        let custom: Vec<Vec<&str>> = custom.iter().map(RawPath::keys).collect();
        let mut unread: Vec<UnreadLeaf> = self
            .leaves
            .iter()
            .filter(|(keys, _)| {
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                !read.touches(&keys)
            })
            .map(|(keys, leaf)| {
                let below = |container: &Vec<&str>| {
                    container.len() <= keys.len() && container.iter().zip(keys).all(|(a, b)| a == b)
                };
                let root_unknown = keys.first().is_some_and(|root| !known_root(root));
                UnreadLeaf {
                    path: leaf.path.clone(),
                    example: leaf.example.clone(),
                    custom: root_unknown || custom.iter().any(below),
                    filled: leaf.filled,
                    records: self.records,
                    keys: keys.clone(),
                }
            })
            .collect();
        unread.sort_by(|left, right| {
            let rank = |leaf: &UnreadLeaf| (!leaf.custom, u64::MAX - leaf.filled);
            rank(left)
                .cmp(&rank(right))
                .then_with(|| left.path.cmp(&right.path))
        });
        unread
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn unread_leaves_come_custom_first_and_then_by_how_often_they_are_filled() {
        let mut leaves = RawLeaves::default();
        leaves.add(&json!({"id": 1, "note": "x", "lines": [{"amount": "1", "w": 1}, {"amount": "2", "w": 2}],
            "custom-fields": {"owner": "a"}, "seg3": "z"}));
        leaves.add(&json!({"id": 2, "note": "", "lines": [{"amount": "1", "w": 1}], "custom-fields": {}, "memo": null}));
        let read = Lineage::of("id & $string(lines.amount)").unwrap();
        let unread = leaves.unread(&read, &[RawPath::parse("custom-fields").unwrap()], |root| {
            root != "seg3"
        });
        let shown: Vec<(&str, bool, u64)> = unread
            .iter()
            .map(|leaf| (leaf.path.as_str(), leaf.custom, leaf.filled))
            .collect();
        assert_eq!(
            shown,
            [
                ("custom-fields.owner", true, 1),
                ("seg3", true, 1),
                ("lines[].w", false, 2),
                ("note", false, 1),
            ]
        );
        assert!(
            leaves
                .unread(&Lineage::whole_record(), &[], |_| true)
                .is_empty()
        );
    }
}
