//! Figures of all accounts at once, for what shows hundreds of them: one query each, never one for each account.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;

use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::AccountId;
use crate::run::{self, Run};
use crate::token::{self, Clocks};
use crate::tx::{ReadTx, WriteTx};

/// The clocks of every account that has a token.
pub fn clocks(tx: &ReadTx<'_>) -> Result<HashMap<AccountId, Clocks>> {
    token::all_clocks(tx).map(|rows| rows.into_iter().collect())
}

/// The newest run of every account that has one.
pub fn last_runs(tx: &ReadTx<'_>) -> Result<HashMap<AccountId, Run>> {
    let runs = run::newest_of_each_account(tx)?;
    Ok(runs.into_iter().map(|run| (run.account, run)).collect())
}

/// How many records each account holds, purged and vanished ones included.
pub fn records(tx: &ReadTx<'_>) -> Result<HashMap<AccountId, u64>> {
    let rows = tx.rows(
        "SELECT account, sum(held) FROM (SELECT resource, count(*) AS held FROM record GROUP BY resource) AS counted \
         JOIN resource ON resource.id = counted.resource GROUP BY account",
        [],
        |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)),
    )?;
    Ok(rows.into_iter().collect())
}

/// How many records runs that started since `from` stored.
pub fn stored_since(tx: &ReadTx<'_>, from: Timestamp) -> Result<HashMap<AccountId, u64>> {
    let rows = tx.rows(
        "SELECT account, sum(stored) FROM run JOIN resource ON resource.id = run.resource \
         WHERE started_at >= ?1 GROUP BY account",
        params![Micros(from)],
        |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)),
    )?;
    Ok(rows.into_iter().collect())
}

/// The calls sent since `from`, newest first: the account's slug and when. Rows are written in the order of time, so
/// that the walk ends at the first older one; a slack of a minute covers calls that were written late.
pub fn calls_since(tx: &ReadTx<'_>, from: Timestamp) -> Result<Vec<(String, Timestamp)>> {
    let mut statement =
        tx.prepare("SELECT account, at FROM audit WHERE kind = 'call' ORDER BY seq DESC")?;
    let mut rows = statement.query([])?;
    let mut calls = Vec::new();
    let slack = jiff::SignedDuration::from_mins(1);
    while let Some(row) = rows.next()? {
        let at = row.get::<_, Micros>(1)?.0;
        if at >= from {
            if let Some(account) = row.get(0)? {
                calls.push((account, at));
            }
        } else if from.duration_since(at) > slack {
            break;
        }
    }
    Ok(calls)
}

/// Field coverage as it was last counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Values that were filled.
    pub filled: u64,
    /// Values that could have been.
    pub of: u64,
    /// When it was counted.
    pub at: Timestamp,
}

/// The coverage of every account where it was counted.
pub fn coverage(tx: &ReadTx<'_>) -> Result<HashMap<AccountId, Coverage>> {
    let rows = tx.rows("SELECT account, filled, of, at FROM coverage", [], |row| {
        let coverage = Coverage {
            filled: row.get::<_, Count>(1)?.0,
            of: row.get::<_, Count>(2)?.0,
            at: row.get::<_, Micros>(3)?.0,
        };
        Ok((row.get(0)?, coverage))
    })?;
    Ok(rows.into_iter().collect())
}

/// Notes an account's coverage.
pub fn set_coverage(tx: &WriteTx<'_>, account: AccountId, filled: u64, of: u64) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO coverage (account, filled, of, at) VALUES (?1, ?2, ?3, ?4)",
        params![account, Count(filled), Count(of), Micros(tx.now())],
    )?;
    Ok(())
}
