//! Schema drift: what an account's records show of paths, types and words, held against what runs before showed.

mod difference;
mod shape;
mod watch;

use crosswalk_mapping::EffectiveMapping;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::{RunId, schema_seen};

use crate::drift::difference::{differences, vanished};
use crate::drift::shape::{Shape, Snapshot};
use crate::mapping::hints::is_custom;
use crate::mapping::in_force::require_resource;
use crate::mapping::views::count;
use crate::views::{DriftChange, DriftPath, GonePath, ResourceDrift};
use crate::{Console, Fault};

/// Snapshots that one is held against.
const COMPARED: u32 = 20;

/// What runs of one resource showed, newest first, each with its run.
type History = Vec<(RunId, Snapshot)>;

fn unreadable(error: impl std::fmt::Display) -> Fault {
    Fault::failed(
        "drift_unreadable",
        format!("What a run showed cannot be read: {error}."),
        "Sync the resource again; please report it if it happens twice.",
    )
}

/// The unified fields that read a path by its name, or something below it.
fn read_by(mappings: &[EffectiveMapping], keys: &[String]) -> Vec<String> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut fields: Vec<String> = mappings
        .iter()
        .flat_map(|mapping| &mapping.fields)
        .filter(|field| field.name != crosswalk_mapping::CUSTOM_FIELDS)
        .filter(|field| !field.lineage.is_whole_record() && field.lineage.touches(&keys))
        .map(|field| field.name.clone())
        .collect();
    fields.sort();
    fields.dedup();
    fields
}

fn snapshots(history: &History) -> Vec<Snapshot> {
    let of = history.iter();
    of.map(|(_, snapshot)| snapshot.clone()).collect()
}

impl Console {
    /// What runs of a resource showed, newest first.
    async fn shapes(
        &self,
        account: &Account,
        resource: &str,
        keys: &AccountKeys,
    ) -> Result<History, Fault> {
        let (uuid, name) = (account.uuid, resource.to_owned());
        let rows = self
            .workspace()
            .read(move |tx| schema_seen::latest(tx, uuid, &name, COMPARED))
            .await?;
        rows.into_iter()
            .map(|row| {
                let plain = row.open(keys, uuid, resource)?;
                let shape: Shape = serde_json::from_slice(&plain).map_err(unreadable)?;
                let snapshot = Snapshot {
                    at: row.at,
                    records: row.records,
                    shape,
                };
                Ok((row.run, snapshot))
            })
            .collect()
    }

    /// The mappings in force of a resource.
    async fn mappings_of(
        &self,
        account: &Account,
        resource: &str,
    ) -> Result<Vec<EffectiveMapping>, Fault> {
        let definition = self.definition(&account.connector)?;
        let mut mappings = Vec::new();
        for mapping in &definition.mappings {
            if mapping.resource == resource {
                let levels = self.levels(account, &mapping.model).await?;
                mappings.push(levels.merged(&definition, mapping)?);
            }
        }
        Ok(mappings)
    }

    async fn seen_resources(&self, account: &Account) -> Result<Vec<String>, Fault> {
        let uuid = account.uuid;
        Ok(self
            .workspace()
            .read(move |tx| schema_seen::resources(tx, uuid))
            .await?)
    }

    /// What changed in the shape of an account's records with the last run of each resource, or of one.
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening where anything was looked at.
    pub async fn drift(
        &self,
        account: &str,
        resource: Option<&str>,
    ) -> Result<Vec<ResourceDrift>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        if let Some(resource) = resource {
            require_resource(&definition, resource)?;
        }
        let mut resources = self.seen_resources(&account).await?;
        resources.retain(|seen| resource.is_none_or(|wanted| wanted == seen));
        if resources.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.entry(&account).await?.keys;
        let mut found = Vec::new();
        for name in resources {
            let history = self.shapes(&account, &name, &keys).await?;
            let Some((run, newest)) = history.first() else {
                continue;
            };
            let mappings = self.mappings_of(&account, &name).await?;
            let known = definition.connector.resources.get(&name);
            let all = snapshots(&history);
            let paths = if resource.is_some() {
                newest.shape.paths.as_slice()
            } else {
                &[]
            };
            found.push(ResourceDrift {
                label: known.map_or_else(|| name.clone(), |known| known.label.clone()),
                run: run.to_string(),
                at: newest.at,
                records: count(newest.records),
                compared_with: history.get(1).map(|(_, before)| before.at),
                changes: differences(&all)
                    .into_iter()
                    .map(|one| DriftChange {
                        kind: one.kind.as_str().to_owned(),
                        custom: is_custom(known, &one.keys),
                        read_by: read_by(&mappings, &one.keys),
                        path: one.path,
                        before: one.before,
                        after: one.after,
                        present: count(one.present),
                        of: count(one.of),
                    })
                    .collect(),
                gone: vanished(&all)
                    .into_iter()
                    .map(|one| GonePath {
                        read_by: read_by(&mappings, &one.keys),
                        path: one.path,
                        since: one.since,
                        present: count(one.present),
                        of: count(one.of),
                    })
                    .collect(),
                paths: paths
                    .iter()
                    .map(|path| DriftPath {
                        path: path.path.clone(),
                        types: path.types.iter().cloned().collect(),
                        words: path
                            .words
                            .as_ref()
                            .map(|words| words.iter().cloned().collect()),
                        filled: count(path.filled),
                        of: count(newest.shape.held(&path.keys)),
                        read_by: read_by(&mappings, &path.keys),
                    })
                    .collect(),
                resource: name,
            });
        }
        Ok(found)
    }
}
