//! Tenants.

use crosswalk_console::{Fault, TenantSummary};
use tauri::State;

use crate::Shell;

/// Every tenant of the workspace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_tenants(shell: State<'_, Shell>) -> Result<Vec<TenantSummary>, Fault> {
    let tenants = shell.console()?.tenants().await?;
    Ok(shell.audience().only(tenants, |tenant| &tenant.id))
}

/// Adds a tenant.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_tenant(
    shell: State<'_, Shell>,
    id: String,
    name: String,
    region: Option<String>,
) -> Result<TenantSummary, Fault> {
    let (name, region) = (name.trim(), region.as_deref().map(str::trim));
    shell
        .console_unless_called()?
        .add_tenant(
            id.trim(),
            Some(name).filter(|name| !name.is_empty()),
            region.filter(|region| !region.is_empty()),
        )
        .await
}

/// Removes a tenant with all its accounts.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_tenant(
    shell: State<'_, Shell>,
    id: String,
) -> Result<TenantSummary, Fault> {
    shell.console_unless_called()?.remove_tenant(&id).await
}
