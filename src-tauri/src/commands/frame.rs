//! The frame: which workspace is open, and the customer call.

use crosswalk_console::{Fault, WorkspaceInfo};
use tauri::State;

use crate::Shell;

/// Which workspace is open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn workspace_info(shell: State<'_, Shell>) -> Result<WorkspaceInfo, Fault> {
    shell.console()?.workspace_info().await
}

/// The tenant of the running customer call.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_mode(shell: State<'_, Shell>) -> Result<Option<String>, Fault> {
    Ok(shell.audience().tenant().map(str::to_owned))
}

/// Begins a customer call: from now on nothing of another tenant crosses to the window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn enter_call(shell: State<'_, Shell>, tenant: String) -> Result<(), Fault> {
    shell.enter_call(&tenant).await
}

/// Ends the customer call.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_call(shell: State<'_, Shell>) -> Result<(), Fault> {
    shell.leave_call();
    Ok(())
}
