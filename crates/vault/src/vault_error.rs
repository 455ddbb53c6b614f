use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::entry::{ENTRY_MAX_BYTES, EntryName};
use crate::random::NoRandomness;
use crate::vault::VaultKind;

/// Why a vault could not be used. `detail` is the platform's own words; no variant carries a secret.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The vault holds no entry of that name. Its keys are lost unless another vault has it.
    #[error("the {kind} vault holds no entry for account {} of workspace {}", name.account, name.workspace)]
    NotFound {
        /// The vault that was asked.
        kind: VaultKind,
        /// The entry that was asked for.
        name: EntryName,
    },
    /// The entry is there and makes no sense.
    #[error("the vault entry for account {} is damaged", name.account)]
    EntryCorrupt {
        /// The entry that was read.
        name: EntryName,
    },
    /// The entry was written by a newer version.
    #[error("the vault entry for account {} is in format {format}, which this version does not know", name.account)]
    EntryNewer {
        /// The entry that was read.
        name: EntryName,
        /// The format it names.
        format: u8,
    },
    /// Several entries of the keyring answer to the one name.
    #[error("the keyring holds {count} entries for account {}", name.account)]
    EntryAmbiguous {
        /// The entry that was asked for.
        name: EntryName,
        /// How many there are.
        count: usize,
    },
    /// The entry does not fit: a client secret over 1 KiB belongs in the workspace, sealed.
    #[error("a vault entry of {bytes} bytes is too large (the limit is {limit} bytes)")]
    EntryTooLarge {
        /// Its encoded length.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
    /// This machine or session offers no keyring.
    #[error("there is no keyring here: {detail}")]
    Unavailable {
        /// The platform's words.
        detail: String,
    },
    /// The keyring is locked and did not get unlocked, or its user refused.
    #[error("the keyring is locked: {detail}")]
    Locked {
        /// The platform's words.
        detail: String,
    },
    /// The keyring did not answer in time, most likely because it waits for the user to unlock it.
    #[error("the keyring did not answer within {} s; it may be waiting for you to unlock it", waited.as_secs())]
    NoAnswer {
        /// How long it was given.
        waited: Duration,
    },
    /// The keyring failed in another way.
    #[error("the keyring failed: {detail}")]
    KeyringFailed {
        /// The platform's words.
        detail: String,
    },
    /// The passphrase does not open the vault file.
    #[error("this passphrase does not open the vault")]
    WrongPassphrase,
    /// A vault may not be made with an empty passphrase.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// Another vault file took the place of the one that was opened: a backup, or a vault made anew.
    #[error("the vault file at {} is not the one that was opened", path.display())]
    Replaced {
        /// The vault file.
        path: PathBuf,
    },
    /// The vault file is damaged, or is no vault file.
    #[error("the vault file at {} is damaged: {detail}", path.display())]
    FileCorrupt {
        /// The vault file.
        path: PathBuf,
        /// What is wrong with it.
        detail: &'static str,
    },
    /// The vault file was written by a newer version.
    #[error("the vault file at {} is in format {format}, which this version does not know", path.display())]
    FileNewer {
        /// The vault file.
        path: PathBuf,
        /// The format it names.
        format: u8,
    },
    /// There is no vault file. One is only ever made on request.
    #[error("there is no vault file at {}", path.display())]
    FileMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is a vault file already, and it is never overwritten.
    #[error("there is a vault file at {} already", path.display())]
    FileExists {
        /// Where it is.
        path: PathBuf,
    },
    /// The vault file would grow beyond what is ever read again.
    #[error("the vault file would take {bytes} bytes (the limit is {limit} bytes)")]
    FileFull {
        /// Its length with the new entry.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
    /// Another process keeps the vault file locked.
    #[error("another process keeps the vault file at {} locked", path.display())]
    Busy {
        /// The vault file.
        path: PathBuf,
    },
    /// Reading or writing the vault file failed; what was there is untouched.
    #[error("the vault file at {} could not be read or written: {source}", path.display())]
    Io {
        /// The file in question.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Cost parameters outside what is accepted.
    #[error("these key stretching costs are not accepted: {detail}")]
    Stretching {
        /// Which bound they break.
        detail: &'static str,
    },
    /// The workspace uses the other vault.
    #[error("this workspace keeps its secrets in the {workspace} vault, not in the {asked} vault")]
    Mismatch {
        /// What the workspace records.
        workspace: VaultKind,
        /// What was asked for.
        asked: VaultKind,
    },
    /// Not a kind of vault.
    #[error("`{0}` is not a kind of vault")]
    UnknownKind(String),
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness,
}

impl VaultError {
    /// The stable code a face shows and a script switches on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "vault_entry_missing",
            Self::EntryCorrupt { .. } | Self::FileCorrupt { .. } => "vault_corrupt",
            Self::EntryNewer { .. } | Self::FileNewer { .. } => "vault_newer",
            Self::EntryAmbiguous { .. } => "vault_entry_ambiguous",
            Self::EntryTooLarge { .. } => "vault_entry_too_large",
            Self::Unavailable { .. } => "vault_unavailable",
            Self::Locked { .. } | Self::NoAnswer { .. } => "vault_locked",
            Self::KeyringFailed { .. } => "vault_failed",
            Self::WrongPassphrase => "vault_wrong_passphrase",
            Self::EmptyPassphrase => "vault_empty_passphrase",
            Self::Replaced { .. } => "vault_replaced",
            Self::FileMissing { .. } => "vault_missing",
            Self::FileExists { .. } => "vault_exists",
            Self::FileFull { .. } => "vault_full",
            Self::Busy { .. } => "vault_busy",
            Self::Io { .. } => "vault_io",
            Self::Stretching { .. } => "vault_stretching",
            Self::Mismatch { .. } => "vault_mismatch",
            Self::UnknownKind(_) => "vault_unknown_kind",
            Self::NoRandomness => "no_randomness",
        }
    }

    /// The next step, in plain words.
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound { .. } => {
                "If the account was connected on another machine or as another user, open the workspace there; else give its credentials again and fetch its records anew.".into()
            }
            Self::EntryCorrupt { .. } => {
                "Restore the keyring from a backup, or remove the account's entry and give its credentials again.".into()
            }
            Self::EntryNewer { .. } | Self::FileNewer { .. } => "Update Crosswalk: a newer version wrote it.".into(),
            Self::EntryAmbiguous { .. } => {
                "Open the system's password manager and remove the entries of `crosswalk` that do not belong.".into()
            }
            Self::EntryTooLarge { .. } => format!("Keep it under {ENTRY_MAX_BYTES} bytes: seal a long client secret in the workspace instead."),
            Self::Unavailable { .. } => {
                "On a server or in CI make the workspace with `--vault passphrase`; on a desktop start its keyring (for instance gnome-keyring or KWallet) and Crosswalk again.".into()
            }
            Self::Locked { .. } => "Unlock the login keyring in the system's password manager, allow Crosswalk to use its entries, and try again.".into(),
            Self::NoAnswer { .. } => {
                "Unlock the keyring: look for a window that asks for its password, answer it, and try again.".into()
            }
            Self::KeyringFailed { .. } => "Run `xwalk doctor`, which tries the keyring by itself.".into(),
            Self::WrongPassphrase => "Check the passphrase (XWALK_PASSPHRASE or --passphrase-fd) and try again.".into(),
            Self::EmptyPassphrase => "Choose a passphrase of several words.".into(),
            Self::Replaced { .. } => "Open the workspace again, with the passphrase of the file that is there now.".into(),
            Self::FileCorrupt { path, .. } => {
                format!("Restore {} from a backup; without it the workspace's sealed values cannot be read.", path.display())
            }
            Self::FileMissing { path } => format!(
                "If this workspace is new, make its vault first; else put its vault file back at {}.",
                path.display()
            ),
            Self::FileExists { .. } => "Open it with its passphrase, or choose another folder for a new workspace.".into(),
            Self::FileFull { .. } => "Revoke accounts that are no longer needed, or split the workspace.".into(),
            Self::Busy { .. } => "Wait for the other process to finish, or end it, and try again.".into(),
            Self::Io { .. } => "Check that the folder is there, is writable and that the disk is not full.".into(),
            Self::Stretching { .. } => "Use the default costs: 19 MiB of memory and 2 passes.".into(),
            Self::Mismatch { workspace, .. } => format!("Run it again with `--vault {workspace}`."),
            Self::UnknownKind(_) => "Use `keyring` or `passphrase`.".into(),
            Self::NoRandomness => "Try again, and report it if it happens twice.".into(),
        }
    }

    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

impl From<NoRandomness> for VaultError {
    fn from(NoRandomness: NoRandomness) -> Self {
        Self::NoRandomness
    }
}
