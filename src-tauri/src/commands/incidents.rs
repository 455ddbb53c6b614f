//! Incidents and their checklists.

use crosswalk_console::{Fault, IncidentView};
use tauri::State;

use crate::Shell;

/// Every kind of incident with its checklist, and how far those are that go on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn incidents(shell: State<'_, Shell>) -> Result<Vec<IncidentView>, Fault> {
    shell.console_unless_called()?.incidents().await
}

/// Begins an incident, of one tenant where it is about one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_incident(
    shell: State<'_, Shell>,
    id: String,
    tenant: Option<String>,
) -> Result<(), Fault> {
    shell
        .console_unless_called()?
        .begin_incident(&id, tenant.as_deref())
        .await
}

/// Ticks a step off by hand, or takes that back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tick_incident(
    shell: State<'_, Shell>,
    id: String,
    step: String,
    done: bool,
) -> Result<(), Fault> {
    shell
        .console_unless_called()?
        .tick_incident(&id, &step, done)
        .await
}

/// Ends an incident.
#[tauri::command]
#[specta::specta]
pub(crate) async fn end_incident(shell: State<'_, Shell>, id: String) -> Result<(), Fault> {
    shell.console_unless_called()?.end_incident(&id).await
}
