use rusqlite::params;

use super::row::{AuditRow, COLUMNS, read};
use crate::column::Count;
use crate::error::{Error, Result};
use crate::id::RunId;
use crate::tx::ReadTx;

/// Which calls to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Only this tenant's, by its slug at the time.
    pub tenant: Option<String>,
    /// Only this account's, by its slug at the time.
    pub account: Option<String>,
    /// Only this run's.
    pub run: Option<RunId>,
    /// Only those with this text, in any case, in method, address, status, resource or detail.
    pub text: Option<String>,
}

const WHERE: &str = "kind = 'call' AND (?1 IS NULL OR tenant = ?1 COLLATE NOCASE) AND (?2 IS NULL OR account = ?2) \
     AND (?3 IS NULL OR run = ?3) AND (?4 IS NULL OR instr(lower(method || ' ' || endpoint || ' ' || coalesce(status, '') \
     || ' ' || coalesce(resource, '') || ' ' || coalesce(detail, '')), ?4) > 0)";

/// Calls that pass the filter, newest first, and how many there are: `limit` of them after the first `offset`.
pub fn calls(
    tx: &ReadTx<'_>,
    filter: &CallFilter,
    offset: u64,
    limit: u32,
) -> Result<(u64, Vec<AuditRow>)> {
    let text = filter
        .text
        .as_deref()
        .map(|text| text.trim().to_ascii_lowercase())
        .filter(|text| !text.is_empty());
    // An index is used where the filter names what it is over; the planner cannot see that `?2 IS NULL` is false.
    let by = match (filter.run.is_some(), filter.account.is_some()) {
        (true, _) => "INDEXED BY audit_by_run",
        (false, true) => "INDEXED BY audit_by_account",
        (false, false) => "NOT INDEXED",
    };
    let named = match (filter.run.is_some(), filter.account.is_some()) {
        (true, _) => "run = ?3 AND",
        (false, true) => "account = ?2 AND",
        (false, false) => "",
    };
    let total = tx.row(
        &format!("SELECT count(*) FROM audit {by} WHERE {named} {WHERE}"),
        params![filter.tenant, filter.account, filter.run, text],
        |row| row.get::<_, Count>(0),
    )?;
    let rows = tx.rows(
        &format!("SELECT {COLUMNS} FROM audit {by} WHERE {named} {WHERE} ORDER BY seq DESC LIMIT ?5 OFFSET ?6"),
        params![filter.tenant, filter.account, filter.run, text, limit, Count(offset)],
        read,
    )?;
    Ok((total.map_or(0, |Count(total)| total), rows))
}

/// The call at a place of the audit.
///
/// # Errors
/// [`Error::NotFound`], also for a row that is no call.
pub fn call(tx: &ReadTx<'_>, seq: u64) -> Result<AuditRow> {
    tx.row(
        &format!("SELECT {COLUMNS} FROM audit WHERE seq = ?1 AND kind = 'call'"),
        [Count(seq)],
        read,
    )?
    .ok_or_else(|| Error::NotFound {
        noun: "call",
        id: seq.to_string(),
    })
}
