//! The overview.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

use super::TokenView;

/// One account on the overview.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OverviewRow {
    pub id: String,
    pub tenant: String,
    pub tenant_name: String,
    pub connector: String,
    /// The connector's name where it is not at hand any more.
    pub connector_label: String,
    /// `sandbox` or `production`.
    pub kind: String,
    pub environment: Option<String>,
    pub status: String,
    pub token: Option<TokenView>,
    /// Null where the grant has none.
    pub refresh_token: Option<TokenView>,
    /// `oauth` or `api_key`, which also stands for every credential without a clock.
    pub auth: String,
    /// False after three failed runs in a row.
    pub healthy: bool,
    pub last_run: Option<LastRun>,
    /// Records held.
    #[specta(type = Number)]
    pub records: u64,
    /// Used share of the account's budget, 0 to 1, for each of the last 20 minutes, oldest first; empty without a
    /// limit.
    #[specta(type = Vec<Number>)]
    pub headroom: Vec<f64>,
    /// Filled values of mapped fields, as last counted over a sample; null before, and where there is none.
    pub coverage: Option<AccountCoverage>,
    /// Alerts that need somebody now.
    #[specta(type = Number)]
    pub due_alerts: usize,
}

/// How many of an account's mapped values are filled.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Type)]
pub struct AccountCoverage {
    #[specta(type = Number)]
    pub filled: u64,
    /// Values of mapped and required fields whose sources were fetched.
    #[specta(type = Number)]
    pub of: u64,
    /// Records looked at: at most 200 of each resource, those with the highest ids.
    #[specta(type = Number)]
    pub records: u64,
    /// When counting began.
    pub at: Timestamp,
}

/// An account's newest run.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LastRun {
    pub run: String,
    pub resource: String,
    pub status: String,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    #[specta(type = Number)]
    pub stored: u64,
    #[specta(type = Number)]
    pub errors: u64,
}

/// What the overview says at its top.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Type)]
pub struct OverviewTotals {
    /// Accounts somebody has to look at.
    #[specta(type = Number)]
    pub need_someone: usize,
    /// Access tokens that are past their renewal age.
    #[specta(type = Number)]
    pub tokens_past_threshold: usize,
    /// Refresh tokens that reach their renewal age within ten days, or have.
    #[specta(type = Number)]
    pub refresh_due_soon: usize,
    /// Records stored by runs that started today, in this machine's time zone.
    #[specta(type = Number)]
    pub records_today: u64,
}
