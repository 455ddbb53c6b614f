//! Credentials: the secret parts an account authenticates with. A short client secret stands in the account's vault
//! entry; what is longer, or comes beside it, is sealed here.

use crosswalk_vault::{AccountKeys, SealContext, SealError, Secret};
use jiff::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::account;
use crate::audit::{self, Subject};
use crate::column::Micros;
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::tx::{ReadTx, WriteTx};

/// One part of an account's credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Which part, as the connector names it: `client_secret`, `private_key`…
    pub part: String,
    /// The secret, sealed; none if it stands in the vault entry.
    pub sealed: Option<Vec<u8>>,
    /// Since when it is this one.
    pub created_at: Timestamp,
}

impl Credential {
    /// The secret; none if it stands in the vault entry.
    pub fn open(&self, keys: &AccountKeys, account: AccountId) -> Result<Option<Secret>> {
        let open = |sealed: &Vec<u8>| keys.open_secret(&context(account, &self.part), sealed);
        self.sealed
            .as_ref()
            .map(open)
            .transpose()
            .map_err(Error::from)
    }
}

/// Seals a part for [`replace`].
pub fn seal(
    keys: &AccountKeys,
    account: AccountId,
    part: &str,
    secret: &Secret,
) -> Result<Vec<u8>, SealError> {
    keys.seal_secret(&context(account, part), secret)
}

fn context(account: AccountId, part: &str) -> SealContext<'_> {
    SealContext {
        account: account.uuid(),
        table: "credential",
        row: part.as_bytes(),
    }
}

/// Puts a new secret in the place of a part's old one, which is gone from then on. `sealed` is none if the secret
/// stands in the vault entry.
pub fn replace(
    tx: &WriteTx<'_>,
    account: AccountId,
    part: &str,
    sealed: Option<&[u8]>,
) -> Result<()> {
    let held = account::by_id(tx, account)?;
    tx.execute(
        "INSERT INTO credential (account, part, state, sealed, created_at) VALUES (?1, ?2, 'current', ?3, ?4) \
         ON CONFLICT (account, part, state) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at",
        params![account, part, sealed, Micros(tx.now())],
    )?;
    let detail =
        json!({ "part": part, "kept_in": if sealed.is_some() { "workspace" } else { "vault" } });
    audit::change(
        tx,
        "credential:stored",
        Some(&Subject::from(&held)),
        &detail,
    )
}

/// The parts of an account's credential, in the order of their names.
pub fn list(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<Credential>> {
    tx.rows(
        "SELECT part, sealed, created_at FROM credential WHERE account = ?1 AND state = 'current' ORDER BY part",
        [account],
        |row| {
            Ok(Credential { part: row.get(0)?, sealed: row.get(1)?, created_at: row.get::<_, Micros>(2)?.0 })
        },
    )
}

/// Keeps a part that the provider has taken already, until it stands in its place: from here on it is the one in force,
/// even if the program dies before [`settle`].
pub fn stage(tx: &WriteTx<'_>, account: AccountId, part: &str, sealed: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO credential (account, part, state, sealed, created_at) VALUES (?1, ?2, 'next', ?3, ?4) \
         ON CONFLICT (account, part, state) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at",
        params![account, part, sealed, Micros(tx.now())],
    )?;
    Ok(())
}

/// The parts that were staged and do not stand in their place yet.
pub fn staged(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<Credential>> {
    tx.rows(
        "SELECT part, sealed, created_at FROM credential WHERE account = ?1 AND state = 'next' ORDER BY part",
        [account],
        |row| {
            Ok(Credential { part: row.get(0)?, sealed: row.get(1)?, created_at: row.get::<_, Micros>(2)?.0 })
        },
    )
}

/// The accounts with staged parts.
pub fn accounts_staged(tx: &ReadTx<'_>) -> Result<Vec<AccountId>> {
    tx.rows(
        "SELECT DISTINCT account FROM credential WHERE state = 'next' ORDER BY account",
        [],
        |row| row.get(0),
    )
}

/// Removes what was staged, once it stands in its place.
pub fn settle(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.execute(
        "DELETE FROM credential WHERE account = ?1 AND state = 'next'",
        [account],
    )?;
    Ok(())
}

/// Removes every part of an account's credential.
pub fn remove_all(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    let held = account::by_id(tx, account)?;
    if tx.execute("DELETE FROM credential WHERE account = ?1", [account])? > 0 {
        audit::event(tx, "credential:removed", &Subject::from(&held), None)?;
    }
    Ok(())
}
