//! Tenants.

use crosswalk_console::{Fault, TenantChanges, TenantDetail, TenantSummary};
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

/// Removes a tenant without accounts.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_tenant(
    shell: State<'_, Shell>,
    id: String,
) -> Result<TenantSummary, Fault> {
    shell.console_unless_called()?.remove_tenant(&id).await
}

/// A tenant in full: what is known, its accounts, and how far its onboarding is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tenant(shell: State<'_, Shell>, id: String) -> Result<TenantDetail, Fault> {
    shell.audience().admit(&id)?;
    shell.console()?.tenant(&id).await
}

/// Changes what is known of a tenant.
#[tauri::command]
#[specta::specta]
pub(crate) async fn update_tenant(
    shell: State<'_, Shell>,
    id: String,
    changes: TenantChanges,
) -> Result<TenantSummary, Fault> {
    shell.audience().admit(&id)?;
    shell.console()?.update_tenant(&id, changes).await
}

/// Brings back a tenant that was removed without accounts since the window was opened.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_tenant(
    shell: State<'_, Shell>,
    id: String,
) -> Result<TenantSummary, Fault> {
    shell.console_unless_called()?.restore_tenant(&id).await
}

/// Ticks a step of the onboarding off by hand, or takes that back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mark_step(
    shell: State<'_, Shell>,
    tenant: String,
    step: String,
    done: bool,
) -> Result<(), Fault> {
    shell.audience().admit(&tenant)?;
    shell.console()?.mark_step(&tenant, &step, done).await
}

/// The tenant's report: a page of HTML without scripts, to print.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tenant_report(shell: State<'_, Shell>, id: String) -> Result<String, Fault> {
    shell.unlocked().await?;
    shell.audience().admit(&id)?;
    shell.console()?.tenant_report(&id).await
}
