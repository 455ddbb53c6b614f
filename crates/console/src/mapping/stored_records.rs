//! Stored records on their way into the mapping workers: read, opened and prefetched, so that neither the disk nor the
//! cipher waits for an expression.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crosswalk_mapping::{RawRecord, Selection};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::Workspace;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::record::{self, NativeId, Shown, StoredRecord};
use crosswalk_workspace::selection::{self, SelectionId};
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::{Console, Fault};

/// Records read at once: enough to keep every worker busy, little enough that 20 KB each stay far below a gigabyte.
const BATCH: u32 = 256;
/// Batches opened ahead of the one being evaluated.
const AHEAD: usize = 3;

type Batch = Vec<RawRecord>;

/// Stored records of one resource, a batch at a time, by native id.
pub(crate) struct StoredRecords {
    batches: mpsc::Receiver<Result<JoinHandle<Result<Batch, Fault>>, Fault>>,
}

impl StoredRecords {
    /// The next records; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Batch>, Fault> {
        let Some(opening) = self.batches.recv().await else {
            return Ok(None);
        };
        let opened = opening?.await.map_err(|error| {
            Fault::failed(
                "interrupted",
                format!("Stored records could not be opened: {error}."),
                "Try again; please report it if it happens twice.",
            )
        })??;
        Ok(Some(opened))
    }
}

type Selections = HashMap<SelectionId, Arc<Selection>>;

async fn read_rows(
    workspace: &Workspace,
    account: &Account,
    resource: &str,
    after: Option<NativeId>,
    selections: &mut Selections,
) -> Result<Vec<StoredRecord>, Fault> {
    let (uuid, name) = (account.uuid, resource.to_owned());
    let known: Vec<SelectionId> = selections.keys().copied().collect();
    let (rows, news) = workspace
        .read(move |tx| {
            let rows = record::page(tx, uuid, &name, Shown::Present, after.as_ref(), BATCH)?;
            let mut news = Vec::new();
            for id in rows.iter().filter_map(|row| row.selection) {
                if !known.contains(&id) && news.iter().all(|(other, _)| *other != id) {
                    news.push((id, selection::get(tx, id)?));
                }
            }
            Ok((rows, news))
        })
        .await?;
    for (id, tree) in news {
        selections.insert(id, Arc::new(tree));
    }
    Ok(rows)
}

fn open(
    rows: Vec<StoredRecord>,
    keys: &AccountKeys,
    account: &Account,
    resource: &str,
    selections: &Selections,
) -> Result<Batch, Fault> {
    let mut batch = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(mut raw) = row.open(keys, account.uuid, resource)? {
            batch.push(RawRecord {
                key: row.native_id.to_string(),
                raw: std::mem::take(&mut *raw),
                selection: row.selection.and_then(|id| selections.get(&id).cloned()),
            });
        }
    }
    Ok(batch)
}

impl Console {
    /// Every stored record of a resource. Reading begins at once and stops when the answer is dropped.
    ///
    /// # Errors
    /// What keeps the vault from opening.
    pub(crate) async fn stored_records(
        &self,
        account: &Account,
        resource: &str,
    ) -> Result<StoredRecords, Fault> {
        let keys = Arc::new(self.entry(account).await?.keys);
        let (workspace, account) = (self.workspace().clone(), account.clone());
        let resource: Arc<str> = Arc::from(resource);
        let (sender, batches) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let mut selections = Selections::new();
            let mut after = None;
            loop {
                let rows = read_rows(&workspace, &account, &resource, after, &mut selections).await;
                let rows = match rows {
                    Ok(rows) if rows.is_empty() => return,
                    Ok(rows) => rows,
                    Err(fault) => {
                        let _ = sender.send(Err(fault)).await;
                        return;
                    }
                };
                after = rows.last().map(|row| row.native_id.clone());
                let (keys, account, resource) =
                    (Arc::clone(&keys), account.clone(), Arc::clone(&resource));
                let known = selections.clone();
                let opening = tokio::task::spawn_blocking(move || {
                    open(rows, &keys, &account, &resource, &known)
                });
                if sender.send(Ok(opening)).await.is_err() {
                    return;
                }
            }
        });
        Ok(StoredRecords { batches })
    }

    /// The records with these ids that are still stored, opened, with when each was received.
    ///
    /// # Errors
    /// What keeps the vault from opening, and `sealed_damaged`.
    pub(crate) async fn records_by_id(
        &self,
        account: &Account,
        resource: &str,
        ids: Vec<NativeId>,
    ) -> Result<Vec<(NativeId, Timestamp, RawRecord)>, Fault> {
        let keys = self.entry(account).await?.keys;
        let (uuid, name) = (account.uuid, resource.to_owned());
        let opened = self
            .workspace()
            .read(move |tx| {
                let mut selections = Selections::new();
                let mut opened = Vec::with_capacity(ids.len());
                for id in &ids {
                    let Some(row) = record::get(tx, uuid, &name, id)? else {
                        continue;
                    };
                    let Some(mut raw) = row.open(&keys, uuid, &name)? else {
                        continue;
                    };
                    let selection = match row.selection {
                        None => None,
                        Some(number) => Some(match selections.entry(number) {
                            Entry::Occupied(known) => Arc::clone(known.get()),
                            Entry::Vacant(place) => {
                                Arc::clone(place.insert(Arc::new(selection::get(tx, number)?)))
                            }
                        }),
                    };
                    let record = RawRecord {
                        key: row.native_id.to_string(),
                        raw: std::mem::take(&mut *raw),
                        selection,
                    };
                    opened.push((row.native_id, row.fetched_at, record));
                }
                Ok(opened)
            })
            .await?;
        Ok(opened)
    }

    /// One stored record, opened.
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening.
    pub(crate) async fn stored_record(
        &self,
        account: &Account,
        resource: &str,
        id: &str,
    ) -> Result<RawRecord, Fault> {
        let keys = self.entry(account).await?.keys;
        let (held, name, native) = (account.clone(), resource.to_owned(), NativeId::from(id));
        let found = self
            .workspace()
            .read(move |tx| {
                let Some(row) = record::get(tx, held.uuid, &name, &native)? else {
                    return Ok(None);
                };
                let raw = row.open(&keys, held.uuid, &name)?;
                let tree = row.selection.map(|id| selection::get(tx, id)).transpose()?;
                Ok(raw.map(|mut raw| (std::mem::take(&mut *raw), tree)))
            })
            .await?;
        let Some((raw, tree)) = found else {
            return Err(Fault::invalid(
                "not_found",
                format!("There is no stored record {id} of {resource}."),
                format!(
                    "`xwalk records {} {resource}` lists those that are stored.",
                    account.slug
                ),
            ));
        };
        Ok(RawRecord {
            key: id.to_owned(),
            raw,
            selection: tree.map(Arc::new),
        })
    }
}
