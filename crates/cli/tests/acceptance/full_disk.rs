//! A sync onto a disk that becomes full: a real one, of two mebibytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::Workspace;
use crate::syncs::adds_up;

const FULL: [&str; 4] = ["--mode", "full", "--fields", "all"];

/// A small disk in memory, mounted until it is dropped.
struct Disk(PathBuf);

impl Disk {
    /// Mounts it at a folder; the reason if this machine does not let a test do that.
    fn mount(at: &Path, size: &str) -> Result<Self, String> {
        std::fs::create_dir_all(at).unwrap();
        mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], at)
            .map(|()| Self(at.to_owned()))
    }

    fn resize(&self, size: &str) {
        mount(&["-o", &format!("remount,size={size}")], &self.0).unwrap();
    }
}

fn mount(args: &[&str], at: &Path) -> Result<(), String> {
    let done = Command::new("mount")
        .args(args)
        .arg(at)
        .output()
        .map_err(|error| error.to_string())?;
    if done.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&done.stderr).trim().to_owned())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Text that no compression makes small.
fn noise(seed: i64) -> String {
    let mut state = seed.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let digits = (0..60).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    });
    digits.collect()
}

#[test]
fn a_full_disk_says_so_keeps_what_is_stored_and_goes_on_when_there_is_room() {
    let workspace = Workspace::new();
    let connectors = workspace.home().join("connectors");
    std::fs::rename(workspace.folder().join("connectors"), &connectors).unwrap();
    let disk = match Disk::mount(&workspace.folder(), "2m") {
        Ok(disk) => disk,
        Err(why) => {
            eprintln!("skipped: no small disk can be mounted here: {why}");
            return;
        }
    };
    crate::support::connector_copy::copy(&connectors, &workspace.folder().join("connectors"));
    let instance = Instance::start();
    let records = invoices(2_500).into_iter().zip(1..);
    let large = records.map(|(mut record, number)| {
        record["internal-note"] = Value::from(noise(number));
        record
    });
    instance.put("invoices", large.collect());
    workspace.connect(&instance);

    let outcome = workspace.sync("invoices", &FULL);
    let error = outcome.exits(1).document()["error"].clone();
    outcome.whole_error(&error);
    assert_eq!(error["code"], "disk_full", "{outcome}");
    assert!(error["hint"].to_string().contains("space"), "{outcome}");

    disk.resize("64m");
    let kept = workspace.records("invoices", "raw");
    assert!(!kept.is_empty() && kept.len() < 2_500, "{}", kept.len());
    let truth = instance.truth("invoices");
    let of_id = |id: i64| &truth[usize::try_from(id - 1).unwrap()];
    assert!(
        kept.iter()
            .all(|record| record == of_id(record["id"].as_i64().unwrap()))
    );
    let asked = instance.requests_of("/api/invoices").len();
    let run = workspace.sync("invoices", &FULL).done();
    adds_up(&run);
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(2_500)),
        "{run:#}"
    );
    assert_eq!(workspace.records("invoices", "raw"), truth);
    let pages = instance.requests_of("/api/invoices").len() - asked;
    assert!(
        pages < (2_500 - kept.len()) / 50 + 20,
        "{pages} pages after {} records: it began anew",
        kept.len()
    );
}
