//! Tables that mappings read.

use crosswalk_console::{
    EffectiveRows, ExportedText, Fault, SeedInput, SeededTable, TableChange, TableEdit, TableInput,
    TableRows, TableVersion, TableView, UnmappedKey, read_table,
};
use serde::Deserialize;
use specta::Type;
use tauri::State;
use tokio_util::sync::CancellationToken;

use crate::Shell;

/// Which table, as the window names it.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct WhichTable {
    /// `environment` or `account`.
    level: String,
    scope: String,
    name: String,
}

/// Which rows of it.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct Rows {
    offset: u32,
    limit: u32,
    /// Keys and values that hold this text; all with an empty one.
    filter: String,
}

fn place(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// During a customer call an environment is out of reach: it is shared with other tenants.
async fn console_at<'s>(
    shell: &'s State<'_, Shell>,
    which: &WhichTable,
) -> Result<&'s crosswalk_console::Console, Fault> {
    if which.level == "account" {
        shell.console_of(&which.scope).await
    } else {
        shell.console_unless_called()
    }
}

async fn edit(
    shell: &State<'_, Shell>,
    which: WhichTable,
    edit: TableEdit,
    note: Option<String>,
    dry_run: bool,
) -> Result<TableVersion, Fault> {
    let console = console_at(shell, &which).await?;
    console
        .change_table(TableInput {
            level: which.level,
            scope: which.scope,
            name: which.name,
            edit,
            note,
            dry_run,
        })
        .await
}

/// An account's own tables and those of its environment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tables(
    shell: State<'_, Shell>,
    account: String,
) -> Result<Vec<TableView>, Fault> {
    let console = shell.console_of(&account).await?;
    let mut tables = console.tables(Some(("account", &account))).await?;
    if let Some(environment) = console.account(&account).await?.environment {
        tables.extend(console.tables(Some(("environment", &environment))).await?);
    }
    Ok(tables)
}

/// A part of a table of one level.
#[tauri::command]
#[specta::specta]
pub(crate) async fn table_rows(
    shell: State<'_, Shell>,
    which: WhichTable,
    rows: Rows,
) -> Result<TableRows, Fault> {
    let console = console_at(&shell, &which).await?;
    console
        .table_rows(
            &which.level,
            &which.scope,
            &which.name,
            place(rows.offset),
            place(rows.limit),
            &rows.filter,
        )
        .await
}

/// Where a key stands among all entries of a table of one level, from 0; null where the level says nothing of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn table_place(
    shell: State<'_, Shell>,
    which: WhichTable,
    key: String,
) -> Result<Option<u32>, Fault> {
    let console = console_at(&shell, &which).await?;
    console
        .table_place(&which.level, &which.scope, &which.name, &key)
        .await
}

/// A part of a table in force for an account.
#[tauri::command]
#[specta::specta]
pub(crate) async fn effective_table(
    shell: State<'_, Shell>,
    account: String,
    name: String,
    rows: Rows,
) -> Result<EffectiveRows, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .effective_table(
            &account,
            &name,
            place(rows.offset),
            place(rows.limit),
            &rows.filter,
        )
        .await
}

/// Writes entries: a version.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_table(
    shell: State<'_, Shell>,
    which: WhichTable,
    changes: Vec<TableChange>,
    note: Option<String>,
) -> Result<TableVersion, Fault> {
    edit(&shell, which, TableEdit::Change(changes), note, false).await
}

/// Every version of a table, the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn table_history(
    shell: State<'_, Shell>,
    which: WhichTable,
) -> Result<Vec<TableVersion>, Fault> {
    let console = console_at(&shell, &which).await?;
    console
        .table_history(&which.level, &which.scope, &which.name)
        .await
}

/// Brings a version back: a new one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_table(
    shell: State<'_, Shell>,
    which: WhichTable,
    version: u32,
    note: Option<String>,
) -> Result<TableVersion, Fault> {
    let back = TableEdit::Restore(u64::from(version));
    edit(&shell, which, back, note, false).await
}

/// Brings CSV in, or says what it would change.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_table(
    shell: State<'_, Shell>,
    which: WhichTable,
    csv: String,
    replace: bool,
    dry_run: bool,
    note: Option<String>,
) -> Result<TableVersion, Fault> {
    let entries = read_table(&csv)?;
    let import = TableEdit::Import { entries, replace };
    edit(&shell, which, import, note, dry_run).await
}

/// A table of one level as CSV.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_table(
    shell: State<'_, Shell>,
    which: WhichTable,
) -> Result<ExportedText, Fault> {
    shell.unlocked().await?;
    let console = console_at(&shell, &which).await?;
    let (exported, _) = console
        .export_table(&which.level, &which.scope, &which.name)
        .await?;
    Ok(exported)
}

/// Keys that stored records meet and no table has.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unmapped_keys(
    shell: State<'_, Shell>,
    account: String,
    table: Option<String>,
) -> Result<Vec<UnmappedKey>, Fault> {
    let console = shell.console_of(&account).await?;
    console
        .unmapped_keys(&account, table.as_deref(), &CancellationToken::new())
        .await
}

/// Puts entries from stored records into an account's table.
#[tauri::command]
#[specta::specta]
pub(crate) async fn seed_table(
    shell: State<'_, Shell>,
    account: String,
    name: String,
    resource: String,
    key_path: String,
    value_path: Option<String>,
    dry_run: bool,
) -> Result<SeededTable, Fault> {
    let console = shell.console_of(&account).await?;
    let input = SeedInput {
        account,
        name,
        resource,
        key: key_path,
        value: value_path,
        unmapped: false,
        dry_run,
        note: None,
    };
    console.seed_table(input, &CancellationToken::new()).await
}
