use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::chain::{self, Head, Link};
use crate::account::Account;
use crate::call_answer::SealedAnswer;
use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::RunId;
use crate::tx::{ReadTx, WriteTx};

/// Whom a row is about, by their slugs at the time: the row outlives both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The tenant.
    pub tenant: Option<String>,
    /// The account.
    pub account: Option<String>,
}

impl Subject {
    /// A tenant as a whole.
    pub fn tenant(slug: impl Into<String>) -> Self {
        Self {
            tenant: Some(slug.into()),
            account: None,
        }
    }
}

impl From<&Account> for Subject {
    fn from(account: &Account) -> Self {
        Self {
            tenant: Some(account.tenant.clone()),
            account: Some(account.slug.clone()),
        }
    }
}

/// One HTTP request and its answer. No secret is in it: the caller takes secrets out of `endpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it was sent.
    pub at: Timestamp,
    /// `GET`, `POST`…
    pub method: String,
    /// Origin, path and query.
    pub endpoint: String,
    /// The HTTP status; none when no answer came.
    pub status: Option<u16>,
    /// How many records the answer held.
    pub records: Option<u64>,
    /// From sending to the last byte.
    pub duration: Duration,
    /// Length of the answer's body.
    pub bytes: u64,
    /// The resource read, where it was one.
    pub resource: Option<String>,
    /// Why it failed, or what else there is to say; never a record's value.
    pub detail: Option<String>,
    /// What it was answered with, where that is kept. No part of the chain: it goes with the retention.
    pub answer: Option<SealedAnswer>,
}

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Its place in the chain, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// `call`, or what changed: `tenant:added`, `account:active`…
    pub kind: String,
    /// Who.
    pub actor: String,
    /// On which machine.
    pub machine: String,
    /// With which version of the program.
    pub app_version: String,
    /// The tenant's slug at the time.
    pub tenant: Option<String>,
    /// The account's slug at the time.
    pub account: Option<String>,
    /// The run a call belongs to.
    pub run: Option<RunId>,
    /// The resource a call read.
    pub resource: Option<String>,
    /// A call's method.
    pub method: Option<String>,
    /// A call's address without secrets.
    pub endpoint: Option<String>,
    /// A call's HTTP status.
    pub status: Option<u16>,
    /// How many records a call brought.
    pub records: Option<u64>,
    /// How long a call took, in microseconds.
    pub duration: Option<u64>,
    /// How many bytes a call brought.
    pub bytes: Option<u64>,
    /// What else there is to say: JSON for a change, words for a call.
    pub detail: Option<String>,
    /// The hash of the row before, in hexadecimal.
    pub previous: String,
    /// The hash of this row, in hexadecimal.
    pub hash: String,
}

/// Which rows to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Only this tenant's.
    pub tenant: Option<String>,
    /// Only this account's.
    pub account: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this run's calls.
    pub run: Option<RunId>,
    /// Only rows before this place: the way to the next page.
    pub before: Option<u64>,
}

pub(super) const COLUMNS: &str = "seq, at, kind, actor, machine, app_version, tenant, account, run, resource, \
     method, endpoint, status, records, duration, bytes, detail, previous, hash";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    let count = |at: usize| {
        row.get::<_, Option<Count>>(at)
            .map(|count| count.map(|Count(count)| count))
    };
    let hex = |at: usize| {
        row.get_ref(at)?
            .as_blob()
            .map(chain::hex)
            .map_err(rusqlite::Error::from)
    };
    Ok(AuditRow {
        seq: row.get::<_, Count>(0)?.0,
        at: row.get::<_, Micros>(1)?.0,
        kind: row.get(2)?,
        actor: row.get(3)?,
        machine: row.get(4)?,
        app_version: row.get(5)?,
        tenant: row.get(6)?,
        account: row.get(7)?,
        run: row.get(8)?,
        resource: row.get(9)?,
        method: row.get(10)?,
        endpoint: row.get(11)?,
        status: row.get(12)?,
        records: count(13)?,
        duration: count(14)?,
        bytes: count(15)?,
        detail: row.get(16)?,
        previous: hex(17)?,
        hash: hex(18)?,
    })
}

/// Writes that configuration changed. `detail` says how, without secrets and without records' values.
pub fn change(
    tx: &WriteTx<'_>,
    kind: &str,
    subject: Option<&Subject>,
    detail: &Value,
) -> Result<()> {
    let detail = detail.to_string();
    append(
        tx,
        &Link {
            kind,
            detail: Some(&detail),
            ..Link::new(tx.now(), subject)
        },
    )?;
    Ok(())
}

/// Writes that something happened to an account: `account:active`, `account:authentication_error`…
pub fn event(tx: &WriteTx<'_>, kind: &str, subject: &Subject, detail: Option<&str>) -> Result<()> {
    append(
        tx,
        &Link {
            kind,
            detail,
            ..Link::new(tx.now(), Some(subject))
        },
    )?;
    Ok(())
}

/// Writes a call, of a run or outside one, and says where in the chain it stands.
pub fn append_call(
    tx: &WriteTx<'_>,
    subject: &Subject,
    run: Option<RunId>,
    call: &Call,
) -> Result<u64> {
    append(
        tx,
        &Link {
            kind: "call",
            run,
            resource: call.resource.as_deref(),
            method: Some(&call.method),
            endpoint: Some(&call.endpoint),
            status: call.status.map(i64::from),
            records: call.records.map(saturating),
            duration: Some(i64::try_from(call.duration.as_micros()).unwrap_or(i64::MAX)),
            bytes: Some(saturating(call.bytes)),
            detail: call.detail.as_deref(),
            ..Link::new(call.at, Some(subject))
        },
    )
}

fn saturating(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn append(tx: &WriteTx<'_>, link: &Link<'_>) -> Result<u64> {
    let head = chain::tail(tx)?;
    let seq = head.seq + 1;
    let origin = tx.origin();
    let hash = link.hash(seq, origin, &head.hash);
    tx.execute(
        "INSERT INTO audit (seq, at, kind, actor, machine, app_version, tenant, account, run, resource, method, \
         endpoint, status, records, duration, bytes, detail, previous, hash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        params![
            seq,
            Micros(link.at),
            link.kind,
            origin.actor,
            origin.machine,
            origin.app_version,
            link.tenant,
            link.account,
            link.run,
            link.resource,
            link.method,
            link.endpoint,
            link.status,
            link.records,
            link.duration,
            link.bytes,
            link.detail,
            head.hash,
            hash,
        ],
    )?;
    Ok(u64::try_from(seq).unwrap_or_default())
}

/// The last row's place and hash; none in a chain without rows.
pub fn head(tx: &ReadTx<'_>) -> Result<Option<Head>> {
    chain::last(tx)
}

/// What happened to an account that is no call, newest first, at most `limit`.
pub fn events(tx: &ReadTx<'_>, account: &str, limit: u32) -> Result<Vec<AuditRow>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM audit WHERE account = ?1 COLLATE NOCASE AND kind <> 'call' \
             ORDER BY seq DESC LIMIT ?2"
        ),
        params![account, limit],
        read,
    )
}

/// The resources an account called since a time, and when last.
pub fn resources_called(
    tx: &ReadTx<'_>,
    account: &str,
    since: Timestamp,
) -> Result<Vec<(String, Timestamp)>> {
    tx.rows(
        "SELECT resource, max(at) FROM audit WHERE account = ?1 AND kind = 'call' AND resource IS NOT NULL \
         AND at >= ?2 GROUP BY resource",
        params![account, Micros(since)],
        |row| Ok((row.get(0)?, row.get::<_, Micros>(1)?.0)),
    )
}

/// When something of a kind last happened to an account.
pub fn last_of(tx: &ReadTx<'_>, account: &str, kind: &str) -> Result<Option<Timestamp>> {
    tx.row(
        "SELECT at FROM audit WHERE account = ?1 AND kind = ?2 ORDER BY seq DESC LIMIT 1",
        params![account, kind],
        |row| Ok(row.get::<_, Micros>(0)?.0),
    )
}

/// Whether the chain holds a head: a row at its place with its hash.
pub fn holds(tx: &ReadTx<'_>, head: &Head) -> Result<bool> {
    let hash = tx.row(
        "SELECT hash FROM audit WHERE seq = ?1",
        [Count(head.seq)],
        |row| {
            row.get_ref(0)?
                .as_blob()
                .map(chain::hex)
                .map_err(rusqlite::Error::from)
        },
    )?;
    Ok(hash.as_deref() == Some(head.hash.as_str()))
}

/// Rows that pass the filter from a place on, oldest first, at most `limit`: the way through a long export.
pub fn list_from(tx: &ReadTx<'_>, filter: &Filter, from: u64, limit: u32) -> Result<Vec<AuditRow>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM audit \
             WHERE (?1 IS NULL OR tenant = ?1 COLLATE NOCASE) AND (?2 IS NULL OR account = ?2 COLLATE NOCASE) \
             AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR run = ?4) AND seq < coalesce(?5, 9223372036854775807) \
             AND seq >= ?6 ORDER BY seq LIMIT ?7"
        ),
        params![
            filter.tenant,
            filter.account,
            filter.kind,
            filter.run,
            filter.before.map(Count),
            Count(from),
            limit
        ],
        read,
    )
}

/// Rows that pass the filter, newest first, at most `limit`.
pub fn list(tx: &ReadTx<'_>, filter: &Filter, limit: u32) -> Result<Vec<AuditRow>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM audit \
             WHERE (?1 IS NULL OR tenant = ?1 COLLATE NOCASE) AND (?2 IS NULL OR account = ?2 COLLATE NOCASE) \
             AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR run = ?4) AND seq < coalesce(?5, 9223372036854775807) \
             ORDER BY seq DESC LIMIT ?6"
        ),
        params![filter.tenant, filter.account, filter.kind, filter.run, filter.before.map(Count), limit],
        read,
    )
}
