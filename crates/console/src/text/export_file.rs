//! What is handed out: text, and files the window writes for its user into the workspace's folder `exports`, readable by
//! the owner only, complete or not at all.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crosswalk_workspace::audit::{self, Subject};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use specta::Type;
use specta_typescript::Number;

use crate::audit::check::AuditHead;
use crate::{Console, Fault};

/// A file that was written.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ExportedFile {
    pub path: String,
    #[specta(type = Number)]
    pub bytes: u64,
    /// The audit's head that stands in it or in its name.
    pub head: Option<AuditHead>,
    /// Where the data in it must stay; null where no tenant has said so.
    pub region: Option<String>,
}

/// Text that is handed out.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ExportedText {
    pub text: String,
    /// The audit's head, whose row says that it was handed out. It stands beside the text: two exports of one state are
    /// the same bytes.
    pub head: Option<AuditHead>,
}

fn failed(error: &std::io::Error) -> Fault {
    Fault::failed(
        "export_failed",
        format!("The file cannot be written: {error}."),
        "Look at the space and the rights in the workspace's folder.",
    )
}

/// Opens a file that only its owner may read and empties it, also one that others may read.
///
/// # Errors
/// When it cannot be opened, or is another user's.
pub fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        // A pipe or a terminal keeps its own.
        if file.metadata()?.is_file() {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    {
        options.open(path)
    }
}

/// A file on its way: it has its name only when it is whole.
pub(crate) struct Export {
    out: BufWriter<File>,
    part: PathBuf,
    folder: PathBuf,
    bytes: u64,
}

impl Export {
    /// Begins a file in `folder`. Blocks.
    ///
    /// # Errors
    /// `export_failed`.
    pub(crate) fn begin(folder: &Path) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let part = folder.join(format!("{}.part", uuid::Uuid::new_v4()));
        let file = private_file(&part).map_err(|error| failed(&error))?;
        Ok(Self {
            out: BufWriter::new(file),
            part,
            folder: folder.to_path_buf(),
            bytes: 0,
        })
    }

    /// # Errors
    /// `export_failed`.
    pub(crate) fn write(&mut self, text: &[u8]) -> Result<(), Fault> {
        self.bytes += text.len() as u64;
        self.out.write_all(text).map_err(|error| failed(&error))
    }

    /// Gives the whole file its name, and one that is free where it is taken.
    ///
    /// # Errors
    /// `export_failed`.
    pub(crate) fn finish(mut self, stem: &str, extension: &str) -> Result<(PathBuf, u64), Fault> {
        self.out.flush().map_err(|error| failed(&error))?;
        let file = self.out.get_ref();
        file.sync_all().map_err(|error| failed(&error))?;
        let mut path = self.folder.join(format!("{stem}.{extension}"));
        let mut more = 2;
        while path.exists() {
            path = self.folder.join(format!("{stem}-{more}.{extension}"));
            more += 1;
        }
        std::fs::rename(&self.part, &path).map_err(|error| failed(&error))?;
        Ok((path, self.bytes))
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        // One that was finished is no longer there.
        let _ = std::fs::remove_file(&self.part);
    }
}

/// The time as it stands in a file's name.
pub(crate) fn stamp(now: Timestamp) -> String {
    now.strftime("%Y%m%d-%H%M%S").to_string()
}

impl Console {
    /// Where the window's exports go.
    pub(crate) fn exports_folder(&self) -> PathBuf {
        self.workspace().folder().path().join("exports")
    }

    /// Notes in the audit that something is handed out, and gives the chain's head up to that.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub(crate) async fn note_export(
        &self,
        kind: &'static str,
        subject: Option<Subject>,
        detail: Value,
    ) -> Result<Option<AuditHead>, Fault> {
        let head = self
            .workspace()
            .write(move |tx| {
                audit::change(tx, kind, subject.as_ref(), &detail)?;
                audit::head(tx)
            })
            .await?;
        Ok(head.map(AuditHead::from))
    }

    /// Hands out a text with the chain's head beside it: [`Console::note_export`].
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub(crate) async fn hand_out(
        &self,
        text: String,
        kind: &'static str,
        subject: Option<Subject>,
        detail: Value,
    ) -> Result<ExportedText, Fault> {
        let head = self.note_export(kind, subject, detail).await?;
        Ok(ExportedText { text, head })
    }

    /// Writes a page that speaks of the audit's head.
    ///
    /// # Errors
    /// `export_failed`.
    pub(crate) async fn export_page(
        &self,
        stem: String,
        extension: &'static str,
        page: Vec<u8>,
        head: Option<AuditHead>,
        region: Option<String>,
    ) -> Result<ExportedFile, Fault> {
        let folder = self.exports_folder();
        let (path, bytes) = crate::console::blocking(move || {
            let mut export = Export::begin(&folder)?;
            export.write(&page)?;
            export.finish(&stem, extension)
        })
        .await??;
        Ok(ExportedFile {
            path: path.display().to_string(),
            bytes,
            head,
            region,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_file_has_its_name_when_it_is_whole_and_takes_no_other_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let names = || {
            let mut names: Vec<String> = std::fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                .collect();
            names.sort();
            names
        };
        for text in ["one", "two"] {
            let mut export = Export::begin(folder.path()).unwrap();
            export.write(text.as_bytes()).unwrap();
            let (path, bytes) = export.finish("audit", "csv").unwrap();
            assert_eq!(
                (std::fs::read_to_string(&path).unwrap().as_str(), bytes),
                (text, 3)
            );
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = std::fs::metadata(&path).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0);
            }
        }
        let open = folder.path().join("open");
        std::fs::write(&open, "for everybody").unwrap();
        private_file(&open).unwrap().write_all(b"mine").unwrap();
        assert_eq!(std::fs::read_to_string(&open).unwrap(), "mine");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&open).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        std::fs::remove_file(&open).unwrap();
        let mut given_up = Export::begin(folder.path()).unwrap();
        given_up.write(b"half").unwrap();
        drop(given_up);
        assert_eq!(names(), ["audit-2.csv", "audit.csv"]);
    }
}
