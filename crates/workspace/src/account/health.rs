use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

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
    /// The last refusal for want of a permission.
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
        Ok(Self {
            failed_runs: row.get(first)?,
            last_error: match (code, message, at) {
                (Some(code), Some(message), Some(Micros(at))) => {
                    Some(LastError { code, message, at })
                }
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

/// Counts a failed run and says how many it makes in a row. `message` is in our own words: it is stored in clear.
pub fn record_failed_run(
    tx: &WriteTx<'_>,
    account: AccountId,
    code: &str,
    message: &str,
) -> Result<u32> {
    let failed = tx.row(
        "UPDATE account SET failed_runs = failed_runs + 1, last_error_code = ?2, last_error_message = ?3, \
         last_error_at = ?4 WHERE uuid = ?1 RETURNING failed_runs",
        params![account, code, message, Micros(tx.now())],
        |row| row.get(0),
    )?;
    Ok(failed.unwrap_or(0))
}

/// Notes a run or connection test that went well: the count of failed runs begins anew.
pub fn record_success(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    tx.execute(
        "UPDATE account SET failed_runs = 0, last_success_at = ?2 WHERE uuid = ?1",
        params![account, Micros(tx.now())],
    )?;
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
