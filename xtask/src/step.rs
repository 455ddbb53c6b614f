//! One step of a command: a program that runs quietly, its output kept for the case that it fails.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How a step ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It did its work; the text is a short remark, such as a count of tests.
    Passed(String),
    /// What it needs is not here; the text says what.
    Skipped(String),
    /// It failed; the text is what it printed.
    Failed(String),
}

/// A command started in `dir`, its words split at spaces.
pub(crate) fn command(dir: &Path, line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("true"));
    command.args(words).current_dir(dir);
    command
}

/// The Tauri CLI of `ui/node_modules`. It is told where the app and its user interface are: left to guess, it
/// takes the folder above the app for the latter.
pub(crate) fn tauri(root: &Path, words: &str) -> Command {
    let ui = root.join("ui");
    let mut tauri = command(&ui, &format!("npx tauri {words}"));
    tauri
        .env("TAURI_APP_PATH", root)
        .env("TAURI_FRONTEND_PATH", &ui);
    tauri
}

/// Runs `command` with its output captured; `Ok` holds what it printed on stdout and stderr.
///
/// # Errors
/// What it printed, after the command's own line, when it cannot start or ends with another code than 0.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let line = format!("{command:?}");
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{line}\ncannot start: {error}"))?;
    let mut text = String::from_utf8_lossy(&done.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&done.stderr));
    if done.status.success() {
        Ok(text)
    } else {
        let mut failure = String::new();
        let _ = writeln!(failure, "$ {line}\n{text}\n{}", done.status);
        Err(failure)
    }
}

/// True if a program of this name can be found on `PATH`.
pub(crate) fn have(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|paths| {
        std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
    })
}

/// Says on one line what is going on, then how it went and how long it took.
pub(crate) fn report(name: &str, work: impl FnOnce() -> Outcome) -> Outcome {
    print!("{name:<28} ");
    let _ = std::io::stdout().flush();
    let started = Instant::now();
    let outcome = work();
    let seconds = started.elapsed().as_secs_f32();
    match &outcome {
        Outcome::Passed(remark) => println!("ok       {seconds:>6.1} s  {remark}"),
        Outcome::Skipped(why) => println!("skipped            {why}"),
        Outcome::Failed(_) => println!("FAILED   {seconds:>6.1} s"),
    }
    outcome
}
