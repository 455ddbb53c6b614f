//! The sandbox inside the window.

use crosswalk_console::{DemoSandbox, DemoTenants, Fault};
use tauri::State;

use crate::Shell;

/// The connector the stand-in instances speak like.
const STANDS_IN_FOR: &str = "coupa";

/// Adds three tenants with stand-in instances to this workspace, or starts them again, and connects them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_demo_sandbox(shell: State<'_, Shell>) -> Result<DemoTenants, Fault> {
    let console = shell.console_unless_called()?;
    console.start_demo_sandbox(STANDS_IN_FOR).await
}

/// Whether the stand-in instances run; null where no account is connected to one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn demo_sandbox(shell: State<'_, Shell>) -> Result<Option<DemoSandbox>, Fault> {
    shell.console()?.demo_sandbox().await
}
