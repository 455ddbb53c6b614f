//! The overview.

use crosswalk_console::{Fault, OverviewRow, OverviewTotals};
use tauri::State;

use crate::Shell;

/// Every account with its clocks, its last run and its headroom.
#[tauri::command]
#[specta::specta]
pub(crate) async fn overview(shell: State<'_, Shell>) -> Result<Vec<OverviewRow>, Fault> {
    let rows = shell.console()?.overview().await?;
    Ok(shell.audience().only(rows, |row| &row.tenant))
}

/// The figures at the overview's top.
#[tauri::command]
#[specta::specta]
pub(crate) async fn overview_totals(shell: State<'_, Shell>) -> Result<OverviewTotals, Fault> {
    let audience = shell.audience();
    shell.console()?.overview_totals(audience.tenant()).await
}
