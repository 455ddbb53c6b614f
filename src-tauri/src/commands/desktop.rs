//! What the desktop offers: starting with the session, the tray, leaving, the diagnostics bundle.

use crosswalk_console::{CloseChoice, DiagnosticsBundle, Fault};
use tauri::{AppHandle, Manager, Runtime, State};
use tauri_plugin_autostart::AutoLaunchManager;

use crate::{Shell, close};

fn autostart_failed(why: impl std::fmt::Display) -> Fault {
    Fault::failed(
        "autostart_failed",
        format!("Starting with the session cannot be changed here: {why}."),
        "Add Crosswalk to the programs your desktop starts by itself.",
    )
}

/// Whether Crosswalk starts with the session.
#[tauri::command]
#[specta::specta]
pub(crate) async fn autostart<R: Runtime>(app: AppHandle<R>) -> Result<bool, Fault> {
    app.try_state::<AutoLaunchManager>()
        .ok_or_else(|| autostart_failed("this desktop does not say"))?
        .is_enabled()
        .map_err(autostart_failed)
}

/// Makes Crosswalk start with the session, hidden in the tray, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_autostart<R: Runtime>(app: AppHandle<R>, on: bool) -> Result<(), Fault> {
    let autostart = app
        .try_state::<AutoLaunchManager>()
        .ok_or_else(|| autostart_failed("this desktop does not say"))?;
    if on {
        autostart.enable()
    } else {
        autostart.disable()
    }
    .map_err(autostart_failed)
}

/// What closing the window means.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_choice(shell: State<'_, Shell>) -> Result<CloseChoice, Fault> {
    shell.console()?.close_choice_now()
}

/// Remembers what closing the window means.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_close_choice(
    shell: State<'_, Shell>,
    choice: CloseChoice,
) -> Result<(), Fault> {
    shell.console()?.set_close_choice(choice).await
}

/// Hides the window; what is planned goes on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hide_window<R: Runtime>(app: AppHandle<R>) -> Result<(), Fault> {
    close::hide(&app);
    Ok(())
}

/// Ends the program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn quit<R: Runtime>(app: AppHandle<R>) -> Result<(), Fault> {
    app.exit(0);
    Ok(())
}

/// Writes the diagnostics bundle: logs, what works here, versions. The logs may name any tenant.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnostics_bundle(
    shell: State<'_, Shell>,
) -> Result<DiagnosticsBundle, Fault> {
    shell.unlocked().await?;
    shell.console_unless_called()?.diagnostics_bundle().await
}
