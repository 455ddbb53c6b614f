//! What can go wrong between this machine and a provider.

use std::fmt;
use std::time::Duration;

use crosswalk_connector::{OriginError, RenderError};
use jiff::Timestamp;

use crate::permission::Permission;

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// This machine: a setting, a definition, a missing credential.
    Ours,
    /// The provider, or whoever administers the account there.
    Provider,
    /// What lies between: names, routes, certificates, proxies.
    Network,
}

/// Why a certificate was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateProblem {
    /// Its last day has passed.
    Expired,
    /// Its first day has not come, or this machine's clock is wrong.
    NotYetValid,
    /// It was issued for other names.
    WrongHost,
    /// Nobody this machine trusts has issued it.
    UnknownIssuer,
    /// It was withdrawn by its issuer.
    Revoked,
    /// Anything else.
    Invalid,
}

impl CertificateProblem {
    fn sentence(self) -> &'static str {
        match self {
            Self::Expired => "has expired",
            Self::NotYetValid => "is not valid yet",
            Self::WrongHost => "was issued for another name",
            Self::UnknownIssuer => "was issued by somebody this machine does not trust",
            Self::Revoked => "has been revoked",
            Self::Invalid => "is not acceptable",
        }
    }
}

/// A provider's own words, and the next step where the definition names one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// At most a few hundred characters, on one line.
    pub text: String,
    /// What to do next, from the definition's error rule.
    pub hint: Option<String>,
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.text.is_empty() {
            "no reason was given"
        } else {
            &self.text
        })
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self { text, hint: None }
    }
}

/// What can go wrong between this machine and a provider. Each variant is something a caller treats differently; none holds a secret.
///
/// `detail` holds the provider's or the library's own words, at most a few hundred characters, with known secrets taken out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ClientError {
    /// The host name has no address.
    #[error("the name {host} could not be resolved: {detail}")]
    DnsFailed { host: String, detail: String },
    /// Nobody listens there, or a firewall answers for them.
    #[error("{host} refused the connection: {detail}")]
    TcpRefused { host: String, detail: String },
    /// No answer to the attempt to connect.
    #[error("{host} did not answer the attempt to connect within {} s", .after.as_secs())]
    ConnectTimeout { host: String, after: Duration },
    /// The certificate shown by the server was refused.
    #[error("the certificate of {host} {}: {detail}", .problem.sentence())]
    TlsCertificate {
        host: String,
        problem: CertificateProblem,
        detail: String,
    },
    /// The TLS handshake failed for another reason.
    #[error("no secure connection to {host} could be made: {detail}")]
    TlsFailed { host: String, detail: String },
    /// The proxy cannot be reached.
    #[error("the proxy {proxy} could not be reached: {detail}")]
    ProxyUnreachable { proxy: String, detail: String },
    /// The proxy was reached and will not pass us on.
    #[error("the proxy {proxy} refused to connect to {host}: {detail}")]
    ProxyRefused {
        proxy: String,
        host: String,
        detail: String,
    },
    /// The server was reached and did not answer in time.
    #[error("{host} did not answer within {} s", .after.as_secs())]
    Timeout { host: String, after: Duration },
    /// The connection broke before an answer was complete.
    #[error("the connection to {host} was reset: {detail}")]
    ConnectionReset { host: String, detail: String },
    /// The body ended before its end.
    #[error("the answer of {host} was cut off: {detail}")]
    Truncated { host: String, detail: String },
    /// More than is read into memory for one answer.
    #[error("the answer of {host} is larger than {} MiB", .limit / (1024 * 1024))]
    BodyTooLarge { host: String, limit: u64 },

    /// A request would have gone where this account's secrets may not go.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The provider answered with a redirect; those are never followed, since the next host would receive the token.
    #[error("{host} answered {status} and wants to send us to {target}")]
    RedirectRefused {
        host: String,
        status: u16,
        target: String,
    },
    /// A public name that leads to a private address.
    #[error("{host} resolves to the private address {address}")]
    PrivateAddress { host: String, address: String },
    /// The part of the definition that decides where secrets go has changed since the credentials were approved.
    #[error(
        "the connector's sign-in addresses have changed since this account's credentials were approved"
    )]
    DefinitionChanged,
    /// A setting or a part of the credential is missing or does not fit.
    #[error(transparent)]
    Value(#[from] RenderError),
    /// The account's grant needs a part of the credential that is not there.
    #[error("the account has no {name}")]
    MissingCredential { name: String },
    /// The definition cannot be carried out as it stands.
    #[error("the connector's definition cannot be used: {detail}")]
    Definition { detail: String },
    /// The definition has no such resource or operation.
    #[error("the connector has no {operation} operation for {resource}")]
    NoOperation {
        resource: String,
        operation: &'static str,
    },
    /// The private key for a signed assertion cannot be used.
    #[error("the sign-in assertion could not be signed: {detail}")]
    Signing { detail: String },
    /// The caller's token store failed.
    #[error("the token could not be kept or read: {detail}")]
    TokenStore { detail: String },
    /// The HTTP settings of this machine cannot be used.
    #[error("the network settings cannot be used: {detail}")]
    Settings { detail: String },

    /// The token endpoint refused the credentials.
    #[error("the provider refused the credentials ({error}): {detail}")]
    AuthRefused { error: String, detail: String },
    /// The token endpoint refused the scopes asked for.
    #[error("the provider refused the scopes asked for: {detail}")]
    ScopeRefused { detail: String },
    /// The token endpoint's answer is not a token.
    #[error("the token answer cannot be used: {detail}")]
    TokenAnswer { detail: String },
    /// The account must be authorised anew by a person.
    #[error("the account must be authorised anew: {detail}")]
    NeedsReauth { detail: Words },
    /// As [`Self::NeedsReauth`], and why: a refresh that never ended used the refresh token up.
    #[error(
        "the account must be authorised anew: a refresh begun at {started} was interrupted, and its refresh token is used up ({detail})"
    )]
    RefreshInterrupted { started: Timestamp, detail: Words },
    /// The token does not open this resource.
    #[error("the provider does not allow this request, {permission}: {detail}")]
    Forbidden {
        permission: Permission,
        detail: Words,
    },
    /// Too many requests, and no more tries left for this one.
    #[error("the provider's request limit is used up")]
    RateLimited { retry_after: Option<Duration> },
    /// The provider named a long wait, or kept refusing; nothing is sent until the time given, which is an hour away at most.
    #[error(
        "the provider asked for a long wait or kept limiting our requests; nothing is sent until {until}, then one call finds out whether that is over"
    )]
    CircuitOpen { until: Timestamp },
    /// The provider failed, after the tries the definition allows.
    #[error("the provider failed with status {status}: {detail}")]
    ServerError { status: u16, detail: Words },
    /// The provider says the request is wrong.
    #[error("the provider refused the request with status {status}: {detail}")]
    InvalidRequest { status: u16, detail: Words },
    /// Nothing is there.
    #[error("the provider has nothing at {endpoint}")]
    NotFound { endpoint: String, detail: Words },
    /// A failure the definition calls final.
    #[error("the provider answered an error with status {status}: {detail}")]
    Fatal { status: u16, detail: Words },
    /// A web page came instead of data.
    #[error("{host} answered with a web page instead of data (status {status})")]
    HtmlAnswer {
        host: String,
        status: u16,
        detail: Words,
    },
    /// XML came although JSON was asked for, and the definition does not convert it.
    #[error("{host} answered with XML although JSON was asked for (status {status})")]
    XmlAnswer {
        host: String,
        status: u16,
        detail: Words,
    },
    /// The body is not JSON.
    #[error("{host} answered with something that is not JSON: {detail}")]
    NotJson { host: String, detail: String },
    /// The body is JSON, but the records are not where the definition says.
    #[error("the answer has no list of records at `{pointer}`")]
    NoRecords { pointer: String, detail: String },
    /// Two pages in a row were the same.
    #[error("the provider sent the same page twice")]
    LoopDetected { detail: String },
}

impl ClientError {
    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DnsFailed { .. } => "dns_failed",
            Self::TcpRefused { .. } => "tcp_refused",
            Self::ConnectTimeout { .. } => "connect_timeout",
            Self::TlsCertificate { .. } => "tls_certificate",
            Self::TlsFailed { .. } => "tls_failed",
            Self::ProxyUnreachable { .. } => "proxy_unreachable",
            Self::ProxyRefused { .. } => "proxy_refused",
            Self::Timeout { .. } => "timeout",
            Self::ConnectionReset { .. } => "connection_reset",
            Self::Truncated { .. } => "truncated",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::Origin(error) => error.code(),
            Self::RedirectRefused { .. } => "redirect_refused",
            Self::PrivateAddress { .. } => "private_address",
            Self::DefinitionChanged => "definition_changed",
            Self::Value(error) => error.code(),
            Self::MissingCredential { .. } => "missing_credential",
            Self::Definition { .. } => "definition",
            Self::NoOperation { .. } => "no_operation",
            Self::Signing { .. } => "signing",
            Self::TokenStore { .. } => "token_store",
            Self::Settings { .. } => "network_settings",
            Self::AuthRefused { .. } => "auth_refused",
            Self::ScopeRefused { .. } => "scope_refused",
            Self::TokenAnswer { .. } => "token_answer",
            Self::NeedsReauth { .. } | Self::RefreshInterrupted { .. } => "needs_reauth",
            Self::Forbidden { .. } => "forbidden",
            Self::RateLimited { .. } => "rate_limited",
            Self::CircuitOpen { .. } => "circuit_open",
            Self::ServerError { .. } => "server_error",
            Self::InvalidRequest { .. } => "invalid_request",
            Self::NotFound { .. } => "remote_not_found",
            Self::Fatal { .. } => "provider_error",
            Self::HtmlAnswer { .. } => "html_answer",
            Self::XmlAnswer { .. } => "xml_answer",
            Self::NotJson { .. } => "not_json",
            Self::NoRecords { .. } => "no_records",
            Self::LoopDetected { .. } => "loop_detected",
        }
    }

    /// Who has to act.
    pub fn side(&self) -> Side {
        match self {
            Self::DnsFailed { .. }
            | Self::TcpRefused { .. }
            | Self::ConnectTimeout { .. }
            | Self::TlsCertificate { .. }
            | Self::TlsFailed { .. }
            | Self::ProxyUnreachable { .. }
            | Self::ProxyRefused { .. }
            | Self::Timeout { .. }
            | Self::ConnectionReset { .. }
            | Self::Truncated { .. } => Side::Network,
            Self::Origin(_)
            | Self::PrivateAddress { .. }
            | Self::DefinitionChanged
            | Self::Value(_)
            | Self::MissingCredential { .. }
            | Self::Definition { .. }
            | Self::NoOperation { .. }
            | Self::Signing { .. }
            | Self::TokenStore { .. }
            | Self::Settings { .. } => Side::Ours,
            _ => Side::Provider,
        }
    }

    /// Whether nothing but a person at the provider can help: the account's status follows from it.
    pub fn is_reauth(&self) -> bool {
        matches!(
            self,
            Self::NeedsReauth { .. } | Self::RefreshInterrupted { .. } | Self::AuthRefused { .. }
        )
    }

    /// Whether the provider has looked at the credentials and does not take them. Nothing else says that a token which is still valid is not.
    pub fn refuses_credentials(&self) -> bool {
        self.is_reauth() || matches!(self, Self::ScopeRefused { .. })
    }

    /// Whether the provider may have carried out the request although no usable answer came. Of a request that was refused, or
    /// never sent, the outcome is known.
    pub fn leaves_open(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::ConnectionReset { .. }
                | Self::Truncated { .. }
                | Self::BodyTooLarge { .. }
                | Self::ServerError { .. }
                | Self::TokenAnswer { .. }
                | Self::HtmlAnswer { .. }
                | Self::XmlAnswer { .. }
        )
    }

    /// Whether the same call may well succeed later without anybody doing anything.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::ConnectionReset { .. }
                | Self::ConnectTimeout { .. }
                | Self::Truncated { .. }
                | Self::RateLimited { .. }
                | Self::CircuitOpen { .. }
                | Self::ServerError { .. }
        )
    }

    /// The next step, in one sentence or two; the definition's own where it has one.
    pub fn hint(&self) -> String {
        match self {
            Self::NeedsReauth { detail }
            | Self::ServerError { detail, .. }
            | Self::InvalidRequest { detail, .. }
            | Self::NotFound { detail, .. }
            | Self::Fatal { detail, .. }
            | Self::HtmlAnswer { detail, .. }
            | Self::XmlAnswer { detail, .. }
                if detail.hint.is_some() =>
            {
                detail.hint.clone().unwrap_or_default()
            }
            Self::DnsFailed { host, .. } => {
                format!("Check the spelling of {host} and that this machine is on line; behind a proxy, set the proxy.")
            }
            Self::TcpRefused { host, .. } | Self::ConnectTimeout { host, .. } => {
                format!("Check the address and port of {host}, and whether a firewall or an allow-list stands in between.")
            }
            Self::TlsCertificate { problem, host, .. } => match problem {
                CertificateProblem::Expired => format!("The owner of {host} has to renew the certificate."),
                CertificateProblem::NotYetValid => "Check this machine's clock.".to_owned(),
                CertificateProblem::WrongHost => format!("Check the spelling of {host}; the certificate belongs to another name."),
                CertificateProblem::UnknownIssuer => {
                    "If a proxy of the company's own inspects the traffic, add the company's CA certificate to the network settings.".to_owned()
                }
                CertificateProblem::Revoked | CertificateProblem::Invalid => {
                    format!("Do not send credentials; ask the owner of {host} about the certificate.")
                }
            },
            Self::TlsFailed { .. } => "Check that the address really speaks HTTPS on this port.".to_owned(),
            Self::ProxyUnreachable { .. } => "Check the proxy's address in the network settings.".to_owned(),
            Self::ProxyRefused { host, .. } => {
                format!("Check the proxy's user name and password, and ask its owner to allow {host}.")
            }
            Self::Timeout { .. } | Self::ConnectionReset { .. } | Self::Truncated { .. } => {
                "Try again; what was stored so far is kept.".to_owned()
            }
            Self::BodyTooLarge { .. } => "Ask for fewer fields or a smaller page.".to_owned(),
            Self::Origin(error) => error.hint(),
            Self::RedirectRefused { .. } => {
                "Use the address the provider redirects to as the instance address, if it belongs to this customer.".to_owned()
            }
            Self::PrivateAddress { host, .. } => {
                format!("If {host} is meant to lie in a private network, approve it on the account.")
            }
            Self::DefinitionChanged => "Compare the old and the new addresses and approve them, or restore the connector.".to_owned(),
            Self::Value(error) => error.hint(),
            Self::MissingCredential { name } => format!("Enter the account's {name}."),
            Self::Definition { .. } | Self::NoOperation { .. } => "Correct the connector's definition and check it.".to_owned(),
            Self::Signing { .. } => "Enter the private key again, in PEM form.".to_owned(),
            Self::TokenStore { .. } => "Check the workspace.".to_owned(),
            Self::Settings { .. } => "Correct the proxy and CA settings.".to_owned(),
            Self::AuthRefused { .. } => "Compare the client id and secret with those shown by the provider.".to_owned(),
            Self::ScopeRefused { .. } => {
                "Ask the customer's administrator to give the client these scopes, or ask for fewer.".to_owned()
            }
            Self::TokenAnswer { .. } => "Check the token address in the connector and on the account.".to_owned(),
            Self::NeedsReauth { .. } | Self::RefreshInterrupted { .. } => "Authorise the account again.".to_owned(),
            Self::Forbidden { permission, detail } => match &detail.hint {
                Some(hint) => format!("{} {hint}", permission.hint()),
                None => permission.hint(),
            },
            Self::RateLimited { .. } | Self::CircuitOpen { .. } => {
                "Wait; other integrations may be using the limit. Lower the account's share if it happens often.".to_owned()
            }
            Self::ServerError { .. } => "Try again later; if it stays, report it to the provider.".to_owned(),
            Self::InvalidRequest { .. } | Self::Fatal { .. } => "Read the provider's words above; nothing was stored.".to_owned(),
            Self::NotFound { .. } => "Check the path, and whether this customer uses that module.".to_owned(),
            Self::HtmlAnswer { .. } => {
                "Check the instance address; a sign-in page, a proxy or a maintenance page answered.".to_owned()
            }
            Self::XmlAnswer { .. } => "The connector must ask for JSON, or say that XML is converted.".to_owned(),
            Self::NotJson { .. } => "Check the instance address and try again.".to_owned(),
            Self::NoRecords { .. } => "Correct the place of the records in the connector's definition.".to_owned(),
            Self::LoopDetected { .. } => "Check the connector's pagination for this resource.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
