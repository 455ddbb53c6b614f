//! The request side of a mapping: what each filter of a model asks the provider for. An override of it is saved, taken
//! back and restored as one of a field is.

use crosswalk_console::{Fault, FilterDraft, FilterRow, FilterTried};
use tauri::State;

use crate::Shell;

/// Every filter of a model with its levels, also those the provider is not asked by.
#[tauri::command]
#[specta::specta]
pub(crate) async fn filter_table(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: String,
) -> Result<Vec<FilterRow>, Fault> {
    shell
        .console_of(&account)
        .await?
        .filter_table(&account, &model, Some(&resource))
        .await
}

/// What a draft of a filter would ask the provider for with a value; nothing is sent.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_filter(
    shell: State<'_, Shell>,
    account: String,
    model: String,
    resource: String,
    field: String,
    expression: String,
    typed: String,
) -> Result<FilterTried, Fault> {
    let draft = FilterDraft {
        account: account.clone(),
        model,
        resource: Some(resource),
        filter: field,
        expression,
        value: typed,
    };
    shell.console_of(&account).await?.try_filter(draft).await
}
