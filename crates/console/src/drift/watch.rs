//! Looking at what runs bring: what their records show is kept, and an alert tells of what the mapping reads and is gone.

use std::collections::HashMap;
use std::sync::Arc;

use crosswalk_mapping::Selection;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{Account, Retention};
use crosswalk_workspace::alert::{self, kind};
use crosswalk_workspace::record::{self, NativeId};
use crosswalk_workspace::run::{self, Run, Severity};
use crosswalk_workspace::schema_seen;
use crosswalk_workspace::selection::{self, SelectionId};
use serde_json::Value;

use super::difference::{Difference, Kind, differences, vanished};
use super::shape::{Counter, Shape};
use super::{read_by, snapshots, unreadable};
use crate::console::blocking;
use crate::{Console, Fault, counted};

/// Records of a run that are looked at, the newest: enough to meet what one in some hundred has.
const MOST_RECORDS: u32 = 2_000;
/// Bytes of them.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Records read at once.
const BATCH: usize = 256;
/// Paths named in an alert.
const NAMED: usize = 5;

impl Console {
    /// Looks at what a completed run brought, in the background: what it shows is kept, and an alert tells of what the
    /// mapping reads and is gone.
    pub(crate) fn watch_drift(&self, account: &Account, run: &Run) {
        let (console, account, run) = (self.clone(), account.clone(), run.clone());
        self.in_background(async move {
            if let Err(fault) = console.note_drift(&account, &run).await {
                tracing::warn!(code = fault.code, "what a run showed was not kept");
            }
        });
    }

    async fn note_drift(&self, account: &Account, run: &Run) -> Result<(), Fault> {
        // One at a time: each is held against the one before.
        let _turn = self.shared.drift.lock().await;
        let (records, shape) = self.shape_of_run(account, run).await?;
        if records == 0 {
            return Ok(());
        }
        let keys = self.entry(account).await?.keys;
        let plain = serde_json::to_vec(&shape).map_err(unreadable)?;
        let sealed = schema_seen::seal(&keys, account.uuid, &run.resource, &plain)?;
        let (uuid, resource, id) = (account.uuid, run.resource.clone(), run.uuid);
        self.workspace()
            .write(move |tx| schema_seen::add(tx, uuid, &resource, id, records, &sealed))
            .await?;
        let history = self.shapes(account, &run.resource, &keys).await?;
        let found = differences(&snapshots(&history));
        if !found.is_empty() {
            let line = line_of(&found, records);
            self.workspace()
                .write(move |tx| run::log(tx, id, Severity::Info, &line))
                .await?;
        }
        self.settle_drift_alert(account, &keys).await
    }

    /// Counts the newest records of a run, as far as they are kept.
    async fn shape_of_run(&self, account: &Account, run: &Run) -> Result<(u64, Shape), Fault> {
        let definition = self.definition(&account.connector)?;
        let masked = definition
            .connector
            .resources
            .get(&run.resource)
            .map(|resource| resource.mask.clone())
            .unwrap_or_default();
        // An account without retention leaves no value behind.
        let mut counter = Counter::new(&masked, account.retention != Retention::None);
        let (uuid, resource, since) = (account.uuid, run.resource.clone(), run.started_at);
        let ids = self
            .workspace()
            .read(move |tx| record::fetched_since(tx, uuid, &resource, since, MOST_RECORDS))
            .await?;
        let keys = Arc::new(self.entry(account).await?.keys);
        let mut bytes = 0;
        let mut selections: HashMap<SelectionId, Selection> = HashMap::new();
        for ids in ids.chunks(BATCH) {
            let (ids, resource) = (ids.to_vec(), run.resource.clone());
            let known: Vec<SelectionId> = selections.keys().copied().collect();
            let (rows, news) = self
                .workspace()
                .read(move |tx| read_batch(tx, uuid, &resource, &ids, &known))
                .await?;
            selections.extend(news);
            let (keys, resource) = (Arc::clone(&keys), run.resource.clone());
            let trees = selections.clone();
            let counted = blocking(move || -> Result<(Counter, usize), Fault> {
                let mut bytes = 0;
                for row in rows {
                    let Some(raw) = row.open(&keys, uuid, &resource)? else {
                        continue;
                    };
                    bytes += raw.len();
                    let tree = row.selection.and_then(|id| trees.get(&id));
                    if let (Ok(value), Some(tree)) = (serde_json::from_slice::<Value>(&raw), tree) {
                        counter.add(&value, tree);
                    }
                }
                Ok((counter, bytes))
            });
            let (returned, more) = counted.await??;
            counter = returned;
            bytes += more;
            if bytes > MOST_BYTES {
                break;
            }
        }
        Ok(counter.finish())
    }

    /// Raises the alert of mapped paths that are gone, or resolves it where none is any more.
    async fn settle_drift_alert(&self, account: &Account, keys: &AccountKeys) -> Result<(), Fault> {
        let mut gone = Vec::new();
        for resource in self.seen_resources(account).await? {
            let history = self.shapes(account, &resource, keys).await?;
            let missing = vanished(&snapshots(&history));
            if missing.is_empty() {
                continue;
            }
            let mappings = self.mappings_of(account, &resource).await?;
            let mapped = missing
                .into_iter()
                .filter(|one| !read_by(&mappings, &one.keys).is_empty());
            gone.extend(mapped.map(|one| format!("{} of {resource}", one.path)));
        }
        let uuid = account.uuid;
        let hint = format!(
            "`xwalk drift {}` tells since when; map what took their place.",
            account.slug
        );
        self.workspace()
            .write(move |tx| {
                if gone.is_empty() {
                    return alert::resolve(tx, uuid, kind::MAPPED_PATH_GONE).map(|_| ());
                }
                let message = alert_message(&gone);
                alert::raise(tx, uuid, kind::MAPPED_PATH_GONE, &message, Some(&hint))
            })
            .await?;
        Ok(())
    }

    /// After mappings changed: whether what is gone is still read. Does nothing where no such alert is open.
    pub(crate) async fn recheck_drift(&self, accounts: &[Account]) -> Result<(), Fault> {
        let open = self.workspace().read(alert::open).await?;
        for account in accounts {
            let told = open.iter().any(|alert| {
                alert.kind == kind::MAPPED_PATH_GONE
                    && alert.account.as_deref() == Some(account.slug.as_str())
            });
            if told {
                let _turn = self.shared.drift.lock().await;
                let keys = self.entry(account).await?.keys;
                self.settle_drift_alert(account, &keys).await?;
            }
        }
        Ok(())
    }
}

type Batch = (Vec<record::StoredRecord>, Vec<(SelectionId, Selection)>);

fn read_batch(
    tx: &crosswalk_workspace::ReadTx<'_>,
    account: crosswalk_workspace::AccountId,
    resource: &str,
    ids: &[NativeId],
    known: &[SelectionId],
) -> Result<Batch, crosswalk_workspace::Error> {
    let mut rows = Vec::with_capacity(ids.len());
    let mut news: Vec<(SelectionId, Selection)> = Vec::new();
    for id in ids {
        let Some(row) = record::get(tx, account, resource, id)? else {
            continue;
        };
        if let Some(id) = row.selection
            && !known.contains(&id)
            && news.iter().all(|(other, _)| *other != id)
        {
            news.push((id, selection::get(tx, id)?));
        }
        rows.push(row);
    }
    Ok((rows, news))
}

/// Names, never values: it stands in clear.
fn alert_message(gone: &[String]) -> String {
    let named = gone[..gone.len().min(NAMED)].join(", ");
    let more = gone.len().saturating_sub(NAMED);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("What the mapping reads is gone from the records: {named}{rest}.")
}

/// What the run's log says.
fn line_of(found: &[Difference], records: u64) -> String {
    let of = |kind: Kind, word: &str| {
        let many = found.iter().filter(|one| one.kind == kind).count();
        (many > 0).then(|| format!("{many} {word}"))
    };
    let parts: Vec<String> = [
        of(Kind::Gone, "gone"),
        of(Kind::New, "new"),
        of(Kind::Back, "back"),
        of(Kind::Retyped, "of another type"),
        of(Kind::NewWords, "with new values"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(
        "The shape of {} differs from the run before; paths: {}.",
        counted(records, "record", "records"),
        parts.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_names_a_few() {
        let gone: Vec<String> = (0..7).map(|n| format!("p{n} of xs")).collect();
        assert_eq!(
            alert_message(&gone[..1]),
            "What the mapping reads is gone from the records: p0 of xs."
        );
        assert!(alert_message(&gone).ends_with("p4 of xs and 2 more."));
    }
}
