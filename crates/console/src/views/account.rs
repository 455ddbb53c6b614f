//! Accounts, their clocks and their health.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

use super::ErrorView;

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
#[derive(Clone, Debug, Serialize, Type)]
pub struct TokenView {
    pub obtained_at: Timestamp,
    /// Null when the provider did not say and the connector does not know.
    pub expires_at: Option<Timestamp>,
    pub renew_at: Option<Timestamp>,
}

/// A permission the provider refused although the credential was accepted.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ForbiddenView {
    pub resource: String,
    pub missing_scopes: Vec<String>,
    /// What was refused, and for want of what.
    pub message: String,
    /// The next step.
    pub hint: String,
    pub occurred_at: Timestamp,
}

/// How an account has been doing.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HealthView {
    /// False after three failed runs in a row.
    pub healthy: bool,
    /// Failed runs in a row.
    pub failed_runs: u32,
    pub last_success_at: Option<Timestamp>,
    pub last_error: Option<ErrorView>,
    pub last_forbidden: Option<ForbiddenView>,
}

/// An account, without secrets.
#[derive(Clone, Debug, Serialize, Type)]
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
