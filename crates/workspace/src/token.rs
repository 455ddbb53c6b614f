//! Tokens: sealed as one, with their clocks in clear so that what falls due is known without a key.

use crosswalk_vault::{AccountKeys, SealContext, SealError, Secret, SecretBytes, Zeroizing};
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::account;
use crate::alert;
use crate::audit::{self, Subject};
use crate::column::{Json, Micros};
use crate::error::Result;
use crate::id::AccountId;
use crate::tx::{ReadTx, WriteTx};

/// When an account's tokens came, and what becomes of them when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    /// When the access token was received.
    pub obtained_at: Timestamp,
    /// When it may first be used.
    pub usable_at: Timestamp,
    /// When it dies; none if the provider does not say.
    pub expires_at: Option<Timestamp>,
    /// When it should be renewed.
    pub renew_at: Option<Timestamp>,
    /// The scopes it was granted, where the provider names them.
    pub scopes: Option<Vec<String>>,
    /// When the refresh token was received; none without one.
    pub refresh_obtained_at: Option<Timestamp>,
    /// When it dies.
    pub refresh_expires_at: Option<Timestamp>,
    /// When it should be renewed.
    pub refresh_renew_at: Option<Timestamp>,
}

/// An account's tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// Access token, refresh token and what came with them, sealed.
    pub sealed: Vec<u8>,
    /// Their clocks.
    pub clocks: Clocks,
    /// When a refresh was begun whose end was never recorded: the refresh token may be used up.
    pub refresh_started: Option<Timestamp>,
}

impl StoredToken {
    /// The tokens as the bytes that were sealed.
    pub fn open(&self, keys: &AccountKeys, account: AccountId) -> Result<Zeroizing<Vec<u8>>> {
        Ok(keys.open(&context(account), &self.sealed)?)
    }
}

/// Seals an account's tokens for [`save`], uncompressed. They must be text, such as JSON.
pub fn seal(
    keys: &AccountKeys,
    account: AccountId,
    tokens: &SecretBytes,
) -> Result<Vec<u8>, SealError> {
    let text = std::str::from_utf8(tokens.expose()).map_err(|_| SealError::NotText)?;
    keys.seal_secret(&context(account), &Secret::from(text.to_owned()))
}

fn context(account: AccountId) -> SealContext<'static> {
    SealContext {
        account: account.uuid(),
        table: "token",
        row: b"",
    }
}

const CLOCKS: &str = "obtained_at, usable_at, expires_at, renew_at, scopes, refresh_obtained_at, \
     refresh_expires_at, refresh_renew_at";

fn read_clocks(row: &Row<'_>) -> rusqlite::Result<Clocks> {
    let at = |column: usize| {
        row.get::<_, Option<Micros>>(column)
            .map(|at| at.map(|Micros(at)| at))
    };
    Ok(Clocks {
        obtained_at: row.get::<_, Micros>(0)?.0,
        usable_at: row.get::<_, Micros>(1)?.0,
        expires_at: at(2)?,
        renew_at: at(3)?,
        scopes: row.get::<_, Option<Json<_>>>(4)?.map(|Json(scopes)| scopes),
        refresh_obtained_at: at(5)?,
        refresh_expires_at: at(6)?,
        refresh_renew_at: at(7)?,
    })
}

/// The clocks of every account that has a token.
pub(crate) fn all_clocks(tx: &ReadTx<'_>) -> Result<Vec<(AccountId, Clocks)>> {
    tx.rows(&format!("SELECT {CLOCKS}, account FROM token"), [], |row| {
        Ok((row.get(8)?, read_clocks(row)?))
    })
}

/// The clocks of an account's tokens; none without a token.
pub fn clocks(tx: &ReadTx<'_>, account: AccountId) -> Result<Option<Clocks>> {
    tx.row(
        &format!("SELECT {CLOCKS} FROM token WHERE account = ?1"),
        [account],
        read_clocks,
    )
}

/// An account's tokens.
pub fn get(tx: &ReadTx<'_>, account: AccountId) -> Result<Option<StoredToken>> {
    tx.row(
        &format!("SELECT {CLOCKS}, sealed, refresh_started FROM token WHERE account = ?1"),
        [account],
        |row| {
            Ok(StoredToken {
                clocks: read_clocks(row)?,
                sealed: row.get(8)?,
                refresh_started: row.get::<_, Option<Micros>>(9)?.map(|Micros(at)| at),
            })
        },
    )
}

/// Stores tokens that were just received, in the place of older ones; a mark of a refresh begun is removed. What the
/// provider granted is noted on the account.
pub fn save(tx: &WriteTx<'_>, account: AccountId, sealed: &[u8], clocks: &Clocks) -> Result<()> {
    let held = account::by_id(tx, account)?;
    let at = |at: Option<Timestamp>| at.map(Micros);
    tx.execute(
        "INSERT OR REPLACE INTO token (account, sealed, obtained_at, usable_at, expires_at, renew_at, scopes, \
         refresh_obtained_at, refresh_expires_at, refresh_renew_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            account,
            sealed,
            Micros(clocks.obtained_at),
            Micros(clocks.usable_at),
            at(clocks.expires_at),
            at(clocks.renew_at),
            clocks.scopes.as_ref().map(Json),
            at(clocks.refresh_obtained_at),
            at(clocks.refresh_expires_at),
            at(clocks.refresh_renew_at),
        ],
    )?;
    if let Some(scopes) = &clocks.scopes {
        account::set_scopes_granted(tx, account, scopes)?;
    }
    alert::plan_clocks(tx, account, Some(clocks))?;
    audit::event(tx, "token:obtained", &Subject::from(&held), None)
}

/// Marks that the refresh token is about to be used. Written before the request is sent: after a crash in between
/// nobody knows whether the provider took it.
pub fn mark_refresh(tx: &WriteTx<'_>, account: AccountId, at: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE token SET refresh_started = ?2 WHERE account = ?1",
        params![account, Micros(at)],
    )?;
    Ok(())
}

/// Removes that mark: the provider has answered.
pub fn unmark_refresh(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.execute(
        "UPDATE token SET refresh_started = NULL WHERE account = ?1",
        [account],
    )?;
    Ok(())
}

/// Forgets an account's tokens.
pub fn forget(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    let held = account::by_id(tx, account)?;
    if tx.execute("DELETE FROM token WHERE account = ?1", [account])? > 0 {
        alert::plan_clocks(tx, account, None)?;
        audit::event(tx, "token:forgotten", &Subject::from(&held), None)?;
    }
    Ok(())
}
