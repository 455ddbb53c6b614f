//! Opens the window on a workspace.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![allow(
    clippy::disallowed_methods,
    reason = "tauri's context macro expands to a call of process::exit"
)]

use crosswalk::{Shell, builder, on_run_event, take_passphrase};
use crosswalk_console::ProcessGuard;

fn main() -> Result<(), tauri::Error> {
    // SAFETY: no other thread has been started.
    #[cfg(target_os = "linux")]
    unsafe {
        crosswalk::adapt();
    }
    // SAFETY: no other thread has been started.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    unsafe {
        crosswalk::spare();
    }
    // Before any secret is in memory; the processes that draw the window inherit that they leave no core dumps.
    ProcessGuard::raise();
    // SAFETY: no other thread has been started.
    let passphrase = unsafe { take_passphrase() };
    let app =
        builder(Shell::open_default(passphrase.as_ref())).build(tauri::generate_context!())?;
    app.run(|app, event| on_run_event(app, &event));
    Ok(())
}
