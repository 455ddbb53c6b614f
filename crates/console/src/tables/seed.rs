//! Entries of a table out of stored records.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_connector::{RawPath, RawStep, Resource};
use crosswalk_workspace::mapping_override::Scope;
use serde::Serialize;
use serde_json::Value;
use specta::Type;
use tokio_util::sync::CancellationToken;

use crate::mapping::impact::stopped;
use crate::mapping::in_force::require_resource;
use crate::mapping::levels::Holder;
use crate::mapping::views::count;
use crate::raw::marks::Rules;
use crate::raw::path::keys_of;
use crate::tables::{TableEdit, TableInput, TableVersion};
use crate::{Console, Fault};

/// Entries to be taken from stored records.
#[derive(Clone, Debug)]
pub struct SeedInput {
    pub account: String,
    pub name: String,
    /// The resource whose records hold the entries.
    pub resource: String,
    /// Where the key is.
    pub key: String,
    /// Where the value is; `None`: the key is its own value.
    pub value: Option<String>,
    /// Only keys that stored records meet and no table has.
    pub unmapped: bool,
    pub dry_run: bool,
    pub note: Option<String>,
}

/// A table with the entries from records, or as it would be with them.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SeededTable {
    #[serde(flatten)]
    pub table: TableVersion,
    /// Keys left out, since no record has one value beside them: none at all, or several that differ.
    pub left_out: u32,
}

/// A path whose values may stand in a table.
fn readable(text: &str, resource: Option<&Resource>) -> Result<RawPath, Fault> {
    let path = RawPath::parse(text).map_err(|error| {
        Fault::invalid(
            "invalid_path",
            format!("{text:?} is no raw path: {error}."),
            "Write keys joined by dots, such as lookup.name.",
        )
    })?;
    let masked = {
        let (rules, keys) = (Rules::of(resource), keys_of(&path));
        rules.masks(&keys) || rules.masks_below(&keys)
    };
    if masked {
        return Err(Fault::invalid(
            "masked_path",
            format!("{text} leads to masked values, and a table shows its entries in clear."),
            "Take a path that is not masked, or bring in a CSV file with the entries that may be shown: \
             xwalk table import.",
        ));
    }
    Ok(path)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The one text that all of the values say.
fn the_one(values: &[&Value]) -> Option<String> {
    let mut texts = values.iter().copied().filter_map(scalar);
    let first = texts.next()?;
    texts.all(|text| text == first).then_some(first)
}

/// Where entries lie in a record: key and value each below the nearest element that both have in common, so that
/// the value of one line never goes to the key of another.
#[derive(Debug)]
struct Places<'p> {
    common: &'p [RawStep],
    key: &'p [RawStep],
    /// `None`: the key is its own value.
    value: Option<&'p [RawStep]>,
}

impl<'p> Places<'p> {
    fn new(key: &'p RawPath, value: Option<&'p RawPath>) -> Self {
        let Some(value) = value else {
            return Self {
                common: &[],
                key: key.steps(),
                value: None,
            };
        };
        let same = key.steps().iter().zip(value.steps());
        let shared = same.take_while(|(one, other)| one == other).count();
        let (common, key) = key.steps().split_at(shared);
        let (_, value) = value.steps().split_at(shared);
        Self {
            common,
            key,
            value: Some(value),
        }
    }
}

/// What records hold.
#[derive(Debug, Default)]
struct Found {
    entries: BTreeMap<String, String>,
    /// Keys met without one value beside them.
    without: BTreeSet<String>,
}

impl Found {
    /// Adds what a record holds of the keys asked for; one that has a value keeps it.
    fn add(&mut self, raw: &Value, places: &Places<'_>, asked: impl Fn(&str) -> bool) {
        for element in RawStep::reach(places.common, raw) {
            let beside = places
                .value
                .map(|steps| the_one(&RawStep::reach(steps, element)));
            let keys = RawStep::reach(places.key, element).into_iter();
            for key in keys.filter_map(scalar).filter(|key| asked(key)) {
                let value = match &beside {
                    Some(value) => value.clone(),
                    None => Some(key.clone()),
                };
                match value {
                    Some(value) => {
                        self.entries.entry(key).or_insert(value);
                    }
                    None => {
                        self.without.insert(key);
                    }
                }
            }
        }
    }

    /// The entries that are new to a table, and how many new keys were left out.
    fn beyond(self, held: &BTreeMap<String, String>) -> (BTreeMap<String, String>, usize) {
        let Self {
            mut entries,
            without,
        } = self;
        let left_out = without
            .iter()
            .filter(|key| !entries.contains_key(*key) && !held.contains_key(*key))
            .count();
        entries.retain(|key, _| !held.contains_key(key));
        (entries, left_out)
    }
}

impl Console {
    /// Puts entries from stored records into an account's table; those it has stay as they are. Only an account's
    /// table can hold what comes from records, since an environment's stands in clear.
    ///
    /// # Errors
    /// `not_found`, `invalid_path`, `masked_path`, `nothing_found`, `nothing_changed`.
    pub async fn seed_table(
        &self,
        input: SeedInput,
        cancelled: &CancellationToken,
    ) -> Result<SeededTable, Fault> {
        let account = self.find_account(&input.account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, &input.resource)?;
        let resource = definition.connector.resources.get(&input.resource);
        let key = readable(&input.key, resource)?;
        let value = input
            .value
            .as_deref()
            .map(|text| readable(text, resource))
            .transpose()?;
        let places = Places::new(&key, value.as_ref());
        let wanted: Option<BTreeSet<String>> = if input.unmapped {
            let met = self
                .unmapped_keys(&input.account, Some(&input.name), cancelled)
                .await?;
            let met = met.into_iter().filter(|key| !key.masked);
            Some(met.map(|key| key.key).collect())
        } else {
            None
        };
        let asked = |key: &str| wanted.as_ref().is_none_or(|wanted| wanted.contains(key));
        let mut found = Found::default();
        let mut records = self.stored_records(&account, &input.resource).await?;
        while let Some(batch) = records.next().await? {
            for record in batch {
                if let Ok(raw) = serde_json::from_slice::<Value>(&record.raw) {
                    found.add(&raw, &places, asked);
                }
            }
            if cancelled.is_cancelled() {
                return Err(stopped());
            }
        }
        if found.entries.is_empty() {
            let beside = match &input.value {
                Some(value) => format!(" with one value at {value} beside it"),
                None => String::new(),
            };
            return Err(Fault::invalid(
                "nothing_found",
                format!(
                    "No stored record of {} holds {}{beside}.",
                    input.resource, input.key
                ),
                format!(
                    "Sync it first, or look at the path: xwalk records {} {} --limit 1.",
                    account.slug, input.resource
                ),
            ));
        }
        let holder = Holder {
            scope: Scope::Account(account.uuid),
            slug: account.slug.clone(),
            accounts: vec![account.clone()],
        };
        let (held, _) = self.table_now(&holder, &input.name).await?;
        let (entries, left_out) = found.beyond(&held);
        let table = TableInput {
            level: "account".to_owned(),
            scope: account.slug,
            name: input.name,
            edit: TableEdit::Import {
                entries,
                replace: false,
            },
            note: input.note,
            dry_run: input.dry_run,
        };
        Ok(SeededTable {
            table: self.change_table(table).await?,
            left_out: count(left_out),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn found(raw: &Value, key: &str, value: Option<&str>) -> (Value, Vec<String>) {
        let key = readable(key, None).unwrap();
        let value = value.map(|text| readable(text, None).unwrap());
        let mut found = Found::default();
        found.add(raw, &Places::new(&key, value.as_ref()), |_| true);
        (json!(found.entries), found.without.into_iter().collect())
    }

    #[test]
    fn a_value_goes_to_the_key_beside_it() {
        let raw = json!({
            "id": 7, "supplier": {"number": "S-1", "name": "Ada"}, "codes": ["x", "y"],
            "lines": [
                {"code": "A", "parts": [{"n": "1", "v": "one"}, {"n": "2"}]},
                {"code": "B", "name": "Bee", "parts": [{"v": "lone"}, {"n": 3, "v": true}]},
                {"code": "C", "name": "", "parts": []},
                {"code": "", "name": "nameless"}, 5
            ]
        });
        for (key, value, entries, without) in [
            (
                "lines[].code",
                Some("lines[].name"),
                json!({"B": "Bee"}),
                vec!["A", "C"],
            ),
            (
                "lines[].parts[].n",
                Some("lines[].parts[].v"),
                json!({"1": "one", "3": "true"}),
                vec!["2"],
            ),
            // Below one line there is one value; the line that has two that differ says none.
            (
                "lines[].code",
                Some("lines[].parts[].v"),
                json!({"A": "one"}),
                vec!["B", "C"],
            ),
            (
                "lines[].code",
                Some("supplier.name"),
                json!({"A": "Ada", "B": "Ada", "C": "Ada"}),
                vec![],
            ),
            (
                "supplier.number",
                Some("supplier.name"),
                json!({"S-1": "Ada"}),
                vec![],
            ),
            ("id", Some("lines[].name"), json!({}), vec!["7"]),
            ("id", Some("nothing.there"), json!({}), vec!["7"]),
            (
                "lines[].code",
                None,
                json!({"A": "A", "B": "B", "C": "C"}),
                vec![],
            ),
            (
                "codes[]",
                Some("codes[]"),
                json!({"x": "x", "y": "y"}),
                vec![],
            ),
            ("nothing.there", Some("id"), json!({}), vec![]),
        ] {
            let without: Vec<String> = without.into_iter().map(str::to_owned).collect();
            assert_eq!(
                found(&raw, key, value),
                (entries, without),
                "{key} {value:?}"
            );
        }
    }

    #[test]
    fn what_was_found_is_held_against_the_table() {
        let (key, value) = (
            RawPath::parse("code").unwrap(),
            RawPath::parse("name").unwrap(),
        );
        let places = Places::new(&key, Some(&value));
        let mut found = Found::default();
        for raw in [
            json!({"code": "A"}),
            json!({"code": "A", "name": "first"}),
            json!({"code": "A", "name": "second"}),
            json!({"code": "B", "name": "Bee"}),
            json!({"code": "C"}),
            json!({"code": "D"}),
            json!({"code": "unasked", "name": "x"}),
        ] {
            found.add(&raw, &places, |key| key != "unasked");
        }
        let held = BTreeMap::from([
            ("B".to_owned(), "ours".to_owned()),
            ("D".to_owned(), "ours".to_owned()),
        ]);
        let (entries, left_out) = found.beyond(&held);
        assert_eq!(
            (json!(entries), left_out),
            (json!({"A": "first"}), 1),
            "C is left out; A found its value later, D has one"
        );
    }

    #[test]
    fn masked_paths_are_refused() {
        let resource: Resource = serde_json::from_value(json!({
            "label": "Things", "operations": {}, "mask": ["bank.iban", "lines[].card"]
        }))
        .unwrap();
        for (path, code) in [
            ("bank.iban", Some("masked_path")),
            ("bank", Some("masked_path")),
            ("bank.iban.country", Some("masked_path")),
            ("lines[].card", Some("masked_path")),
            ("lines[].card[].number", Some("masked_path")),
            ("lines", Some("masked_path")),
            ("a..b", Some("invalid_path")),
            ("bank.name", None),
            ("lines[].code", None),
            ("cards", None),
        ] {
            let refused = readable(path, Some(&resource)).err();
            assert_eq!(
                refused.as_ref().map(|fault| &*fault.code),
                code,
                "{path}: {refused:?}"
            );
        }
    }
}
