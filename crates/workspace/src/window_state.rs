//! What the window remembers: one text, whose meaning is the window's. Not part of the audit: it changes as one moves.

use rusqlite::params;

use crate::column::Micros;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// What was saved last; none at first.
pub fn get(tx: &ReadTx<'_>) -> Result<Option<String>> {
    tx.row("SELECT state FROM window_state", [], |row| row.get(0))
}

/// Saves it in the place of what was there. Stored in clear: never a secret, never a record's value.
pub fn set(tx: &WriteTx<'_>, state: &str) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO window_state (only_row, state, updated_at) VALUES (1, ?1, ?2)",
        params![state, Micros(tx.now())],
    )?;
    Ok(())
}
