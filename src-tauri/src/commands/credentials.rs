//! What an account signs in with: looking at it, renewing it by hand, putting a new one in its place, and ending it.

use crosswalk_console::{
    AccountView, CredentialEvent, CredentialView, DeviceView, Fault, Forgotten, Secret, SignInView,
    TestReport,
};
use serde::Deserialize;
use specta::Type;
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};
use tokio_util::sync::CancellationToken;

use super::typed;
use crate::Shell;
use crate::events::{self, HealthChanged};

/// A new credential as it was typed.
#[derive(Deserialize, Type)]
pub(crate) struct NewSecret {
    /// Null: the client stays the same.
    client_id: Option<String>,
    secret: String,
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSecret")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

fn changed<R: Runtime>(app: &AppHandle<R>, shell: &Shell, account: String) {
    events::tell(
        app,
        &HealthChanged {
            accounts: vec![account],
        },
    );
    shell.waker.wake();
}

/// What an account signs in with, its clocks, and which of its scopes are needed and used.
#[tauri::command]
#[specta::specta]
pub(crate) async fn credentials(
    shell: State<'_, Shell>,
    account: String,
) -> Result<CredentialView, Fault> {
    shell
        .console_of(&account)
        .await?
        .credentials(&account)
        .await
}

/// What happened to an account and its credentials, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn credential_history(
    shell: State<'_, Shell>,
    account: String,
    limit: u32,
) -> Result<Vec<CredentialEvent>, Fault> {
    shell
        .console_of(&account)
        .await?
        .credential_history(&account, limit)
        .await
}

/// Puts a new secret in the old one's place once the provider has taken it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rotate_secret<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    account: String,
    input: NewSecret,
) -> Result<AccountView, Fault> {
    shell.unlocked().await?;
    let console = shell.console_of(&account).await?;
    let client_id = input
        .client_id
        .map(|id| id.trim().to_owned())
        .filter(|id| !id.is_empty());
    let secret = Secret::from(input.secret);
    let rotated = console
        .rotate_secret(&account, client_id, &secret, &CancellationToken::new())
        .await;
    changed(&app, &shell, account);
    rotated
}

/// Seals what comes from now on under a new key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rotate_keys(
    shell: State<'_, Shell>,
    account: String,
) -> Result<AccountView, Fault> {
    shell.unlocked().await?;
    shell
        .console_of(&account)
        .await?
        .rotate_keys(&account)
        .await
}

/// Ends the tokens at the provider where it can, and destroys the account's keys, secrets and records here. On
/// production `confirmed` is the account's id, typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn revoke_account<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    account: String,
    confirmed: Option<String>,
) -> Result<Forgotten, Fault> {
    shell.unlocked().await?;
    let console = shell.console_of(&account).await?;
    typed::confirmed(&console.account(&account).await?, confirmed.as_deref())?;
    let forgotten = console.revoke_and_forget(&account).await;
    changed(&app, &shell, account);
    forgotten
}

/// Begins a sign-in: opens the browser at the provider and listens for its return. Where no browser can be opened or
/// the machine cannot listen, the address is shown to be opened and pasted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_sign_in(
    shell: State<'_, Shell>,
    account: String,
    open_browser: bool,
) -> Result<SignInView, Fault> {
    shell.unlocked().await?;
    let console = shell.console_of(&account).await?;
    let begun = console.begin_sign_in(&account).await?;
    if open_browser && let Err(error) = open::that_detached(&begun.url) {
        tracing::warn!(%error, "no browser could be opened");
    }
    Ok(begun)
}

/// Waits for the end of a sign-in that was begun, and tests the connection.
#[tauri::command]
#[specta::specta]
pub(crate) async fn await_sign_in<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    account: String,
) -> Result<TestReport, Fault> {
    let console = shell.console_of(&account).await?;
    let ended = console
        .await_sign_in(&account, &CancellationToken::new())
        .await;
    changed(&app, &shell, account);
    Ok(ended?.report)
}

/// Takes the address the browser came back to, where this machine was not reached.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paste_redirect(
    shell: State<'_, Shell>,
    account: String,
    text: String,
) -> Result<(), Fault> {
    shell.unlocked().await?;
    shell
        .console_of(&account)
        .await?
        .paste_redirect(&account, &text)
}

/// Ends a sign-in that is under way, in the browser or on another device.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(shell: State<'_, Shell>, account: String) -> Result<(), Fault> {
    shell.console_of(&account).await?.cancel_sign_in(&account);
    Ok(())
}

/// Signs in with a code on another device: the code comes over the channel, the answer when somebody has typed it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_on_device<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    account: String,
    channel: Channel<DeviceView>,
) -> Result<TestReport, Fault> {
    shell.unlocked().await?;
    let console = shell.console_of(&account).await?;
    let show = |device: &DeviceView| {
        // A window that is gone needs no code.
        let _ = channel.send(device.clone());
    };
    let ended = console
        .sign_in_on_device(&account, show, &CancellationToken::new())
        .await;
    changed(&app, &shell, account);
    Ok(ended?.report)
}
