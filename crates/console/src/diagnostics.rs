//! The diagnostics bundle: what somebody who helps has to see, and nothing of a customer's, not even a name. Logs, what
//! works here, versions.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crosswalk_workspace::{account, tenant};
use regex::{Regex, RegexBuilder};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::audit::check::AuditHead;
use crate::console::blocking;
use crate::text::export_file::private_file;
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

/// Names of customers and their places, and what stands for each.
#[derive(Debug, Default)]
struct Names {
    stand_ins: HashMap<String, String>,
    any: Option<Regex>,
}

impl Names {
    /// `names` are pairs of a name and what stands for it. Whole words are meant, in any case.
    fn new(names: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let stand_ins: HashMap<String, String> = names
            .into_iter()
            .map(|(name, stand_in)| (name.to_lowercase(), stand_in))
            .filter(|(name, _)| !name.trim().is_empty())
            .collect();
        let mut longest_first: Vec<&String> = stand_ins.keys().collect();
        longest_first.sort_by_key(|name| (Reverse(name.len()), name.as_str()));
        let words: Vec<String> = longest_first
            .into_iter()
            .map(|name| regex::escape(name))
            .collect();
        let any = if words.is_empty() {
            None
        } else {
            let any = RegexBuilder::new(&words.join("|"))
                .case_insensitive(true)
                .size_limit(64 * 1024 * 1024)
                .build();
            Some(any.map_err(|error| failed(&error))?)
        };
        Ok(Self { stand_ins, any })
    }

    /// `text` with a stand-in for each name.
    fn taken_out(&self, text: &str) -> String {
        let Some(any) = &self.any else {
            return text.to_owned();
        };
        let inside = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
        };
        let (mut clean, mut done) = (String::with_capacity(text.len()), 0);
        for found in any.find_iter(text) {
            let (before, after) = (&text[..found.start()], &text[found.end()..]);
            let stand_in = self.stand_ins.get(&found.as_str().to_lowercase());
            if inside(before.chars().next_back()) || inside(after.chars().next()) {
                continue;
            }
            clean.push_str(&text[done..found.start()]);
            clean.push_str(stand_in.map_or("…", String::as_str));
            done = found.end();
        }
        clean.push_str(&text[done..]);
        clean
    }
}

/// The newest part of a log.
fn end_of(log: &Path) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(MOST_OF_A_LOG);
    io::Seek::seek(&mut file, io::SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Makes the folder of the bundles, for its owner only.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes the bundle. Blocks.
fn write(
    target: &Path,
    logs_folder: &Path,
    checks: &[DoctorCheck],
    names: &Names,
    head: Option<&AuditHead>,
) -> Result<(), Fault> {
    let mut bundle = ZipWriter::new(private_file(target).map_err(|error| failed(&error))?);
    let options = SimpleFileOptions::default().unix_permissions(0o600);
    let about = json!({
        "crosswalk": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "head": head,
    });
    for (name, value) in [("about.json", about), ("doctor.json", json!(checks))] {
        bundle
            .start_file(name, options)
            .map_err(|error| failed(&error))?;
        let text = serde_json::to_string_pretty(&value).map_err(|error| failed(&error))?;
        let text = names.taken_out(&text);
        bundle
            .write_all(text.as_bytes())
            .map_err(|error| failed(&error))?;
    }
    for log in logs(logs_folder) {
        let Some(name) = log.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        bundle
            .start_file(format!("logs/{name}"), options)
            .map_err(|error| failed(&error))?;
        let text = end_of(&log).map_err(|error| failed(&error))?;
        bundle
            .write_all(names.taken_out(&text).as_bytes())
            .map_err(|error| failed(&error))?;
    }
    bundle.finish().map_err(|error| failed(&error))?;
    Ok(())
}

impl Console {
    /// The folder of the workspace's logs.
    pub fn logs_folder(&self) -> PathBuf {
        self.workspace().folder().path().join("logs")
    }

    /// The names a bundle must not hold: tenants, accounts, and the hosts they are at.
    async fn customers_names(&self) -> Result<Names, Fault> {
        let (tenants, accounts) = self
            .workspace()
            .read(|tx| Ok((tenant::list(tx)?, account::list(tx)?)))
            .await?;
        let mut names = Vec::new();
        for (tenant, number) in tenants.into_iter().zip(1..) {
            let stand_in = format!("tenant-{number}");
            names.push((tenant.slug, stand_in.clone()));
            names.push((tenant.name, stand_in));
        }
        for (account, number) in accounts.into_iter().zip(1..) {
            let host = format!("host-{number}");
            let origins = account.trust.origins.iter().chain(&account.trust.hosts);
            names.extend(origins.map(|origin| {
                let host_of = url::Url::parse(origin).ok();
                let host_of = host_of.and_then(|url| url.host_str().map(str::to_owned));
                (host_of.unwrap_or_else(|| origin.clone()), host.clone())
            }));
            names.push((account.slug, format!("account-{number}")));
        }
        Names::new(names)
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
        let (logs_folder, names) = (self.logs_folder(), self.customers_names().await?);
        let head = self.audit_head().await?;
        let path = target.display().to_string();
        blocking(move || {
            make(&folder).map_err(|error| failed(&error))?;
            write(&target, &logs_folder, &checks, &names, head.as_ref())
        })
        .await??;
        Ok(DiagnosticsBundle { path })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_bundle_holds_logs_and_nothing_else_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        std::fs::create_dir(&logs).unwrap();
        let log = "hello account=acme-prod of ACME, not acmes, at acme.example.com";
        std::fs::write(logs.join("crosswalk.2026-11-21.log"), log).unwrap();
        std::fs::write(logs.join("passphrases.txt"), "canary").unwrap();
        let target = folder.path().join("bundle.zip");
        let names = [
            ("acme", "tenant-1"),
            ("Acme", "tenant-1"),
            ("acme-prod", "account-1"),
            ("acme.example.com", "host-1"),
            ("", "nobody"),
        ];
        let names = names.map(|(name, stand_in)| (name.to_owned(), stand_in.to_owned()));
        write(&target, &logs, &[], &Names::new(names).unwrap(), None).unwrap();
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
        assert_eq!(
            log,
            "hello account=account-1 of tenant-1, not acmes, at host-1"
        );
    }

    #[test]
    fn without_names_nothing_is_taken_out() {
        assert_eq!(Names::default().taken_out("as it is"), "as it is");
    }
}
