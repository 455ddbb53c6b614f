//! Settings, what works on this machine, and backups.

use crosswalk_console::{BackupView, DoctorCheck, Fault, SettingView};
use tauri::State;

use crate::Shell;

/// Every setting with its value.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(shell: State<'_, Shell>) -> Result<Vec<SettingView>, Fault> {
    shell.console()?.settings().await
}

/// Changes a setting; null: back to the default.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_setting(
    shell: State<'_, Shell>,
    key: String,
    value: Option<String>,
) -> Result<(), Fault> {
    // Else the lock could be taken off by turning it off.
    shell.unlocked().await?;
    shell.console()?.set_setting(&key, value.as_deref()).await
}

/// What works on this machine, and what does not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn doctor(shell: State<'_, Shell>) -> Result<Vec<DoctorCheck>, Fault> {
    Ok(shell.console()?.examine().await)
}

/// Takes a verified backup now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_backup(shell: State<'_, Shell>) -> Result<BackupView, Fault> {
    shell.console()?.create_backup().await
}

/// The backups there are, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backups(shell: State<'_, Shell>) -> Result<Vec<BackupView>, Fault> {
    shell.console()?.backups()
}
