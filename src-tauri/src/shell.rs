//! The application: its state, its commands and the types that cross to the window.

use std::path::PathBuf;

use crosswalk_console::{Console, Fault, Options};
use tauri::{Builder, Runtime, Wry};
use tauri_specta::collect_commands;

use crate::commands;

/// The console the window looks at, or why it could not be opened.
///
/// A workspace that cannot be opened does not keep the window shut: every command answers with
/// the reason, so that the user reads it where the user looks.
pub struct Shell(Result<Console, Fault>);

impl Shell {
    /// Opens the workspace in `folder`, creating it on first use.
    pub fn open(folder: PathBuf) -> Self {
        Self(Console::open(Options::new(folder)))
    }

    /// Opens the workspace of `XWALK_WORKSPACE`, else the one in the platform's data folder.
    pub fn open_default() -> Self {
        let folder = std::env::var_os("XWALK_WORKSPACE").map(PathBuf::from);
        Self(
            folder
                .map_or_else(Options::default_folder, Ok)
                .and_then(|folder| Console::open(Options::new(folder))),
        )
    }

    /// The console.
    ///
    /// # Errors
    /// Why the workspace could not be opened.
    pub(crate) fn console(&self) -> Result<&Console, Fault> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

/// Every command of the window with its types; the source of `ui/src/backend/bindings.ts`.
pub fn ipc<R: Runtime>() -> tauri_specta::Builder<R> {
    tauri_specta::Builder::<R>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            commands::workspace_info,
            commands::list_tenants,
            commands::list_accounts,
        ])
}

/// The application over `shell`, ready to run.
pub fn builder(shell: Shell) -> Builder<Wry> {
    let ipc = ipc::<Wry>();
    Builder::<Wry>::new()
        .manage(shell)
        .invoke_handler(ipc.invoke_handler())
}
