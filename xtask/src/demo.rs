//! `cargo xtask demo`: from a fresh machine to a connected account, its records raw and unified.

use std::path::Path;
use std::process::Command;

use crate::setup;
use crate::step::{self, command, output};

/// True if a window could be shown.
fn display() -> bool {
    cfg!(any(target_os = "macos", target_os = "windows"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn run_shown(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?} ended with {status}"))
    }
}

/// Builds `xwalk`, runs its demo, and opens the window on the demo's workspace where there is a display.
///
/// # Errors
/// What failed, in the words of the program that failed.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<(), String> {
    setup::run(root, setup::Need::Build)?;
    eprintln!("Building (the first time takes some minutes)");
    output(&mut command(
        root,
        "cargo build --package crosswalk-cli --package crosswalk-mapping",
    ))?;
    let window = display() && !words.iter().any(|word| word == "--no-window");
    let mut demo = Command::new(root.join("target/debug/xwalk"));
    demo.arg("demo");
    if !window {
        return run_shown(&mut demo);
    }
    let workspace = root.join("target/demo-workspace");
    if workspace.exists() {
        std::fs::remove_dir_all(&workspace)
            .map_err(|error| format!("{}: {error}", workspace.display()))?;
    }
    run_shown(demo.arg("--keep").arg(&workspace))?;
    eprintln!("Building the window");
    output(&mut command(&root.join("ui"), "npm run --silent build"))?;
    output(&mut command(
        root,
        "cargo build --package crosswalk --features custom-protocol",
    ))?;
    run_shown(Command::new(root.join("target/debug/crosswalk")).env("XWALK_WORKSPACE", &workspace))
}

/// The window in development: Vite serves the UI, Rust is rebuilt as it changes.
///
/// # Errors
/// What `tauri dev` ended with.
pub(crate) fn dev(root: &Path) -> Result<(), String> {
    setup::run(root, setup::Need::Build)?;
    let status = step::tauri(root, "dev")
        .status()
        .map_err(|error| format!("npx tauri dev: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("tauri dev ended with {status}"))
    }
}
