//! What a failed page means for its run and its account.

use crosswalk_client::ClientError;
use crosswalk_workspace::run::{RunFault, Status};

/// What a run does about a page that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Ask again later: the client has spent its tries, but others may get through meanwhile.
    Again,
    /// Stop, with this status.
    Stop(Status),
}

/// Failed pages in a row, over the whole run, after which a run gives up. The client tries each three times before it counts here.
pub const GIVES_UP_AFTER: u32 = 3;

/// Decides. `in_a_row`: failed pages since the last one that came, this one included.
pub fn react(error: &ClientError, in_a_row: u32) -> Reaction {
    match error {
        ClientError::CircuitOpen { .. } | ClientError::RateLimited { .. } => {
            Reaction::Stop(Status::Paused)
        }
        ClientError::DnsFailed { .. }
        | ClientError::TcpRefused { .. }
        | ClientError::ConnectTimeout { .. }
        | ClientError::ProxyUnreachable { .. } => Reaction::Stop(Status::Paused),
        ClientError::Timeout { .. } | ClientError::ConnectionReset { .. }
            if in_a_row >= GIVES_UP_AFTER =>
        {
            Reaction::Stop(Status::Paused)
        }
        ClientError::NotJson { .. }
        | ClientError::HtmlAnswer { .. }
        | ClientError::XmlAnswer { .. }
            if in_a_row < GIVES_UP_AFTER =>
        {
            Reaction::Again
        }
        error if error.is_temporary() && in_a_row < GIVES_UP_AFTER => Reaction::Again,
        _ => Reaction::Stop(Status::Failed),
    }
}

/// What stopped a run, in words that may stand in clear: the provider's own are left out, since they may quote a record.
pub fn fault(error: &ClientError) -> RunFault {
    if error.is_reauth() {
        return RunFault {
            code: "needs_reauth".to_owned(),
            message: match error {
                ClientError::RefreshInterrupted { started, .. } => format!(
                    "a renewal of the token begun at {started} was cut off before its answer was kept, and used the refresh token up"
                ),
                _ => "the provider no longer takes this account's credentials".to_owned(),
            },
            hint: Some(error.hint()),
        };
    }
    let message = match error {
        ClientError::Forbidden { permission, .. } => {
            format!("the provider does not allow this request, {permission}")
        }
        ClientError::ServerError { status, .. } => {
            format!("the provider failed with status {status}, again and again")
        }
        ClientError::InvalidRequest { status, .. } => {
            format!("the provider refused the request with status {status}")
        }
        ClientError::Fatal { status, .. } => {
            format!("the provider answered an error with status {status}")
        }
        ClientError::NotFound { .. } => "the provider has nothing at this address".to_owned(),
        ClientError::HtmlAnswer { host, status, .. } => {
            format!("{host} answered with a web page instead of data (status {status})")
        }
        ClientError::XmlAnswer { host, status, .. } => {
            format!("{host} answered with XML although JSON was asked for (status {status})")
        }
        ClientError::NotJson { host, .. } => {
            format!("{host} answered with something that is not JSON")
        }
        ClientError::NoRecords { pointer, .. } => {
            format!("the answer has no list of records at `{pointer}`")
        }
        ClientError::AuthRefused { .. } | ClientError::ScopeRefused { .. } => {
            "the provider refused the credentials or scopes".to_owned()
        }
        other => other.to_string(),
    };
    RunFault {
        code: error.code().to_owned(),
        message,
        hint: Some(error.hint()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_failed_page_has_its_consequence() {
        let host = || "a.example".to_owned();
        let words = || "…".to_owned();
        let table = [
            (
                ClientError::ServerError {
                    status: 503,
                    detail: words().into(),
                },
                1,
                Reaction::Again,
            ),
            (
                ClientError::ServerError {
                    status: 503,
                    detail: words().into(),
                },
                3,
                Reaction::Stop(Status::Failed),
            ),
            (
                ClientError::ConnectionReset {
                    host: host(),
                    detail: words(),
                },
                2,
                Reaction::Again,
            ),
            (
                ClientError::ConnectionReset {
                    host: host(),
                    detail: words(),
                },
                3,
                Reaction::Stop(Status::Paused),
            ),
            (
                ClientError::Truncated {
                    host: host(),
                    detail: words(),
                },
                1,
                Reaction::Again,
            ),
            (
                ClientError::DnsFailed {
                    host: host(),
                    detail: words(),
                },
                1,
                Reaction::Stop(Status::Paused),
            ),
            (
                ClientError::CircuitOpen {
                    until: Timestamp::UNIX_EPOCH,
                },
                1,
                Reaction::Stop(Status::Paused),
            ),
            (
                ClientError::RateLimited {
                    retry_after: Some(Duration::ZERO),
                },
                1,
                Reaction::Stop(Status::Paused),
            ),
            (
                ClientError::NeedsReauth {
                    detail: words().into(),
                },
                1,
                Reaction::Stop(Status::Failed),
            ),
            (
                ClientError::BodyTooLarge {
                    host: host(),
                    limit: 1,
                },
                1,
                Reaction::Stop(Status::Failed),
            ),
        ];
        for (error, in_a_row, expected) in &table {
            assert_eq!(react(error, *in_a_row), *expected, "{error} {in_a_row}");
        }
    }

    #[test]
    fn a_fault_never_holds_the_providers_words() {
        let secret = "total of INV-1 is 12.50";
        for error in [
            ClientError::InvalidRequest {
                status: 400,
                detail: secret.to_owned().into(),
            },
            ClientError::Forbidden {
                permission: crosswalk_client::Permission::Unknown,
                detail: secret.to_owned().into(),
            },
            ClientError::NeedsReauth {
                detail: secret.to_owned().into(),
            },
            ClientError::NotJson {
                host: "a.example".to_owned(),
                detail: secret.to_owned(),
            },
        ] {
            let fault = fault(&error);
            assert!(
                !fault.message.contains(secret) && !fault.hint.unwrap_or_default().contains(secret)
            );
        }
    }
}
