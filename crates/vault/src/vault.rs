use std::fmt;
use std::str::FromStr;

use crate::entry::{Entry, EntryName};
use crate::vault_error::VaultError;

/// Which of the two vaults a workspace uses. The workspace remembers it; opening it with the other is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaultKind {
    /// The platform's own store: Secret Service, Keychain or Credential Manager.
    Keyring,
    /// A file in the workspace's folder, sealed by a passphrase.
    Passphrase,
}

impl VaultKind {
    /// The word used on the command line and in the workspace.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Passphrase => "passphrase",
        }
    }
}

impl fmt::Display for VaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for VaultKind {
    type Err = VaultError;

    fn from_str(word: &str) -> Result<Self, VaultError> {
        match word {
            "keyring" => Ok(Self::Keyring),
            "passphrase" => Ok(Self::Passphrase),
            _ => Err(VaultError::UnknownKind(word.to_owned())),
        }
    }
}

/// Where accounts' entries are kept. Every call blocks, and a call to a keyring may wait for the user.
pub trait Vault: Send + Sync + fmt::Debug {
    /// Which vault this is.
    fn kind(&self) -> VaultKind;

    /// The entry of an account. A missing one is [`VaultError::NotFound`], never a new key.
    fn load(&self, name: &EntryName) -> Result<Entry, VaultError>;

    /// Stores an entry, in place of the one there may be. When it returns the entry is durable.
    fn store(&self, name: &EntryName, entry: &Entry) -> Result<(), VaultError>;

    /// Removes an entry, which makes everything sealed under its keys unreadable at once. A missing one is
    /// [`VaultError::NotFound`].
    fn remove(&self, name: &EntryName) -> Result<(), VaultError>;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in [VaultKind::Keyring, VaultKind::Passphrase] {
            assert_eq!(kind.to_string().parse::<VaultKind>().unwrap(), kind);
        }
        let error = "Keyring".parse::<VaultKind>().unwrap_err();
        assert_eq!(error.code(), "vault_unknown_kind");
    }
}
