use crosswalk_vault::{AccountKeys, Zeroizing};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

use super::memory::Memory;
use super::native_id::{NativeId, Watermark};
use super::seal;
use crate::column::{Count, Micros};
use crate::error::{Error, Result};
use crate::id::{AccountId, RunId};
use crate::resource;
use crate::selection::SelectionId;
use crate::tx::ReadTx;

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its id at the provider.
    pub native_id: NativeId,
    /// When the provider last changed it.
    pub watermark: Option<Watermark>,
    /// Which fields its body was asked for; none without a body.
    pub selection: Option<SelectionId>,
    /// Length of the bytes received.
    pub size: u64,
    /// When a run last received it.
    pub fetched_at: Timestamp,
    /// The run that brought its body.
    pub body_run: Option<RunId>,
    /// When a full run found it gone.
    pub deleted_at: Option<Timestamp>,
    /// When its body was removed for age.
    pub purged_at: Option<Timestamp>,
    /// The bytes received, sealed.
    pub body: Option<Vec<u8>>,
}

impl StoredRecord {
    /// The bytes received; none if they were purged.
    ///
    /// # Errors
    /// [`Error::Sealed`] if they are damaged, or sealed under another account's key.
    pub fn open(
        &self,
        keys: &AccountKeys,
        account: AccountId,
        resource: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let body = self.body.as_deref();
        body.map(|body| seal::open(keys, account, resource, &self.native_id, body))
            .transpose()
            .map_err(Error::from)
    }
}

/// Which records are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Those whose body is there and which the provider still has.
    #[default]
    Present,
    /// Also deleted and purged ones.
    All,
}

const COLUMNS: &str = "native_id, watermark, selection, size, fetched_at, deleted_at, purged_at, \
     (SELECT uuid FROM run WHERE run.id = body_run), body";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredRecord> {
    Ok(StoredRecord {
        native_id: row.get(0)?,
        watermark: row.get(1)?,
        selection: row.get::<_, Option<i64>>(2)?.map(SelectionId),
        size: row.get::<_, Count>(3)?.0,
        fetched_at: row.get::<_, Micros>(4)?.0,
        deleted_at: row.get::<_, Option<Micros>>(5)?.map(|Micros(at)| at),
        purged_at: row.get::<_, Option<Micros>>(6)?.map(|Micros(at)| at),
        body_run: row.get(7)?,
        body: row.get(8)?,
    })
}

/// Records by native id, at most `limit` of those after `after`: call it again with the last id until it gives none.
pub fn page(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    shown: Shown,
    after: Option<&NativeId>,
    limit: u32,
) -> Result<Vec<StoredRecord>> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(Vec::new());
    };
    let present = match shown {
        Shown::Present => "AND body IS NOT NULL AND deleted_at IS NULL",
        Shown::All => "",
    };
    let mut records = match after {
        None => tx.rows(
            &format!("SELECT {COLUMNS} FROM record WHERE resource = ?1 {present} ORDER BY native_id LIMIT ?2"),
            params![number, limit],
            read,
        ),
        Some(after) => tx.rows(
            &format!(
                "SELECT {COLUMNS} FROM record WHERE resource = ?1 AND native_id > ?2 {present} \
                 ORDER BY native_id LIMIT ?3"
            ),
            params![number, after, limit],
            read,
        ),
    }?;
    let Some(memory) = tx.memory().filter(|memory| memory.count(number).0 > 0) else {
        return Ok(records);
    };
    if shown == Shown::Present {
        // Their rows have no body, so the query passed them over.
        records.append(&mut only_held(tx, memory, number, after, limit as usize)?);
    }
    for record in &mut records {
        recall(memory, number, record);
    }
    records.sort_by(|a, b| a.native_id.cmp(&b.native_id));
    records.truncate(limit as usize);
    Ok(records)
}

/// A row with what is held of it in memory, if a row still speaks of that.
fn recall(memory: &Memory, resource: i64, record: &mut StoredRecord) {
    if record.body.is_some() {
        return;
    }
    let held = memory.get(resource, &record.native_id);
    if let Some(held) = held.filter(|held| record.body_run == Some(held.run)) {
        record.body = Some(held.body);
        record.selection = Some(held.selection);
        record.purged_at = None;
    }
}

/// The records whose bodies are held in memory only, at most `limit` of those after `after`.
fn only_held(
    tx: &ReadTx<'_>,
    memory: &Memory,
    resource: i64,
    after: Option<&NativeId>,
    limit: usize,
) -> Result<Vec<StoredRecord>> {
    let mut records = Vec::new();
    let mut last = after.cloned();
    while records.len() < limit {
        let ids = memory.ids(resource, last.as_ref(), limit);
        let Some(id) = ids.last() else { break };
        last = Some(id.clone());
        for id in &ids {
            // A body on disk is in the query's own answer; a body whose commit failed has no row.
            let row = one(tx, resource, id)?.filter(|row| row.body.is_none());
            if let Some(mut record) = row.filter(|row| row.deleted_at.is_none()) {
                recall(memory, resource, &mut record);
                records.extend(record.body.is_some().then_some(record));
            }
        }
    }
    Ok(records)
}

fn one(tx: &ReadTx<'_>, resource: i64, id: &NativeId) -> Result<Option<StoredRecord>> {
    tx.row(
        &format!("SELECT {COLUMNS} FROM record WHERE resource = ?1 AND native_id = ?2"),
        params![resource, id],
        read,
    )
}

/// One record, whatever became of it.
pub fn get(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    id: &NativeId,
) -> Result<Option<StoredRecord>> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(None);
    };
    let mut found = one(tx, number, id)?;
    if let (Some(memory), Some(record)) = (tx.memory(), &mut found) {
        recall(memory, number, record);
    }
    Ok(found)
}

/// The ids of what a run stored or confirmed, in their order, after `after`, at most `limit`.
pub fn stored_by(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    run: RunId,
    after: Option<&NativeId>,
    limit: u32,
) -> Result<Vec<NativeId>> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(Vec::new());
    };
    tx.rows(
        "SELECT native_id FROM record WHERE resource = ?1 AND last_run = (SELECT id FROM run WHERE uuid = ?2) \
         AND (?3 IS NULL OR native_id > ?3) ORDER BY native_id LIMIT ?4",
        params![number, run, after, limit],
        |row| row.get(0),
    )
}

/// How many of the highest ids are looked through for what was fetched lately, so that a list of millions is not read.
const LOOKED_THROUGH: u32 = 50_000;

/// The ids of records fetched since a time, the highest first, at most `limit` of them; looked for among the 50,000
/// highest.
pub fn fetched_since(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<NativeId>> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(Vec::new());
    };
    tx.rows(
        "SELECT native_id FROM (SELECT native_id, fetched_at, deleted_at FROM record WHERE resource = ?1 \
         ORDER BY native_id DESC LIMIT ?4) WHERE fetched_at >= ?2 AND deleted_at IS NULL LIMIT ?3",
        params![number, Micros(since), limit, LOOKED_THROUGH],
        |row| row.get(0),
    )
}

/// How many records a resource has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// With a body, and not deleted.
    pub present: u64,
    /// Found gone by a full run.
    pub deleted: u64,
    /// Without a body, and not deleted.
    pub purged: u64,
    /// The bytes received of those present.
    pub bytes: u64,
}

/// Counts a resource's records. Reads all of their rows.
pub fn count(tx: &ReadTx<'_>, account: AccountId, resource: &str) -> Result<Counts> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(Counts::default());
    };
    let counts = tx.row(
        "SELECT count(*) FILTER (WHERE deleted_at IS NULL AND purged_at IS NULL), \
         count(*) FILTER (WHERE deleted_at IS NOT NULL), \
         count(*) FILTER (WHERE deleted_at IS NULL AND purged_at IS NOT NULL), \
         coalesce(sum(size) FILTER (WHERE deleted_at IS NULL AND purged_at IS NULL), 0) \
         FROM record WHERE resource = ?1",
        [number],
        |row| {
            let count = |at: usize| row.get::<_, Count>(at).map(|Count(count)| count);
            Ok(Counts {
                present: count(0)?,
                deleted: count(1)?,
                purged: count(2)?,
                bytes: count(3)?,
            })
        },
    )?;
    let mut counts = counts.unwrap_or_default();
    let (held, bytes) = tx.memory().map_or((0, 0), |memory| memory.count(number));
    counts.present += held;
    counts.purged = counts.purged.saturating_sub(held);
    counts.bytes += bytes;
    Ok(counts)
}
