//! Writing many overrides and tables at once: what changes is told first, for every account it touches, and written in
//! one go or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crosswalk_mapping::Tables;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::mapping_override::{self, Action, NewVersion, Scope, Side, Version};
use crosswalk_workspace::table;
use tokio_util::sync::CancellationToken;

use crate::mapping::impact::Job;
use crate::mapping::levels::Holder;
use crate::mapping::views::{
    BundleChange, ChangeReport, Impact, PinCheck, ScopeImpact, TableChangeView, count,
};
use crate::tables::TableEdit;
use crate::{Console, Fault};

/// What is to be in force.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Overrides, each with its holder's scope.
    pub(crate) versions: Vec<Version>,
    /// Tables: whose, which, and the entries to be among theirs.
    pub(crate) tables: Vec<(Holder, String, BTreeMap<String, String>)>,
}

/// Entries that a table of one level is to have.
struct Edited {
    scope: Scope,
    name: String,
    entries: BTreeMap<String, String>,
}

fn expression(action: &Action) -> Option<String> {
    match action {
        Action::Set(expression) => Some(expression.clone()),
        Action::Remove | Action::Inherit => None,
    }
}

impl Console {
    /// Makes `wanted` true of `holders`, or with a dry run only says what would change.
    pub(crate) async fn apply(
        &self,
        holders: Vec<Holder>,
        wanted: Wanted,
        dry_run: bool,
        note: Option<&str>,
    ) -> Result<ChangeReport, Fault> {
        let mut report = ChangeReport {
            dry_run,
            written_for: None,
            present: None,
            changes: Vec::new(),
            tables: Vec::new(),
            unfit: Vec::new(),
            accounts: Vec::new(),
            versions: 0,
        };
        let news = self.news(&holders, &wanted.versions, &mut report).await?;
        let mut new_tables = Vec::new();
        let mut edited = Vec::new();
        for (holder, name, entries) in wanted.tables {
            let edit = TableEdit::Import {
                entries: entries.clone(),
                replace: false,
            };
            let (changes, tally, after) = self.table_difference(&holder, &name, &edit).await?;
            if changes.is_empty() {
                continue;
            }
            report.tables.push(TableChangeView {
                level: holder.level().to_owned(),
                scope: holder.slug.clone(),
                table: name.clone(),
                added: count(tally.added),
                changed: count(tally.changed),
                removed: count(tally.removed),
            });
            edited.push(Edited {
                scope: holder.scope,
                name: name.clone(),
                entries,
            });
            let body = self.table_body(&holder, &name, changes).await?;
            new_tables.push(table::NewVersion {
                scope: holder.scope,
                name,
                body,
                tally,
                after,
                restored_version: None,
                note: note.map(str::to_owned),
            });
        }
        for holder in &holders {
            for account in &holder.accounts {
                report
                    .accounts
                    .push(self.touched(account, &news, &edited).await);
            }
        }
        report.versions = count(news.len() + new_tables.len());
        if dry_run {
            return Ok(report);
        }
        let digest = holders
            .iter()
            .find_map(|holder| self.definition_of(holder).ok())
            .map(|definition| definition.digest.as_str().to_owned());
        let note = note.map(str::to_owned);
        let fresh = self
            .workspace()
            .write(move |tx| {
                for version in news {
                    let new = NewVersion {
                        scope: version.scope,
                        target: version.target,
                        action: version.action,
                        added_type: version.added_type,
                        restored_version: None,
                        definition_digest: digest.clone(),
                        note: note.clone().or(version.note),
                    };
                    mapping_override::add(tx, &new)?;
                }
                let mut fresh = true;
                for new in &new_tables {
                    fresh &= table::add(tx, new)?.is_some();
                }
                Ok(fresh)
            })
            .await?;
        for holder in &holders {
            self.recheck_drift(&holder.accounts).await?;
        }
        if !fresh {
            return Err(Fault::failed(
                "table_changed",
                "A table was changed meanwhile; the overrides were written, that table was not.",
                "Repeat it: what is there already is left alone.",
            ));
        }
        Ok(report)
    }

    /// Those of the wanted overrides that say something new, noted in the report.
    async fn news(
        &self,
        holders: &[Holder],
        wanted: &[Version],
        report: &mut ChangeReport,
    ) -> Result<Vec<Version>, Fault> {
        let mut news = Vec::new();
        for holder in holders {
            let scope = holder.scope;
            let held = self
                .workspace()
                .read(move |tx| mapping_override::of_scope(tx, scope))
                .await?;
            for version in wanted.iter().filter(|one| one.scope == scope) {
                let before = held.iter().find(|held| held.target == version.target);
                let same = before.is_some_and(|held| {
                    held.action == version.action && held.added_type == version.added_type
                });
                if same {
                    continue;
                }
                report.changes.push(BundleChange {
                    level: holder.level().to_owned(),
                    scope: holder.slug.clone(),
                    model: version.target.model.clone(),
                    resource: version.target.resource.clone(),
                    field: version.target.field.clone(),
                    request: version.target.side == Side::Request,
                    before: before.and_then(|held| expression(&held.action)),
                    after: expression(&version.action),
                });
                news.push(version.clone());
            }
        }
        Ok(news)
    }

    /// What new overrides and tables do to one account. A vault that stays shut is told, and stops nothing.
    async fn touched(&self, account: &Account, news: &[Version], tables: &[Edited]) -> ScopeImpact {
        let mut impact = ScopeImpact {
            account: account.slug.clone(),
            tenant: account.tenant.clone(),
            kind: account.kind.to_string(),
            records: 0,
            changed: 0,
            newly_failing: 0,
            pins: 0,
            broken_pins: Vec::new(),
            error: None,
        };
        match self.count_touched(account, news, tables).await {
            Ok(found) => {
                impact.records = found.records;
                impact.changed = found.changed;
                impact.newly_failing = found.newly_failing;
                impact.pins = found.pins.checked;
                impact.broken_pins = found
                    .pins
                    .broken
                    .iter()
                    .map(|pin| format!("{} {}: {}", pin.resource, pin.id, pin.field))
                    .collect();
            }
            Err(fault) => impact.error = Some(fault.message),
        }
        impact
    }

    async fn count_touched(
        &self,
        account: &Account,
        news: &[Version],
        tables: &[Edited],
    ) -> Result<Impact, Fault> {
        let definition = self.definition(&account.connector)?;
        let after_tables = self.tables_after(account, tables).await?;
        let mut jobs = Vec::new();
        let mut pins = PinCheck::default();
        for mapping in &definition.mappings {
            let concerned = |version: &&Version| {
                let of = version.target.resource.as_deref();
                version.target.side == Side::Response
                    && version.target.model == mapping.model
                    && of.is_none_or(|of| of == mapping.resource)
            };
            let levels = self.levels(account, &mapping.model).await?;
            let before = levels.merged(&definition, mapping)?;
            let mut drafted = levels;
            for version in news.iter().filter(concerned) {
                drafted = drafted.with(version.clone());
            }
            if let Some(tables) = &after_tables {
                drafted = drafted.with_tables(Arc::clone(tables));
            }
            let after = drafted.merged(&definition, mapping)?;
            let reads_new_tables = after_tables.is_some() && after.reading_tables().is_some();
            if !reads_new_tables && !news.iter().any(|version| concerned(&version)) {
                continue;
            }
            let resource = definition.connector.resources.get(&mapping.resource);
            jobs.push(Job::new(account, resource, &before, &after));
            let checked = self.check_pins_with(account, mapping, &after).await?;
            pins.checked += checked.checked;
            pins.broken.extend(checked.broken);
        }
        let tally = self
            .run_impact(&jobs, &mut |_, _| (), &CancellationToken::new())
            .await?;
        Ok(tally.impact(Instant::now(), pins))
    }

    /// An account's tables with these changes in them; none where they leave them alone.
    async fn tables_after(
        &self,
        account: &Account,
        edited: &[Edited],
    ) -> Result<Option<Arc<Tables>>, Fault> {
        let concerns = |scope: Scope| match scope {
            Scope::Account(uuid) => uuid == account.uuid,
            Scope::Environment(uuid) => account.environment_uuid == Some(uuid),
        };
        let mut tables: Option<Tables> = None;
        for one in edited.iter().filter(|one| concerns(one.scope)) {
            if tables.is_none() {
                tables = Some((*self.tables_of(account).await?).clone());
            }
            let own = match one.scope {
                Scope::Account(_) => None,
                Scope::Environment(_) => {
                    let holder = self.holder("account", &account.slug).await?;
                    Some(self.table_now(&holder, &one.name).await?.0)
                }
            };
            let Some(tables) = &mut tables else { continue };
            let entries = tables.entry(one.name.clone()).or_default();
            for (key, value) in &one.entries {
                // What the account says itself stays above what its environment says.
                let hidden = own.as_ref().is_some_and(|own| own.contains_key(key));
                if !hidden {
                    entries.insert(key.clone(), value.clone());
                }
            }
        }
        Ok(tables.map(Arc::new))
    }
}
