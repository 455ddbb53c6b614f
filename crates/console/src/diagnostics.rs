//! The diagnostics bundle: what somebody who helps has to see, and nothing of a customer's. Logs, what works here, versions.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::console::blocking;
use crate::views::{DiagnosticsBundle, DoctorCheck};
use crate::{Console, Fault};

/// The newest bytes of each log that go in; a day that filled more repeats itself.
const MOST_OF_A_LOG: u64 = 4 * 1024 * 1024;

fn failed(error: &dyn std::fmt::Display) -> Fault {
    Fault::failed(
        "diagnostics_failed",
        format!("The diagnostics bundle cannot be written: {error}."),
        "Look at the space and the rights in the workspace's folder.",
    )
}

/// The log files of a folder, by name.
fn logs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|kind| kind == "log"))
        .collect();
    files.sort();
    files
}

/// Writes the bundle. Blocks.
fn write(target: &Path, logs_folder: &Path, checks: &[DoctorCheck]) -> Result<(), Fault> {
    let mut bundle = ZipWriter::new(File::create(target).map_err(|error| failed(&error))?);
    let options = SimpleFileOptions::default().unix_permissions(0o600);
    let about = json!({
        "crosswalk": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
    });
    for (name, value) in [("about.json", about), ("doctor.json", json!(checks))] {
        bundle
            .start_file(name, options)
            .map_err(|error| failed(&error))?;
        let text = serde_json::to_vec_pretty(&value).map_err(|error| failed(&error))?;
        bundle.write_all(&text).map_err(|error| failed(&error))?;
    }
    for log in logs(logs_folder) {
        let Some(name) = log.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        bundle
            .start_file(format!("logs/{name}"), options)
            .map_err(|error| failed(&error))?;
        let copied = File::open(&log).and_then(|mut file| {
            let length = file.metadata()?.len();
            io::Seek::seek(
                &mut file,
                io::SeekFrom::Start(length.saturating_sub(MOST_OF_A_LOG)),
            )?;
            io::copy(&mut file, &mut bundle)
        });
        copied.map_err(|error| failed(&error))?;
    }
    bundle.finish().map_err(|error| failed(&error))?;
    Ok(())
}

impl Console {
    /// The folder of the workspace's logs.
    pub fn logs_folder(&self) -> PathBuf {
        self.workspace().folder().path().join("logs")
    }

    /// Writes the diagnostics bundle into the workspace's folder.
    ///
    /// # Errors
    /// `diagnostics_failed`.
    pub async fn diagnostics_bundle(&self) -> Result<DiagnosticsBundle, Fault> {
        let checks = self.examine().await;
        let folder = self.workspace().folder().path().join("diagnostics");
        let at = self.workspace().clock().now().strftime("%Y%m%d-%H%M%S");
        let target = folder.join(format!("crosswalk-diagnostics-{at}.zip"));
        let logs_folder = self.logs_folder();
        let path = target.display().to_string();
        blocking(move || {
            std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
            write(&target, &logs_folder, &checks)
        })
        .await??;
        Ok(DiagnosticsBundle { path })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_bundle_holds_logs_and_nothing_else_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        std::fs::create_dir(&logs).unwrap();
        std::fs::write(logs.join("crosswalk.2026-11-21.log"), "hello").unwrap();
        std::fs::write(logs.join("passphrases.txt"), "canary").unwrap();
        let target = folder.path().join("bundle.zip");
        write(&target, &logs, &[]).unwrap();
        let mut bundle = zip::ZipArchive::new(File::open(&target).unwrap()).unwrap();
        let names: Vec<String> = bundle
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert_eq!(
            names,
            ["about.json", "doctor.json", "logs/crosswalk.2026-11-21.log"]
        );
        let mut log = String::new();
        bundle
            .by_name("logs/crosswalk.2026-11-21.log")
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert_eq!(log, "hello");
    }
}
