use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::entry::{Entry, EntryName};
use crate::key_stretching::KeyStretching;
use crate::secret::Secret;
use crate::vault::{Vault, VaultKind};
use crate::vault_error::VaultError;
use crate::vault_file::{Entries, FILE_MAX_BYTES, FileDefect, FileKey, Header};

/// The vault file's name in the workspace's folder.
pub const VAULT_FILE_NAME: &str = "vault.xwv";

/// A writer holds the lock for two fsyncs; one that keeps it for this long is stuck.
const LOCK_WAIT: Duration = Duration::from_secs(10);
const LOCK_RETRY: Duration = Duration::from_millis(10);

/// The vault of machines without a keyring: a file sealed by a passphrase.
///
/// The file is `header · nonce (12) · entries, sealed · tag (16)`; the header holds Argon2id's costs and salt, a check
/// of the passphrase and a checksum, and is authenticated with the entries. Every change reads the file anew under a
/// lock that other processes respect, writes a temporary file beside it, syncs it and renames it into place: a process
/// killed at any moment leaves the old file or the new one, and two processes never lose each other's entries.
pub struct PassphraseVault {
    path: PathBuf,
    key: FileKey,
    lock_wait: Duration,
}

impl PassphraseVault {
    /// Makes a new, empty vault file at `path`, readable by its owner only.
    ///
    /// # Errors
    /// [`VaultError::FileExists`] when there is one, [`VaultError::EmptyPassphrase`], [`VaultError::Io`].
    pub fn create(
        path: impl Into<PathBuf>,
        passphrase: &Secret,
        stretching: KeyStretching,
    ) -> Result<Self, VaultError> {
        if passphrase.is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        let path = path.into();
        let vault = Self {
            key: FileKey::create(passphrase, stretching)?,
            path,
            lock_wait: LOCK_WAIT,
        };
        let _lock = vault.lock()?;
        match fs::symlink_metadata(&vault.path) {
            Ok(_) => return Err(VaultError::FileExists { path: vault.path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(VaultError::io(&vault.path, error)),
        }
        vault.write(&Entries::new())?;
        Ok(vault)
    }

    /// Opens the vault file at `path`.
    ///
    /// # Errors
    /// [`VaultError::FileMissing`], [`VaultError::WrongPassphrase`], [`VaultError::FileCorrupt`] (also for a header
    /// that asks for absurd work), [`VaultError::FileNewer`], [`VaultError::Io`].
    pub fn open(path: impl Into<PathBuf>, passphrase: &Secret) -> Result<Self, VaultError> {
        let path = path.into();
        let file = read(&path)?;
        let header = Header::parse(&file).map_err(|defect| defect.at(&path))?;
        let key = FileKey::unlock(passphrase, header)?;
        key.open(&file).map_err(|defect| defect.at(&path))?;
        Ok(Self {
            path,
            key,
            lock_wait: LOCK_WAIT,
        })
    }

    /// Where the vault file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all entries, in order.
    pub fn names(&self) -> Result<Vec<EntryName>, VaultError> {
        Ok(self.entries()?.into_keys().collect())
    }

    fn entries(&self) -> Result<Entries, VaultError> {
        let file = read(&self.path)?;
        let header = Header::parse(&file).map_err(|defect| defect.at(&self.path))?;
        if !self.key.fits(&header) {
            return Err(VaultError::Replaced {
                path: self.path.clone(),
            });
        }
        self.key.open(&file).map_err(|defect| defect.at(&self.path))
    }

    fn missing(&self, name: &EntryName) -> VaultError {
        VaultError::NotFound {
            kind: self.kind(),
            name: *name,
        }
    }

    /// Locks a file beside the vault file, which itself is replaced on every change. The system lets go of it when the
    /// process ends, however it ends.
    fn lock(&self) -> Result<File, VaultError> {
        let path = self.path.with_extension("xwv.lock");
        let file = owner_only()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path);
        let file = file.map_err(|error| VaultError::io(&path, error))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if begun.elapsed() < self.lock_wait => {
                    thread::sleep(LOCK_RETRY);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(VaultError::Busy {
                        path: self.path.clone(),
                    });
                }
                Err(TryLockError::Error(error)) => return Err(VaultError::io(&path, error)),
            }
        }
    }

    /// Replaces the file's contents; to be called under the lock.
    fn write(&self, entries: &Entries) -> Result<(), VaultError> {
        let file = self.key.seal(entries)?;
        let temporary = self.path.with_extension("xwv.new");
        let replaced = replace(&self.path, &temporary, &file);
        if replaced.is_err() {
            // Best effort: what stays behind is sealed, and the next change replaces it.
            let _ = fs::remove_file(&temporary);
        }
        replaced.map_err(|error| VaultError::io(&self.path, error))
    }
}

impl Vault for PassphraseVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Passphrase
    }

    fn load(&self, name: &EntryName) -> Result<Entry, VaultError> {
        let entries = self.entries()?;
        let entry = entries.get(name).ok_or_else(|| self.missing(name))?;
        Entry::decode(entry).map_err(|defect| defect.of(*name))
    }

    fn store(&self, name: &EntryName, entry: &Entry) -> Result<(), VaultError> {
        let encoded = entry.encode()?;
        let _lock = self.lock()?;
        let mut entries = self.entries()?;
        entries.insert(*name, encoded);
        self.write(&entries)
    }

    fn remove(&self, name: &EntryName) -> Result<(), VaultError> {
        let _lock = self.lock()?;
        let mut entries = self.entries()?;
        entries.remove(name).ok_or_else(|| self.missing(name))?;
        self.write(&entries)
    }
}

impl fmt::Debug for PassphraseVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassphraseVault")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl FileDefect {
    fn at(self, path: &Path) -> VaultError {
        match self {
            Self::Corrupt(detail) => VaultError::FileCorrupt {
                path: path.to_owned(),
                detail,
            },
            Self::Newer(format) => VaultError::FileNewer {
                path: path.to_owned(),
                format,
            },
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, VaultError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(VaultError::FileMissing {
                path: path.to_owned(),
            });
        }
        opened => opened.map_err(|error| VaultError::io(path, error))?,
    };
    let mut bytes = Vec::new();
    file.take(FILE_MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| VaultError::io(path, error))?;
    if bytes.len() > FILE_MAX_BYTES {
        return Err(FileDefect::Corrupt("it is larger than any vault file").at(path));
    }
    Ok(bytes)
}

fn replace(path: &Path, temporary: &Path, contents: &[u8]) -> io::Result<()> {
    match fs::remove_file(temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // `create_new` after removing: never through a link that somebody put there.
    let mut file = owner_only().create_new(true).write(true).open(temporary)?;
    file.write_all(contents)?;
    file.sync_all()?;
    drop(file);
    fs::rename(temporary, path)?;
    sync_folder_of(path)
}

/// A renamed file survives a power cut only once its folder is synced too.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Windows has no such call; NTFS journals the rename.
#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn owner_only() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// On Windows the file takes the rights of the workspace's folder, which lies in the user's profile.
#[cfg(not(unix))]
fn owner_only() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_lock_somebody_keeps_is_an_error_in_time_and_reading_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(VAULT_FILE_NAME);
        let passphrase = Secret::from("passphrase".to_owned());
        let mut vault =
            PassphraseVault::create(&path, &passphrase, KeyStretching::default()).unwrap();
        vault.lock_wait = Duration::from_millis(15);
        let name = EntryName {
            workspace: uuid::Uuid::from_u128(1),
            account: uuid::Uuid::from_u128(2),
        };
        let held = vault.lock().unwrap();
        assert_eq!(vault.remove(&name).unwrap_err().code(), "vault_busy");
        assert_eq!(vault.names().unwrap(), []);
        drop(held);
        assert_eq!(
            vault.remove(&name).unwrap_err().code(),
            "vault_entry_missing"
        );
    }
}
