//! The calls that were made, and sending one again.

use crosswalk_console::{CallDetail, CallPage, CallQuery, Console, Fault};
use tauri::State;
use tokio_util::sync::CancellationToken;

use crate::Shell;

/// Calls, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn calls(
    shell: State<'_, Shell>,
    account: Option<String>,
    query: CallQuery,
) -> Result<CallPage, Fault> {
    let console = match &account {
        Some(account) => shell.console_of(account).await?,
        None => shell.console()?,
    };
    console
        .calls(account.as_deref(), shell.audience().tenant(), query)
        .await
}

/// A call as it was audited.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call(shell: State<'_, Shell>, seq: u32) -> Result<CallDetail, Fault> {
    let seq = u64::from(seq);
    console_of_call(&shell, seq).await?.call(seq).await
}

/// Sends a read again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn replay_call(shell: State<'_, Shell>, seq: u32) -> Result<CallDetail, Fault> {
    let seq = u64::from(seq);
    console_of_call(&shell, seq)
        .await?
        .replay_call(seq, &CancellationToken::new())
        .await
}

/// The console, for one call: during a customer call another tenant's does not exist.
async fn console_of_call(shell: &Shell, seq: u64) -> Result<&Console, Fault> {
    let console = shell.console()?;
    let audience = shell.audience();
    if audience.tenant().is_some() {
        let tenant = audience.found(console.tenant_of_call(seq).await, "call")?;
        audience.admit_to(tenant.as_deref(), "call")?;
    }
    Ok(console)
}
