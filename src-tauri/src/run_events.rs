//! Telling the window how a run gets on.

use std::sync::Arc;

use crosswalk_console::{ProgressListener, RunListener, RunProgress};
use specta::datatype::DataType;
use specta::function::FunctionArg;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{AppHandle, Emitter, Manager, Runtime};

use crate::Shell;

/// The event that tells how a run gets on; its payload is a [`RunProgress`].
pub(crate) const RUN_PROGRESS: &str = "run-progress";

/// Tells the window how runs get on, whosever they are. During another tenant's customer call it is not told.
pub(crate) fn to_window<R: Runtime>(app: &AppHandle<R>) -> RunListener {
    let app = app.clone();
    Arc::new(move |tenant: &str, progress: &RunProgress| {
        if app.state::<Shell>().audience().may_see(tenant) {
            // A window that is gone needs no progress.
            let _ = app.emit(RUN_PROGRESS, progress);
        }
    })
}

/// A command's way to tell the window how a run gets on. An argument the window does not give: a command that named
/// the application's handle would need the runtime's type, which the list of commands cannot pass on.
pub(crate) struct RunEvents(RunListener);

impl RunEvents {
    /// To be told by a sync of an account of `tenant`.
    pub(crate) fn listener(&self, tenant: String) -> ProgressListener {
        let tell = Arc::clone(&self.0);
        Arc::new(move |progress: &RunProgress| tell(&tenant, progress))
    }
}

impl<'de, R: Runtime> CommandArg<'de, R> for RunEvents {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        Ok(Self(to_window(command.message.webview_ref().app_handle())))
    }
}

impl FunctionArg for RunEvents {
    fn to_datatype(_: &mut specta::Types) -> Option<DataType> {
        None
    }
}
