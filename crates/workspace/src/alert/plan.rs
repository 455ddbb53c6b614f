//! Alerts whose time is known ahead.

use jiff::Timestamp;
use rusqlite::params;

use super::{State, kind};
use crate::column::Micros;
use crate::error::Result;
use crate::id::{AccountId, AlertId};
use crate::token::Clocks;
use crate::tx::WriteTx;

/// Plans an alert for a time, or moves the planned one there. One that had fallen due is resolved where its new time
/// is to come: what it was about has been seen to. Where that is past too it still needs somebody, and stays as it
/// stands: told of, seen, put off.
pub fn plan(
    tx: &WriteTx<'_>,
    account: Option<AccountId>,
    kind: &str,
    due_at: Timestamp,
    message: &str,
    hint: Option<&str>,
) -> Result<()> {
    let open = tx.row(
        "SELECT uuid, state, due_at FROM alert WHERE account IS ?1 AND kind = ?2 AND state <> 'resolved'",
        params![account, kind],
        |row| {
            Ok((
                row.get::<_, AlertId>(0)?,
                row.get::<_, State>(1)?,
                row.get::<_, Micros>(2)?.0,
            ))
        },
    )?;
    match open {
        Some((_, _, held)) if held == due_at => return Ok(()),
        Some((uuid, state, held))
            if due_at <= tx.now() && (state != State::Upcoming || held <= tx.now()) =>
        {
            tx.execute(
                "UPDATE alert SET due_at = ?2, message = ?3, hint = ?4 WHERE uuid = ?1",
                params![uuid, Micros(due_at), message, hint],
            )?;
            return Ok(());
        }
        Some((uuid, State::Upcoming, _)) => {
            tx.execute(
                "UPDATE alert SET due_at = ?2, message = ?3, hint = ?4, notified_at = NULL, snoozed_until = NULL \
                 WHERE uuid = ?1",
                params![uuid, Micros(due_at), message, hint],
            )?;
            return Ok(());
        }
        Some((uuid, ..)) => {
            tx.execute(
                "UPDATE alert SET state = 'resolved', resolved_at = ?2 WHERE uuid = ?1",
                params![uuid, Micros(tx.now())],
            )?;
        }
        None => {}
    }
    tx.execute(
        "INSERT INTO alert (uuid, account, kind, state, due_at, message, hint, created_at) \
         VALUES (?1, ?2, ?3, 'upcoming', ?4, ?5, ?6, ?7)",
        params![
            AlertId::new(),
            account,
            kind,
            Micros(due_at),
            message,
            hint,
            Micros(tx.now())
        ],
    )?;
    Ok(())
}

/// Takes a planned alert back, and resolves one that had fallen due.
pub fn withdraw(tx: &WriteTx<'_>, account: Option<AccountId>, kind: &str) -> Result<()> {
    tx.execute(
        "DELETE FROM alert WHERE account IS ?1 AND kind = ?2 AND state = 'upcoming'",
        params![account, kind],
    )?;
    tx.execute(
        "UPDATE alert SET state = 'resolved', resolved_at = ?3 WHERE account IS ?1 AND kind = ?2 \
         AND state <> 'resolved'",
        params![account, kind, Micros(tx.now())],
    )?;
    Ok(())
}

/// Makes a planned alert need somebody, now that its time has come; with other words if there are any.
pub fn activate(tx: &WriteTx<'_>, id: AlertId, words: Option<(&str, &str)>) -> Result<()> {
    let (message, hint) = words.unzip();
    tx.execute(
        "UPDATE alert SET state = 'active', raised_at = coalesce(raised_at, ?2), message = coalesce(?3, message), \
         hint = coalesce(?4, hint) WHERE uuid = ?1 AND state IN ('upcoming', 'active')",
        params![id, Micros(tx.now()), message, hint],
    )?;
    Ok(())
}

/// Makes a planned alert need somebody who is told of it by another one, and so not of this.
pub fn activate_quietly(tx: &WriteTx<'_>, id: AlertId, message: &str, hint: &str) -> Result<()> {
    activate(tx, id, Some((message, hint)))?;
    tx.execute(
        "UPDATE alert SET notified_at = ?2 WHERE uuid = ?1",
        params![id, Micros(tx.now())],
    )?;
    Ok(())
}

/// Plans what follows from the clocks of an account's tokens; none: it has no tokens any more.
pub fn plan_clocks(tx: &WriteTx<'_>, account: AccountId, clocks: Option<&Clocks>) -> Result<()> {
    let refreshes = clocks.is_some_and(|clocks| clocks.refresh_obtained_at.is_some());
    let access = clocks.and_then(|clocks| clocks.renew_at);
    let refresh = clocks.and_then(|clocks| clocks.refresh_renew_at);
    for (kind, due_at, message) in [
        (
            kind::ACCESS_TOKEN,
            access,
            "The access token is due for renewal.",
        ),
        (
            kind::REFRESH_TOKEN,
            refresh.filter(|_| refreshes),
            "The refresh token nears the end of its life.",
        ),
    ] {
        match due_at {
            Some(due_at) => plan(
                tx,
                Some(account),
                kind,
                due_at,
                message,
                Some("Renew it; where that is refused, sign in again."),
            )?,
            None => withdraw(tx, Some(account), kind)?,
        }
    }
    if clocks.is_none() {
        withdraw(tx, Some(account), kind::NO_EXPIRY)?;
    }
    Ok(())
}
