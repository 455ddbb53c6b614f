//! What a credential consists of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Auth, ClientAuth, Grant};

/// A part of a credential, asked for in the form and filled in as `{{credential.<key>}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialField {
    /// The name used in templates.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub key: String,
    /// What the form calls it.
    pub label: String,
    /// Where to find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Whether it is hidden on screen. All parts of a credential are kept as secrets either way.
    #[serde(default = "crate::config_field::yes")]
    pub secret: bool,
    /// Whether the form refuses to go on without it; a header whose optional value is absent is not sent.
    #[serde(default = "crate::config_field::yes")]
    pub required: bool,
}

/// The kinds of grant; the word in `grant:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the variants of `Grant`")]
pub enum GrantKind {
    ClientCredentials,
    AuthorizationCode,
    DeviceCode,
    ApiKey,
    Basic,
    None,
}

impl GrantKind {
    /// The word in `grant:`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "device_code",
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
            Self::None => "none",
        }
    }
}

impl Grant {
    /// Its kind; a connector has each at most once.
    pub fn kind(&self) -> GrantKind {
        match self {
            Self::ClientCredentials(_) => GrantKind::ClientCredentials,
            Self::AuthorizationCode(_) => GrantKind::AuthorizationCode,
            Self::DeviceCode(_) => GrantKind::DeviceCode,
            Self::ApiKey(_) => GrantKind::ApiKey,
            Self::Basic(_) => GrantKind::Basic,
            Self::None(_) => GrantKind::None,
        }
    }

    /// How the client proves itself at the token endpoint; nothing for the grants without one.
    pub fn client_auth(&self) -> Option<&ClientAuth> {
        match self {
            Self::ClientCredentials(grant) => Some(&grant.client_auth),
            Self::AuthorizationCode(grant) => Some(&grant.client_auth),
            Self::DeviceCode(grant) => Some(&grant.client_auth),
            Self::ApiKey(_) | Self::Basic(_) | Self::None(_) => None,
        }
    }

    /// Whether it gets its access from the token endpoint.
    pub fn uses_tokens(&self) -> bool {
        self.client_auth().is_some()
    }

    /// What the grant itself asks for, without the connector's further parts.
    pub fn own_credential_fields(&self) -> Vec<CredentialField> {
        match self {
            Self::ApiKey(_) => vec![standard("api_key", "API key", true)],
            Self::Basic(grant) => grant.credentials.clone(),
            Self::None(_) => Vec::new(),
            Self::ClientCredentials(_) | Self::AuthorizationCode(_) | Self::DeviceCode(_) => {
                let mut fields = vec![standard("client_id", "Client ID", false)];
                match self.client_auth() {
                    Some(ClientAuth::Body(_) | ClientAuth::Basic(_)) => {
                        fields.push(standard("client_secret", "Client secret", true));
                    }
                    Some(ClientAuth::JwtAssertion(_)) => {
                        fields.push(standard("private_key", "Private key (PEM)", true));
                        fields.push(standard("key_id", "Key or certificate ID", false));
                    }
                    Some(ClientAuth::Public(_)) | None => {}
                }
                fields
            }
        }
    }
}

impl Auth {
    /// The grant of this kind.
    pub fn grant(&self, kind: GrantKind) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.kind() == kind)
    }

    /// The scope that has to be asked for to get a refresh token; only where a person signs in.
    pub fn refresh_scope(&self, kind: GrantKind) -> Option<&str> {
        let signs_in = matches!(kind, GrantKind::AuthorizationCode | GrantKind::DeviceCode);
        let refresh = self.token.as_ref()?.refresh.as_ref()?;
        refresh.scope.as_deref().filter(|_| signs_in)
    }

    /// Everything the credential of an account with `grant` consists of.
    pub fn credential_fields(&self, grant: &Grant) -> Vec<CredentialField> {
        let mut fields = grant.own_credential_fields();
        fields.extend(self.credentials.iter().cloned());
        fields
    }
}

fn standard(key: &str, label: &str, secret: bool) -> CredentialField {
    CredentialField {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        secret,
        required: true,
    }
}
