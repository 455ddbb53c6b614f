//! The audit: whether it is whole, and handing it out.

use crosswalk_console::{AuditFilter, AuditFormat, AuditVerdict, ExportedFile, Fault};
use tauri::State;

use crate::Shell;

/// Checks the whole chain and its anchor; with `against`, the text of an earlier export or report, that its rows are
/// still there. A broken chain is in the answer and no failure of the command.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_audit(
    shell: State<'_, Shell>,
    against: Option<String>,
) -> Result<AuditVerdict, Fault> {
    shell
        .console_unless_called()?
        .verify_audit(against.as_deref())
        .await
}

/// Writes the rows that pass a filter into a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_audit(
    shell: State<'_, Shell>,
    filter: AuditFilter,
    format: AuditFormat,
) -> Result<ExportedFile, Fault> {
    shell.unlocked().await?;
    shell
        .console_unless_called()?
        .export_audit_file(filter, format)
        .await
}
