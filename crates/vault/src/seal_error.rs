use thiserror::Error;

use crate::account_keys::MAX_RETIRED_KEYS;
use crate::key::KeyId;
use crate::random::NoRandomness;
use crate::sealed_value::MAX_OPENED_BYTES;

/// Why bytes could not be sealed or opened. No variant carries a byte of the value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// Sealed under a key that this account's entry does not hold: another vault's, or one that was forgotten.
    #[error("this value is sealed under key {0}, which the account's vault entry does not hold")]
    UnknownKey(KeyId),
    /// Altered, cut short, or moved here from another row, table or account.
    #[error("a sealed value is damaged or does not belong where it was found")]
    Damaged,
    /// The first byte names a format this version does not know.
    #[error("a sealed value is in format {0}, which this version does not know")]
    UnknownFormat(u8),
    /// The value is larger than what is ever opened again.
    #[error(
        "a value of {bytes} bytes is too large to seal (the limit is {MAX_OPENED_BYTES} bytes)"
    )]
    TooLarge {
        /// Length of the value before compression.
        bytes: usize,
    },
    /// A secret was expected and the opened bytes are not text.
    #[error("a sealed secret is not valid text")]
    NotText,
    /// The account already holds as many retired keys as its vault entry has room for.
    #[error("the account already holds {MAX_RETIRED_KEYS} retired keys")]
    TooManyRetiredKeys,
    /// A key that is to be forgotten is the one in use.
    #[error("key {0} is the one in use and cannot be forgotten")]
    KeyInUse(KeyId),
    /// The system refused memory for the opened value.
    #[error("there is not enough memory to open a value of {bytes} bytes")]
    OutOfMemory {
        /// Length of the value, uncompressed.
        bytes: usize,
    },
    /// The compressor failed.
    #[error("a value could not be compressed")]
    Compression,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness,
}

impl SealError {
    /// The stable code a face shows and a script switches on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey(_) => "vault_mismatch",
            Self::Damaged | Self::NotText => "sealed_damaged",
            Self::UnknownFormat(_) => "sealed_newer",
            Self::TooLarge { .. } => "sealed_too_large",
            Self::TooManyRetiredKeys => "keys_too_many_retired",
            Self::KeyInUse(_) => "keys_in_use",
            Self::OutOfMemory { .. } => "out_of_memory",
            Self::Compression => "sealed_compression",
            Self::NoRandomness => "no_randomness",
        }
    }

    /// The next step, in plain words.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UnknownKey(_) => {
                "Open the workspace with the vault it was made with; if the account was revoked and forgotten, its values cannot be read again."
            }
            Self::Damaged | Self::NotText => {
                "Check the workspace's integrity, and restore a backup or fetch the records again."
            }
            Self::UnknownFormat(_) => "Update Crosswalk: a newer version wrote this value.",
            Self::TooLarge { .. } => "Ask the provider for fewer fields of this record.",
            Self::TooManyRetiredKeys => {
                "Seal the account's values anew under its current key, forget the retired keys, then rotate again."
            }
            Self::KeyInUse(_) => "Rotate the account's key first.",
            Self::OutOfMemory { .. } => "Close other programs and try again.",
            Self::Compression | Self::NoRandomness => {
                "Try again, and report it if it happens twice."
            }
        }
    }
}

impl From<NoRandomness> for SealError {
    fn from(NoRandomness: NoRandomness) -> Self {
        Self::NoRandomness
    }
}
