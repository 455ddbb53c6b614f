//! The catalogue.

use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

/// A connector in the catalogue.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConnectorView {
    pub name: String,
    pub label: String,
    pub version: String,
    pub category: String,
    /// `built-in` or `workspace`.
    pub origin: String,
    #[specta(type = Number)]
    pub resources: usize,
    pub models: Vec<String>,
    /// Whether its secrets may be sent, or the user has to approve it first.
    pub approved: bool,
}

/// A connector in the catalogue with what one chooses it by.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConnectorCard {
    #[serde(flatten)]
    pub connector: ConnectorView,
    /// The ways to connect: `client_credentials`, `api_key`…
    pub auth_kinds: Vec<String>,
    /// What it syncs, by label.
    pub syncs: Vec<String>,
    /// How its lists are paged, in words.
    pub paging: String,
    /// What the provider allows, in words.
    pub limit: String,
    /// Accounts that use it.
    #[specta(type = Number)]
    pub accounts: usize,
    /// Where the provider documents it.
    pub docs: Option<String>,
}

/// What connecting an account of a connector asks for.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConnectorForm {
    pub name: String,
    pub label: String,
    pub version: String,
    pub category: String,
    pub docs: Vec<DocsView>,
    /// False while a workspace definition waits to take its place.
    pub approved: bool,
    pub config: Vec<ConfigFieldView>,
    pub grants: Vec<GrantView>,
    /// Every part any of the grants needs; `grants` say which needs which.
    pub credential: Vec<CredentialFieldView>,
    pub resources: Vec<ConnectorResource>,
    /// What is asked for when nothing is chosen.
    pub default_scopes: Vec<String>,
    pub scope_help: Vec<ScopeHelp>,
}

/// A page of the provider's documentation.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DocsView {
    pub label: String,
    pub url: String,
}

/// A field of the connection form.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConfigFieldView {
    pub key: String,
    pub label: String,
    pub help: Option<String>,
    /// A made-up value.
    pub placeholder: Option<String>,
    pub required: bool,
    /// A regular expression the whole value must match.
    pub pattern: Option<String>,
    /// `url`, `host`, `text`, `integer`, `boolean` or `select`.
    pub kind: String,
    pub default: Option<String>,
    /// What can be chosen; for `select` only.
    pub options: Vec<ConfigOptionView>,
}

/// A value of a select.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConfigOptionView {
    pub value: String,
    pub label: String,
}

/// A way to connect, and what it needs.
#[derive(Clone, Debug, Serialize, Type)]
pub struct GrantView {
    pub grant: String,
    pub label: String,
    /// The scope that is always asked for on top, so that a sign-in lasts; null where nobody signs in.
    pub refresh_scope: Option<String>,
    pub credential: Vec<CredentialFieldView>,
}

/// A part of a credential.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CredentialFieldView {
    pub key: String,
    pub label: String,
    pub secret: bool,
    pub required: bool,
    pub help: Option<String>,
}

/// Something a connector can sync.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConnectorResource {
    pub key: String,
    pub label: String,
    /// What a read needs; null where no scope is.
    pub scope: Option<String>,
    /// All scopes a read needs.
    pub scopes: Vec<String>,
    pub models: Vec<String>,
    /// The sync modes it knows.
    pub modes: Vec<String>,
}

/// What a scope opens.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScopeHelp {
    pub scope: String,
    pub opens: String,
    /// Whether it lets its holder change something.
    pub writes: bool,
}
