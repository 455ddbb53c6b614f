//! How calls are authorised.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CredentialField, Period, Pointer, Template};

/// How calls are authorised. Only here may templates name `credential.*` and `token.access_token`, so the digest over `auth`, `base_url`
/// and `hosts` covers every place a secret can go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The ways an account can be connected; an account picks one, the first if it does not say.
    pub grants: Vec<Grant>,
    /// Where and how tokens are obtained; required by the OAuth grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenEndpoint>,
    /// How the access token is sent; used by the OAuth grants.
    #[serde(default)]
    pub access: Access,
    /// Further headers of every API call, such as a second key: `apiKey: "{{credential.application_key}}"`.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// Further parts of the credential that `headers` or the token request need, whatever the grant.
    #[serde(default)]
    pub credentials: Vec<CredentialField>,
}

/// How the access token is sent with a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The header's name.
    pub header: String,
    /// Its value.
    pub value: Template,
}

impl Default for Access {
    /// `Authorization: Bearer {{token.access_token}}` (RFC 6750).
    fn default() -> Self {
        let reference = crate::Reference {
            source: crate::Source::Token,
            name: "access_token".to_owned(),
        };
        Self {
            header: "Authorization".to_owned(),
            value: Template::with_prefix("Bearer ", reference),
        }
    }
}

/// A way to connect an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "grant", rename_all = "snake_case")]
pub enum Grant {
    /// OAuth 2.0 client credentials (RFC 6749, 4.4). Credential: `client_id` and `client_secret`, or for a JWT assertion `client_id`,
    /// `private_key` (PEM) and `key_id`.
    ClientCredentials(ClientCredentialsGrant),
    /// OAuth 2.0 authorization code over a loopback redirect (RFC 8252). Credential: `client_id`, and `client_secret` if the client has one.
    AuthorizationCode(AuthorizationCodeGrant),
    /// OAuth 2.0 device authorization (RFC 8628). Credential: `client_id`, and `client_secret` if the client has one.
    DeviceCode(DeviceCodeGrant),
    /// A fixed key. Credential: `api_key`.
    ApiKey(ApiKeyGrant),
    /// HTTP Basic. Credential: what `credentials` lists.
    Basic(BasicGrant),
    /// No credential at all.
    None(NoGrant),
}

/// OAuth 2.0 client credentials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientCredentialsGrant {
    /// How the client proves itself at the token endpoint.
    pub client_auth: ClientAuth,
    /// The `grant_type` sent, where a provider has its own word for it.
    #[serde(default = "client_credentials")]
    pub grant_type: String,
    /// Further parameters of the token request.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
}

fn client_credentials() -> String {
    "client_credentials".to_owned()
}

/// OAuth 2.0 authorization code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationCodeGrant {
    /// How the client proves itself at the token endpoint.
    pub client_auth: ClientAuth,
    /// Where the browser is sent.
    pub authorize_url: Template,
    /// Further parameters of that address.
    #[serde(default)]
    pub authorize_params: IndexMap<String, Template>,
    /// Further parameters of the token request.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
    /// Proof key for code exchange (RFC 7636).
    #[serde(default)]
    pub pkce: Pkce,
    /// Where the browser comes back to, on this machine.
    #[serde(default)]
    pub redirect: Loopback,
}

/// How a proof key is sent. It always is: a code without one is anybody's who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pkce {
    /// With the SHA-256 method. A provider that does not know it ignores it (RFC 6749, 3.1).
    #[default]
    S256,
}

/// The loopback redirect of the authorization code grant (RFC 8252, 7.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loopback {
    /// The host in the redirect URI. What listens is always 127.0.0.1.
    #[serde(default)]
    pub host: LoopbackHost,
    /// The port, where the provider compares redirect URIs literally. Absent: any free one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1024))]
    pub port: Option<u16>,
    /// The path, starting with `/`.
    #[serde(default = "callback")]
    pub path: String,
}

fn callback() -> String {
    "/callback".to_owned()
}

impl Default for Loopback {
    fn default() -> Self {
        Self {
            host: LoopbackHost::default(),
            port: None,
            path: callback(),
        }
    }
}

/// The host in a loopback redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum LoopbackHost {
    /// The literal address, which no name service can redirect (RFC 8252, 8.3).
    #[default]
    #[serde(rename = "127.0.0.1")]
    Address,
    /// `localhost`, for providers that take nothing else.
    #[serde(rename = "localhost")]
    Localhost,
}

/// OAuth 2.0 device authorization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCodeGrant {
    /// How the client proves itself at the token endpoint.
    pub client_auth: ClientAuth,
    /// Where the device and user codes are asked for.
    pub device_url: Template,
    /// Further parameters of that request.
    #[serde(default)]
    pub device_params: IndexMap<String, Template>,
    /// Further parameters of the token request.
    #[serde(default)]
    pub params: IndexMap<String, Template>,
}

/// A fixed key, sent as a header or, where nothing else is taken, as a query parameter. Exactly one of the two is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyGrant {
    /// The header that carries the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The query parameter that carries the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// What is sent there.
    #[serde(default = "api_key")]
    pub value: Template,
}

fn api_key() -> Template {
    Template::with_prefix(
        "",
        crate::Reference {
            source: crate::Source::Credential,
            name: "api_key".to_owned(),
        },
    )
}

/// HTTP Basic (RFC 7617).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicGrant {
    /// The user name, such as `{{credential.email}}/token`.
    pub user: Template,
    /// The password; may be empty.
    pub password: Template,
    /// The parts of the credential the two name.
    pub credentials: Vec<CredentialField>,
}

/// No credential at all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoGrant {}

/// How a client proves itself at the token endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum ClientAuth {
    /// `client_id` and `client_secret` as form parameters.
    Body(NoGrant),
    /// `client_id` and `client_secret` as HTTP Basic.
    Basic(NoGrant),
    /// A public client: `client_id` alone. For authorization code with PKCE and for device code.
    Public(NoGrant),
    /// A signed assertion (RFC 7523).
    JwtAssertion(Box<JwtAssertion>),
}

/// A signed assertion that stands for the client's secret. `iat` and `exp` are added, and `jti` (random).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JwtAssertion {
    /// The signature algorithms the provider takes; the first that fits the private key is used.
    pub algorithms: Vec<JwtAlgorithm>,
    /// The claims: `iss: "{{credential.client_id}}"`.
    pub claims: IndexMap<String, Template>,
    /// The claim that carries the scopes asked for, joined by the scope separator; absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_claim: Option<String>,
    /// Header members besides `alg` and `typ`: `kid: "{{credential.key_id}}"`.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// How long it is valid.
    pub lifetime: Period,
    /// The form parameter that carries it.
    #[serde(default = "client_assertion")]
    pub param: String,
}

fn client_assertion() -> String {
    "client_assertion".to_owned()
}

/// A JWT signature algorithm (RFC 7518). Symmetric ones are not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names are the registered ones")]
pub enum JwtAlgorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

/// Where and how tokens are obtained, renewed and revoked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenEndpoint {
    /// The token endpoint.
    pub url: Template,
    /// The revocation endpoint (RFC 7009), if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_url: Option<Template>,
    /// Further headers of the token request.
    #[serde(default)]
    pub headers: IndexMap<String, Template>,
    /// The parameter that carries the scopes asked for; absent: scopes are not sent.
    #[serde(default = "scope_param")]
    pub scope_param: Option<String>,
    /// Where the access token stands in the response.
    #[serde(default = "access_token")]
    pub access_token: Pointer,
    /// Values kept beside the token and filled in as `{{token.<name>}}`.
    #[serde(default)]
    pub keep: IndexMap<String, Kept>,
    /// How long an access token lives when the response has no `expires_in`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<Period>,
    /// The age at which a token is renewed; absent: at 80 % of its life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_at: Option<Period>,
    /// How long a new token must rest before its first use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<Period>,
    /// What is known about refresh tokens; absent: the provider gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshToken>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "serde's default has the field's type"
)]
fn scope_param() -> Option<String> {
    Some("scope".to_owned())
}

fn access_token() -> Pointer {
    Pointer::of_key("access_token")
}

/// A value kept beside the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Which message it is in.
    pub from: KeptFrom,
    /// Where in a token response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Pointer>,
    /// Which parameter of the redirect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// Whether the connection fails without it.
    #[serde(default = "crate::config_field::yes")]
    pub required: bool,
}

/// The message a kept value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptFrom {
    /// The token response; `pointer` says where.
    TokenResponse,
    /// The query of the authorization redirect; `param` says which.
    Redirect,
}

/// What is known about refresh tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// The scope that has to be asked for to get one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// How long one lives unused; absent: it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<Period>,
    /// The age at which the user is warned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_at: Option<Period>,
    /// Whether each refresh returns a new one and ends the old.
    #[serde(default)]
    pub rotates: bool,
}
