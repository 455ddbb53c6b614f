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

    /// Makes the folder and those in it, readable by their owner only, and closes what of them is not.
    ///
    /// # Errors
    /// [`Error::Exposed`].
    pub(crate) fn create(&self) -> Result<()> {
        if self.is_own() {
            closed(&self.0)?;
        } else if is_writable_by_others(&self.0)? {
            return Err(Error::Exposed(self.0.clone()));
        }
        for path in [
            self.backups(),
            self.logs(),
            self.connectors(),
            self.leases(),
        ] {
            closed(&path)?;
        }
        Ok(())
    }

    /// Whether it holds a workspace, or nothing but what belongs into one: then nobody else can miss a right to it.
    fn is_own(&self) -> bool {
        let own = [
            self.backups(),
            self.logs(),
            self.connectors(),
            self.leases(),
        ];
        let holds_nothing_else = || {
            fs::read_dir(&self.0).map_or(true, |entries| {
                entries.flatten().all(|entry| own.contains(&entry.path()))
            })
        };
        self.database().exists() || holds_nothing_else()
    }
}

/// Makes a folder that is closed to other users, or closes one that is there.
///
/// # Errors
/// [`Error::Exposed`] where somebody else's cannot be closed and anybody may write there.
pub(crate) fn closed(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(Error::file(path))?;
    if others_may(path)? != 0 && restrict(path, 0o700).is_err() && is_writable_by_others(path)? {
        return Err(Error::Exposed(path.to_owned()));
    }
    Ok(())
}

/// Makes a file that is closed to other users, or closes one that is there, and opens it to be written. Not for a
/// database that is open, see [`close_file`].
pub(crate) fn closed_file(path: &Path) -> Result<fs::File> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(Error::file(path))?;
    close_file(path)?;
    Ok(file)
}

/// Closes a file to other users. It is not opened for that: to close one that SQLite has open ends SQLite's locks.
pub(crate) fn close_file(path: &Path) -> Result<()> {
    restrict(path, 0o600).map_err(Error::file(path))
}

fn is_writable_by_others(path: &Path) -> Result<bool> {
    Ok(others_may(path)? & 0o022 != 0)
}

/// What the group and all others may do, as the bits of the mode; nothing where the system has no such bits.
#[cfg(unix)]
fn others_may(path: &Path) -> Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path).map_err(Error::file(path))?;
    Ok(metadata.permissions().mode() & 0o077)
}

#[cfg(not(unix))]
fn others_may(path: &Path) -> Result<u32> {
    fs::metadata(path).map_err(Error::file(path))?;
    Ok(0)
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(path: &Path, _: u32) -> std::io::Result<()> {
    fs::metadata(path).map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn mode(path: &Path) -> u32 {
        others_may(path).unwrap()
    }

    #[test]
    fn what_is_the_workspaces_own_is_closed_and_what_is_not_stays_as_it_is() {
        for (before, held, after) in [
            (0o700, None, Ok(0)),
            (0o777, None, Ok(0)),
            (0o755, Some("workspace.db"), Ok(0)),
            (0o777, Some("workspace.db"), Ok(0)),
            (0o1777, Some("connectors"), Ok(0)),
            // Somebody else's, or nobody knows what.
            (0o755, Some("notes.txt"), Ok(0o055)),
            (0o775, Some("notes.txt"), Err("workspace_exposed")),
            (0o1777, Some("notes.txt"), Err("workspace_exposed")),
        ] {
            let parent = tempfile::tempdir().unwrap();
            let path = parent.path().join("workspace");
            fs::create_dir(&path).unwrap();
            if let Some(name) = held {
                let held = path.join(name);
                match held.extension() {
                    Some(_) => fs::write(held, "").unwrap(),
                    None => fs::create_dir(held).unwrap(),
                }
            }
            restrict(&path, before).unwrap();
            let folder = Folder::new(&path);
            let made = folder.create().map_err(|error| error.code());
            assert_eq!(made.map(|()| mode(&path)), after, "{before:o} {held:?}");
            if after.is_ok() {
                assert_eq!(mode(&folder.backups()), 0, "{before:o} {held:?}");
            }
        }
    }

    #[test]
    fn a_file_is_closed_whether_it_is_new_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        fs::write(&old, "kept").unwrap();
        restrict(&old, 0o666).unwrap();
        for path in [&new, &old] {
            closed_file(path).unwrap();
            assert_eq!(mode(path), 0);
        }
        assert_eq!(fs::read(&old).unwrap(), b"kept");
    }
}
