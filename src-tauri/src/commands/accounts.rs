//! Accounts: adding, changing and connecting them.

use crosswalk_console::{
    AccountInput, AccountSummary, AccountView, Fault, LiveStep, NewAccountInput, TestReport,
};
use tauri::State;
use tauri::ipc::Channel;
use tokio_util::sync::CancellationToken;

use super::typed;
use crate::Shell;

/// Every account of the workspace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_accounts(shell: State<'_, Shell>) -> Result<Vec<AccountSummary>, Fault> {
    let accounts = shell.console()?.account_summaries().await?;
    Ok(shell.audience().only(accounts, |account| &account.tenant))
}

/// One account.
#[tauri::command]
#[specta::specta]
pub(crate) async fn account(shell: State<'_, Shell>, id: String) -> Result<AccountView, Fault> {
    shell.console_of(&id).await?.account(&id).await
}

/// Adds an account.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_account(
    shell: State<'_, Shell>,
    input: NewAccountInput,
) -> Result<AccountView, Fault> {
    shell.unlocked().await?;
    shell.audience().admit(&input.tenant)?;
    shell.console()?.add_account_of(input).await
}

/// Changes an account's settings, scopes or credential.
#[tauri::command]
#[specta::specta]
pub(crate) async fn update_account(
    shell: State<'_, Shell>,
    id: String,
    input: AccountInput,
) -> Result<AccountView, Fault> {
    shell.unlocked().await?;
    shell
        .console_of(&id)
        .await?
        .update_account_of(&id, input)
        .await
}

/// Removes an account and everything that hangs on it: records, credentials, mappings. On production `confirmed` is the
/// account's id, typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_account(
    shell: State<'_, Shell>,
    id: String,
    confirmed: Option<String>,
) -> Result<AccountView, Fault> {
    shell.unlocked().await?;
    let console = shell.console_of(&id).await?;
    typed::confirmed(&console.account(&id).await?, confirmed.as_deref())?;
    console.remove_account(&id).await
}

/// Tries an account's connection, telling each step as it begins and as it is done. A connection that does not work
/// is no error of the command: the report says what is wrong.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect(
    shell: State<'_, Shell>,
    account: String,
    channel: Channel<LiveStep>,
) -> Result<TestReport, Fault> {
    let console = shell.console_of(&account).await?;
    let tell = |step: LiveStep| {
        // A window that is gone needs no steps.
        let _ = channel.send(step);
    };
    let tested = console
        .test_account_telling(&account, &tell, &CancellationToken::new())
        .await?;
    Ok(tested.report)
}

/// Fetches a new token now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_token(
    shell: State<'_, Shell>,
    account: String,
) -> Result<AccountView, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .renew_token(&account, &CancellationToken::new())
        .await
}
