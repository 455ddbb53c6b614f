//! `cargo xtask demo`: from a fresh machine to a connected account, its records raw and unified.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

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

/// Builds `xwalk`, runs its demo, and where there is a display opens the window on a workspace whose stand-in instance
/// is running.
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
    run_shown(&mut demo)?;
    eprintln!("Building the window");
    output(&mut command(&root.join("ui"), "npm run --silent build"))?;
    output(&mut command(
        root,
        "cargo build --package crosswalk --features custom-protocol",
    ))?;
    show(root)
}

/// A stand-in instance in a process of its own, ended with this value.
struct StandIn {
    process: Child,
    url: String,
    client_id: String,
    secret: String,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl StandIn {
    fn start(root: &Path) -> Result<Self, String> {
        let failed = |why: &dyn std::fmt::Display| format!("xwalk sandbox: {why}");
        let mut process = Command::new(root.join("target/debug/xwalk"))
            .args(["sandbox", "--json", "--invoices", "500"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error))?;
        let mut line = String::new();
        if let Some(printed) = process.stdout.take() {
            BufReader::new(printed)
                .read_line(&mut line)
                .map_err(|error| failed(&error))?;
        }
        let text = |key| {
            text(&line, key)
                .map(str::to_owned)
                .ok_or_else(|| failed(&format!("no {key} in {line:?}")))
        };
        let parts = (text("url"), text("client_id"), text("client_secret"));
        let (Ok(url), Ok(client_id), Ok(secret)) = parts else {
            let _ = process.kill();
            let _ = process.wait();
            return Err(failed(&format!("said {line:?}")));
        };
        Ok(Self {
            process,
            url,
            client_id,
            secret,
        })
    }
}

/// The value of a text member of a flat JSON object whose texts need no escapes.
fn text<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.split_once(&format!("\"{key}\":"))?.1.trim_start();
    rest.strip_prefix('"')?.split('"').next()
}

/// Opens the window on a new workspace with one connected account, whose stand-in instance serves as long as the
/// window is open. Its vault is a file, so that no keyring is asked and none keeps anything.
fn show(root: &Path) -> Result<(), String> {
    let workspace = root.join("target/demo-workspace");
    if workspace.exists() {
        std::fs::remove_dir_all(&workspace)
            .map_err(|error| format!("{}: {error}", workspace.display()))?;
    }
    let stand_in = StandIn::start(root)?;
    let dressed = |program: &str| {
        let mut command = Command::new(root.join("target/debug").join(program));
        command
            .env("XWALK_WORKSPACE", &workspace)
            .env("XWALK_VAULT", "passphrase")
            .env("XWALK_PASSPHRASE", "demo");
        command
    };
    let quiet = |line: &str| output(dressed("xwalk").args(line.split(' ')));
    eprintln!("Filling a workspace from the stand-in at {}", stand_in.url);
    quiet("tenant add demo --name Demo-customer --region EU")?;
    let mut add = dressed("xwalk");
    add.args("account add demo-sandbox --tenant demo --connector coupa --kind sandbox".split(' '))
        .args(["--set", &format!("instance_url={}", stand_in.url)])
        .args(["--client-id", &stand_in.client_id, "--client-secret-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut adding = add.spawn().map_err(|error| format!("xwalk: {error}"))?;
    if let Some(mut input) = adding.stdin.take() {
        writeln!(input, "{}", stand_in.secret).map_err(|error| format!("xwalk: {error}"))?;
    }
    let added = adding.wait().map_err(|error| format!("xwalk: {error}"))?;
    if !added.success() {
        return Err(format!("xwalk account add ended with {added}"));
    }
    quiet("account test demo-sandbox")?;
    quiet("sync demo-sandbox invoices")?;
    eprintln!("The stand-in serves until the window is closed.");
    run_shown(&mut dressed("crosswalk"))
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

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn reads_what_the_sandbox_prints() {
        let line = r#"{"url":"http://127.0.0.1:4711","client_id": "a","scopes":["x"]}"#;
        assert_eq!(text(line, "url"), Some("http://127.0.0.1:4711"));
        assert_eq!(text(line, "client_id"), Some("a"));
        assert_eq!(text(line, "scopes"), None);
    }
}
