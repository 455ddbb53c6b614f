//! The shape of the records that runs met: paths, types and words, one row for each run that brought any.
//! What is new or gone is told by comparing rows.

use crosswalk_vault::{AccountKeys, SealContext, Zeroizing};
use jiff::Timestamp;
use rusqlite::params;

use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::{AccountId, RunId};
use crate::resource;
use crate::tx::{ReadTx, WriteTx};

/// Rows kept of each resource; older ones go when another comes.
const KEPT: i64 = 20;

/// What one run showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The run.
    pub run: RunId,
    /// Records it was told from.
    pub records: u64,
    /// Paths, types and words, sealed.
    pub sealed: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

/// Seals what a run showed of a resource.
///
/// # Errors
/// [`crate::Error::Sealed`] for more than can be sealed.
pub fn seal(keys: &AccountKeys, account: AccountId, name: &str, plain: &[u8]) -> Result<Vec<u8>> {
    Ok(keys.seal(&context(account, name), plain)?)
}

impl Seen {
    /// What it showed.
    ///
    /// # Errors
    /// [`crate::Error::Sealed`] if it is damaged or sealed under another key.
    pub fn open(
        &self,
        keys: &AccountKeys,
        account: AccountId,
        name: &str,
    ) -> Result<Zeroizing<Vec<u8>>> {
        Ok(keys.open(&context(account, name), &self.sealed)?)
    }
}

fn context(account: AccountId, name: &str) -> SealContext<'_> {
    SealContext {
        account: account.uuid(),
        table: "schema_seen",
        row: name.as_bytes(),
    }
}

/// Keeps what a run showed.
pub fn add(
    tx: &WriteTx<'_>,
    account: AccountId,
    name: &str,
    run: RunId,
    records: u64,
    sealed: &[u8],
) -> Result<()> {
    let number = resource::ensure(tx, account, name)?;
    tx.execute(
        "INSERT INTO schema_seen (resource, run, records, sealed, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![number, run, Count(records), sealed, Micros(tx.now())],
    )?;
    tx.execute(
        "DELETE FROM schema_seen WHERE resource = ?1 AND id NOT IN \
         (SELECT id FROM schema_seen WHERE resource = ?1 ORDER BY id DESC LIMIT ?2)",
        params![number, KEPT],
    )?;
    Ok(())
}

/// The resources of an account of which runs showed anything, by name.
pub fn resources(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<String>> {
    tx.rows(
        "SELECT name FROM resource WHERE account = ?1 AND id IN (SELECT resource FROM schema_seen) ORDER BY name",
        [account],
        |row| row.get(0),
    )
}

/// What the last runs showed of a resource, the newest first, at most `limit`.
pub fn latest(tx: &ReadTx<'_>, account: AccountId, name: &str, limit: u32) -> Result<Vec<Seen>> {
    tx.rows(
        "SELECT run, records, sealed, at FROM schema_seen WHERE resource = \
         (SELECT id FROM resource WHERE account = ?1 AND name = ?2) ORDER BY id DESC LIMIT ?3",
        params![account, name, limit],
        |row| {
            Ok(Seen {
                run: row.get(0)?,
                records: row.get::<_, Count>(1)?.0,
                sealed: row.get(2)?,
                at: row.get::<_, Micros>(3)?.0,
            })
        },
    )
}
