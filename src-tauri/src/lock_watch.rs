//! Tells the window when the idle lock falls, so that what was revealed is hidden without anybody asking for anything.

use std::time::Duration;

use tauri::{AppHandle, Manager, Runtime};

use crate::Shell;
use crate::events::{self, LockChanged};

/// How late the window may hear of it. What the lock covers is refused at once in any case.
#[cfg(feature = "test-clock")]
const LOOK_EVERY: Duration = Duration::from_millis(200);
#[cfg(not(feature = "test-clock"))]
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Runs until the program ends.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut told = false;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let shell = app.state::<Shell>();
            // A workspace that cannot be opened or read says so on every screen.
            let Ok(state) = shell.lock_state().await else {
                continue;
            };
            if state.locked != told {
                told = state.locked;
                events::tell(
                    &app,
                    &LockChanged {
                        locked: state.locked,
                    },
                );
            }
        }
    });
}
