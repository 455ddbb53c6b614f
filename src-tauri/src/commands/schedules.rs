//! What is synced by itself, and when customers want quiet.

use crosswalk_console::{Fault, QuietView, QuietWindowView, ScheduleInput, ScheduleView};
use tauri::State;

use crate::Shell;

/// An account's schedules.
#[tauri::command]
#[specta::specta]
pub(crate) async fn schedules(
    shell: State<'_, Shell>,
    account: String,
) -> Result<Vec<ScheduleView>, Fault> {
    let console = shell.console_of(&account).await?;
    console.schedules(Some(&account)).await
}

/// Sets how often a resource is synced by itself; without `schedule` no longer. Answers with the account's schedules.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_schedule(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    schedule: Option<ScheduleInput>,
) -> Result<Vec<ScheduleView>, Fault> {
    let console = shell.console_of(&account).await?;
    let schedule = schedule
        .as_ref()
        .map(|wanted| (wanted.mode.as_str(), wanted.every.as_str()));
    let set = console.set_schedule(&account, &resource, schedule).await;
    shell.waker.wake();
    set
}

/// When a tenant wants no scheduled syncs, and whether it does now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn quiet(shell: State<'_, Shell>, tenant: String) -> Result<QuietView, Fault> {
    shell.audience().admit(&tenant)?;
    shell.console()?.quiet(&tenant).await
}

/// Sets when a tenant wants no scheduled syncs; without windows they run at any time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_quiet(
    shell: State<'_, Shell>,
    tenant: String,
    windows: Vec<QuietWindowView>,
) -> Result<QuietView, Fault> {
    shell.audience().admit(&tenant)?;
    let set = shell.console()?.set_quiet(&tenant, &windows).await;
    shell.waker.wake();
    set
}
