//! Runs: one sync of one resource of one account.

mod error;
mod log;
mod skipped;

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use error::{MOST_IDS, RunError, RunFault, errors, record_error};
pub use log::{LogLine, Severity, log, log_lines};
pub(crate) use skipped::log_skipped;
pub use skipped::log_unnamed;

use crate::column::{Count, Json, Micros, words};
use crate::error::{Error, Result};
use crate::id::{AccountId, RunId};
use crate::record::Watermark;
use crate::resource;
use crate::selection::SelectionId;
use crate::tx::{ReadTx, WriteTx};

words! {
    /// What a run reads.
    Mode {
        /// A few pages of whole objects.
        Test = "test",
        /// Everything.
        Full = "full",
        /// What changed since the watermark.
        Incremental = "incremental",
        /// What the provider has not marked as exported.
        Unexported = "unexported",
    }
}

words! {
    /// What began a run.
    Trigger {
        /// A person.
        Manual = "manual",
        /// A schedule.
        Schedule = "schedule",
    }
}

words! {
    /// Where a run stands.
    Status {
        /// At work; or killed, if nobody holds its lease.
        Running = "running",
        /// Done.
        Completed = "completed",
        /// Stopped by the provider's limit, to be resumed from its checkpoint.
        Paused = "paused",
        /// Stopped by an error; resumed from its checkpoint, if it has one.
        Failed = "failed",
        /// Stopped by a person, or overtaken by another run.
        Cancelled = "cancelled",
    }
}

/// A run to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The account.
    pub account: AccountId,
    /// The resource.
    pub resource: String,
    /// What it reads.
    pub mode: Mode,
    /// What began it.
    pub trigger: Trigger,
    /// Which fields it asks for.
    pub selection: SelectionId,
    /// The connector's definition it keeps to the end.
    pub definition_digest: String,
}

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub uuid: RunId,
    /// The account.
    pub account: AccountId,
    /// The account's slug.
    pub account_slug: String,
    /// The resource.
    pub resource: String,
    /// What it reads.
    pub mode: Mode,
    /// What began it.
    pub trigger: Trigger,
    /// Which fields it asks for.
    pub selection: SelectionId,
    /// The connector's definition it keeps to the end.
    pub definition_digest: String,
    /// Where it stands.
    pub status: Status,
    /// When it first started.
    pub started_at: Timestamp,
    /// When it last stopped.
    pub ended_at: Option<Timestamp>,
    /// How often it was taken up again.
    pub resumed: u32,
    /// What it did so far, over all resumes.
    pub counters: Counters,
    /// Its start on the provider's clock, less the lookback: what the next incremental run begins with.
    pub watermark_start: Option<Watermark>,
    /// Where to go on.
    pub checkpoint: Option<Value>,
    /// What stopped it.
    pub fault: Option<RunFault>,
    pub(crate) number: i64,
    pub(crate) resource_number: i64,
}

/// What a run did, over all resumes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Distinct records written or confirmed.
    pub stored: u64,
    /// Of these, new to the workspace.
    pub created: u64,
    /// Of these, known before and different now.
    pub changed: u64,
    /// Records that this run had stored already.
    pub duplicates: u64,
    /// Records that could not be stored.
    pub errors: u64,
    /// Records marked as deleted at the end, since the run did not meet them.
    pub vanished: u64,
    /// Calls sent.
    pub requests: u64,
    /// Of these, repetitions.
    pub retries: u64,
    /// Answers that said to slow down.
    pub rate_limited: u64,
    /// Time at work, without token and settling.
    pub active: Duration,
}

impl Counters {
    /// Records received.
    pub fn fetched(&self) -> u64 {
        self.stored + self.duplicates + self.errors
    }
}

/// What a run's calls cost, to be added to its counters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Calls sent.
    pub requests: u64,
    /// Of these, repetitions.
    pub retries: u64,
    /// Answers that said to slow down.
    pub rate_limited: u64,
    /// Time at work.
    pub active: Duration,
}

const SELECT: &str = "SELECT run.id, run.uuid, account.uuid, account.slug, resource.id, resource.name, mode, trigger, \
     selection, run.definition_digest, run.status, started_at, ended_at, resumed, stored, created, changed, \
     duplicates, errors, vanished, requests, retries, rate_limited, active_micros, watermark_start, checkpoint, \
     error_code, error_message, error_hint \
     FROM run JOIN resource ON resource.id = run.resource JOIN account ON account.uuid = resource.account";

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let count = |at: usize| row.get::<_, Count>(at).map(|Count(count)| count);
    let code: Option<String> = row.get(26)?;
    Ok(Run {
        number: row.get(0)?,
        uuid: row.get(1)?,
        account: row.get(2)?,
        account_slug: row.get(3)?,
        resource_number: row.get(4)?,
        resource: row.get(5)?,
        mode: row.get(6)?,
        trigger: row.get(7)?,
        selection: SelectionId(row.get(8)?),
        definition_digest: row.get(9)?,
        status: row.get(10)?,
        started_at: row.get::<_, Micros>(11)?.0,
        ended_at: row.get::<_, Option<Micros>>(12)?.map(|Micros(at)| at),
        resumed: row.get(13)?,
        counters: Counters {
            stored: count(14)?,
            created: count(15)?,
            changed: count(16)?,
            duplicates: count(17)?,
            errors: count(18)?,
            vanished: count(19)?,
            requests: count(20)?,
            retries: count(21)?,
            rate_limited: count(22)?,
            active: Duration::from_micros(count(23)?),
        },
        watermark_start: row.get(24)?,
        checkpoint: row
            .get::<_, Option<Json<Value>>>(25)?
            .map(|Json(checkpoint)| checkpoint),
        fault: match code {
            Some(code) => Some(RunFault {
                code,
                message: row.get(27)?,
                hint: row.get(28)?,
            }),
            None => None,
        },
    })
}

/// Starts a run. The caller holds the lease of the account's resource.
pub fn start(tx: &WriteTx<'_>, new: &NewRun) -> Result<Run> {
    let uuid = RunId::new();
    let resource = resource::ensure(tx, new.account, &new.resource)?;
    tx.execute(
        "INSERT INTO run (uuid, resource, mode, trigger, selection, definition_digest, status, started_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            uuid,
            resource,
            new.mode,
            new.trigger,
            new.selection.0,
            new.definition_digest,
            Status::Running,
            Micros(tx.now())
        ],
    )?;
    get(tx, uuid)
}

/// The run of that id.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &ReadTx<'_>, run: RunId) -> Result<Run> {
    tx.row(&format!("{SELECT} WHERE run.uuid = ?1"), [run], read)?
        .ok_or_else(|| missing(run))
}

fn missing(run: RunId) -> Error {
    Error::NotFound {
        noun: "run",
        id: run.to_string(),
    }
}

/// An account's runs, or those of one resource, newest first, at most `limit`.
pub fn list(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: Option<&str>,
    limit: u32,
) -> Result<Vec<Run>> {
    tx.rows(
        &format!(
            "{SELECT} WHERE account.uuid = ?1 AND (?2 IS NULL OR resource.name = ?2) ORDER BY run.id DESC LIMIT ?3"
        ),
        params![account, resource, limit],
        read,
    )
}

/// Runs of every account, newest first, at most `limit`: only a tenant's, an account's, a resource's where one is named.
pub fn recent(
    tx: &ReadTx<'_>,
    tenant: Option<&str>,
    account: Option<AccountId>,
    resource: Option<&str>,
    limit: u32,
) -> Result<Vec<Run>> {
    tx.rows(
        &format!(
            "{SELECT} JOIN tenant ON tenant.uuid = account.tenant \
             WHERE (?1 IS NULL OR tenant.slug = ?1 COLLATE NOCASE) AND (?2 IS NULL OR account.uuid = ?2) \
             AND (?3 IS NULL OR resource.name = ?3) ORDER BY run.id DESC LIMIT ?4"
        ),
        params![tenant, account, resource, limit],
        read,
    )
}

/// The newest run of every account that has one.
pub(crate) fn newest_of_each_account(tx: &ReadTx<'_>) -> Result<Vec<Run>> {
    tx.rows(
        &format!(
            "{SELECT} WHERE run.id IN (SELECT max(run.id) FROM run JOIN resource ON resource.id = run.resource \
             GROUP BY resource.account)"
        ),
        [],
        read,
    )
}

/// The newest run of a resource that is not over: running (or killed), paused, or failed with a checkpoint. Whoever
/// holds the lease may resume or cancel it. A test that met no record of its own and has no place to go on from, such as
/// a single read beside the sync, is none, and stands in no other's way: whether it ended or was killed.
pub fn unfinished(tx: &ReadTx<'_>, account: AccountId, resource: &str) -> Result<Option<Run>> {
    tx.row(
        &format!(
            "{SELECT} WHERE account.uuid = ?1 AND resource.name = ?2 AND (run.status IN ('running', 'paused') \
             OR (run.status IN ('failed', 'cancelled') AND checkpoint IS NOT NULL)) \
             AND NOT (run.mode = 'test' AND run.stored = 0 AND run.checkpoint IS NULL) AND NOT EXISTS \
             (SELECT 1 FROM run AS later WHERE later.resource = run.resource AND later.id > run.id \
             AND NOT (later.mode = 'test' AND later.stored = 0 AND later.checkpoint IS NULL)) \
             ORDER BY run.id DESC LIMIT 1"
        ),
        params![account, resource],
        read,
    )
}

/// Ends the single reads of a resource that were killed. The caller holds the lease, so that none of them is at work; no
/// later run takes them up.
pub fn end_killed_reads(tx: &WriteTx<'_>, account: AccountId, resource: &str) -> Result<()> {
    tx.execute(
        "UPDATE run SET status = 'cancelled', ended_at = ?3 WHERE status = 'running' AND mode = 'test' AND stored = 0 \
         AND checkpoint IS NULL AND resource = (SELECT id FROM resource WHERE account = ?1 AND name = ?2)",
        params![account, resource, Micros(tx.now())],
    )?;
    Ok(())
}

/// Takes a run up again: it is running, and what stopped it is forgotten.
pub fn resume(tx: &WriteTx<'_>, run: RunId) -> Result<Run> {
    let changed = tx.execute(
        "UPDATE run SET status = 'running', ended_at = NULL, resumed = resumed + 1, error_code = NULL, \
         error_message = NULL, error_hint = NULL WHERE uuid = ?1 AND status <> 'completed'",
        [run],
    )?;
    if changed == 0 {
        return Err(missing(run));
    }
    get(tx, run)
}

/// Notes a run's start on the provider's clock, the first time it is told.
pub fn set_watermark_start(tx: &WriteTx<'_>, run: RunId, start: Watermark) -> Result<()> {
    tx.execute(
        "UPDATE run SET watermark_start = coalesce(watermark_start, ?2) WHERE uuid = ?1",
        params![run, start],
    )?;
    Ok(())
}

/// Replaces the checkpoint, where no page does.
pub fn set_checkpoint(tx: &WriteTx<'_>, run: RunId, checkpoint: Option<&Value>) -> Result<()> {
    tx.execute(
        "UPDATE run SET checkpoint = ?2 WHERE uuid = ?1",
        params![run, checkpoint.map(Json)],
    )?;
    Ok(())
}

/// Adds to a run's counters what calls outside a page cost.
pub fn add_usage(tx: &WriteTx<'_>, run: RunId, usage: &Usage) -> Result<()> {
    tx.execute(
        "UPDATE run SET requests = requests + ?2, retries = retries + ?3, rate_limited = rate_limited + ?4, \
         active_micros = active_micros + ?5 WHERE uuid = ?1",
        params![run, Count(usage.requests), Count(usage.retries), Count(usage.rate_limited), micros(usage.active)],
    )?;
    Ok(())
}

pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Ends a run other than by completing it. The checkpoint stays, to resume from.
pub fn stop(tx: &WriteTx<'_>, run: RunId, status: Status, fault: Option<&RunFault>) -> Result<Run> {
    tx.execute(
        "UPDATE run SET status = ?2, ended_at = ?3, error_code = ?4, error_message = ?5, error_hint = ?6 \
         WHERE uuid = ?1",
        params![
            run,
            status,
            Micros(tx.now()),
            fault.map(|fault| &fault.code),
            fault.map(|fault| &fault.message),
            fault.and_then(|fault| fault.hint.as_ref()),
        ],
    )?;
    get(tx, run)
}

/// Completes a run: the checkpoint goes, the watermark of a full or incremental run is committed, and a full run
/// marks as deleted what it did not meet. One with records it could not read marks none: they may be those it did not
/// meet.
pub fn complete(tx: &WriteTx<'_>, run: RunId) -> Result<Run> {
    end(tx, run, true)
}

/// [`complete`], for a run whose walk may have passed records by: it marks none as deleted.
pub fn complete_with_gaps(tx: &WriteTx<'_>, run: RunId) -> Result<Run> {
    end(tx, run, false)
}

fn end(tx: &WriteTx<'_>, run: RunId, met_all: bool) -> Result<Run> {
    let held = get(tx, run)?;
    if matches!(held.mode, Mode::Full | Mode::Incremental)
        && let Some(watermark) = held.watermark_start
    {
        resource::advance_watermark(tx, held.account, &held.resource, watermark)?;
    }
    let vanished = if held.mode == Mode::Full {
        tx.execute(
            "UPDATE resource SET last_full_run_at = ?2 WHERE id = ?1",
            params![held.resource_number, Micros(tx.now())],
        )?;
        if met_all && held.counters.errors == 0 {
            crate::record::mark_vanished(tx, &held)?
        } else {
            0
        }
    } else {
        0
    };
    tx.execute(
        "UPDATE run SET status = 'completed', ended_at = ?2, checkpoint = NULL, vanished = ?3, error_code = NULL, \
         error_message = NULL, error_hint = NULL WHERE uuid = ?1",
        params![run, Micros(tx.now()), Count(vanished)],
    )?;
    get(tx, run)
}
