use jiff::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::account::{self, Retention};
use crate::audit::{self, Subject};
use crate::call_answer;
use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::AccountId;
use crate::record::NativeId;
use crate::run::Run;
use crate::tx::{ReadTx, WriteTx};

/// The seconds of a day as retention counts them: no calendar, no daylight saving.
const DAY: i64 = 24 * 60 * 60;

/// Marks as deleted what a completed full run did not meet, and says how many. What was fetched after the run began,
/// by its sample, may have been created behind the walk and is left alone.
pub(crate) fn mark_vanished(tx: &WriteTx<'_>, run: &Run) -> Result<u64> {
    let marked = tx.execute(
        "UPDATE record SET deleted_at = ?3 WHERE resource = ?1 AND last_run IS NOT ?2 AND deleted_at IS NULL \
         AND (last_run IS NOT NULL OR fetched_at < ?4)",
        params![run.resource_number, run.number, Micros(tx.now()), Micros(run.started_at)],
    )?;
    forget_deleted(tx, run.resource_number)?;
    Ok(marked as u64)
}

/// Lets go of what is held in memory of records that are gone.
fn forget_deleted(tx: &WriteTx<'_>, resource: i64) -> Result<()> {
    let Some(memory) = tx.memory().filter(|memory| memory.count(resource).0 > 0) else {
        return Ok(());
    };
    let deleted = tx.rows(
        "SELECT native_id FROM record WHERE resource = ?1 AND deleted_at IS NOT NULL",
        [resource],
        |row| row.get::<_, NativeId>(0),
    )?;
    for id in &deleted {
        memory.forget(resource, id);
    }
    Ok(())
}

/// How many of an account's bodies are older than its retention at `at`.
pub fn due_to_purge(tx: &ReadTx<'_>, account: AccountId, at: Timestamp) -> Result<u64> {
    let account = account::by_id(tx, account)?;
    due_under(tx, account.uuid, account.retention, at)
}

/// How many of an account's bodies would be too old at `at` if they were kept for `retention`.
pub fn due_under(
    tx: &ReadTx<'_>,
    account: AccountId,
    retention: Retention,
    at: Timestamp,
) -> Result<u64> {
    let due = tx.row(
        "SELECT count(*) FROM record WHERE resource IN (SELECT id FROM resource WHERE account = ?1) \
         AND body IS NOT NULL AND fetched_at <= ?2",
        params![account, Micros(oldest_kept(retention, at))],
        |row| row.get::<_, Count>(0),
    )?;
    Ok(due.map_or(0, |Count(due)| due))
}

/// Removes what the account's runs quoted of records, where the run is older than the retention, and says of how many
/// errors. As with [`purge`], the log may still hold it.
pub fn purge_examples(tx: &WriteTx<'_>, account: AccountId) -> Result<u64> {
    let account = account::by_id(tx, account)?;
    let purged = tx.execute(
        "UPDATE run_error SET sealed_example = NULL WHERE sealed_example IS NOT NULL AND run IN (SELECT run.id \
         FROM run JOIN resource ON resource.id = run.resource WHERE resource.account = ?1 AND run.started_at <= ?2)",
        params![account.uuid, Micros(oldest_kept(account.retention, tx.now()))],
    )?;
    Ok(purged as u64)
}

/// Removes every body of an account and what quotes them, and says how many. For an account whose keys are gone, so
/// that nothing is left that cannot be read. The log may still hold them: [`crate::Workspace::empty_log`].
pub fn forget_bodies(tx: &WriteTx<'_>, account: AccountId) -> Result<u64> {
    let removed = tx.execute(
        "UPDATE record SET body = NULL, selection = NULL, purged_at = ?2 WHERE body IS NOT NULL \
         AND resource IN (SELECT id FROM resource WHERE account = ?1)",
        params![account, Micros(tx.now())],
    )?;
    tx.execute(
        "UPDATE run_error SET sealed_example = NULL WHERE run IN (SELECT run.id FROM run \
         JOIN resource ON resource.id = run.resource WHERE resource.account = ?1)",
        [account],
    )?;
    call_answer::remove_all(tx, account)?;
    tx.execute(
        "DELETE FROM schema_seen WHERE resource IN (SELECT id FROM resource WHERE account = ?1)",
        [account],
    )?;
    Ok(removed as u64)
}

/// When the account's oldest body that is still kept was fetched. Reads all of them: once a day is enough.
pub fn oldest_body(tx: &ReadTx<'_>, account: AccountId) -> Result<Option<Timestamp>> {
    let oldest = tx.row(
        "SELECT min(fetched_at) FROM record WHERE resource IN (SELECT id FROM resource WHERE account = ?1) \
         AND body IS NOT NULL",
        [account],
        |row| row.get::<_, Option<Micros>>(0),
    )?;
    Ok(oldest.flatten().map(|Micros(at)| at))
}

/// Removes the bodies that are older than the account's retention, at most `limit`, and says how many. Id and
/// watermark stay. The log may still hold them: [`crate::Workspace::purge`] empties it too.
pub fn purge(tx: &WriteTx<'_>, account: AccountId, limit: u32) -> Result<u64> {
    let account = account::by_id(tx, account)?;
    let purged = tx.execute(
        "UPDATE record SET body = NULL, selection = NULL, purged_at = ?3 WHERE id IN (SELECT id FROM record \
         WHERE resource IN (SELECT id FROM resource WHERE account = ?1) AND body IS NOT NULL AND fetched_at <= ?2 \
         LIMIT ?4)",
        params![account.uuid, Micros(oldest_kept(account.retention, tx.now())), Micros(tx.now()), limit],
    )?;
    if purged > 0 {
        let detail = json!({ "records": purged, "days": account.retention.days() });
        audit::change(
            tx,
            "records:purged",
            Some(&Subject::from(&account)),
            &detail,
        )?;
    }
    Ok(purged as u64)
}

/// Removes what calls were answered with where that is older than the account's retention, and says how many.
pub(crate) fn purge_answers(tx: &WriteTx<'_>, account: AccountId) -> Result<u64> {
    let account = account::by_id(tx, account)?;
    let removed =
        call_answer::remove_until(tx, account.uuid, oldest_kept(account.retention, tx.now()))?;
    Ok(removed as u64)
}

fn oldest_kept(retention: Retention, at: Timestamp) -> Timestamp {
    let kept = jiff::SignedDuration::from_secs(i64::from(retention.days()) * DAY);
    at.saturating_sub(kept).unwrap_or(Timestamp::MIN)
}
