use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use crate::column::{Micros, words};
use crate::error::Result;
use crate::id::RunId;
use crate::tx::{ReadTx, WriteTx};

words! {
    /// How much a line of a run's log matters.
    Severity {
        /// What it did.
        Info = "info",
        /// What it did otherwise than usual, and why.
        Warning = "warning",
        /// What it could not do.
        Error = "error",
    }
}

/// A line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// How much it matters.
    pub severity: Severity,
    /// In our own words.
    pub message: String,
}

/// Adds a line to a run's log. Of a record its id at most, never a value of it, nor a provider's text: it is stored in
/// clear.
pub fn log(tx: &WriteTx<'_>, run: RunId, severity: Severity, message: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO run_log (run, at, severity, message) SELECT id, ?2, ?3, ?4 FROM run WHERE uuid = ?1",
        params![run, Micros(tx.now()), severity, message],
    )?;
    Ok(())
}

/// A run's log, in order.
pub fn log_lines(tx: &ReadTx<'_>, run: RunId) -> Result<Vec<LogLine>> {
    tx.rows(
        "SELECT at, severity, message FROM run_log WHERE run = (SELECT id FROM run WHERE uuid = ?1) ORDER BY id",
        [run],
        |row| Ok(LogLine { at: row.get::<_, Micros>(0)?.0, severity: row.get(1)?, message: row.get(2)? }),
    )
}
