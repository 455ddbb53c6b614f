//! Tables and the records that meet them: keys nobody mapped, entries seeded from stored records, what an edit changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use crosswalk_connector::RawPath;
use crosswalk_mapping::Tables;
use crosswalk_workspace::mapping_override::Scope;
use serde::Serialize;
use serde_json::Value;
use specta::Type;
use tokio_util::sync::CancellationToken;

use crate::mapping_impact::{Job, stopped};
use crate::mapping_levels::Holder;
use crate::mapping_preview::scope_at;
use crate::mapping_views::{Impact, PinCheck, count};
use crate::mappings::require_resource;
use crate::tables::{TableEdit, TableInput, TableVersion};
use crate::{Console, Fault};

/// A key that stored records meet and no table has.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UnmappedKey {
    pub table: String,
    pub key: String,
    /// Records that meet it.
    pub records: u32,
}

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

/// A table edit to be looked at.
#[derive(Clone, Debug)]
pub struct TablePreviewInput {
    pub account: String,
    pub name: String,
    /// `environment` or `account`.
    pub level: String,
    pub edit: TableEdit,
}

fn path(text: &str) -> Result<RawPath, Fault> {
    RawPath::parse(text).map_err(|error| {
        Fault::invalid(
            "invalid_path",
            format!("{text:?} is no raw path: {error}."),
            "Write keys joined by dots, such as lookup.name.",
        )
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
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
    /// The keys that an account's stored records meet and no table has, the most frequent first.
    ///
    /// # Errors
    /// `not_found`, `cancelled`, and what keeps the vault from opening.
    pub async fn unmapped_keys(
        &self,
        account: &str,
        name: Option<&str>,
        cancelled: &CancellationToken,
    ) -> Result<Vec<UnmappedKey>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let pool = self.pool()?.clone();
        let mut met: HashMap<(String, String), u32> = HashMap::new();
        for mapping in &definition.mappings {
            let effective = self.effective(&account, &definition, mapping).await?;
            let Some(reading) = effective.reading_tables() else {
                continue;
            };
            let reading = Arc::new(reading);
            let mut records = self.stored_records(&account, &mapping.resource).await?;
            while let Some(batch) = records.next().await? {
                let results = tokio::select! {
                    results = pool.evaluate(batch, &reading) => results?,
                    () = cancelled.cancelled() => return Err(stopped()),
                };
                for result in results {
                    for (table, keys) in result.misses {
                        if name.is_some_and(|name| name != table) {
                            continue;
                        }
                        for key in keys.into_keys() {
                            *met.entry((table.clone(), key)).or_insert(0) += 1;
                        }
                    }
                }
            }
        }
        let mut keys: Vec<UnmappedKey> = met
            .into_iter()
            .map(|((table, key), records)| UnmappedKey {
                table,
                key,
                records,
            })
            .collect();
        keys.sort_by(|left, right| {
            (&left.table, right.records, &left.key).cmp(&(&right.table, left.records, &right.key))
        });
        Ok(keys)
    }

    /// Puts entries from stored records into an account's table; those it has stay as they are. Only an account's
    /// table can hold what comes from records, since an environment's stands in clear.
    ///
    /// # Errors
    /// `not_found`, `invalid_path`, `nothing_found`, `nothing_changed`.
    pub async fn seed_table(
        &self,
        input: SeedInput,
        cancelled: &CancellationToken,
    ) -> Result<TableVersion, Fault> {
        let account = self.find_account(&input.account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, &input.resource)?;
        let key_path = path(&input.key)?;
        let value_path = input.value.as_deref().map(path).transpose()?;
        let wanted: Option<Vec<String>> = if input.unmapped {
            let met = self
                .unmapped_keys(&input.account, Some(&input.name), cancelled)
                .await?;
            Some(met.into_iter().map(|key| key.key).collect())
        } else {
            None
        };
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        let mut records = self.stored_records(&account, &input.resource).await?;
        while let Some(batch) = records.next().await? {
            for record in batch {
                let Ok(raw) = serde_json::from_slice::<Value>(&record.raw) else {
                    continue;
                };
                let keys = key_path.find(&raw).into_iter().filter_map(scalar);
                let values: Vec<Option<String>> = match &value_path {
                    Some(path) => path.find(&raw).into_iter().map(scalar).collect(),
                    None => Vec::new(),
                };
                for (at, key) in keys.enumerate() {
                    let value = match &value_path {
                        Some(_) => values.get(at).cloned().flatten(),
                        None => Some(key.clone()),
                    };
                    let asked = wanted.as_ref().is_none_or(|wanted| wanted.contains(&key));
                    if let (true, Some(value)) = (asked, value) {
                        found.entry(key).or_insert(value);
                    }
                }
            }
            if cancelled.is_cancelled() {
                return Err(stopped());
            }
        }
        if found.is_empty() {
            return Err(Fault::invalid(
                "nothing_found",
                format!(
                    "No stored record of {} holds {}.",
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
        found.retain(|key, _| !held.contains_key(key));
        let table = TableInput {
            level: "account".to_owned(),
            scope: account.slug,
            name: input.name,
            edit: TableEdit::Import {
                entries: found,
                replace: false,
            },
            note: input.note,
            dry_run: input.dry_run,
        };
        self.change_table(table).await
    }

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
