//! Pins: results that later mappings are held against. A pin is a masked copy of a record with what a mapping made of
//! it; it stays when the record goes.

use crosswalk_vault::{AccountKeys, SealContext, Zeroizing};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde_json::json;

use crate::account::Account;
use crate::audit::{self, Subject};
use crate::column::Micros;
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::tx::{ReadTx, WriteTx};

/// What a pin is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The unified model.
    pub model: String,
    /// The resource the record is of.
    pub resource: String,
    /// The record's id at the provider.
    pub native_id: String,
}

/// A pin as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// What it is of.
    pub target: Target,
    /// The copy and the result, sealed; see [`Pin::open`].
    pub sealed: Vec<u8>,
    /// Why.
    pub note: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// Seals what a pin holds.
///
/// # Errors
/// [`Error::Sealed`] for more than can be sealed.
pub fn seal(
    keys: &AccountKeys,
    account: AccountId,
    target: &Target,
    plain: &[u8],
) -> Result<Vec<u8>> {
    let row = row_key(target);
    Ok(keys.seal(&context(account, &row), plain)?)
}

impl Pin {
    /// What it holds.
    ///
    /// # Errors
    /// [`Error::Sealed`] if it is damaged or sealed under another key.
    pub fn open(&self, keys: &AccountKeys, account: AccountId) -> Result<Zeroizing<Vec<u8>>> {
        let row = row_key(&self.target);
        Ok(keys.open(&context(account, &row), &self.sealed)?)
    }
}

fn row_key(target: &Target) -> Vec<u8> {
    format!(
        "{}\0{}\0{}",
        target.model, target.resource, target.native_id
    )
    .into_bytes()
}

fn context(account: AccountId, row: &[u8]) -> SealContext<'_> {
    SealContext {
        account: account.uuid(),
        table: "pin",
        row,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Pin> {
    Ok(Pin {
        target: Target {
            model: row.get(0)?,
            resource: row.get(1)?,
            native_id: row.get(2)?,
        },
        sealed: row.get(3)?,
        note: row.get(4)?,
        actor: row.get(5)?,
        at: row.get::<_, Micros>(6)?.0,
    })
}

/// Pins a result; one of the same record is replaced, and the audit keeps that it was.
pub fn put(
    tx: &WriteTx<'_>,
    account: &Account,
    target: &Target,
    sealed: &[u8],
    note: Option<&str>,
) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO pin (account, model, resource, native_id, sealed, note, actor, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            account.uuid,
            target.model,
            target.resource,
            target.native_id,
            sealed,
            note,
            tx.origin().actor,
            Micros(tx.now())
        ],
    )?;
    change(tx, account, target, "pin:added")
}

/// Takes a pin away.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(tx: &WriteTx<'_>, account: &Account, target: &Target) -> Result<()> {
    let removed = tx.execute(
        "DELETE FROM pin WHERE account = ?1 AND model = ?2 AND resource = ?3 AND native_id = ?4",
        params![
            account.uuid,
            target.model,
            target.resource,
            target.native_id
        ],
    )?;
    if removed == 0 {
        return Err(Error::NotFound {
            noun: "pin",
            id: target.native_id.clone(),
        });
    }
    change(tx, account, target, "pin:removed")
}

fn change(tx: &WriteTx<'_>, account: &Account, target: &Target, kind: &str) -> Result<()> {
    let detail =
        json!({ "model": target.model, "resource": target.resource, "record": target.native_id });
    audit::change(tx, kind, Some(&Subject::from(account)), &detail)
}

/// An account's pins, of one model or of all, by model, resource and id.
pub fn list(tx: &ReadTx<'_>, account: AccountId, model: Option<&str>) -> Result<Vec<Pin>> {
    tx.rows(
        "SELECT model, resource, native_id, sealed, note, actor, at FROM pin WHERE account = ?1 \
         AND (?2 IS NULL OR model = ?2) ORDER BY model, resource, id",
        params![account, model],
        read,
    )
}
