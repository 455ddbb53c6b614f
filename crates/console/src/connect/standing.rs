//! Where an account stands after a connection test.

use crosswalk_client::{ClientError, Side};
use crosswalk_workspace::account::Status;

use crate::fault::sources::is_refusal;

/// How a test ended, as far as that says something about the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// One read passed, or there was none to fail.
    Passed,
    /// It did not come as far as the provider: that says nothing about a connection, neither of one that works nor of
    /// one that does not.
    Unreached,
    /// The provider is down, or takes no more calls for now.
    Down { token_given: bool },
    /// The provider refused a credential or a permission.
    Refused,
    /// Something else failed, and would again.
    Failed { token_given: bool },
}

impl Ending {
    /// Of a test that failed like this, or did not; `token_given` where the credentials brought a token, so that what
    /// failed came after them.
    pub(super) fn of(token_given: bool, failure: Option<&ClientError>) -> Self {
        match failure {
            None => Self::Passed,
            Some(error) if error.side() == Side::Network => Self::Unreached,
            Some(error) if error.is_temporary() => Self::Down { token_given },
            Some(error) if is_refusal(error) => Self::Refused,
            Some(_) => Self::Failed { token_given },
        }
    }

    /// Where the account stands after it. Decided from where it stands then, not when the test began.
    pub(super) fn status(self, held: Status, worked_before: bool) -> Status {
        match self {
            // Those that were tried were forgotten.
            _ if held == Status::AwaitingCredentials => held,
            Self::Passed => Status::Active,
            Self::Unreached | Self::Down { token_given: false } => {
                if held == Status::Connecting {
                    Status::ValidationError
                } else {
                    held
                }
            }
            // The credentials are taken, and what follows them worked once: runs find out when it does again.
            Self::Down { .. }
                if held == Status::Active
                    || (worked_before && held != Status::PostInstallError) =>
            {
                Status::Active
            }
            Self::Refused if worked_before => Status::NeedsReauth,
            Self::Down { .. } | Self::Failed { token_given: true } => Status::PostInstallError,
            Self::Refused | Self::Failed { .. } => Status::ValidationError,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crosswalk_client::Words;
    use crosswalk_workspace::account::Status::{
        Active, AwaitingCredentials, Connecting, NeedsReauth, PostInstallError, ValidationError,
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
            // Nothing would be read again if an outage in a test were held against an account that worked.
            (NeedsReauth, true, true, Some(down()), Active),
            (ValidationError, true, true, Some(limited()), Active),
            (ValidationError, false, true, Some(down()), PostInstallError),
            (PostInstallError, true, true, Some(down()), PostInstallError),
        ] {
            assert_eq!(
                Ending::of(token, failure.as_ref()).status(before, worked),
                expected,
                "{before} {worked} {token} {failure:?}"
            );
        }
    }

    #[test]
    fn a_test_that_comes_to_nobody_leaves_the_account_as_it_is() {
        for before in [Active, NeedsReauth, ValidationError, PostInstallError] {
            assert_eq!(Ending::Unreached.status(before, true), before);
        }
        assert_eq!(Ending::Unreached.status(Connecting, false), ValidationError);
    }

    #[test]
    fn no_test_changes_an_account_whose_credentials_were_forgotten() {
        for ending in [
            Ending::Passed,
            Ending::Unreached,
            Ending::Down { token_given: true },
            Ending::Refused,
            Ending::Failed { token_given: true },
        ] {
            assert_eq!(
                ending.status(AwaitingCredentials, true),
                AwaitingCredentials,
                "{ending:?}"
            );
        }
    }
}
