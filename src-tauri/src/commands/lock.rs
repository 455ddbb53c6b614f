//! The idle lock.

use crosswalk_console::{Fault, Secret};
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Runtime, State};

use crate::Shell;
use crate::events::{self, LockChanged};

/// Where the idle lock stands.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct LockState {
    pub(crate) locked: bool,
    /// Minutes without input after which it locks; null: never.
    pub(crate) minutes: Option<u32>,
    /// What opens it: `passphrase`, or `word` where the system's keyring holds the secrets.
    pub(crate) by: String,
}

/// Where the idle lock stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_state(shell: State<'_, Shell>) -> Result<LockState, Fault> {
    shell.lock_state().await
}

/// Notes that somebody is at the window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn touch(shell: State<'_, Shell>) -> Result<(), Fault> {
    shell.touch().await
}

/// Locks the window now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_window<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
) -> Result<LockState, Fault> {
    shell.lock();
    // What was revealed goes at once, not when the lock is looked at next.
    events::tell(&app, &LockChanged { locked: true });
    shell.lock_state().await
}

/// Opens the lock: with the vault's passphrase, or, where the secrets are in the system's keyring, with the word and
/// that keyring answering.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_window<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    answer: String,
) -> Result<LockState, Fault> {
    shell.unlock(Secret::from(answer)).await?;
    events::tell(&app, &LockChanged { locked: false });
    shell.lock_state().await
}
