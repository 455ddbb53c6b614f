//! One record, raw and unified.

use crosswalk_console::{Compared, Fault, RawPage, RawQuery};
use tauri::State;

use crate::Shell;
use crate::raw_bytes::RawBytes;

/// Some rows of a raw record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn raw_page(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    id: String,
    query: RawQuery,
) -> Result<RawPage, Fault> {
    shell
        .console_of(&account)
        .await?
        .raw_page(&account, &resource, &id, query)
        .await
}

/// A value of a raw record. Revealing what is masked is audited, and refused while a customer looks on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn raw_value(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    id: String,
    path: String,
    reveal: bool,
) -> Result<String, Fault> {
    if reveal {
        shell.unlocked().await?;
        shell.console_unless_called()?;
    }
    shell
        .console_of(&account)
        .await?
        .raw_value(&account, &resource, &id, &path, reveal)
        .await
}

/// A record as received, with what is masked replaced, as raw bytes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn raw_body(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    id: String,
) -> Result<RawBytes, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .raw_body(&account, &resource, &id)
        .await
        .map(RawBytes)
}

/// One value of a record as a model sees it, whole. What comes from masked values is replaced.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unified_value(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    id: String,
    model: String,
    field: String,
) -> Result<String, Fault> {
    shell
        .console_of(&account)
        .await?
        .unified_value(&account, &resource, &id, &model, &field)
        .await
}

/// A record as a model sees it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_record(
    shell: State<'_, Shell>,
    account: String,
    resource: String,
    id: String,
    model: String,
) -> Result<Compared, Fault> {
    shell
        .console_of(&account)
        .await?
        .compare_record(&account, &resource, &id, &model)
        .await
}
