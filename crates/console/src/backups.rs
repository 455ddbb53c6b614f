//! Copies of the workspace. A vault's file is never in one.

use crosswalk_workspace::OpenOptions;
use crosswalk_workspace::backup::{self, Backup, Reason};
use serde::Serialize;

use crate::views::BackupView;
use crate::{Console, Fault, Options};

fn view(backup: Backup) -> BackupView {
    BackupView {
        name: backup.name,
        created_at: backup.at,
        bytes: backup.bytes,
        reason: backup.reason.to_string(),
    }
}

impl Console {
    /// Takes a verified backup now.
    ///
    /// # Errors
    /// `disk_full`, `workspace_corrupt`.
    pub async fn create_backup(&self) -> Result<BackupView, Fault> {
        Ok(view(self.workspace().back_up(Reason::Manual).await?))
    }

    /// The backups there are, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn backups(&self) -> Result<Vec<BackupView>, Fault> {
        Ok(backup::list(self.workspace().folder())?
            .into_iter()
            .map(view)
            .collect())
    }
}

/// A backup that was put in the workspace's place.
#[derive(Clone, Debug, Serialize)]
pub struct RestoredBackup {
    #[serde(flatten)]
    pub backup: BackupView,
    /// What the user should know, such as a keyring that was locked.
    pub notes: Vec<String>,
}

/// Puts a backup in the workspace's place; the present one is backed up first. The workspace is not open meanwhile.
///
/// # Errors
/// `not_found`, `backup_invalid`, `workspace_in_use`.
pub async fn restore_backup(options: &Options, name: &str) -> Result<RestoredBackup, Fault> {
    let folder = crosswalk_workspace::Folder::new(&options.folder);
    let found = backup::list(&folder)?
        .into_iter()
        .find(|backup| backup.name == name);
    backup::restore(&folder, name, &OpenOptions::new(env!("CARGO_PKG_VERSION")))?;
    // The chain is another one now, and its last row says why.
    let unanchored = Console::open(options.clone())?.anchor_restored().await?;
    let notes = unanchored.map(|fault| {
        format!(
            "The audit is not anchored anew yet. {} The next command tries again.",
            fault.message
        )
    });
    let backup = found.map(view).ok_or_else(|| {
        Fault::invalid(
            "not_found",
            format!("There is no backup {name}."),
            "Choose one from the list of backups; `xwalk backup list` shows it too.",
        )
    })?;
    Ok(RestoredBackup {
        backup,
        notes: notes.into_iter().collect(),
    })
}
