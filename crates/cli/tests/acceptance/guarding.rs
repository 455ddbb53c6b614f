//! What the operating system is asked to do for the memory that secrets are in.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;

use crate::support::families::proc_text;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::running::Guarded;
use crate::support::workspace::{ACCOUNT, Workspace};

/// The first word of a line of a file below /proc that begins so.
fn word(text: &str, line: &str) -> String {
    let found = text.lines().find_map(|one| one.strip_prefix(line));
    let found = found.unwrap_or_default();
    found
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn keys_are_locked_in_memory_and_no_core_is_left() {
    let instance = Instance::start();
    instance.put("invoices", invoices(400));
    let workspace = Workspace::connected(&instance);
    instance.hold_after("/api/invoices", 2);
    let mut running = workspace.start_sync("invoices", &["--mode", "full"]);
    instance.wait_for("/api/invoices", 3);
    let limits = proc_text(running.pid(), "limits");
    assert_eq!(word(&limits, "Max core file size"), "0", "{limits}");
    let status = proc_text(running.pid(), "status");
    let locked: u64 = word(&status, "VmLck:").parse().unwrap();
    let may = word(&limits, "Max locked memory");
    if may == "unlimited" || may.parse::<u64>().is_ok_and(|bytes| bytes >= 1 << 20) {
        assert!(locked > 0, "{status}");
    } else {
        eprintln!("skipped: this machine locks no memory for programs ({may} bytes)");
    }
    assert!(running.is_running());
    instance.release();
    running.outcome().exits(0);
    let told = workspace.json(&["doctor"]).document();
    let memory = told
        .as_array()
        .and_then(|checks| checks.iter().find(|check| check["name"] == "memory"))
        .unwrap_or_else(|| panic!("{told:#}"));
    assert_ne!(memory["state"], "failed", "{memory}");
    assert_eq!(ACCOUNT, "acme-test");
}

/// What another program of the same user can open: a closed process' files below /proc belong to root.
#[test]
fn no_other_program_of_the_user_can_look_into_it() {
    const SOMEBODY: u32 = 65_534;
    let workspace = Workspace::bare();
    let mut command = workspace.command(&["sandbox", "--json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    // SAFETY: a plain system call.
    let root = unsafe { libc::geteuid() } == 0;
    if root {
        command.uid(SOMEBODY).gid(SOMEBODY).current_dir("/");
    }
    let Ok(child) = command.spawn() else {
        eprintln!("skipped: the program cannot be started as another user here");
        return;
    };
    let mut child = Guarded(child);
    let mut first = String::new();
    BufReader::new(child.0.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.contains("client_secret"), "{first}");
    let pid = child.0.id();
    let runs_as: u32 = word(&proc_text(pid, "status"), "Uid:").parse().unwrap();
    assert!(!root || runs_as == SOMEBODY);
    if runs_as == 0 {
        return;
    }
    for file in ["environ", "mem", "maps", "fd"] {
        let owner = std::fs::symlink_metadata(format!("/proc/{pid}/{file}"))
            .unwrap()
            .uid();
        assert_eq!(owner, 0, "{file} belongs to the user");
    }
}
