//! Access tokens: how they are obtained, kept, renewed and thrown away.

mod assertion;
mod authorize;
mod device;
mod endpoint;
mod grant;
mod revoke;
mod source;
mod store;
mod unfinished;
mod unsaved;

pub use authorize::{Authorization, Redirected};
pub use device::{DeviceAuthorization, DeviceCode};
pub use revoke::Revocation;
pub use source::TokenSource;
pub use store::{Exclusive, MemoryTokens, Stored, TokenStore, TokenStoreError};
pub(crate) use unfinished::Unfinished;
pub(crate) use unsaved::Unsaved;

use std::collections::BTreeMap;
use std::time::Duration;

use crosswalk_connector::TokenEndpoint;
use crosswalk_vault::{Secret, SecretBytes};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An access token and what came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token itself.
    pub access_token: Secret,
    /// When it was received.
    pub obtained_at: Timestamp,
    /// When it dies, if that is known.
    pub expires_at: Option<Timestamp>,
    /// Whether the response had no `expires_in`, so that its life is the definition's word, or unknown.
    pub no_expiry: bool,
    /// The scopes granted, if the response named them.
    pub scopes: Option<Vec<String>>,
    /// The refresh token, if there is one.
    pub refresh: Option<Refresh>,
    /// Values kept from the response or the redirect, such as an instance's address.
    pub kept: BTreeMap<String, String>,
}

/// A refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// The token itself.
    pub token: Secret,
    /// When it was received.
    pub obtained_at: Timestamp,
}

impl Token {
    /// When it should be renewed: at the definition's age, else at 80 % of its life, else never by age.
    pub fn renew_at(&self, endpoint: &TokenEndpoint) -> Option<Timestamp> {
        let age = endpoint
            .renew_at
            .as_ref()
            .map(crosswalk_connector::Period::duration);
        let life = self
            .expires_at
            .map(|end| crate::budget::until(end, self.obtained_at));
        let age = match (age, life) {
            // A token that lives shorter than the definition thinks must not die before it is renewed.
            (Some(age), Some(life)) if age < life => Some(age),
            (_, Some(life)) => Some(life.mul_f64(0.8)),
            (age, None) => age,
        };
        age.and_then(|age| self.obtained_at.checked_add(age).ok())
    }

    /// When it may first be used: the definition's settle time after it was received.
    pub fn usable_at(&self, endpoint: &TokenEndpoint) -> Timestamp {
        let settle = endpoint
            .settle
            .as_ref()
            .map_or(Duration::ZERO, crosswalk_connector::Period::duration);
        self.obtained_at
            .checked_add(settle)
            .unwrap_or(self.obtained_at)
    }

    /// The token as bytes to be sealed.
    pub fn encode(&self) -> SecretBytes {
        let plain = Plain {
            access_token: self.access_token.expose().to_owned(),
            obtained_at: self.obtained_at,
            expires_at: self.expires_at,
            no_expiry: self.no_expiry,
            scopes: self.scopes.clone(),
            refresh: self
                .refresh
                .as_ref()
                .map(|refresh| (refresh.token.expose().to_owned(), refresh.obtained_at)),
            kept: self.kept.clone(),
        };
        // Texts, times and maps with text keys always serialise.
        SecretBytes::from(serde_json::to_vec(&plain).unwrap_or_default())
    }

    /// The token that was encoded, or `None` if these bytes are none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut plain: Plain = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            access_token: Secret::from(std::mem::take(&mut plain.access_token)),
            obtained_at: plain.obtained_at,
            expires_at: plain.expires_at,
            no_expiry: plain.no_expiry,
            scopes: plain.scopes.take(),
            refresh: plain.refresh.take().map(|(token, obtained_at)| Refresh {
                token: Secret::from(token),
                obtained_at,
            }),
            kept: std::mem::take(&mut plain.kept),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Plain {
    access_token: String,
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
    no_expiry: bool,
    scopes: Option<Vec<String>>,
    refresh: Option<(String, Timestamp)>,
    kept: BTreeMap<String, String>,
}

impl Drop for Plain {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.access_token.zeroize();
        if let Some((token, _)) = &mut self.refresh {
            token.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;
    use serde_json::json;

    fn token() -> Token {
        let obtained_at: Timestamp = "2026-11-20T22:00:00Z".parse().unwrap();
        Token {
            access_token: Secret::from("access-canary".to_owned()),
            obtained_at,
            expires_at: Some("2026-11-21T22:00:00Z".parse().unwrap()),
            no_expiry: false,
            scopes: Some(vec!["a.read".to_owned()]),
            refresh: Some(Refresh {
                token: Secret::from("refresh-canary".to_owned()),
                obtained_at,
            }),
            kept: BTreeMap::from([("realm".to_owned(), "42".to_owned())]),
        }
    }

    #[test]
    fn what_is_encoded_comes_back_and_never_prints() {
        let bytes = token().encode();
        assert_eq!(Token::decode(bytes.expose()), Some(token()));
        assert_eq!(Token::decode(b"{}"), None);
        assert!(!format!("{:?} {bytes:?}", token()).contains("canary"));
    }

    #[test]
    fn renewal_ages() {
        let endpoint = |value| serde_json::from_value::<TokenEndpoint>(value).unwrap();
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let url = "{{config.instance_url}}/token";
        assert_eq!(
            token().renew_at(&endpoint(json!({"url": url, "renew_at": "20h"}))),
            at("2026-11-21T18:00:00Z")
        );
        assert_eq!(
            token().renew_at(&endpoint(json!({"url": url}))),
            at("2026-11-21T17:12:00Z")
        );
        let short = Token {
            expires_at: at("2026-11-20T23:00:00Z"),
            ..token()
        };
        assert_eq!(
            short.renew_at(&endpoint(json!({"url": url, "renew_at": "20h"}))),
            at("2026-11-20T22:48:00Z")
        );
        let unknown = Token {
            expires_at: None,
            ..token()
        };
        assert_eq!(unknown.renew_at(&endpoint(json!({"url": url}))), None);
        assert_eq!(
            Some(token().usable_at(&endpoint(json!({"url": url, "settle": "5s"})))),
            at("2026-11-20T22:00:05Z")
        );
    }
}
