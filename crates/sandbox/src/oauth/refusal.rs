use axum::http::{StatusCode, header};
use serde_json::json;

use crate::answer::Answer;

/// Why the token endpoint says no (RFC 6749, section 5.2; RFC 8628, section 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    InvalidClient,
    InvalidScope,
    InvalidGrant,
    InvalidRequest(&'static str),
    UnsupportedGrantType,
    AuthorizationPending,
    ExpiredToken,
    /// The system gave no randomness to mint a token from.
    ServerError,
}

impl Refusal {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::InvalidClient => "invalid_client",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::AuthorizationPending => "authorization_pending",
            Self::ExpiredToken => "expired_token",
            Self::ServerError => "server_error",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::InvalidClient => {
                "The client is unknown, or its secret is wrong or not in the request body."
            }
            Self::InvalidScope => {
                "A requested scope is unknown, malformed or not granted to this client."
            }
            Self::InvalidGrant => {
                "The code or refresh token is invalid, expired, revoked, already used or was issued to another client \
                 or redirect URI."
            }
            Self::InvalidRequest(what) => what,
            Self::UnsupportedGrantType => "This grant type is not supported.",
            Self::AuthorizationPending => "The user has not finished signing in.",
            Self::ExpiredToken => "The device code has expired.",
            Self::ServerError => "No token could be made.",
        }
    }

    pub(crate) fn answer(self) -> Answer {
        let status = match self {
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({"error": self.code(), "error_description": self.description()});
        Answer::json(status, &body).with(header::CACHE_CONTROL, "no-store")
    }
}
