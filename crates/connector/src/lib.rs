//! What a connector is: definition types, loader, validator, JSON Schema. No I/O beyond reading definition files; no provider's name.
//!
//! Start at [`Connector`]: how to reach a provider and what it has. [`Mapping`] says how one of its resources becomes a [`Model`].

mod address;
mod admin_request;
mod auth;
mod catalogue;
mod check;
mod config_field;
mod connector;
mod credential;
mod definition;
mod digest;
mod document;
mod error_rule;
mod field_selection;
mod files;
mod formats;
mod host_pattern;
mod incremental;
mod load;
mod mapping;
mod model;
mod model_filter;
mod models;
mod operation;
mod origin;
mod pagination;
mod period;
mod pointer;
mod problem;
mod rate_limit;
mod raw_path;
mod render;
mod resource;
mod retry;
mod schema;
mod scopes;
mod selection;
mod structure;
mod template;
mod text_type;

pub use address::{is_loopback, is_private_address};
pub use admin_request::{AdminLetter, AdminRequest, AdminStep};
pub use auth::{
    Access, ApiKeyGrant, Auth, AuthorizationCodeGrant, BasicGrant, ClientAuth,
    ClientCredentialsGrant, DeviceCodeGrant, Grant, JwtAlgorithm, JwtAssertion, Kept, KeptFrom,
    Loopback, LoopbackHost, NoGrant, Pkce, RefreshToken, TokenEndpoint,
};
pub use catalogue::{Catalogue, Loaded, Shadowing};
pub use config_field::{ConfigField, ConfigKind, ConfigOption};
pub use connector::{Connector, DocsLink};
pub use credential::{CredentialField, GrantKind};
pub use definition::{Definition, Sample};
pub use digest::Digest;
pub use error_rule::{BodyMatch, ErrorClass, ErrorRule, HeaderMatch, StatusPattern};
pub use field_selection::{FieldSelection, NameCase, NestedStyle, SelectionStyle};
pub use formats::{Formats, OnXml};
pub use host_pattern::HostPattern;
pub use incremental::{Exported, KeyType, Keyset, SampleBy, TimeFormat, Watermark};
pub use mapping::Mapping;
pub use model::{CompoundType, Field, FieldType, Model, ScalarType, SharedTypes};
pub use model_filter::{Bound, ModelFilter};
pub use models::Models;
pub use operation::{
    Body, Filters, JsonTemplate, ListOperation, Method, Operations, ReadOperation, WriteOperation,
};
pub use origin::{ApprovedOrigins, Origin, OriginError, origin_allowed};
pub use pagination::{
    CursorPagination, KeysetPagination, LinkHeaderPagination, MoreFlag, NextUrlPagination,
    NoPagination, OffsetPagination, PageNumberPagination, PageRules, Pagination,
    QueryLanguagePagination, StopRule,
};
pub use period::Period;
pub use pointer::Pointer;
pub use problem::{Problem, ProblemCode};
pub use rate_limit::{
    HeaderMeaning, HeaderRule, LimitKey, RateLimit, RateLimits, RateWindow, RetryAfter, Unlimited,
};
pub use raw_path::{RawPath, RawStep};
pub use render::{Place, RenderError, query_string};
pub use resource::{CustomFields, Inherited, Resource, ResourceDefaults};
pub use retry::{Backoff, Retry};
pub use schema::json_schema;
pub use scopes::{Scope, ScopeCatalogue, ScopeList, ScopeSet};
pub use selection::Selection;
pub use template::{Reference, Segment, Source, Template};
pub use text_type::TextError;
