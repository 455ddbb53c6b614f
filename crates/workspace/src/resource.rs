//! What is known of one resource of one account across its runs.

use jiff::Timestamp;
use rusqlite::params;

use crate::column::Micros;
use crate::error::Result;
use crate::id::AccountId;
use crate::record::Watermark;
use crate::tx::{ReadTx, WriteTx};

/// One resource of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceState {
    /// Its name in the connector.
    pub name: String,
    /// Up to where it has been read: where the next incremental run begins.
    pub watermark: Option<Watermark>,
    /// When a full run last completed.
    pub last_full_run_at: Option<Timestamp>,
}

/// The number a resource of an account goes by in the tables.
pub(crate) fn number(tx: &ReadTx<'_>, account: AccountId, name: &str) -> Result<Option<i64>> {
    tx.row(
        "SELECT id FROM resource WHERE account = ?1 AND name = ?2",
        params![account, name],
        |row| row.get(0),
    )
}

pub(crate) fn ensure(tx: &WriteTx<'_>, account: AccountId, name: &str) -> Result<i64> {
    if let Some(number) = number(tx, account, name)? {
        return Ok(number);
    }
    tx.execute(
        "INSERT INTO resource (account, name) VALUES (?1, ?2)",
        params![account, name],
    )?;
    Ok(tx.conn().last_insert_rowid())
}

/// The resources of an account that were ever read, by name.
pub fn list(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<ResourceState>> {
    tx.rows(
        "SELECT name, watermark, last_full_run_at FROM resource WHERE account = ?1 ORDER BY name",
        [account],
        |row| {
            Ok(ResourceState {
                name: row.get(0)?,
                watermark: row.get(1)?,
                last_full_run_at: row.get::<_, Option<Micros>>(2)?.map(|Micros(at)| at),
            })
        },
    )
}

/// Up to where a resource has been read.
pub fn watermark(tx: &ReadTx<'_>, account: AccountId, name: &str) -> Result<Option<Watermark>> {
    let watermark = tx.row(
        "SELECT watermark FROM resource WHERE account = ?1 AND name = ?2",
        params![account, name],
        |row| row.get(0),
    )?;
    Ok(watermark.flatten())
}

/// Notes up to where a resource has been read. Never goes back.
pub fn advance_watermark(
    tx: &WriteTx<'_>,
    account: AccountId,
    name: &str,
    to: Watermark,
) -> Result<()> {
    let number = ensure(tx, account, name)?;
    tx.execute(
        "UPDATE resource SET watermark = max(coalesce(watermark, ?2), ?2) WHERE id = ?1",
        params![number, to],
    )?;
    Ok(())
}

/// The names of root keys seen in whole records, in order. Names, never values.
pub fn root_keys(tx: &ReadTx<'_>, account: AccountId, name: &str) -> Result<Vec<String>> {
    tx.rows(
        "SELECT root_key.name FROM root_key JOIN resource ON resource.id = root_key.resource \
         WHERE resource.account = ?1 AND resource.name = ?2 ORDER BY root_key.name",
        params![account, name],
        |row| row.get(0),
    )
}

/// Notes the root keys of whole records.
pub fn add_root_keys<'k>(
    tx: &WriteTx<'_>,
    account: AccountId,
    name: &str,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<()> {
    let number = ensure(tx, account, name)?;
    for key in keys {
        tx.execute(
            "INSERT INTO root_key (resource, name, first_seen, last_seen) VALUES (?1, ?2, ?3, ?3) \
             ON CONFLICT (resource, name) DO UPDATE SET last_seen = excluded.last_seen",
            params![number, key, Micros(tx.now())],
        )?;
    }
    Ok(())
}

/// The resources of an account that were ever synced.
pub fn names(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<String>> {
    tx.rows(
        "SELECT name FROM resource WHERE account = ?1 ORDER BY name",
        [account],
        |row| row.get(0),
    )
}
