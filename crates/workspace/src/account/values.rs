use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::column::words;

words! {
    /// What an account is connected to. What is not known to be a sandbox counts as production.
    Kind {
        /// A test instance.
        Sandbox = "sandbox",
        /// The customer's live instance.
        Production = "production",
    }
}

words! {
    /// What an account's credentials may be used for.
    Purpose {
        /// Reading only.
        Read = "read",
        /// Writing, such as marking records as exported.
        Write = "write",
    }
}

words! {
    /// Where an account stands.
    Status {
        /// Nothing to authenticate with yet.
        AwaitingCredentials = "awaiting_credentials",
        /// A connection test is running.
        Connecting = "connecting",
        /// Works.
        Active = "active",
        /// The provider no longer takes its credentials.
        NeedsReauth = "needs_reauth",
        /// The connection test did not come past the credentials.
        ValidationError = "validation_error",
        /// The credentials brought a token, and nothing that follows works.
        PostInstallError = "post_install_error",
    }
}

impl Status {
    /// Whether a test, a renewal or a run found out that it does not work.
    pub fn is_broken(self) -> bool {
        match self {
            Self::NeedsReauth | Self::ValidationError | Self::PostInstallError => true,
            Self::AwaitingCredentials | Self::Connecting | Self::Active => false,
        }
    }
}

/// The audit's word for a change of status.
pub(super) fn event(from: Status, to: Status, worked_before: bool) -> &'static str {
    match to {
        Status::Active if worked_before || from == Status::NeedsReauth => "account:reactivated",
        Status::Active => "account:active",
        Status::NeedsReauth => "account:authentication_error",
        Status::AwaitingCredentials => "account:awaiting_credentials",
        Status::Connecting => "account:connecting",
        Status::ValidationError => "account:validation_error",
        Status::PostInstallError => "account:post_install_error",
    }
}

/// How long an account's records are kept, counted from their last fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// [`Retention::DEFAULT_DAYS`].
    #[default]
    Default,
    /// So many days, at least one.
    Days(u32),
    /// Not at all: records are kept in memory only, and the workspace remembers just that they were seen.
    None,
}

impl Retention {
    /// Where nothing else is chosen.
    pub const DEFAULT_DAYS: u32 = 30;

    /// In days; none is no days.
    pub fn days(self) -> u32 {
        match self {
            Self::Default => Self::DEFAULT_DAYS,
            Self::Days(days) => days,
            Self::None => 0,
        }
    }
}

impl ToSql for Retention {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Default => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Days(days) => ToSqlOutput::from(i64::from(*days)),
            Self::None => ToSqlOutput::from(0_i64),
        })
    }
}

impl FromSql for Retention {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(match Option::<u32>::column_result(value)? {
            None => Self::Default,
            Some(0) => Self::None,
            Some(days) => Self::Days(days),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_tells_a_first_success_from_a_return() {
        use Status::{Active, Connecting, NeedsReauth, PostInstallError, ValidationError};
        for (from, to, worked_before, expected) in [
            (Connecting, Active, false, "account:active"),
            (Connecting, Active, true, "account:reactivated"),
            (NeedsReauth, Active, false, "account:reactivated"),
            (Active, NeedsReauth, true, "account:authentication_error"),
            (
                Connecting,
                ValidationError,
                false,
                "account:validation_error",
            ),
            (
                Connecting,
                PostInstallError,
                false,
                "account:post_install_error",
            ),
            (PostInstallError, Active, false, "account:active"),
            (PostInstallError, Active, true, "account:reactivated"),
        ] {
            assert_eq!(event(from, to, worked_before), expected);
        }
    }
}
