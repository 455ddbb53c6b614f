//! Telling the window how a run gets on.

use std::sync::Arc;

use crosswalk_console::{ProgressListener, RunProgress};
use specta::datatype::DataType;
use specta::function::FunctionArg;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{Emitter, Manager, Runtime};

use crate::Shell;

/// The event that tells how a run gets on; its payload is a [`RunProgress`].
pub(crate) const RUN_PROGRESS: &str = "run-progress";

/// Tells the window of a run of a tenant.
type Tell = Arc<dyn Fn(&str, &RunProgress) + Send + Sync>;

/// A command's way to tell the window how a run gets on. An argument the window does not give: a command that named
/// the application's handle would need the runtime's type, which the list of commands cannot pass on.
pub(crate) struct RunEvents(Tell);

impl RunEvents {
    /// To be told by a sync of an account of `tenant`. During another tenant's customer call the window is not told.
    pub(crate) fn listener(&self, tenant: String) -> ProgressListener {
        let tell = Arc::clone(&self.0);
        Arc::new(move |progress: &RunProgress| tell(&tenant, progress))
    }
}

impl<'de, R: Runtime> CommandArg<'de, R> for RunEvents {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let app = command.message.webview_ref().app_handle().clone();
        Ok(Self(Arc::new(move |tenant, progress| {
            if app.state::<Shell>().audience().may_see(tenant) {
                // A window that is gone needs no progress.
                let _ = app.emit(RUN_PROGRESS, progress);
            }
        })))
    }
}

impl FunctionArg for RunEvents {
    fn to_datatype(_: &mut specta::Types) -> Option<DataType> {
        None
    }
}
