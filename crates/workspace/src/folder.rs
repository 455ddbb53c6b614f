use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Where things are in a workspace's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, whether it exists or not.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself. A passphrase vault's file stands in it.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("workspace.db")
    }

    /// Copies of the database.
    pub fn backups(&self) -> PathBuf {
        self.0.join("backups")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.0.join("logs")
    }

    /// Connectors beside the built-in ones.
    pub fn connectors(&self) -> PathBuf {
        self.0.join("connectors")
    }

    /// Lock files; empty of meaning while nobody holds them.
    pub fn leases(&self) -> PathBuf {
        self.0.join("leases")
    }

    /// Makes the folder and those in it, readable by their owner only.
    pub(crate) fn create(&self) -> Result<()> {
        for path in [
            self.0.clone(),
            self.backups(),
            self.logs(),
            self.connectors(),
            self.leases(),
        ] {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&path).map_err(Error::file(&path))?;
        }
        Ok(())
    }
}
