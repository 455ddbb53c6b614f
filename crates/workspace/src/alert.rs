//! Alerts: what needs somebody, now or at a time that is known. A row each, so that none is lost by a restart.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

use crate::column::{Micros, words};
use crate::error::Result;
use crate::id::{AccountId, AlertId};
use crate::tx::{ReadTx, WriteTx};

words! {
    /// Where an alert stands.
    State {
        /// Its time has not come.
        Upcoming = "upcoming",
        /// It needs somebody.
        Active = "active",
        /// Somebody has seen it.
        Acknowledged = "acknowledged",
        /// Its cause is gone.
        Resolved = "resolved",
    }
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Its id.
    pub uuid: AlertId,
    /// The account's slug; none for the workspace as a whole.
    pub account: Option<String>,
    /// What it is about: `needs_reauth`, `failed_runs`…
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// When it needs somebody.
    pub due_at: Timestamp,
    /// What is the matter, in our own words.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        uuid: row.get(0)?,
        account: row.get(1)?,
        kind: row.get(2)?,
        state: row.get(3)?,
        due_at: row.get::<_, Micros>(4)?.0,
        message: row.get(5)?,
        hint: row.get(6)?,
    })
}

/// Raises an alert now. One that is open already for the same account and kind is kept, with the new words.
pub fn raise(
    tx: &WriteTx<'_>,
    account: AccountId,
    kind: &str,
    message: &str,
    hint: Option<&str>,
) -> Result<()> {
    tx.execute(
        "INSERT INTO alert (uuid, account, kind, state, due_at, message, hint, created_at, raised_at) \
         VALUES (?1, ?2, ?3, 'active', ?4, ?5, ?6, ?4, ?4) \
         ON CONFLICT (account, kind) WHERE state <> 'resolved' DO UPDATE SET message = excluded.message, \
         hint = excluded.hint, raised_at = coalesce(raised_at, excluded.raised_at), \
         due_at = min(due_at, excluded.due_at), state = iif(state = 'upcoming', 'active', state)",
        params![AlertId::new(), account, kind, Micros(tx.now()), message, hint],
    )?;
    Ok(())
}

/// Resolves what is open for an account and kind: its cause is gone. Says whether anything was.
pub fn resolve(tx: &WriteTx<'_>, account: AccountId, kind: &str) -> Result<bool> {
    let resolved = tx.execute(
        "UPDATE alert SET state = 'resolved', resolved_at = ?3 WHERE account = ?1 AND kind = ?2 \
         AND state <> 'resolved'",
        params![account, kind, Micros(tx.now())],
    )?;
    Ok(resolved > 0)
}

/// The alerts that are not resolved, by the time they fall due.
pub fn open(tx: &ReadTx<'_>) -> Result<Vec<Alert>> {
    tx.rows(
        "SELECT alert.uuid, account.slug, alert.kind, state, due_at, message, hint FROM alert \
         LEFT JOIN account ON account.uuid = alert.account WHERE state <> 'resolved' ORDER BY due_at, alert.uuid",
        [],
        read,
    )
}
