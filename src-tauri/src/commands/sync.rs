//! Syncs that run in the background, and the runs there were.

use crosswalk_console::{
    CallPage, Fault, QuietNow, ResumeOptions, RunDetail, RunFilter, RunView, SyncOptions,
};
use tauri::State;

use crate::Shell;
use crate::run_events::RunEvents;

/// Begins a sync and answers with its run; how it gets on is told by the event `run-progress`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_sync(
    events: RunEvents,
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    options: SyncOptions,
) -> Result<String, Fault> {
    if options.mark_exported {
        shell.unlocked().await?;
    }
    let console = shell.console_of(&account).await?;
    let tenant = console.account(&account).await?.tenant;
    console
        .start_sync(&account, &resource, options, events.listener(tenant))
        .await
}

/// Takes a run up again as it was asked for, and answers with it. One that marks records has the tenant's id typed anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_sync(
    events: RunEvents,
    shell: State<'_, Shell>,
    run: String,
    options: ResumeOptions,
) -> Result<String, Fault> {
    let console = shell.console_of_run(&run).await?;
    let kept = console.resumption(&run).await?;
    if kept.and_then(|kept| kept.marks).or(options.mark_exported) == Some(true) {
        shell.unlocked().await?;
    }
    let account = console.account_of_run(&run).await?;
    let tenant = console.account(&account).await?.tenant;
    console
        .resume_sync(&run, options, events.listener(tenant))
        .await
}

/// Whether the account's tenant wants quiet now, and until when; null: it does not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn quiet_now(
    shell: State<'_, Shell>,
    account: String,
) -> Result<Option<QuietNow>, Fault> {
    let console = shell.console_of(&account).await?;
    let tenant = console.account(&account).await?.tenant;
    console.quiet_now(&tenant).await
}

/// Pauses a sync, to be taken up again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_sync(shell: State<'_, Shell>, run: String) -> Result<(), Fault> {
    shell.console_of_run(&run).await?.pause_sync(&run).await
}

/// Cancels a sync. What it stored stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sync(shell: State<'_, Shell>, run: String) -> Result<(), Fault> {
    shell.console_of_run(&run).await?.cancel_sync(&run).await
}

/// Runs, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn runs(
    shell: State<'_, Shell>,
    filter: RunFilter,
) -> Result<Vec<RunView>, Fault> {
    let console = match &filter.account {
        Some(account) => shell.console_of(account).await?,
        None => shell.console()?,
    };
    console.recent_runs(filter, shell.audience().tenant()).await
}

/// One run, its errors grouped by cause, and its log.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run(shell: State<'_, Shell>, id: String) -> Result<RunDetail, Fault> {
    shell.console_of_run(&id).await?.run(&id).await
}

/// The calls of a run, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_calls(
    shell: State<'_, Shell>,
    run: String,
    offset: u32,
    limit: u32,
) -> Result<CallPage, Fault> {
    shell
        .console_of_run(&run)
        .await?
        .run_calls(&run, u64::from(offset), limit)
        .await
}
