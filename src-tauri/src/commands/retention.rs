//! How long an account's records are kept.

use crosswalk_console::{Fault, RetentionView};
use tauri::State;

use crate::Shell;

/// How long an account's records are kept; with `wanted`, what that would remove at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retention(
    shell: State<'_, Shell>,
    account: String,
    wanted: Option<String>,
) -> Result<RetentionView, Fault> {
    shell
        .console_of(&account)
        .await?
        .retention(&account, wanted.as_deref())
        .await
}

/// Sets how long an account's records are kept, and removes at once what is older.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_retention(
    shell: State<'_, Shell>,
    account: String,
    wanted: String,
) -> Result<RetentionView, Fault> {
    shell.unlocked().await?;
    let set = shell
        .console_of(&account)
        .await?
        .set_retention(&account, &wanted)
        .await;
    shell.waker.wake();
    set
}
