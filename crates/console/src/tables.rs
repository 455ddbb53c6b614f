//! Tables: what mappings look up, per level and versioned.

pub(crate) mod cache;
pub(crate) mod change;
pub(crate) mod csv;
pub(crate) mod rows;
pub(crate) mod seed;
pub(crate) mod unmapped;

use std::collections::BTreeMap;
use std::sync::Arc;

use crosswalk_mapping::Tables;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::mapping_override::Scope;
use crosswalk_workspace::table::{self, Body, Changes, NewVersion, Tally};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;

use crate::console::blocking;
use crate::mapping::levels::Holder;
use crate::mapping::views::count;
use crate::tables::cache::{Entries, Parts};
use crate::tables::change::{check_cells, check_name, difference, towards};
use crate::text::export_file::ExportedText;
use crate::{Console, Fault};

/// One entry to be written; without value it is taken away, and the levels below hold.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct TableChange {
    pub key: String,
    pub value: Option<String>,
}

/// A table of one level as it stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TableView {
    pub name: String,
    pub level: String,
    pub scope: String,
    pub entries: u32,
    pub version: u32,
    pub note: Option<String>,
    pub actor: String,
    #[specta(type = String)]
    pub at: jiff::Timestamp,
}

/// A version of a table.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TableVersion {
    /// 0 for a dry run.
    pub version: u32,
    pub name: String,
    pub level: String,
    pub scope: String,
    /// Keys the table has afterwards.
    pub entries: u32,
    pub added: u32,
    pub changed: u32,
    pub removed: u32,
    pub restored_version: Option<u32>,
    pub note: Option<String>,
    pub actor: Option<String>,
    #[specta(type = Option<String>)]
    pub at: Option<jiff::Timestamp>,
    pub dry_run: bool,
}

/// What to do to a table.
#[derive(Clone, Debug)]
pub enum TableEdit {
    /// Write these entries over it.
    Change(Vec<TableChange>),
    /// Put these in: the others stay, or go with `replace`.
    Import {
        entries: BTreeMap<String, String>,
        replace: bool,
    },
    /// Make it what it was.
    Restore(u64),
}

/// A table to be changed, and how.
#[derive(Clone, Debug)]
pub struct TableInput {
    /// `environment` or `account`.
    pub level: String,
    pub scope: String,
    pub name: String,
    pub edit: TableEdit,
    pub note: Option<String>,
    /// Only say what would change.
    pub dry_run: bool,
}

impl Console {
    /// What a table of one level says, in its latest version or an earlier one.
    pub(crate) async fn table_entries(
        &self,
        scope: Scope,
        account: Option<&Account>,
        name: &str,
        version: u64,
    ) -> Result<Entries, Fault> {
        if let Some(known) = self.shared.tables.entries(scope, name, version) {
            return Ok(known);
        }
        let keys = match (scope, account) {
            (Scope::Account(_), Some(account)) => Some(self.entry(account).await?.keys),
            _ => None,
        };
        let wanted = name.to_owned();
        let bodies = self
            .workspace()
            .read(move |tx| table::bodies(tx, scope, &wanted, Some(version)))
            .await?;
        let of = name.to_owned();
        let entries = blocking(move || fold(bodies, keys.as_ref(), scope, &of)).await??;
        self.shared
            .tables
            .keep_entries(scope, name, version, &entries);
        Ok(entries)
    }

    /// The tables in force for an account, all levels merged.
    ///
    /// # Errors
    /// What keeps the vault from opening, where the account has tables of its own.
    pub(crate) async fn tables_of(&self, account: &Account) -> Result<Arc<Tables>, Fault> {
        let held = account.clone();
        let versions = self
            .workspace()
            .read(move |tx| {
                let mut versions = match held.environment_uuid {
                    Some(environment) => table::list(tx, Scope::Environment(environment))?,
                    None => Vec::new(),
                };
                versions.extend(table::list(tx, Scope::Account(held.uuid))?);
                Ok(versions)
            })
            .await?;
        let parts: Parts = versions
            .into_iter()
            .map(|version| (version.scope, version.name, version.version))
            .collect();
        if let Some(known) = self.shared.tables.merged(account.uuid, &parts) {
            return Ok(known);
        }
        let mut merged = Tables::new();
        for (scope, name, version) in &parts {
            let entries = self
                .table_entries(*scope, Some(account), name, *version)
                .await?;
            let table = merged.entry(name.clone()).or_default();
            table.extend(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
        }
        let merged = Arc::new(merged);
        self.shared.tables.keep_merged(account.uuid, parts, &merged);
        Ok(merged)
    }

    /// What a table of one level says now, with its version; an empty one and `None` where there is none yet.
    pub(crate) async fn table_now(
        &self,
        holder: &Holder,
        name: &str,
    ) -> Result<(Entries, Option<u64>), Fault> {
        let (scope, wanted) = (holder.scope, name.to_owned());
        let version = self
            .workspace()
            .read(move |tx| table::version(tx, scope, &wanted))
            .await?;
        Ok(match version {
            Some(version) => {
                let account = holder.accounts.first();
                let entries = self.table_entries(scope, account, name, version).await?;
                (entries, Some(version))
            }
            None => (Entries::default(), None),
        })
    }

    /// What an edit changes of a table, and what that comes to.
    pub(crate) async fn table_difference(
        &self,
        holder: &Holder,
        name: &str,
        edit: &TableEdit,
    ) -> Result<(Changes, Tally, Option<u64>), Fault> {
        check_name(name)?;
        let (before, version) = self.table_now(holder, name).await?;
        let wanted: Changes = match edit {
            TableEdit::Change(changes) => changes
                .iter()
                .map(|change| (change.key.clone(), change.value.clone()))
                .collect(),
            TableEdit::Import {
                entries,
                replace: true,
            } => towards(&before, entries),
            TableEdit::Import { entries, .. } => entries
                .iter()
                .map(|(key, value)| (key.clone(), Some(value.clone())))
                .collect(),
            TableEdit::Restore(wanted) => {
                if version.is_none_or(|version| *wanted == 0 || *wanted > version) {
                    return Err(no_version(name, *wanted));
                }
                let account = holder.accounts.first();
                let after = self
                    .table_entries(holder.scope, account, name, *wanted)
                    .await?;
                towards(&before, &after)
            }
        };
        check_cells(&wanted)?;
        let (changes, tally) = difference(&before, &wanted);
        Ok((changes, tally, version))
    }

    /// Changes a table: a new version, or with a dry run only what it would be.
    ///
    /// # Errors
    /// `not_found`, `invalid_name`, `invalid_entry`, `nothing_changed`, `table_changed`.
    pub async fn change_table(&self, input: TableInput) -> Result<TableVersion, Fault> {
        let holder = self.holder(&input.level, &input.scope).await?;
        let (changes, tally, after) = self
            .table_difference(&holder, &input.name, &input.edit)
            .await?;
        let restored_version = match input.edit {
            TableEdit::Restore(version) => Some(version),
            _ => None,
        };
        let mut view = TableVersion {
            version: 0,
            name: input.name.clone(),
            level: holder.level().to_owned(),
            scope: holder.slug.clone(),
            entries: count(tally.entries),
            added: count(tally.added),
            changed: count(tally.changed),
            removed: count(tally.removed),
            restored_version: restored_version.map(count),
            note: input.note.clone(),
            actor: None,
            at: None,
            dry_run: input.dry_run,
        };
        if input.dry_run {
            return Ok(view);
        }
        if changes.is_empty() && after.is_some() {
            return Err(Fault::invalid(
                "nothing_changed",
                format!("The table {} says this already.", input.name),
                "Nothing was written.",
            ));
        }
        let body = self.table_body(&holder, &input.name, changes).await?;
        let new = NewVersion {
            scope: holder.scope,
            name: input.name.clone(),
            body,
            tally,
            after,
            restored_version,
            note: input.note,
        };
        let (scope, name) = (holder.scope, input.name);
        let written = self
            .workspace()
            .write(move |tx| {
                Ok(match table::add(tx, &new)? {
                    Some(_) => table::history(tx, scope, &name)?.into_iter().next(),
                    None => None,
                })
            })
            .await?;
        let written = written.ok_or_else(|| {
            Fault::failed(
                "table_changed",
                format!("The table {} was changed meanwhile.", view.name),
                "Look at it again, then repeat the change.",
            )
        })?;
        view.version = count(written.version);
        view.actor = Some(written.actor);
        view.at = Some(written.at);
        Ok(view)
    }

    pub(crate) async fn table_body(
        &self,
        holder: &Holder,
        name: &str,
        changes: Changes,
    ) -> Result<Body, Fault> {
        match (holder.scope, holder.accounts.first()) {
            (Scope::Account(uuid), Some(account)) => {
                let keys = self.entry(account).await?.keys;
                let name = name.to_owned();
                Ok(blocking(move || Body::of_account(&keys, uuid, &name, &changes)).await??)
            }
            _ => Ok(Body::Clear(changes)),
        }
    }

    /// Every version of a table, the newest first.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn table_history(
        &self,
        level: &str,
        scope: &str,
        name: &str,
    ) -> Result<Vec<TableVersion>, Fault> {
        let holder = self.holder(level, scope).await?;
        let (of, wanted) = (holder.scope, name.to_owned());
        let versions = self
            .workspace()
            .read(move |tx| table::history(tx, of, &wanted))
            .await?;
        if versions.is_empty() {
            return Err(no_table(name, &holder));
        }
        Ok(versions
            .into_iter()
            .map(|held| version_view(held, &holder))
            .collect())
    }

    /// A table of one level as CSV, and the audit's head beside it; a cell that a spreadsheet would run is written with
    /// an apostrophe in front.
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening.
    pub async fn export_table(
        &self,
        level: &str,
        scope: &str,
        name: &str,
    ) -> Result<(ExportedText, BTreeMap<String, String>), Fault> {
        let holder = self.holder(level, scope).await?;
        let (entries, version) = self.table_now(&holder, name).await?;
        if version.is_none() {
            return Err(no_table(name, &holder));
        }
        let text = csv::write(&entries)?;
        let detail = json!({ "table": name, "level": holder.level(), "scope": holder.slug, "entries": entries.len() });
        let exported = self
            .hand_out(text, "table:exported", holder.subject(), detail)
            .await?;
        Ok((exported, (*entries).clone()))
    }

    /// The tables of one level, or of every environment and account there is.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn tables(&self, of: Option<(&str, &str)>) -> Result<Vec<TableView>, Fault> {
        let holders = match of {
            Some((level, scope)) => vec![self.holder(level, scope).await?],
            None => self.holders().await?,
        };
        let mut views = Vec::new();
        for holder in holders {
            let scope = holder.scope;
            let tables = self
                .workspace()
                .read(move |tx| table::list(tx, scope))
                .await?;
            views.extend(tables.into_iter().map(|held| TableView {
                name: held.name,
                level: holder.level().to_owned(),
                scope: holder.slug.clone(),
                entries: count(held.tally.entries),
                version: count(held.version),
                note: held.note,
                actor: held.actor,
                at: held.at,
            }));
        }
        Ok(views)
    }
}

fn fold(
    bodies: Vec<Body>,
    keys: Option<&AccountKeys>,
    scope: Scope,
    name: &str,
) -> Result<Entries, Fault> {
    let mut entries = BTreeMap::new();
    for body in bodies {
        for (key, value) in body.open(keys, scope, name)? {
            match value {
                Some(value) => entries.insert(key, value),
                None => entries.remove(&key),
            };
        }
    }
    Ok(Arc::new(entries))
}

fn version_view(held: table::Version, holder: &Holder) -> TableVersion {
    TableVersion {
        version: count(held.version),
        name: held.name,
        level: holder.level().to_owned(),
        scope: holder.slug.clone(),
        entries: count(held.tally.entries),
        added: count(held.tally.added),
        changed: count(held.tally.changed),
        removed: count(held.tally.removed),
        restored_version: held.restored_version.map(count),
        note: held.note,
        actor: Some(held.actor),
        at: Some(held.at),
        dry_run: false,
    }
}

pub(crate) fn no_table(name: &str, holder: &Holder) -> Fault {
    Fault::invalid(
        "not_found",
        format!("{} {} has no table {name}.", holder.level(), holder.slug),
        "`xwalk table list` names those there are; `xwalk table import` makes one.",
    )
}

fn no_version(name: &str, version: u64) -> Fault {
    Fault::invalid(
        "not_found",
        format!("There is no version {version} of {name}."),
        "The history lists those there are.",
    )
}
