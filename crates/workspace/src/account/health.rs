use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

use crate::alert;
use crate::column::Micros;
use crate::error::Result;
use crate::id::AccountId;
use crate::tx::WriteTx;

/// How an account's runs went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Failed runs since the last that did not.
    pub failed_runs: u32,
    /// The last error, kept after it is over.
    pub last_error: Option<LastError>,
    /// The last refusal for want of a permission, until it is known to be over.
    pub last_forbidden: Option<Forbidden>,
    /// The last run or connection test that went well.
    pub last_success_at: Option<Timestamp>,
}

impl Health {
    /// After so many failed runs in a row an account is unhealthy.
    pub const UNHEALTHY_AFTER: u32 = 3;

    /// Whether runs fail again and again.
    pub fn is_unhealthy(&self) -> bool {
        self.failed_runs >= Self::UNHEALTHY_AFTER
    }

    pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let code: Option<String> = row.get(first + 1)?;
        let message: Option<String> = row.get(first + 2)?;
        let at: Option<Micros> = row.get(first + 3)?;
        let forbidden_at: Option<Micros> = row.get(first + 6)?;
        let hint: Option<String> = row.get(first + 8)?;
        Ok(Self {
            failed_runs: row.get(first)?,
            last_error: match (code, message, at) {
                (Some(code), Some(message), Some(Micros(at))) => Some(LastError {
                    code,
                    message,
                    hint,
                    at,
                }),
                _ => None,
            },
            last_forbidden: match forbidden_at {
                Some(Micros(at)) => Some(Forbidden {
                    scope: row.get(first + 4)?,
                    resource: row.get(first + 5)?,
                    at,
                }),
                None => None,
            },
            last_success_at: row
                .get::<_, Option<Micros>>(first + 7)?
                .map(|Micros(at)| at),
        })
    }
}

/// An error of an account, in our own words: a provider's may quote a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastError {
    /// Its stable code.
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A refusal for want of a permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forbidden {
    /// The scope that was wanting, where it is known.
    pub scope: Option<String>,
    /// What was to be read.
    pub resource: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Counts a failed run and says how many it makes in a row. `message` and `hint` are in our own words: they are stored
/// in clear.
pub fn record_failed_run(
    tx: &WriteTx<'_>,
    account: AccountId,
    code: &str,
    message: &str,
    hint: Option<&str>,
) -> Result<u32> {
    record_error(tx, account, code, message, hint)?;
    let failed = tx.row(
        "UPDATE account SET failed_runs = failed_runs + 1 WHERE uuid = ?1 RETURNING failed_runs",
        [account],
        |row| row.get(0),
    )?;
    Ok(failed.unwrap_or(0))
}

/// Notes an error that is no run's, such as a connection test's; in our own words, as [`record_failed_run`].
pub fn record_error(
    tx: &WriteTx<'_>,
    account: AccountId,
    code: &str,
    message: &str,
    hint: Option<&str>,
) -> Result<()> {
    tx.execute(
        "UPDATE account SET last_error_code = ?2, last_error_message = ?3, last_error_hint = ?4, last_error_at = ?5 \
         WHERE uuid = ?1",
        params![account, code, message, hint, Micros(tx.now())],
    )?;
    Ok(())
}

/// Notes a run or connection test that went well: the count of failed runs begins anew, and nobody needs to be told of
/// them any more.
pub fn record_success(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.execute(
        "UPDATE account SET failed_runs = 0, last_success_at = ?2 WHERE uuid = ?1",
        params![account, Micros(tx.now())],
    )?;
    alert::resolve(tx, account, alert::kind::FAILED_RUNS)?;
    Ok(())
}

/// Notes a refusal for want of a permission.
pub fn record_forbidden(
    tx: &WriteTx<'_>,
    account: AccountId,
    scope: Option<&str>,
    resource: Option<&str>,
) -> Result<()> {
    tx.execute(
        "UPDATE account SET last_forbidden_scope = ?2, last_forbidden_resource = ?3, last_forbidden_at = ?4 \
         WHERE uuid = ?1",
        params![account, scope, resource, Micros(tx.now())],
    )?;
    Ok(())
}

/// Notes that what was refused for want of a permission is allowed: of this resource, or of every one.
pub fn forget_forbidden(
    tx: &WriteTx<'_>,
    account: AccountId,
    resource: Option<&str>,
) -> Result<()> {
    tx.execute(
        "UPDATE account SET last_forbidden_scope = NULL, last_forbidden_resource = NULL, last_forbidden_at = NULL \
         WHERE uuid = ?1 AND (?2 IS NULL OR last_forbidden_resource = ?2)",
        params![account, resource],
    )?;
    Ok(())
}
