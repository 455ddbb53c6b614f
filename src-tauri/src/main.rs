//! Opens the window on a workspace.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![allow(
    clippy::disallowed_methods,
    reason = "tauri's context macro expands to a call of process::exit"
)]

use crosswalk::{Shell, builder};

fn main() -> Result<(), tauri::Error> {
    #[cfg(target_os = "linux")]
    crosswalk::adapt();
    builder(Shell::open_default()).run(tauri::generate_context!())
}
