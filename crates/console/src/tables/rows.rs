//! Tables looked at: what an edit would change, what is in force, their rows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crosswalk_mapping::Tables;
use serde::Serialize;
use specta::Type;
use tokio_util::sync::CancellationToken;

use crate::mapping::impact::Job;
use crate::mapping::preview::scope_at;
use crate::mapping::views::{Impact, PinCheck, count};
use crate::tables::TableEdit;
use crate::{Console, Fault};

/// A table edit to be looked at.
#[derive(Clone, Debug)]
pub struct TablePreviewInput {
    pub account: String,
    pub name: String,
    /// `environment` or `account`.
    pub level: String,
    pub edit: TableEdit,
}

/// The table's merged entries with an edit of one level among them.
fn edited(
    tables: &Tables,
    name: &str,
    changes: &BTreeMap<String, Option<String>>,
    below: &BTreeMap<String, String>,
    above: &BTreeMap<String, String>,
) -> Tables {
    let mut tables = tables.clone();
    let table = tables.entry(name.to_owned()).or_default();
    for (key, value) in changes {
        let wins = above.get(key).or(value.as_ref()).or_else(|| below.get(key));
        match wins {
            Some(value) => table.insert(key.clone(), value.clone()),
            None => table.remove(key),
        };
    }
    tables
}

impl Console {
    /// What a table edit would change over all stored records of an account.
    ///
    /// # Errors
    /// `not_found`, `no_environment`, `invalid_entry`, `cancelled`.
    pub async fn preview_table(
        &self,
        input: TablePreviewInput,
        mut told: impl FnMut(u32, u32) + Send,
        cancelled: &CancellationToken,
    ) -> Result<Impact, Fault> {
        let begun = Instant::now();
        let account = self.find_account(&input.account).await?;
        let definition = self.definition(&account.connector)?;
        let (_, slug) = scope_at(&account, &input.level)?;
        let holder = self.holder(&input.level, &slug).await?;
        // An environment's key is opened by none; an account's own table by its own.
        let (changes, _, _) = self
            .table_difference(&holder, &input.name, &input.edit)
            .await?;
        let own = self.holder("account", &account.slug).await?;
        let (own_entries, _) = self.table_now(&own, &input.name).await?;
        let shared = match &account.environment {
            Some(environment) => {
                let holder = self.holder("environment", environment).await?;
                self.table_now(&holder, &input.name).await?.0
            }
            None => Arc::default(),
        };
        let none = BTreeMap::new();
        let (below, above) = if input.level == "account" {
            (&*shared, &none)
        } else {
            (&none, &*own_entries)
        };
        let tables = self.tables_of(&account).await?;
        let after_tables = Arc::new(edited(&tables, &input.name, &changes, below, above));
        let mut jobs = Vec::new();
        let mut pins = PinCheck::default();
        for mapping in &definition.mappings {
            let before = self.effective(&account, &definition, mapping).await?;
            if before.reading_tables().is_none() {
                continue;
            }
            let after = self
                .levels(&account, &mapping.model)
                .await?
                .with_tables(Arc::clone(&after_tables))
                .merged(&definition, mapping)?;
            let checked = self.check_pins_with(&account, mapping, &after).await?;
            pins.checked += checked.checked;
            pins.broken.extend(checked.broken);
            let resource = definition.connector.resources.get(&mapping.resource);
            jobs.push(Job::new(&account, resource, &before, &after));
        }
        let tally = self.run_impact(&jobs, &mut told, cancelled).await?;
        Ok(tally.impact(begun, pins))
    }

    /// A part of an account's table in force: which level says an entry, and what the level below would have given.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn effective_table(
        &self,
        account: &str,
        name: &str,
        offset: usize,
        limit: usize,
        filter: &str,
    ) -> Result<EffectiveRows, Fault> {
        let account = self.find_account(account).await?;
        let own = self.holder("account", &account.slug).await?;
        let (own, _) = self.table_now(&own, name).await?;
        let shared = match &account.environment {
            Some(environment) => {
                let holder = self.holder("environment", environment).await?;
                self.table_now(&holder, name).await?.0
            }
            None => Arc::default(),
        };
        let mut keys: Vec<&String> = own.keys().chain(shared.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let rows: Vec<EffectiveRow> = keys
            .into_iter()
            .filter_map(|key| {
                let below = shared.get(key);
                let (value, level) = match own.get(key) {
                    Some(value) => (value, "account"),
                    None => (below?, "environment"),
                };
                let wanted = matches(key, value, filter);
                wanted.then(|| EffectiveRow {
                    key: key.clone(),
                    value: value.clone(),
                    level: level.to_owned(),
                    below: if level == "account" {
                        below.cloned()
                    } else {
                        None
                    },
                })
            })
            .collect();
        Ok(EffectiveRows {
            total: count(rows.len()),
            rows: rows.into_iter().skip(offset).take(limit).collect(),
        })
    }

    /// A part of a table of one level.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn table_rows(
        &self,
        level: &str,
        scope: &str,
        name: &str,
        offset: usize,
        limit: usize,
        filter: &str,
    ) -> Result<TableRows, Fault> {
        let holder = self.holder(level, scope).await?;
        let (entries, version) = self.table_now(&holder, name).await?;
        let matching = || {
            entries
                .iter()
                .filter(|(key, value)| matches(key, value, filter))
        };
        Ok(TableRows {
            total: count(entries.len()),
            matching: count(matching().count()),
            version: version.map(count),
            rows: matching()
                .skip(offset)
                .take(limit)
                .map(|(key, value)| TableRow {
                    key: key.clone(),
                    value: value.clone(),
                })
                .collect(),
        })
    }

    /// Where a key stands among all entries of a table of one level, from 0; none where the level says nothing of it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn table_place(
        &self,
        level: &str,
        scope: &str,
        name: &str,
        key: &str,
    ) -> Result<Option<u32>, Fault> {
        let holder = self.holder(level, scope).await?;
        let (entries, _) = self.table_now(&holder, name).await?;
        Ok(entries.keys().position(|held| held == key).map(count))
    }
}

fn matches(key: &str, value: &str, filter: &str) -> bool {
    filter.is_empty() || {
        let filter = filter.to_lowercase();
        key.to_lowercase().contains(&filter) || value.to_lowercase().contains(&filter)
    }
}

/// An entry of a table.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TableRow {
    pub key: String,
    pub value: String,
}

/// A part of a table.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TableRows {
    pub total: u32,
    /// Entries the filter accepts.
    pub matching: u32,
    /// Null where there is no such table yet.
    pub version: Option<u32>,
    pub rows: Vec<TableRow>,
}

/// An entry in force.
#[derive(Clone, Debug, Serialize, Type)]
pub struct EffectiveRow {
    pub key: String,
    pub value: String,
    /// The level that says it.
    pub level: String,
    /// What would be in force without that level.
    pub below: Option<String>,
}

/// A part of a table in force.
#[derive(Clone, Debug, Serialize, Type)]
pub struct EffectiveRows {
    /// Entries the filter accepts.
    pub total: u32,
    pub rows: Vec<EffectiveRow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_edit_of_one_level_stands_between_the_others() {
        let tables = Tables::from([(
            "t".to_owned(),
            rows(&[("a", "own"), ("b", "shared")]).into_iter().collect(),
        )]);
        let set = |key: &str, value: Option<&str>| {
            BTreeMap::from([(key.to_owned(), value.map(str::to_owned))])
        };
        let shared = rows(&[("a", "shared"), ("b", "shared")]);
        let none = rows(&[]);
        let own = rows(&[("a", "own")]);
        for (changes, below, above, key, value) in [
            (set("a", None), &shared, &none, "a", Some("shared")),
            (set("b", Some("x")), &shared, &none, "b", Some("x")),
            (set("a", Some("x")), &none, &own, "a", Some("own")),
            (set("b", None), &none, &own, "b", None),
        ] {
            let after = edited(&tables, "t", &changes, below, above);
            assert_eq!(
                after["t"].get(key).map(String::as_str),
                value,
                "{changes:?}"
            );
        }
    }
}
