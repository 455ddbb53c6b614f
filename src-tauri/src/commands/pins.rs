//! Pins: results that later mappings are held against.

use crosswalk_console::{Fault, PinCheck, PinView};
use tauri::State;

use crate::Shell;

/// Pins what the mapping makes of a stored record now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pin_record(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
    id: String,
    note: Option<String>,
) -> Result<PinView, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .pin(&account, &model, resource.as_deref(), &id, note.as_deref())
        .await
}

/// Takes a pin away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unpin_record(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
    id: String,
) -> Result<PinView, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .unpin(&account, &model, resource.as_deref(), &id)
        .await
}

/// An account's pins.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pins(
    shell: State<'_, Shell>,
    account: String,
    model: Option<String>,
) -> Result<Vec<PinView>, Fault> {
    let console = shell.console_of(&account).await?;
    console.pins(&account, model.as_deref()).await
}

/// Holds an account's pins against the mappings in force.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_pins(
    shell: State<'_, Shell>,
    account: String,
    model: Option<String>,
) -> Result<PinCheck, Fault> {
    let console = shell.console_of(&account).await?;
    console.check_pins(&account, model.as_deref()).await
}
