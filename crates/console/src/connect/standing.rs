//! Where an account stands after a connection test.

use crosswalk_client::{ClientError, Side};
use crosswalk_workspace::account::Status;

use crate::fault::sources::is_refusal;

/// After a test that did not come as far as the provider: that says nothing about a connection, neither of one that
/// works nor of one that does not.
pub(super) fn status_unreached(before: Status) -> Status {
    match before {
        Status::AwaitingCredentials | Status::Connecting => Status::ValidationError,
        before => before,
    }
}

/// After a test that failed like this, or did not; `token_given` where the credentials brought a token, so that what
/// failed came after them.
pub(super) fn status_after(
    before: Status,
    worked_before: bool,
    token_given: bool,
    failure: Option<&ClientError>,
) -> Status {
    let Some(error) = failure else {
        return Status::Active;
    };
    let passing = error.is_temporary() && (before == Status::Active || !token_given);
    if error.side() == Side::Network || passing {
        return status_unreached(before);
    }
    match (is_refusal(error), token_given) {
        (true, _) if worked_before => Status::NeedsReauth,
        (false, true) => Status::PostInstallError,
        _ => Status::ValidationError,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crosswalk_client::Words;
    use crosswalk_workspace::account::Status::{
        Active, Connecting, NeedsReauth, PostInstallError, ValidationError,
    };

    use super::*;

    fn refused() -> ClientError {
        ClientError::AuthRefused {
            error: "invalid_client".into(),
            detail: String::new(),
        }
    }

    fn offline() -> ClientError {
        ClientError::DnsFailed {
            host: "acme".into(),
            detail: String::new(),
        }
    }

    fn down() -> ClientError {
        ClientError::ServerError {
            status: 503,
            detail: Words::default(),
        }
    }

    fn limited() -> ClientError {
        ClientError::RateLimited {
            retry_after: Some(Duration::from_secs(1)),
        }
    }

    fn no_page() -> ClientError {
        ClientError::NotFound {
            endpoint: "/api/invoices".into(),
            detail: Words::default(),
        }
    }

    #[test]
    fn a_test_decides_where_the_account_stands() {
        for (before, worked, token, failure, expected) in [
            // It works, whatever it was.
            (Connecting, false, true, None, Active),
            (NeedsReauth, true, true, None, Active),
            (ValidationError, false, true, None, Active),
            (PostInstallError, false, true, None, Active),
            // The provider refuses, at the token or at the reads.
            (Connecting, false, false, Some(refused()), ValidationError),
            (Connecting, false, true, Some(refused()), ValidationError),
            (Active, true, false, Some(refused()), NeedsReauth),
            (PostInstallError, true, false, Some(refused()), NeedsReauth),
            // It gave a token, and nothing that follows works.
            (Connecting, false, true, Some(no_page()), PostInstallError),
            (Connecting, false, true, Some(down()), PostInstallError),
            (
                ValidationError,
                false,
                true,
                Some(no_page()),
                PostInstallError,
            ),
            (NeedsReauth, true, true, Some(no_page()), PostInstallError),
            (Active, true, true, Some(no_page()), PostInstallError),
            (Active, true, false, Some(no_page()), ValidationError),
            // A network or a provider that is down says nothing about the connection.
            (Connecting, false, false, Some(offline()), ValidationError),
            (Active, true, true, Some(offline()), Active),
            (NeedsReauth, true, false, Some(offline()), NeedsReauth),
            (
                PostInstallError,
                false,
                true,
                Some(offline()),
                PostInstallError,
            ),
            (Active, true, true, Some(down()), Active),
            (Active, true, true, Some(limited()), Active),
            (NeedsReauth, true, false, Some(down()), NeedsReauth),
        ] {
            assert_eq!(
                status_after(before, worked, token, failure.as_ref()),
                expected,
                "{before} {worked} {token} {failure:?}"
            );
        }
    }

    #[test]
    fn a_test_that_comes_to_nobody_leaves_the_account_as_it_is() {
        for before in [Active, NeedsReauth, ValidationError, PostInstallError] {
            assert_eq!(status_unreached(before), before);
        }
        assert_eq!(status_unreached(Connecting), ValidationError);
    }
}
