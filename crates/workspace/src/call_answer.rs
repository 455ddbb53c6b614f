//! What calls were answered with, where that is kept: refusals and single reads, sealed, for no longer than records
//! are. Pages of records are kept as records.

use crosswalk_vault::{AccountKeys, SealContext, Zeroizing};
use jiff::Timestamp;
use rusqlite::params;
use uuid::Uuid;

use crate::account::Account;
use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::AccountId;
use crate::tx::{ReadTx, WriteTx};

/// Answers kept of each account; the oldest go when others come.
const KEPT: i64 = 200;

/// An answer ready to be stored with its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAnswer {
    row_key: Vec<u8>,
    sealed: Vec<u8>,
}

impl SealedAnswer {
    /// Seals what was answered. Secrets are taken out of it before.
    ///
    /// # Errors
    /// [`crate::Error::Sealed`] for more than can be sealed.
    pub fn seal(keys: &AccountKeys, account: AccountId, plain: &[u8]) -> Result<Self> {
        let row_key = Uuid::now_v7().as_bytes().to_vec();
        let sealed = keys.seal(&context(account, &row_key), plain)?;
        Ok(Self { row_key, sealed })
    }

    /// What was answered.
    ///
    /// # Errors
    /// [`crate::Error::Sealed`] if it is damaged or sealed under another key.
    pub fn open(&self, keys: &AccountKeys, account: AccountId) -> Result<Zeroizing<Vec<u8>>> {
        Ok(keys.open(&context(account, &self.row_key), &self.sealed)?)
    }
}

fn context(account: AccountId, row: &[u8]) -> SealContext<'_> {
    SealContext {
        account: account.uuid(),
        table: "call_answer",
        row,
    }
}

/// Keeps what the call at `seq` was answered with. An account whose records are kept in memory only keeps none.
pub fn put(tx: &WriteTx<'_>, account: &Account, seq: u64, answer: &SealedAnswer) -> Result<()> {
    if account.retention.days() == 0 {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO call_answer (seq, account, row_key, sealed, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            Count(seq),
            account.uuid,
            answer.row_key,
            answer.sealed,
            Micros(tx.now())
        ],
    )?;
    tx.execute(
        "DELETE FROM call_answer WHERE account = ?1 AND seq <= (SELECT seq FROM call_answer WHERE account = ?1 \
         ORDER BY seq DESC LIMIT 1 OFFSET ?2)",
        params![account.uuid, KEPT],
    )?;
    Ok(())
}

/// What a call was answered with; none where that was not kept, or is no longer.
pub fn get(tx: &ReadTx<'_>, account: AccountId, seq: u64) -> Result<Option<SealedAnswer>> {
    tx.row(
        "SELECT row_key, sealed FROM call_answer WHERE seq = ?1 AND account = ?2",
        params![Count(seq), account],
        |row| {
            Ok(SealedAnswer {
                row_key: row.get(0)?,
                sealed: row.get(1)?,
            })
        },
    )
}

/// Removes an account's answers up to `before`, and says how many.
pub(crate) fn remove_until(
    tx: &WriteTx<'_>,
    account: AccountId,
    before: Timestamp,
) -> Result<usize> {
    tx.execute(
        "DELETE FROM call_answer WHERE account = ?1 AND at <= ?2",
        params![account, Micros(before)],
    )
}

/// Removes all of an account's answers.
pub(crate) fn remove_all(tx: &WriteTx<'_>, account: AccountId) -> Result<usize> {
    tx.execute("DELETE FROM call_answer WHERE account = ?1", [account])
}
