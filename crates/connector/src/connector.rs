//! The root of a connector's definition.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    AdminRequest, Auth, ConfigField, ErrorRule, Filters, Formats, HostPattern, RateLimit, Resource,
    ResourceDefaults, Retry, ScopeCatalogue, Template,
};

/// How to reach a provider and what it has: the file `connectors/<name>/connector.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connector {
    /// The version of this format; 1.
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// The connector's key, equal to its folder's name: lower-case letters, digits and `_`.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub name: String,
    /// The definition's own version (semantic versioning).
    #[schemars(with = "String", extend("format" = "semver"))]
    pub version: semver::Version,
    /// The provider's name as people write it.
    pub label: String,
    /// What kind of system it is, such as `procurement`.
    pub category: String,
    /// Where the provider documents what this definition says.
    #[serde(default)]
    pub docs: Vec<DocsLink>,
    /// The hosts that may receive credentials. Any other needs the user's typed confirmation. Empty: every host does.
    #[serde(default)]
    pub hosts: Vec<HostPattern>,
    /// The fields of the connection form, besides credentials.
    #[serde(default)]
    pub config: Vec<ConfigField>,
    /// How calls are authorised.
    pub auth: Auth,
    /// What every path is appended to; an absolute URL once filled in.
    pub base_url: Template,
    /// Headers of every call, besides `Accept`, `Content-Type` and those of `auth`.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// The formats asked for and what to do with another.
    #[serde(default)]
    pub formats: Formats,
    /// How much the provider allows.
    #[serde(default)]
    pub rate_limit: RateLimit,
    /// How often and how long to try again.
    #[serde(default)]
    pub retry: Retry,
    /// What answers mean that are not plain success; the first rule that matches decides. Without a match the status decides.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// How filters are written as query parameters.
    #[serde(default)]
    pub filters: Filters,
    /// The scopes the provider knows.
    #[serde(default)]
    pub scopes: ScopeCatalogue,
    /// What to ask the customer's administrator for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_request: Option<AdminRequest>,
    /// What resources have in common. Filled into each resource at load, so a loaded connector's resources are complete.
    #[serde(default)]
    pub defaults: ResourceDefaults,
    /// What the provider has, by native name.
    pub resources: IndexMap<String, Resource>,
}

/// A page of the provider's documentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocsLink {
    /// What it is about.
    pub label: String,
    /// Its address (https).
    #[schemars(extend("format" = "https-url"))]
    pub url: String,
}

impl Connector {
    /// Fills the defaults into every resource.
    pub(crate) fn fill_defaults(&mut self) {
        for resource in self.resources.values_mut() {
            resource.fill_defaults(&self.defaults);
        }
    }
}
