//! Two accounts side by side: scopes, custom fields, tables, mapping and coverage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crosswalk_connector::Definition;
use crosswalk_mapping::{Coverage, RawLeaves, Status};
use crosswalk_workspace::account::Account;
use serde::Serialize;
use specta::Type;

use crate::mapping::hints::is_custom;
use crate::mapping::views::count;
use crate::{Console, Fault};

/// Differences of a table that are shown.
const EXAMPLES: usize = 10;

/// A scope, and who asks for it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScopeRow {
    pub scope: String,
    pub a: bool,
    pub b: bool,
}

/// How often something is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Type)]
pub struct Filled {
    pub filled: u32,
    pub of: u32,
}

/// A custom field, and where it is filled.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CustomFieldRow {
    pub resource: String,
    pub path: String,
    /// Null where no stored record has it.
    pub a: Option<Filled>,
    pub b: Option<Filled>,
}

/// An entry that differs.
#[derive(Clone, Debug, Serialize, Type)]
pub struct EntryRow {
    pub key: String,
    pub a: Option<String>,
    pub b: Option<String>,
}

/// A table in force, all levels merged.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TableRowPair {
    pub table: String,
    pub a_entries: u32,
    pub b_entries: u32,
    /// Keys only one has, or with another value.
    pub different: u32,
    pub examples: Vec<EntryRow>,
}

/// A field's expression in force.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FieldRow {
    pub model: String,
    pub resource: String,
    pub field: String,
    pub a: Option<String>,
    pub b: Option<String>,
    pub a_level: Option<String>,
    pub b_level: Option<String>,
    pub same: bool,
}

/// A field's coverage.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CoverageRow {
    pub model: String,
    pub resource: String,
    pub field: String,
    pub a: Filled,
    pub b: Filled,
}

/// Two accounts side by side.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AccountComparison {
    pub a: String,
    pub b: String,
    pub a_kind: String,
    pub b_kind: String,
    pub scopes: Vec<ScopeRow>,
    pub custom_fields: Vec<CustomFieldRow>,
    pub tables: Vec<TableRowPair>,
    /// Fields that differ, and those overridden on either side.
    pub mapping: Vec<FieldRow>,
    pub coverage: Vec<CoverageRow>,
}

type Field = (String, String, String);

/// What is known of one side.
struct Side {
    expressions: BTreeMap<Field, (Option<String>, Option<String>)>,
    coverage: BTreeMap<Field, Filled>,
    custom: BTreeMap<(String, String), Filled>,
    tables: Arc<crosswalk_mapping::Tables>,
}

impl Console {
    async fn side(&self, account: &Account, definition: &Definition) -> Result<Side, Fault> {
        let mut side = Side {
            expressions: BTreeMap::new(),
            coverage: BTreeMap::new(),
            custom: BTreeMap::new(),
            tables: self.tables_of(account).await?,
        };
        let pool = self.pool()?.clone();
        for mapping in &definition.mappings {
            let effective = self.effective(account, definition, mapping).await?;
            let key = |field: &str| {
                (
                    mapping.model.clone(),
                    mapping.resource.clone(),
                    field.to_owned(),
                )
            };
            for field in effective
                .fields
                .iter()
                .filter(|field| field.level.is_some())
            {
                let level = field.level.map(|level| level.to_string());
                side.expressions
                    .insert(key(&field.name), (field.expression.clone(), level));
            }
            let mut coverage = Coverage::default();
            let mut leaves = RawLeaves::default();
            let mut records = self.stored_records(account, &mapping.resource).await?;
            while let Some(batch) = records.next().await? {
                for record in &batch {
                    let whole = record
                        .selection
                        .as_ref()
                        .is_none_or(|selection| **selection == crosswalk_mapping::Selection::Whole);
                    if let (true, Ok(value)) = (whole, serde_json::from_slice(&record.raw)) {
                        leaves.add(&value);
                    }
                }
                for result in pool.evaluate(batch, &effective).await? {
                    coverage.add(&result);
                }
            }
            for (field, counts) in coverage.by_field(&effective) {
                let filled = Filled {
                    filled: count(counts.statuses.get(&Status::Ok).copied().unwrap_or(0)),
                    of: count(counts.records),
                };
                side.coverage.insert(key(field), filled);
            }
            let resource = definition.connector.resources.get(&mapping.resource);
            let of = count(leaves.records());
            for leaf in leaves.seen().filter(|leaf| is_custom(resource, &leaf.keys)) {
                let filled = Filled {
                    filled: count(leaf.filled),
                    of,
                };
                side.custom
                    .insert((mapping.resource.clone(), leaf.path), filled);
            }
        }
        Ok(side)
    }

    /// Puts two accounts of one connector side by side.
    ///
    /// # Errors
    /// `not_found`; `other_connector`; what keeps the vault from opening.
    pub async fn compare_accounts(&self, a: &str, b: &str) -> Result<AccountComparison, Fault> {
        let (one, two) = (self.find_account(a).await?, self.find_account(b).await?);
        if one.connector != two.connector {
            return Err(Fault::invalid(
                "other_connector",
                format!(
                    "{} connects to {}, {} to {}.",
                    one.slug, one.connector, two.slug, two.connector
                ),
                "Compare two accounts of the same connector.",
            ));
        }
        let definition = self.definition(&one.connector)?;
        let left = self.side(&one, &definition).await?;
        let right = self.side(&two, &definition).await?;
        let asked = |account: &Account| -> BTreeSet<String> {
            account.scopes_asked.iter().cloned().collect()
        };
        let (of_a, of_b) = (asked(&one), asked(&two));
        Ok(AccountComparison {
            a: one.slug.clone(),
            b: two.slug.clone(),
            a_kind: one.kind.to_string(),
            b_kind: two.kind.to_string(),
            scopes: of_a
                .union(&of_b)
                .map(|scope| ScopeRow {
                    scope: scope.clone(),
                    a: of_a.contains(scope),
                    b: of_b.contains(scope),
                })
                .collect(),
            custom_fields: both(&left.custom, &right.custom)
                .map(|(key, a, b)| CustomFieldRow {
                    resource: key.0.clone(),
                    path: key.1.clone(),
                    a: a.copied(),
                    b: b.copied(),
                })
                .collect(),
            tables: tables(&left, &right),
            mapping: both(&left.expressions, &right.expressions)
                .filter_map(|(key, a, b)| field_row(key, a, b))
                .collect(),
            coverage: both(&left.coverage, &right.coverage)
                .map(|(key, a, b)| CoverageRow {
                    model: key.0.clone(),
                    resource: key.1.clone(),
                    field: key.2.clone(),
                    a: a.copied().unwrap_or_default(),
                    b: b.copied().unwrap_or_default(),
                })
                .filter(|row| row.a.of > 0 || row.b.of > 0)
                .collect(),
        })
    }
}

type Said = (Option<String>, Option<String>);

fn field_row(key: &Field, a: Option<&Said>, b: Option<&Said>) -> Option<FieldRow> {
    let expression = |said: Option<&Said>| said.and_then(|said| said.0.clone());
    let level = |said: Option<&Said>| said.and_then(|said| said.1.clone());
    let same = expression(a) == expression(b);
    let overridden = |said: Option<&Said>| level(said).is_some_and(|level| level != "connector");
    (!same || overridden(a) || overridden(b)).then(|| FieldRow {
        model: key.0.clone(),
        resource: key.1.clone(),
        field: key.2.clone(),
        a: expression(a),
        b: expression(b),
        a_level: level(a),
        b_level: level(b),
        same,
    })
}

/// Every key of either, with what each says of it.
fn both<'m, K: Ord, V>(
    left: &'m BTreeMap<K, V>,
    right: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&K> = left.keys().chain(right.keys()).collect();
    keys.into_iter()
        .map(move |key| (key, left.get(key), right.get(key)))
}

fn tables(left: &Side, right: &Side) -> Vec<TableRowPair> {
    let names: BTreeSet<&String> = left.tables.keys().chain(right.tables.keys()).collect();
    names
        .into_iter()
        .map(|name| {
            let sorted = |side: &Side| -> BTreeMap<String, String> {
                side.tables
                    .get(name)
                    .map(|table| {
                        table
                            .iter()
                            .map(|(key, value)| (key.clone(), value.clone()))
                            .collect()
                    })
                    .unwrap_or_default()
            };
            let (a, b) = (sorted(left), sorted(right));
            let different: Vec<EntryRow> = both(&a, &b)
                .filter(|(_, a, b)| a != b)
                .map(|(key, a, b)| EntryRow {
                    key: key.clone(),
                    a: a.cloned(),
                    b: b.cloned(),
                })
                .collect();
            TableRowPair {
                table: name.clone(),
                a_entries: count(a.len()),
                b_entries: count(b.len()),
                different: count(different.len()),
                examples: different.into_iter().take(EXAMPLES).collect(),
            }
        })
        .collect()
}
