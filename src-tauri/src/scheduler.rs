//! What goes on while the window is open or closed to the tray: the sandbox's instances come back, and the tray shows how
//! things stand.

use std::time::Duration;

use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::Notify;

use crate::{Shell, tray};

/// How often the tray is looked at again without anybody asking: clocks pass their marks by themselves.
const REST: Duration = Duration::from_secs(60);

/// Wakes the scheduler: something was changed that may show.
#[derive(Debug, Default)]
pub(crate) struct Waker(Notify);

impl Waker {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Runs until the program ends.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) {
    let Ok(console) = app.state::<Shell>().console().cloned() else {
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(fault) = console.resume_demo_sandbox().await {
            tracing::warn!(code = fault.code, "{}", fault.message);
        }
        loop {
            tray::refresh(&app, &console).await;
            let shell = app.state::<Shell>();
            tokio::select! {
                () = tokio::time::sleep(REST) => {}
                () = shell.waker.0.notified() => {}
            }
        }
    });
}
