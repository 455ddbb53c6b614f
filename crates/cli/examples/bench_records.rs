//! How soon `xwalk records --format unified` prints its first line over many stored records.
//!
//! Fills a workspace from a stand-in instance without a limit, then starts `xwalk` as a user does and takes the time to
//! its first line. Prints one JSON object a line: `{"name","value","unit","target"}`.
//! `CROSSWALK_BENCH_QUICK=1` stores fewer records.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made should say where it broke"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crosswalk_sandbox::{Resource, Sandbox, SandboxConfig};

const PASSPHRASE: &str = "bench";

fn xwalk() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().join("xwalk")
}

fn command(workspace: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(xwalk());
    command
        .args(["--vault", "passphrase", "--workspace"])
        .arg(workspace)
        .args(words)
        .env("XWALK_PASSPHRASE", PASSPHRASE)
        .stderr(Stdio::inherit());
    command
}

fn run(workspace: &Path, words: &[&str], input: &str) {
    let mut child = command(workspace, words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("xwalk is built beside the example: cargo build --release --package crosswalk-cli");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "xwalk {}", words.join(" "));
}

/// The built-in connector without limit and settle time, as a workspace connector of another name.
fn unlimited(workspace: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors/coupa");
    let to = workspace.join("connectors/unlimited");
    copy(&from, &to);
    let file = to.join("connector.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let from = text.find("\nrate_limit:").unwrap();
    let to = from + text[from..].find("\nretry:").unwrap();
    let text = format!("{}\nrate_limit: none\n{}", &text[..from], &text[to..]);
    let text = text
        .replace("\nname: coupa\n", "\nname: unlimited\n")
        .replace("settle: 5s", "settle: 0s");
    std::fs::write(file, text).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn main() {
    let quick = std::env::var_os("CROSSWALK_BENCH_QUICK").is_some();
    let records: u64 = if quick { 5_000 } else { 50_000 };
    let config = SandboxConfig::for_tests().with(Resource::Invoices, records);
    let sandbox = Sandbox::start_on_thread(config).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("workspace");
    run(&workspace, &["tenant", "add", "bench"], "");
    unlimited(&workspace);
    let url = format!("instance_url={}", sandbox.url());
    let add = [
        "account",
        "add",
        "bench",
        "--tenant",
        "bench",
        "--connector",
        "unlimited",
        "--kind",
        "sandbox",
    ];
    let set = [
        "--set",
        &url,
        "--client-id",
        sandbox.client_id(),
        "--client-secret-stdin",
    ];
    run(
        &workspace,
        &[&add[..], &set[..]].concat(),
        sandbox.client_secret(),
    );
    run(
        &workspace,
        &[
            "sync", "bench", "invoices", "--mode", "full", "--budget", "100",
        ],
        "",
    );

    let mut best = f64::MAX;
    for _ in 0..5 {
        let started = Instant::now();
        let mut child = command(
            &workspace,
            &["records", "bench", "invoices", "--format", "unified"],
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = Vec::new();
        lines.read_until(b'\n', &mut first).unwrap();
        best = best.min(started.elapsed().as_secs_f64() * 1_000.0);
        assert!(first.starts_with(b"{"), "a unified record");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    println!(
        r#"{{"name":"first line of `records --format unified`, {records} stored","value":{best:.0},"unit":"ms","target":"< 200"}}"#
    );
}
