use std::io;
use std::path::PathBuf;

use crosswalk_vault::{SealError, VaultKind};
use rusqlite::ErrorCode;
use thiserror::Error;

/// What the workspace answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the workspace could not do what was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is none, and the caller did not ask to create one.
    #[error("there is no workspace in {}", .0.display())]
    Missing(PathBuf),
    /// The file is a database, but not one of ours.
    #[error("{} is a database of another program", .0.display())]
    NotAWorkspace(PathBuf),
    /// Others may put files into the folder, and it is not the workspace's own to be closed.
    #[error("other users of this machine may change what is in {}", .0.display())]
    Exposed(PathBuf),
    /// Made by a later version. It was looked at and not touched.
    #[error("this workspace is of format {found}; this version knows formats up to {known}")]
    Newer {
        /// The workspace's format.
        found: u32,
        /// The latest format this version knows.
        known: u32,
    },
    /// The file is no database, or a damaged one.
    #[error("the workspace's database is damaged: {0}")]
    Corrupt(String),
    /// The disk, or what this user may use of it, is full. What was stored before is kept.
    #[error("the disk is full")]
    DiskFull,
    /// Another process has the workspace open while it must be had alone.
    #[error("another process has this workspace open")]
    InUse,
    /// Another process has been writing for longer than any write of ours takes.
    #[error("another process has held the workspace for too long")]
    Busy,
    /// The workspace's secrets are in the other kind of vault.
    #[error("this workspace keeps its secrets in a {recorded} vault")]
    VaultMismatch {
        /// The kind the workspace remembers.
        recorded: VaultKind,
        /// The kind the caller came with.
        given: VaultKind,
    },
    /// Another process runs this account's resource now.
    #[error("a run of {resource} for {account} is in progress{}", holder_words(.holder.as_deref()))]
    RunInProgress {
        /// The account's slug.
        account: String,
        /// The resource.
        resource: String,
        /// Who holds it, where that could be read: process id and host.
        holder: Option<String>,
    },
    /// Nothing by that name.
    #[error("there is no {noun} {id}")]
    NotFound {
        /// What was looked for: `tenant`, `account`, `run`…
        noun: &'static str,
        /// The name it was looked for by.
        id: String,
    },
    /// The name is taken.
    #[error("{noun} {id} exists already")]
    AlreadyExists {
        /// What was to be added.
        noun: &'static str,
        /// Its name.
        id: String,
    },
    /// Others still hang on it.
    #[error("{noun} {id} still has {dependents}")]
    HasDependents {
        /// What was to be removed.
        noun: &'static str,
        /// Its name.
        id: String,
        /// What hangs on it, in words.
        dependents: &'static str,
    },
    /// A name that cannot be one.
    #[error(
        "{id:?} cannot be a name: use 1 to 64 letters, digits, '.', '_' or '-', and begin with a letter or digit"
    )]
    InvalidName {
        /// The name as given.
        id: String,
    },
    /// A backup that does not pass its check.
    #[error("the backup {name} is not usable: {reason}")]
    BadBackup {
        /// The backup's file name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The SQLite this program was built with can damage a database that two connections use.
    #[error("this program was built with SQLite {0}, which can damage workspaces")]
    OldSqlite(&'static str),
    /// A sealed value could not be sealed or opened.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// A file of the workspace could not be read or written.
    #[error("{} could not be used: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The database answered something that none of the above is.
    #[error("the workspace's database failed: {0}")]
    Database(rusqlite::Error),
    /// The writing thread is gone, or a write ended in a fault of this program.
    #[error("a write to the workspace was abandoned")]
    Abandoned,
}

impl Error {
    /// The stable code a face shows and a script switches on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "workspace_missing",
            Self::NotAWorkspace(_) => "not_a_workspace",
            Self::Exposed(_) => "workspace_exposed",
            Self::Newer { .. } => "workspace_newer",
            Self::Corrupt(_) => "workspace_corrupt",
            Self::DiskFull => "disk_full",
            Self::InUse => "workspace_in_use",
            Self::Busy => "workspace_busy",
            Self::VaultMismatch { .. } => "vault_mismatch",
            Self::RunInProgress { .. } => "run_in_progress",
            Self::NotFound { .. } => "not_found",
            Self::AlreadyExists { .. } => "already_exists",
            Self::HasDependents { .. } => "has_dependents",
            Self::InvalidName { .. } => "invalid_id",
            Self::BadBackup { .. } => "backup_invalid",
            Self::OldSqlite(_) => "sqlite_too_old",
            Self::Sealed(error) => error.code(),
            Self::File { .. } => "workspace_file",
            Self::Database(_) => "workspace_database",
            Self::Abandoned => "write_abandoned",
        }
    }

    /// The next step, in plain words.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing(_) => {
                "Check the folder's name, or let the first command create the workspace.".into()
            }
            Self::NotAWorkspace(_) => {
                "Choose another folder; nothing was changed in this one.".into()
            }
            Self::Exposed(_) => {
                "Choose a folder of your own, such as a new one in it; nothing was changed in this one."
                    .into()
            }
            Self::Newer { .. } => "Update Crosswalk; nothing was changed in this workspace.".into(),
            Self::Corrupt(_) => {
                "Restore a backup with `xwalk backup restore`; `xwalk backup list` names them."
                    .into()
            }
            Self::DiskFull => {
                "Free some space and run the command again: what was stored is kept.".into()
            }
            Self::InUse => {
                "Close the other Crosswalk windows and commands that use this workspace.".into()
            }
            Self::Busy => "Wait for the other Crosswalk process to finish, then try again.".into(),
            Self::VaultMismatch { recorded, .. } => {
                format!("Open it with `--vault {recorded}`.")
            }
            Self::RunInProgress { .. } => "Wait until it ends, or stop it where it runs.".into(),
            Self::NotFound { noun, .. } => match *noun {
                "tenant" | "account" => {
                    format!("Choose one from the list of {noun}s; `xwalk {noun} list` shows it too.")
                }
                "run" => {
                    "Choose one from the account's runs; `xwalk runs ACCOUNT` shows them too.".into()
                }
                "record" => "Choose one of the stored records; `xwalk records ACCOUNT RESOURCE` shows them too.".into(),
                _ => "Check the name.".into(),
            },
            Self::AlreadyExists { noun, .. } => format!("Choose another id for the new {noun}."),
            Self::HasDependents { dependents, .. } => format!("Remove its {dependents} first."),
            Self::InvalidName { .. } => "Choose a short id such as `acme-prod`.".into(),
            Self::BadBackup { .. } => {
                "Choose another backup; the settings and `xwalk backup list` name them.".into()
            }
            Self::OldSqlite(_) => "Use a build with SQLite 3.51.3 or later.".into(),
            Self::Sealed(error) => error.hint().into(),
            Self::File { .. } => {
                "Check that the folder exists, and that you may write there.".into()
            }
            Self::Database(_) => "Run `xwalk doctor`, and report this with what it prints.".into(),
            Self::Abandoned => {
                "Open the workspace again, and report it if it happens twice.".into()
            }
        }
    }

    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File { path, source },
        }
    }

    /// The same error for each of several writes that shared the commit it broke.
    pub(crate) fn shared(&self) -> Self {
        match self {
            Self::DiskFull => Self::DiskFull,
            Self::Busy => Self::Busy,
            Self::Corrupt(detail) => Self::Corrupt(detail.clone()),
            Self::Newer { found, known } => Self::Newer {
                found: *found,
                known: *known,
            },
            Self::Database(rusqlite::Error::SqliteFailure(failure, message)) => {
                Self::Database(rusqlite::Error::SqliteFailure(*failure, message.clone()))
            }
            _ => Self::Abandoned,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Database(error),
        }
    }
}

fn holder_words(holder: Option<&str>) -> String {
    holder
        .map(|holder| format!(" ({holder})"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_says_a_step_for_the_window_too() {
        let missing = ["tenant", "account", "run", "record", "pin"].map(|noun| Error::NotFound {
            noun,
            id: "x".to_owned(),
        });
        let backup = Error::BadBackup {
            name: "x".to_owned(),
            reason: "cut short".to_owned(),
        };
        for error in missing.iter().chain([&backup]) {
            let hint = error.hint();
            let step = hint.split(';').next().unwrap_or_default();
            assert!(step.starts_with("Ch") && !step.contains("xwalk"), "{hint}");
        }
    }
}
