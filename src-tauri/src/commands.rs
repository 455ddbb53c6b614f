//! What the window can ask for. Each command is one call of the console.

use crosswalk_console::{AccountSummary, Fault, TenantSummary, WorkspaceInfo};
use tauri::State;

use crate::Shell;

/// Which workspace is open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn workspace_info(shell: State<'_, Shell>) -> Result<WorkspaceInfo, Fault> {
    Ok(shell.console()?.workspace_info())
}

/// Every tenant of the workspace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_tenants(shell: State<'_, Shell>) -> Result<Vec<TenantSummary>, Fault> {
    shell.console()?.tenants().await
}

/// Every account of the workspace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_accounts(shell: State<'_, Shell>) -> Result<Vec<AccountSummary>, Fault> {
    shell.console()?.account_summaries().await
}
