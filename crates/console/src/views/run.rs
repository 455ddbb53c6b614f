//! Runs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::{Number, Unknown};

use super::ErrorView;

/// One sync of one resource.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RunView {
    pub run: String,
    pub account: String,
    pub resource: String,
    pub mode: String,
    /// `running`, `completed`, `paused`, `failed` or `cancelled`.
    pub status: String,
    #[specta(type = Number)]
    pub fetched: u64,
    #[specta(type = Number)]
    pub stored: u64,
    #[specta(type = Number)]
    pub duplicates: u64,
    #[specta(type = Number)]
    pub errors: u64,
    #[specta(type = Number)]
    pub requests: u64,
    #[specta(type = Number)]
    pub retries: u64,
    #[specta(type = Number)]
    pub rate_limited: u64,
    #[specta(type = Number)]
    pub duration_ms: u64,
    #[specta(type = Number)]
    pub requests_per_second: f64,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Where a paused run goes on; null when it completed.
    #[specta(type = Option<Unknown>)]
    pub checkpoint: Option<serde_json::Value>,
    pub error: Option<ErrorView>,
}

/// A run's errors of one cause.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ErrorGroup {
    pub cause: String,
    pub message: String,
    pub hint: Option<String>,
    #[specta(type = Number)]
    pub count: u64,
    /// Native ids of records it happened to: the first 50.
    pub records: Vec<String>,
}

/// A line of a run's log.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LogLine {
    pub at: Timestamp,
    pub severity: String,
    pub message: String,
}

/// How a run that stopped goes on when it is taken up again: as it was asked for. What is null where it says so was not
/// kept, and has to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ResumeView {
    /// `all` for whole objects, `mapped` for what the mapping reads.
    pub fields: String,
    /// The most pages of a test; null there: not kept.
    pub pages: Option<u32>,
    /// Whether what is stored is marked as exported at the provider; null: not kept.
    pub marks: Option<bool>,
    /// Share of the provider's limit in per cent; null: the account's own.
    pub budget: Option<u8>,
}

/// What is said when a run is taken up again.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct ResumeOptions {
    /// The most pages of a test whose run does not tell.
    pub pages: Option<u32>,
    /// Whether to mark, where the run does not tell.
    pub mark_exported: Option<bool>,
    /// The tenant's id, typed to confirm marking.
    pub confirm: Option<String>,
}

/// A run with what went wrong and what it said.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RunDetail {
    #[serde(flatten)]
    pub run: RunView,
    /// Null for a run that cannot be taken up again.
    pub resume: Option<ResumeView>,
    pub error_groups: Vec<ErrorGroup>,
    pub log: Vec<LogLine>,
}

/// How a sync is asked for.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct SyncOptions {
    /// `test`, `full`, `incremental` or `unexported`.
    pub mode: String,
    /// The most pages of a test.
    pub pages: Option<u32>,
    /// Share of the provider's limit in per cent.
    pub budget: Option<u8>,
    /// `mapped` or `all`; null: what the mode takes by itself.
    pub fields: Option<String>,
    /// Begin anew instead of resuming.
    pub restart: bool,
    /// Mark what was stored as exported at the provider.
    pub mark_exported: bool,
    /// The tenant's id, typed to confirm marking.
    pub confirm: Option<String>,
}

/// Which runs to list.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct RunFilter {
    pub account: Option<String>,
    pub resource: Option<String>,
    pub limit: u32,
}

/// What a running run shows. Figures are of the run so far, over all resumes.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct RunProgress {
    pub run: String,
    pub account: String,
    pub resource: String,
    /// `running` until the last one, which carries how the run ended.
    pub status: String,
    #[specta(type = Number)]
    pub fetched: u64,
    #[specta(type = Number)]
    pub stored: u64,
    #[specta(type = Number)]
    pub duplicates: u64,
    #[specta(type = Number)]
    pub errors: u64,
    /// Pages since the run was last taken up.
    #[specta(type = Number)]
    pub pages: u64,
    #[specta(type = Number)]
    pub requests: u64,
    #[specta(type = Number)]
    pub retries: u64,
    #[specta(type = Number)]
    pub rate_limited: u64,
    #[specta(type = Number)]
    pub requests_per_second: f64,
    /// What the account's share allows; null without a limit.
    #[specta(type = Option<Number>)]
    pub budget_per_second: Option<f64>,
    /// Time probably left.
    #[specta(type = Option<Number>)]
    pub eta_seconds: Option<u64>,
}

/// Rounds to one decimal, which is as exact as a rate is.
pub(crate) fn per_second(count: u64, millis: u64) -> f64 {
    if millis == 0 {
        return 0.0;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts and milliseconds of one run fit 53 bits"
    )]
    let rate = count as f64 * 1000.0 / millis as f64;
    (rate * 10.0).round() / 10.0
}
