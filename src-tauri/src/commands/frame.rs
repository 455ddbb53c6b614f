//! The frame: which workspace is open, and the customer call.

use crosswalk_console::{Fault, Hit, WorkspaceInfo};
use tauri::{AppHandle, Runtime, State};

use crate::{Shell, tray};

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
pub(crate) async fn enter_call<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    tenant: String,
) -> Result<(), Fault> {
    shell.enter_call(&tenant).await?;
    // The runner may be busy for minutes; what the tray counts is in sight now.
    tray::refresh(&app, shell.console()?).await;
    Ok(())
}

/// Ends the customer call.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_call<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<(), Fault> {
    shell.leave_call();
    if let Ok(console) = shell.console() {
        tray::refresh(&app, console).await;
    }
    Ok(())
}

/// Where a link or a notification led before the window listened; the window asks once it does.
#[tauri::command]
#[specta::specta]
pub(crate) async fn first_place(shell: State<'_, Shell>) -> Result<Option<String>, Fault> {
    Ok(shell.first_place().await)
}

/// What the window saved last; during a customer call only what is about its tenant.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ui_state(shell: State<'_, Shell>) -> Result<Option<String>, Fault> {
    shell.console()?.ui_state(shell.audience().tenant()).await
}

/// Saves what the window is to remember. During a customer call only what is about its tenant: the rest stays as it was
/// before the call, and comes back with its end.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_ui_state(shell: State<'_, Shell>, json: String) -> Result<(), Fault> {
    let audience = shell.audience();
    let console = shell.console()?;
    console.save_ui_state(audience.tenant(), json).await
}

/// What fits a text best, best first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search(shell: State<'_, Shell>, text: String) -> Result<Vec<Hit>, Fault> {
    shell
        .console()?
        .search(&text, shell.audience().tenant())
        .await
}

/// Opens a page of a provider's documentation in the browser; nothing but what a connector names is opened.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_external(shell: State<'_, Shell>, url: String) -> Result<(), Fault> {
    let page = shell.console()?.documentation_page(&url)?;
    open::that_detached(&page).map_err(|error| {
        Fault::failed(
            "no_browser",
            format!("No browser could be opened: {error}."),
            format!("Open it yourself: {page}"),
        )
    })
}
