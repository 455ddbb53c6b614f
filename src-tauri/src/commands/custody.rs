//! The custody list and the security report: what leaves the machine as a page.

use crosswalk_console::{ExportedFile, Fault};
use jiff::Timestamp;
use tauri::State;

use crate::Shell;

/// Writes the list of whose credentials this machine holds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_custody(shell: State<'_, Shell>) -> Result<ExportedFile, Fault> {
    shell.unlocked().await?;
    let exported = shell.console_unless_called()?.export_custody().await;
    shell.waker.wake();
    exported
}

/// When the list was last written; null: never.
#[tauri::command]
#[specta::specta]
pub(crate) async fn custody_written_at(
    shell: State<'_, Shell>,
) -> Result<Option<Timestamp>, Fault> {
    shell.console()?.custody_written_at().await
}

/// The tenant's security report: a page of HTML without scripts, to print.
#[tauri::command]
#[specta::specta]
pub(crate) async fn security_report(shell: State<'_, Shell>, id: String) -> Result<String, Fault> {
    shell.unlocked().await?;
    shell.audience().admit(&id)?;
    shell.console()?.security_report(&id).await
}

/// Writes the tenant's security report into a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_security_report(
    shell: State<'_, Shell>,
    id: String,
) -> Result<ExportedFile, Fault> {
    shell.unlocked().await?;
    shell.audience().admit(&id)?;
    shell.console()?.export_security_report(&id).await
}
