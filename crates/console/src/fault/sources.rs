//! How the errors of the floors below cross to a face.

use crosswalk_client::ClientError;
use crosswalk_mapping::PoolError;
use crosswalk_vault::{SealError, VaultError};
use crosswalk_workspace::Error as WorkspaceError;

use crate::{Fault, FaultClass};

/// A sentence as a person reads it: a capital first, a full stop last.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => return String::new(),
    };
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

impl From<WorkspaceError> for Fault {
    fn from(error: WorkspaceError) -> Self {
        let class = match &error {
            WorkspaceError::Missing(_)
            | WorkspaceError::NotAWorkspace(_)
            | WorkspaceError::Newer { .. }
            | WorkspaceError::Corrupt(_)
            | WorkspaceError::VaultMismatch { .. }
            | WorkspaceError::OldSqlite(_)
            | WorkspaceError::InUse
            | WorkspaceError::Sealed(SealError::UnknownKey { .. }) => FaultClass::Locked,
            WorkspaceError::NotFound { .. }
            | WorkspaceError::AlreadyExists { .. }
            | WorkspaceError::HasDependents { .. }
            | WorkspaceError::InvalidName { .. } => FaultClass::Invalid,
            _ => FaultClass::Failed,
        };
        Self::new(
            class,
            error.code(),
            sentence(&error.to_string()),
            error.hint(),
        )
    }
}

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        Self::new(
            FaultClass::Locked,
            error.code(),
            sentence(&error.to_string()),
            error.hint(),
        )
    }
}

impl From<SealError> for Fault {
    fn from(error: SealError) -> Self {
        Self::from(WorkspaceError::from(error))
    }
}

impl From<PoolError> for Fault {
    fn from(error: PoolError) -> Self {
        Self::new(
            FaultClass::Failed,
            error.code(),
            sentence(&error.to_string()),
            error.hint(),
        )
    }
}

/// Whether the provider refused a credential or a permission.
pub(crate) fn is_refusal(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::AuthRefused { .. }
            | ClientError::ScopeRefused { .. }
            | ClientError::NeedsReauth { .. }
            | ClientError::RefreshInterrupted { .. }
            | ClientError::Forbidden { .. }
    )
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        let class = if is_refusal(&error) {
            FaultClass::Refused
        } else {
            match &error {
                ClientError::Origin(_)
                | ClientError::Value(_)
                | ClientError::MissingCredential { .. }
                | ClientError::DefinitionChanged
                | ClientError::NoOperation { .. }
                | ClientError::Settings { .. } => FaultClass::Invalid,
                _ => FaultClass::Failed,
            }
        };
        Self::new(
            class,
            error.code(),
            sentence(&error.to_string()),
            error.hint(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn messages_become_sentences() {
        for (text, expected) in [
            ("the disk is full", "The disk is full."),
            ("There is one.", "There is one."),
            ("", ""),
            ("really?", "Really?"),
        ] {
            assert_eq!(sentence(text), expected);
        }
    }
}
