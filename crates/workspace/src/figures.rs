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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Values that were filled.
    pub filled: u64,
    /// Values that could have been.
    pub of: u64,
    /// Records looked at.
    pub records: u64,
    /// Digest of the definition whose mappings were counted.
    pub definition: String,
    /// When counting began.
    pub at: Timestamp,
}

/// The coverage of every account where it was counted.
pub fn coverage(tx: &ReadTx<'_>) -> Result<HashMap<AccountId, Coverage>> {
    let rows = tx.rows(
        "SELECT account, filled, of, records, definition, at FROM coverage",
        [],
        |row| {
            let coverage = Coverage {
                filled: row.get::<_, Count>(1)?.0,
                of: row.get::<_, Count>(2)?.0,
                records: row.get::<_, Count>(3)?.0,
                definition: row.get(4)?,
                at: row.get::<_, Micros>(5)?.0,
            };
            Ok((row.get(0)?, coverage))
        },
    )?;
    Ok(rows.into_iter().collect())
}

/// Notes an account's coverage; that of an account that went meanwhile is dropped.
pub fn set_coverage(tx: &WriteTx<'_>, account: AccountId, coverage: &Coverage) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO coverage (account, filled, of, records, definition, at) \
         SELECT uuid, ?2, ?3, ?4, ?5, ?6 FROM account WHERE uuid = ?1",
        params![
            account,
            Count(coverage.filled),
            Count(coverage.of),
            Count(coverage.records),
            coverage.definition,
            Micros(coverage.at)
        ],
    )?;
    Ok(())
}

/// When what an account's coverage is counted from changed last: the newest run of one of its resources ended, or an
/// override or a table that holds for it got a version. Only accounts of which something is known.
pub fn mapped_since(tx: &ReadTx<'_>) -> Result<HashMap<AccountId, Timestamp>> {
    let rows = tx.rows(
        "SELECT account, max(at) FROM ( \
         SELECT resource.account AS account, run.ended_at AS at FROM resource JOIN run ON run.id = \
         (SELECT max(newest.id) FROM run AS newest WHERE newest.resource = resource.id) \
         UNION ALL SELECT account.uuid, mapping_override.at FROM mapping_override JOIN account \
         ON scope = CASE level WHEN 'account' THEN account.uuid ELSE account.environment END \
         UNION ALL SELECT account.uuid, table_version.at FROM table_version JOIN account \
         ON scope = CASE level WHEN 'account' THEN account.uuid ELSE account.environment END) \
         WHERE at IS NOT NULL GROUP BY account",
        [],
        |row| Ok((row.get(0)?, row.get::<_, Micros>(1)?.0)),
    )?;
    Ok(rows.into_iter().collect())
}
