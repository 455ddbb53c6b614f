//! What a run came to, as every face shows it.

use crosswalk_workspace::RunId;
use crosswalk_workspace::run::{Mode, Run, RunFault, Status};
use serde::Serialize;
use serde_json::Value;

/// What a run came to. Counters are over all resumes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunSummary {
    /// The run.
    pub run: RunId,
    /// The account's slug.
    pub account: String,
    /// The resource.
    pub resource: String,
    /// What it read.
    pub mode: Mode,
    /// Where it stands.
    pub status: Status,
    /// Records received: stored, duplicates and errors.
    pub fetched: u64,
    /// Distinct records written or confirmed.
    pub stored: u64,
    /// Of these, new to the workspace.
    pub created: u64,
    /// Of these, known before and different now.
    pub changed: u64,
    /// Records this run had stored already.
    pub duplicates: u64,
    /// Records that could not be stored.
    pub errors: u64,
    /// Records marked as deleted, since a completed full run did not meet them.
    pub vanished: u64,
    /// Calls sent.
    pub requests: u64,
    /// Of these, repetitions.
    pub retries: u64,
    /// Answers that said to slow down.
    pub rate_limited: u64,
    /// Time at work, without token and settling.
    pub duration_ms: u64,
    /// Calls a second of that time.
    pub requests_per_second: f64,
    /// How often the run was taken up again.
    pub resumed: u32,
    /// Where to go on; none when there is nothing left to do.
    pub checkpoint: Option<Value>,
    /// What stopped it.
    pub error: Option<RunFault>,
}

impl From<&Run> for RunSummary {
    fn from(run: &Run) -> Self {
        let counters = &run.counters;
        let seconds = counters.active.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rate = if seconds > 0.0 {
            counters.requests as f64 / seconds
        } else {
            0.0
        };
        Self {
            run: run.uuid,
            account: run.account_slug.clone(),
            resource: run.resource.clone(),
            mode: run.mode,
            status: run.status,
            fetched: counters.fetched(),
            stored: counters.stored,
            created: counters.created,
            changed: counters.changed,
            duplicates: counters.duplicates,
            errors: counters.errors,
            vanished: counters.vanished,
            requests: counters.requests,
            retries: counters.retries,
            rate_limited: counters.rate_limited,
            duration_ms: u64::try_from(counters.active.as_millis()).unwrap_or(u64::MAX),
            requests_per_second: (rate * 100.0).round() / 100.0,
            resumed: run.resumed,
            checkpoint: run.checkpoint.clone(),
            error: run.fault.clone(),
        }
    }
}
