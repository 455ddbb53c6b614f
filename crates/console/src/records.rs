//! Stored records, raw and unified, as lines.

mod masking;

use std::collections::HashMap;
use std::sync::Arc;

use crosswalk_mapping::{EffectiveMapping, Pool, RawRecord, RecordResult, Selection};
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::Workspace;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::record::{self, NativeId, Shown};
use crosswalk_workspace::selection::{self, SelectionId};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::value::RawValue;

pub use masking::Sensitive;

pub(crate) use self::masking::{Masking, Outgoing};
use crate::console::blocking;
use crate::mapping::in_force::{mapping_of, require_resource};
use crate::{Console, Fault};

/// What is shown of a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RecordFormat {
    /// As received.
    Raw,
    /// The model's object.
    Unified,
    /// Both, and what is to say about each field.
    Both,
}

/// Which records to show.
#[derive(Clone, Debug)]
pub struct RecordQuery {
    pub account: String,
    pub resource: String,
    pub format: RecordFormat,
    /// Only this record.
    pub native_id: Option<String>,
    pub limit: Option<u64>,
}

/// The first batch is small, so that its lines come at once; later ones keep every worker busy.
const FIRST_BATCH: u32 = 32;
const BATCH: u32 = 512;

/// Records on their way out, a batch at a time, in the order of their native ids.
pub struct RecordStream {
    workspace: Workspace,
    account: Account,
    keys: Arc<AccountKeys>,
    resource: String,
    mapped: Option<(Pool, Arc<EffectiveMapping>)>,
    with_raw: bool,
    /// Replaces what is sensitive; none: nothing is replaced.
    masking: Option<Masking>,
    only: Option<NativeId>,
    after: Option<NativeId>,
    left: u64,
    batch: u32,
    selections: HashMap<SelectionId, Arc<Selection>>,
}

/// A record opened: its id, the bytes received, and what of it was asked for.
struct Opened {
    id: NativeId,
    raw: Vec<u8>,
    selection: Option<SelectionId>,
}

/// JSON Lines wants a record on one line; a line end in JSON is white space, never part of a value.
fn on_one_line(mut raw: Vec<u8>) -> Vec<u8> {
    for byte in &mut raw {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    raw
}

#[derive(Serialize)]
struct Both<'a> {
    raw: &'a RawValue,
    unified: Option<&'a RawValue>,
    fields: indexmap::IndexMap<String, crosswalk_mapping::FieldReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn not_shown(error: impl std::fmt::Display) -> Fault {
    Fault::failed(
        "record_unreadable",
        format!("A stored record cannot be shown: {error}."),
        "Sync the resource again: xwalk sync ACCOUNT RESOURCE --restart.",
    )
}

/// A record's line with everything there is to say about its fields.
fn both(raw: &[u8], result: &RecordResult, mapping: &EffectiveMapping) -> Result<Vec<u8>, Fault> {
    let value: serde_json::Value = serde_json::from_slice(raw).map_err(not_shown)?;
    let line = Both {
        raw: serde_json::from_slice(raw).map_err(not_shown)?,
        unified: result
            .unified
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(not_shown)?,
        fields: result.report(mapping, &value),
        error: result.error.as_ref().map(|error| error.message.clone()),
    };
    serde_json::to_vec(&line).map_err(not_shown)
}

impl RecordStream {
    /// The next lines, without line ends; `None` after the last.
    ///
    /// # Errors
    /// `sealed_damaged` for a body that does not open, `worker_…` where no worker can be had.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<u8>>>, Fault> {
        let masking = self.masking.clone();
        let Some((_, mapping)) = &self.mapped else {
            let Some(opened) = self.advance().await? else {
                return Ok(None);
            };
            let line = move |record: Opened| match &masking {
                Some(masking) => masking.raw(&record.raw).map(on_one_line),
                None => Ok(on_one_line(record.raw)),
            };
            let lines =
                blocking(move || opened.into_iter().map(line).collect::<Result<Vec<_>, _>>());
            return Ok(Some(lines.await??));
        };
        let mapping = Arc::clone(mapping);
        let with_raw = self.with_raw;
        let Some(mut evaluated) = self.next_evaluated().await? else {
            return Ok(None);
        };
        if let Some(masking) = masking {
            let mapping = Arc::clone(&mapping);
            evaluated = blocking(move || {
                for (raw, _, result) in &mut evaluated {
                    if with_raw {
                        *raw = masking.raw(raw)?;
                    }
                    masking.result(result, &mapping)?;
                }
                Ok::<_, Fault>(evaluated)
            })
            .await??;
        }
        if !with_raw {
            let text =
                |result: RecordResult| result.unified.unwrap_or_else(|| "null".into()).into_bytes();
            return Ok(Some(
                evaluated
                    .into_iter()
                    .map(|(_, _, result)| text(result))
                    .collect(),
            ));
        }
        let lines = blocking(move || {
            evaluated
                .iter()
                .map(|(raw, _, result)| both(raw, result, &mapping))
                .collect::<Result<Vec<_>, _>>()
        })
        .await??;
        Ok(Some(lines))
    }

    /// The next records with what became of them: the bytes received, whether they are the whole object, the result.
    pub(crate) async fn next_evaluated(
        &mut self,
    ) -> Result<Option<Vec<(Vec<u8>, bool, RecordResult)>>, Fault> {
        let Some((pool, mapping)) = self.mapped.clone() else {
            return Ok(None);
        };
        let Some(opened) = self.advance().await? else {
            return Ok(None);
        };
        let mut raws = Vec::with_capacity(opened.len());
        let mut records = Vec::with_capacity(opened.len());
        for record in opened {
            let selection = self.selection(record.selection).await?;
            let whole = selection
                .as_ref()
                .is_none_or(|selection| **selection == Selection::Whole);
            raws.push((record.raw.clone(), whole));
            records.push(RawRecord {
                key: record.id.to_string(),
                raw: record.raw,
                selection,
            });
        }
        let mut evaluated = Vec::with_capacity(records.len());
        let mut raws = raws.into_iter();
        let mut stream = std::pin::pin!(pool.evaluate_stream(stream::iter(records), &mapping));
        while let Some(chunk) = stream.next().await {
            let results = chunk?;
            evaluated.extend(
                results
                    .into_iter()
                    .zip(raws.by_ref())
                    .map(|(result, (raw, whole))| (raw, whole, result)),
            );
        }
        Ok(Some(evaluated))
    }

    /// The next records, opened.
    async fn advance(&mut self) -> Result<Option<Vec<Opened>>, Fault> {
        if self.left == 0 {
            return Ok(None);
        }
        let opened = self.read_batch().await?;
        if opened.is_empty() {
            self.left = 0;
            return Ok(None);
        }
        self.left = self.left.saturating_sub(opened.len() as u64);
        self.after = opened.last().map(|record| record.id.clone());
        self.batch = BATCH;
        Ok(Some(opened))
    }

    /// Reads and opens the next records, off the asynchronous threads.
    async fn read_batch(&self) -> Result<Vec<Opened>, Fault> {
        let (account, resource, keys) = (
            self.account.uuid,
            self.resource.clone(),
            Arc::clone(&self.keys),
        );
        let (only, after) = (self.only.clone(), self.after.clone());
        let limit = u32::try_from(self.left).unwrap_or(u32::MAX).min(self.batch);
        let opened = self
            .workspace
            .read(move |tx| {
                let records = match &only {
                    Some(id) => record::get(tx, account, &resource, id)?
                        .into_iter()
                        .filter(|record| record.deleted_at.is_none())
                        .collect(),
                    None => record::page(
                        tx,
                        account,
                        &resource,
                        Shown::Present,
                        after.as_ref(),
                        limit,
                    )?,
                };
                let mut opened = Vec::with_capacity(records.len());
                for record in records {
                    if let Some(raw) = record.open(&keys, account, &resource)? {
                        opened.push(Opened {
                            raw: raw.to_vec(),
                            selection: record.selection,
                            id: record.native_id,
                        });
                    }
                }
                Ok(opened)
            })
            .await?;
        Ok(opened)
    }

    /// The selection a record was fetched with; `None` is the whole object.
    async fn selection(
        &mut self,
        id: Option<SelectionId>,
    ) -> Result<Option<Arc<Selection>>, Fault> {
        let Some(id) = id else { return Ok(None) };
        if let Some(known) = self.selections.get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        let selection = self
            .workspace
            .read(move |tx| selection::get(tx, id))
            .await?;
        let selection = Arc::new(selection);
        self.selections.insert(id, Arc::clone(&selection));
        Ok(Some(selection))
    }
}

impl Console {
    /// Stored records, by native id.
    ///
    /// # Errors
    /// `not_found`, `no_model`, and what keeps the vault from opening.
    pub async fn records(&self, query: RecordQuery) -> Result<RecordStream, Fault> {
        let account = self.find_account(&query.account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, &query.resource)?;
        let mapped = if query.format == RecordFormat::Raw {
            None
        } else {
            let mapping = mapping_of(&definition, &query.resource)?;
            Some((
                self.pool()?.clone(),
                self.effective(&account, &definition, mapping).await?,
            ))
        };
        let keys = Arc::new(self.entry(&account).await?.keys);
        let only = query.native_id.as_deref().map(NativeId::from);
        if let Some(id) = &only {
            let (uuid, resource, wanted) = (account.uuid, query.resource.clone(), id.clone());
            let found = self
                .workspace()
                .read(move |tx| record::get(tx, uuid, &resource, &wanted))
                .await?;
            if found.is_none() {
                return Err(Fault::invalid(
                    "not_found",
                    format!("There is no record {id} of {}.", query.resource),
                    format!(
                        "`xwalk records {} {}` lists those that are stored.",
                        query.account, query.resource
                    ),
                ));
            }
        }
        Ok(RecordStream {
            workspace: self.workspace().clone(),
            account,
            keys,
            resource: query.resource,
            mapped,
            with_raw: query.format == RecordFormat::Both,
            masking: None,
            left: if only.is_some() {
                1
            } else {
                query.limit.unwrap_or(u64::MAX)
            },
            only,
            after: None,
            batch: FIRST_BATCH,
            selections: HashMap::new(),
        })
    }
}
