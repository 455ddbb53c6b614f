//! Alerts: what needs somebody, now or at a time that is known. A row each, so that none is lost by a restart.

mod plan;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

use crate::account;
use crate::audit::{self, Subject};
use crate::column::{Micros, words};
use crate::error::{Error, Result};
use crate::id::{AccountId, AlertId};
use crate::tx::{ReadTx, WriteTx};

pub use plan::{activate, activate_quietly, plan, plan_clocks, withdraw};

/// What alerts can be about. Each is open at most once for an account.
pub mod kind {
    /// The access token has reached the age at which it is renewed.
    pub const ACCESS_TOKEN: &str = "access_token";
    /// The refresh token nears the end of its life.
    pub const REFRESH_TOKEN: &str = "refresh_token";
    /// The client secret is older than the user wants it to be.
    pub const CLIENT_SECRET_AGE: &str = "client_secret_age";
    /// The provider does not say how long the token lives.
    pub const NO_EXPIRY: &str = "no_expiry";
    /// The provider no longer takes the credentials.
    pub const NEEDS_REAUTH: &str = "needs_reauth";
    /// Run after run fails.
    pub const FAILED_RUNS: &str = "failed_runs";
    /// Scheduled syncs cannot begin, again and again.
    pub const SCHEDULE_STUCK: &str = "schedule_stuck";
    /// The provider kept refusing for its rate limit.
    pub const CIRCUIT_OPEN: &str = "circuit_open";
    /// A field that the mapping reads is gone from the records.
    pub const MAPPED_PATH_GONE: &str = "mapped_path_gone";
    /// Records are about to be purged.
    pub const RETENTION: &str = "retention";
    /// The list of whose credentials this machine holds is old.
    pub const CUSTODY: &str = "custody";
}

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
    /// The account's tenant's slug.
    pub tenant: Option<String>,
    /// The tenant's name.
    pub tenant_name: Option<String>,
    /// The account's connector.
    pub connector: Option<String>,
    /// What it is about: one of [`kind`].
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// When it needs somebody.
    pub due_at: Timestamp,
    /// What is the matter, in our own words.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
    /// When a native notification last told of it.
    pub notified_at: Option<Timestamp>,
    /// Until when nobody wants to hear of it.
    pub snoozed_until: Option<Timestamp>,
    /// When its cause was gone.
    pub resolved_at: Option<Timestamp>,
}

/// A list of what was resolved is no longer than this.
const MOST_RESOLVED: usize = 200;

const SELECT: &str = "SELECT alert.uuid, account.slug, tenant.slug, tenant.name, account.connector, alert.kind, state, \
     due_at, message, hint, notified_at, snoozed_until, resolved_at FROM alert \
     LEFT JOIN account ON account.uuid = alert.account LEFT JOIN tenant ON tenant.uuid = account.tenant";

fn read(row: &Row<'_>) -> rusqlite::Result<Alert> {
    let at = |column: usize| {
        row.get::<_, Option<Micros>>(column)
            .map(|at| at.map(|Micros(at)| at))
    };
    Ok(Alert {
        uuid: row.get(0)?,
        account: row.get(1)?,
        tenant: row.get(2)?,
        tenant_name: row.get(3)?,
        connector: row.get(4)?,
        kind: row.get(5)?,
        state: row.get(6)?,
        due_at: row.get::<_, Micros>(7)?.0,
        message: row.get(8)?,
        hint: row.get(9)?,
        notified_at: at(10)?,
        snoozed_until: at(11)?,
        resolved_at: at(12)?,
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
        &format!("{SELECT} WHERE state <> 'resolved' ORDER BY due_at, alert.uuid"),
        [],
        read,
    )
}

/// The alerts that were resolved since a time, the latest first.
pub fn resolved_since(tx: &ReadTx<'_>, since: Timestamp) -> Result<Vec<Alert>> {
    tx.rows(
        &format!(
            "{SELECT} WHERE state = 'resolved' AND resolved_at >= ?1 \
             ORDER BY resolved_at DESC, alert.uuid LIMIT {MOST_RESOLVED}"
        ),
        [Micros(since)],
        read,
    )
}

/// One alert, resolved or not.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &ReadTx<'_>, id: &str) -> Result<Alert> {
    let missing = || Error::NotFound {
        noun: "alert",
        id: id.to_owned(),
    };
    let uuid: AlertId = id.parse().map_err(|_| missing())?;
    tx.row(&format!("{SELECT} WHERE alert.uuid = ?1"), [uuid], read)?
        .ok_or_else(missing)
}

fn note(tx: &WriteTx<'_>, alert: &Alert, event: &str) -> Result<()> {
    let subject = match &alert.account {
        Some(slug) => Subject::from(&account::get(tx, slug)?),
        None => Subject::default(),
    };
    audit::event(tx, event, &subject, Some(&alert.kind))
}

/// Notes that somebody has seen it. What has not fallen due stays as it is.
///
/// # Errors
/// [`Error::NotFound`].
pub fn acknowledge(tx: &WriteTx<'_>, id: &str) -> Result<Alert> {
    let alert = get(tx, id)?;
    let due = alert.state == State::Active
        || (alert.state == State::Upcoming && alert.due_at <= tx.now());
    if due {
        tx.execute(
            "UPDATE alert SET state = 'acknowledged', acknowledged_at = ?2 WHERE uuid = ?1",
            params![alert.uuid, Micros(tx.now())],
        )?;
        note(tx, &alert, "alert:acknowledged")?;
    }
    get(tx, id)
}

/// Keeps it quiet until a time, after which it is told of again.
///
/// # Errors
/// [`Error::NotFound`].
pub fn snooze(tx: &WriteTx<'_>, id: &str, until: Timestamp) -> Result<Alert> {
    let alert = get(tx, id)?;
    if alert.state != State::Resolved {
        tx.execute(
            "UPDATE alert SET snoozed_until = ?2, notified_at = NULL, \
             state = iif(state = 'acknowledged', 'active', state) WHERE uuid = ?1",
            params![alert.uuid, Micros(until)],
        )?;
        note(tx, &alert, "alert:snoozed")?;
    }
    get(tx, id)
}

/// Notes that native notifications told of these.
pub fn notified(tx: &WriteTx<'_>, ids: &[AlertId]) -> Result<()> {
    for id in ids {
        tx.execute(
            "UPDATE alert SET notified_at = ?2 WHERE uuid = ?1",
            params![id, Micros(tx.now())],
        )?;
    }
    Ok(())
}

/// Removes what was resolved before a time, and says how many.
pub fn prune(tx: &WriteTx<'_>, before: Timestamp) -> Result<usize> {
    tx.execute(
        "DELETE FROM alert WHERE state = 'resolved' AND resolved_at < ?1",
        [Micros(before)],
    )
}
