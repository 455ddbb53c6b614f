//! What a failed page means for its run and its account.

use crosswalk_client::{CallRecord, ClientError, Outcome};
use crosswalk_workspace::run::{RunFault, Status};

/// What a run does about a page that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Ask again later: the client did not, and others may get through meanwhile.
    Again,
    /// Stop, with this status.
    Stop(Status),
}

/// Failed pages in a row, over the whole run, after which a run gives up. One that the client tried again by itself counts for all of them.
pub const GIVES_UP_AFTER: u32 = 3;

/// What a failed page counts for, by the calls that were made for it. What passes by itself the client has tried three times; asking nine times would
/// not be three.
pub fn weight(calls: &[CallRecord]) -> u32 {
    let tried_again = calls.iter().any(|call| {
        call.attempt > 1 && matches!(call.outcome, Outcome::Transient | Outcome::Network)
    });
    if tried_again { GIVES_UP_AFTER } else { 1 }
}

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

/// Whether a place in a list, kept from an earlier answer, is refused: a provider may forget it while a run is paused. What says that we may not ask, or ask
/// too much, says nothing of the place.
pub fn refuses_place(error: &ClientError) -> bool {
    match error {
        ClientError::NotFound { .. } => true,
        ClientError::InvalidRequest { status, .. } => !matches!(status, 401 | 403 | 429),
        ClientError::Fatal { status, .. } => {
            (400..500).contains(status) && !matches!(status, 401 | 403 | 429)
        }
        _ => false,
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
        ClientError::RedirectRefused { host, status, .. } => {
            format!("{host} answered {status} and wants to send us elsewhere")
        }
        ClientError::TokenAnswer { .. } => "the token answer cannot be used".to_owned(),
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
    fn a_place_is_refused_by_what_calls_the_question_wrong() {
        let words = || "…".to_owned().into();
        let invalid = |status| ClientError::InvalidRequest {
            status,
            detail: words(),
        };
        let fatal = |status| ClientError::Fatal {
            status,
            detail: words(),
        };
        for (error, refused) in [
            (invalid(400), true),
            (invalid(410), true),
            // A rule of the definition may find the refusal in the body.
            (invalid(200), true),
            (invalid(403), false),
            (invalid(429), false),
            (fatal(422), true),
            (fatal(401), false),
            (fatal(200), false),
            (
                ClientError::NotFound {
                    endpoint: "https://a.example/x".to_owned(),
                    detail: words(),
                },
                true,
            ),
            (
                ClientError::ServerError {
                    status: 503,
                    detail: words(),
                },
                false,
            ),
            (
                ClientError::Forbidden {
                    permission: crosswalk_client::Permission::Unknown,
                    detail: words(),
                },
                false,
            ),
            (ClientError::RateLimited { retry_after: None }, false),
        ] {
            assert_eq!(refuses_place(&error), refused, "{error}");
        }
    }

    #[test]
    fn what_the_client_tried_again_is_not_asked_for_again() {
        use Outcome::{Fatal, Network, Ok, RateLimited, Transient};
        let table: [(&[(u32, Outcome)], u32); 8] = [
            (&[], 1),
            (&[(1, Transient)], 1),
            (&[(1, Transient), (2, Transient), (3, Transient)], 3),
            (&[(1, Network), (2, Network), (3, Network)], 3),
            (&[(1, Fatal)], 1),
            (&[(1, Transient), (2, Ok)], 1),
            (&[(1, RateLimited), (2, Ok)], 1),
            // Pages of a list of ids, whose records are read side by side.
            (
                &[
                    (1, Ok),
                    (1, Transient),
                    (2, Transient),
                    (3, Transient),
                    (1, Ok),
                ],
                3,
            ),
        ];
        for (calls, expected) in table {
            let calls: Vec<CallRecord> = calls.iter().map(|call| record(*call)).collect();
            assert_eq!(weight(&calls), expected, "{calls:?}");
        }
    }

    fn record((attempt, outcome): (u32, Outcome)) -> CallRecord {
        CallRecord {
            at: Timestamp::UNIX_EPOCH,
            method: "GET".to_owned(),
            endpoint: "https://a.example/list".to_owned(),
            status: None,
            duration: Duration::ZERO,
            bytes: 0,
            attempt,
            outcome,
            request_id: None,
            answer: None,
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
            ClientError::RedirectRefused {
                host: "a.example".to_owned(),
                status: 302,
                target: format!("https://b.example/?{secret}"),
            },
            ClientError::TokenAnswer {
                detail: secret.to_owned(),
            },
            ClientError::AuthRefused {
                error: secret.to_owned(),
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
