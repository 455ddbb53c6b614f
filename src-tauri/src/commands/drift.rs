//! What changed in the shape of an account's records.

use crosswalk_console::{Fault, ResourceDrift};
use tauri::State;

use crate::Shell;

/// What the last run of each resource showed otherwise than those before it, or of one with all its paths.
#[tauri::command]
#[specta::specta]
pub(crate) async fn drift(
    shell: State<'_, Shell>,
    account: String,
    resource: Option<String>,
) -> Result<Vec<ResourceDrift>, Fault> {
    let console = shell.console_of(&account).await?;
    console.drift(&account, resource.as_deref()).await
}
