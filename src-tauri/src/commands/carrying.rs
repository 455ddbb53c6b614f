//! Carrying overrides elsewhere: bundles, copies, promotion, and two accounts side by side.

use crosswalk_console::{
    AccountComparison, ChangeReport, Choice, CopyInput, Destination, ExportedText, Fault,
    ImportInput,
};
use tauri::State;

use super::mapping::console_at;
use crate::Shell;

/// The overrides and tables of one level as YAML.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_bundle(
    shell: State<'_, Shell>,
    level: String,
    scope: String,
) -> Result<ExportedText, Fault> {
    shell.unlocked().await?;
    let console = console_at(&shell, &level, &scope).await?;
    console.export_bundle(&level, &scope, None).await
}

/// Brings a bundle in, or says what it would change.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_bundle(
    shell: State<'_, Shell>,
    level: String,
    scope: String,
    text: String,
    dry_run: bool,
    partial: bool,
    note: Option<String>,
) -> Result<ChangeReport, Fault> {
    let console = console_at(&shell, &level, &scope).await?;
    console
        .import_bundle(ImportInput {
            level,
            scope,
            text,
            dry_run,
            partial,
            note,
        })
        .await
}

/// The effective mapping as one JSONata document.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_jsonata(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: Option<String>,
) -> Result<ExportedText, Fault> {
    shell.unlocked().await?;
    let console = shell.console_of(&account).await?;
    console
        .export_jsonata(&account, &model, resource.as_deref())
        .await
}

/// Copies an account's overrides to other accounts, or says what would change.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_overrides(
    shell: State<'_, Shell>,
    account: String,
    to: Vec<String>,
    choice: Choice,
    dry_run: bool,
    note: Option<String>,
) -> Result<ChangeReport, Fault> {
    for other in &to {
        shell.console_of(other).await?;
    }
    let to = Destination::Accounts(to);
    carry(&shell, account, to, choice, dry_run, note).await
}

/// Promotes an account's overrides to its environment. Out of reach during a customer call.
#[tauri::command]
#[specta::specta]
pub(crate) async fn promote_overrides(
    shell: State<'_, Shell>,
    account: String,
    choice: Choice,
    dry_run: bool,
    note: Option<String>,
) -> Result<ChangeReport, Fault> {
    shell.console_unless_called()?;
    let to = Destination::Environment;
    carry(&shell, account, to, choice, dry_run, note).await
}

/// Promotes an account's overrides to its twin.
#[tauri::command]
#[specta::specta]
pub(crate) async fn promote_to_twin(
    shell: State<'_, Shell>,
    account: String,
    choice: Choice,
    dry_run: bool,
    note: Option<String>,
) -> Result<ChangeReport, Fault> {
    carry(&shell, account, Destination::Twin, choice, dry_run, note).await
}

async fn carry(
    shell: &State<'_, Shell>,
    account: String,
    to: Destination,
    choice: Choice,
    dry_run: bool,
    note: Option<String>,
) -> Result<ChangeReport, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .copy_overrides(CopyInput {
            account,
            to,
            choice,
            dry_run,
            note,
        })
        .await
}

/// Two accounts side by side.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_accounts(
    shell: State<'_, Shell>,
    a: String,
    b: String,
) -> Result<AccountComparison, Fault> {
    shell.console_of(&a).await?;
    let console = shell.console_of(&b).await?;
    console.compare_accounts(&a, &b).await
}

/// The same tenant's account of the other kind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn twin(shell: State<'_, Shell>, account: String) -> Result<String, Fault> {
    shell.console_of(&account).await?.twin(&account).await
}
