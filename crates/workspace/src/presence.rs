use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::folder::Folder;

/// How long a process that opens the workspace waits for one that creates, migrates or restores it.
const PATIENCE: Duration = Duration::from_secs(15);

/// That this process has the workspace open: with others, or alone. Ends with the process at the latest, since the
/// operating system holds it.
#[derive(Debug)]
pub(crate) struct Presence {
    _lock: File,
}

impl Presence {
    /// Beside others who are there as well.
    pub(crate) fn shared(folder: &Folder) -> Result<Self> {
        wait(folder, File::try_lock_shared)
    }

    /// As the only one.
    ///
    /// # Errors
    /// [`Error::InUse`] while anybody else is there.
    pub(crate) fn alone(folder: &Folder) -> Result<Self> {
        wait(folder, File::try_lock)
    }

    /// As the only one, or not at all.
    pub(crate) fn alone_at_once(folder: &Folder) -> Result<Self> {
        attempt(folder, File::try_lock)?.ok_or(Error::InUse)
    }
}

fn wait(folder: &Folder, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Presence> {
    let begun = Instant::now();
    loop {
        if let Some(presence) = attempt(folder, lock)? {
            return Ok(presence);
        }
        if begun.elapsed() > PATIENCE {
            return Err(Error::InUse);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn attempt(
    folder: &Folder,
    lock: fn(&File) -> Result<(), TryLockError>,
) -> Result<Option<Presence>> {
    let path = folder.leases().join("workspace.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(Error::file(&path))?;
    match lock(&file) {
        Ok(()) => Ok(Some(Presence { _lock: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Error::file(&path)(error)),
    }
}
