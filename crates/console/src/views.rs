//! What the use cases answer with. Field names are the stable ones of `xwalk --json`; the window's
//! types are generated from the same structs.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

/// Which workspace is open.
#[derive(Clone, Debug, Serialize, Type)]
pub struct WorkspaceInfo {
    /// Its folder.
    pub folder: String,
    /// This program's version.
    pub version: String,
}

/// A customer.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TenantSummary {
    pub id: String,
    pub name: String,
    /// Where the customer's data must stay.
    pub region: Option<String>,
}

/// One row of the overview: an account without its secrets or clocks.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AccountSummary {
    pub id: String,
    pub tenant: String,
    pub connector: String,
    /// `sandbox` or `production`.
    pub kind: String,
    pub environment: Option<String>,
    pub status: String,
}

/// The life of a token.
#[derive(Clone, Debug, Serialize)]
pub struct TokenView {
    pub obtained_at: Timestamp,
    /// Null when the provider did not say and the connector does not know.
    pub expires_at: Option<Timestamp>,
    pub renew_at: Option<Timestamp>,
}

/// A permission the provider refused although the credential was accepted.
#[derive(Clone, Debug, Serialize)]
pub struct ForbiddenView {
    pub resource: String,
    pub missing_scopes: Vec<String>,
    pub occurred_at: Timestamp,
}

/// How an account has been doing.
#[derive(Clone, Debug, Serialize)]
pub struct HealthView {
    /// False after three failed runs in a row.
    pub healthy: bool,
    /// Failed runs in a row.
    pub failed_runs: u32,
    pub last_success_at: Option<Timestamp>,
    pub last_error: Option<ErrorView>,
    pub last_forbidden: Option<ForbiddenView>,
}

/// An error that was kept.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorView {
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// An account, without secrets.
#[derive(Clone, Debug, Serialize)]
pub struct AccountView {
    pub id: String,
    pub tenant: String,
    pub connector: String,
    pub kind: String,
    pub environment: Option<String>,
    pub status: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// What the last token carried, where the provider says.
    pub scopes_granted: Option<Vec<String>>,
    pub grant: String,
    pub purpose: String,
    pub client_id: Option<String>,
    /// The connection settings.
    pub config: IndexMap<String, String>,
    /// Hosts beyond the connector's own that were confirmed.
    pub approved_hosts: Vec<String>,
    pub token: Option<TokenView>,
    /// Null where the grant has none.
    pub refresh_token: Option<TokenView>,
    pub health: HealthView,
    /// What the user should know, such as a scope that was corrected; empty most of the time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One step of a connection test.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    pub name: String,
    pub ok: bool,
    pub ms: u64,
    pub message: String,
}

/// How a connection test went.
#[derive(Clone, Debug, Serialize)]
pub struct TestReport {
    pub status: String,
    pub steps: Vec<StepView>,
    pub missing_scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

/// One sync of one resource.
#[derive(Clone, Debug, Serialize)]
pub struct RunView {
    pub run: String,
    pub account: String,
    pub resource: String,
    pub mode: String,
    /// `running`, `completed`, `paused`, `failed` or `cancelled`.
    pub status: String,
    pub fetched: u64,
    pub stored: u64,
    pub duplicates: u64,
    pub errors: u64,
    pub requests: u64,
    pub retries: u64,
    pub rate_limited: u64,
    pub duration_ms: u64,
    pub requests_per_second: f64,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Where a paused run goes on; null when it completed.
    pub checkpoint: Option<serde_json::Value>,
    pub error: Option<ErrorView>,
}

/// A run's errors of one cause.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorGroup {
    pub cause: String,
    pub message: String,
    pub hint: Option<String>,
    pub count: u64,
    /// Native ids of records it happened to, at most a few.
    pub records: Vec<String>,
}

/// A line of a run's log.
#[derive(Clone, Debug, Serialize)]
pub struct LogLine {
    pub at: Timestamp,
    pub severity: String,
    pub message: String,
}

/// A run with what went wrong and what it said.
#[derive(Clone, Debug, Serialize)]
pub struct RunDetail {
    #[serde(flatten)]
    pub run: RunView,
    pub error_groups: Vec<ErrorGroup>,
    pub log: Vec<LogLine>,
}

/// A pass-through read.
#[derive(Clone, Debug, Serialize)]
pub struct PassThrough {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    /// JSON where it was JSON, else text.
    pub body: serde_json::Value,
}

/// A field of an effective mapping.
#[derive(Clone, Debug, Serialize)]
pub struct MappedField {
    pub expression: String,
    /// The level that won: `connector`, `environment` or `account`.
    pub level: String,
    /// The version of what won: the connector's, or the override's number.
    pub version: Option<String>,
}

/// The mapping in force for an account and a model.
#[derive(Clone, Debug, Serialize)]
pub struct MappingView {
    pub model: String,
    pub resource: String,
    pub fields: IndexMap<String, MappedField>,
}

/// What a check of a mapping found.
#[derive(Clone, Debug, Serialize)]
pub struct MapCheck {
    /// False when a problem is an error.
    pub ok: bool,
    pub models: Vec<ModelCheck>,
    /// That there is an error at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

/// What a check found for one model from one resource.
#[derive(Clone, Debug, Serialize)]
pub struct ModelCheck {
    pub model: String,
    pub resource: String,
    /// Stored records it looked at.
    pub records: u64,
    pub problems: Vec<Problem>,
    /// For each field how many records fill it.
    pub coverage: IndexMap<String, Coverage>,
    /// Raw custom fields no expression reads, most often filled first.
    pub unread_custom_fields: Vec<UnreadField>,
}

/// Something a check found.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub field: String,
    /// `error` or `warning`.
    pub severity: String,
    pub code: String,
    pub message: String,
    /// How many records show it; null for what needs no record to be seen.
    pub records: Option<u64>,
    /// A native id to look at.
    pub example: Option<String>,
}

/// How often a field is filled.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Coverage {
    pub filled: u64,
    /// Records whose selection holds what the field reads.
    pub of: u64,
}

/// A raw field no expression reads.
#[derive(Clone, Debug, Serialize)]
pub struct UnreadField {
    pub path: String,
    pub filled: u64,
    pub of: u64,
}

/// A connector in the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectorView {
    pub name: String,
    pub label: String,
    pub version: String,
    pub category: String,
    /// `built-in` or `workspace`.
    pub origin: String,
    pub resources: usize,
    pub models: Vec<String>,
    /// Whether its secrets may be sent, or the user has to approve it first.
    pub approved: bool,
}

/// A row of the audit.
#[derive(Clone, Debug, Serialize)]
pub struct AuditView {
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub actor: String,
    pub tenant: Option<String>,
    pub account: Option<String>,
    pub method: Option<String>,
    pub endpoint: Option<String>,
    pub status: Option<u16>,
    pub records: Option<u64>,
    pub duration_ms: Option<u64>,
    pub bytes: Option<u64>,
    pub detail: Option<String>,
    pub previous: String,
    pub hash: String,
}

/// A copy of the workspace.
#[derive(Clone, Debug, Serialize)]
pub struct BackupView {
    pub name: String,
    pub created_at: Timestamp,
    pub bytes: u64,
    /// Why it was made: `manual`, `migration`, `restore`.
    pub reason: String,
}

/// One thing `doctor` looked at.
#[derive(Clone, Debug, Serialize)]
pub struct DoctorCheck {
    pub name: String,
    /// `ok`, `warning`, `failed` or `skipped`.
    pub state: String,
    pub message: String,
    pub hint: Option<String>,
}

/// A setting and its value.
#[derive(Clone, Debug, Serialize)]
pub struct SettingView {
    pub key: String,
    pub value: Option<String>,
    pub help: &'static str,
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
