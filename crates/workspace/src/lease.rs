use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use crate::account::Account;
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::workspace::Workspace;

/// The right to run one resource of one account. The operating system holds it, so it ends with the process, however
/// the process ends.
#[derive(Debug)]
pub struct Lease {
    _lock: File,
}

/// A lock of the operating system covers bytes on some systems, the whole file on others; who holds it stands in a
/// file beside it, which anybody may read.
const MAX_HOLDER_BYTES: u64 = 200;

impl Lease {
    /// Takes the lease, or says who has it.
    ///
    /// # Errors
    /// [`Error::RunInProgress`].
    pub fn acquire(workspace: &Workspace, account: &Account, resource: &str) -> Result<Self> {
        let leases = workspace.folder().leases();
        let name = format!("{}-{resource}", account.uuid);
        let (path, beside) = (
            leases.join(format!("{name}.lock")),
            leases.join(format!("{name}.holder")),
        );
        let lock = open(&path)?;
        let mut holder = open(&beside)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut words = String::new();
                // Who it is helps, and is no reason to fail otherwise.
                let read = holder.take(MAX_HOLDER_BYTES).read_to_string(&mut words);
                return Err(Error::RunInProgress {
                    account: account.slug.clone(),
                    resource: resource.to_owned(),
                    holder: read.ok().filter(|_| !words.is_empty()).map(|_| words),
                });
            }
            Err(TryLockError::Error(error)) => return Err(Error::file(&path)(error)),
        }
        let words = format!(
            "process {} on {}",
            std::process::id(),
            workspace.origin().machine
        );
        holder
            .set_len(0)
            .and_then(|()| holder.rewind())
            .and_then(|()| holder.write_all(words.as_bytes()))
            .map_err(Error::file(&beside))?;
        Ok(Self { _lock: lock })
    }
}

/// The right to do what is planned in a workspace: one process has it at a time. It ends with the process, however the
/// process ends.
#[derive(Debug)]
pub struct RunnerLease {
    _lock: File,
}

/// Who does what is planned in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunnerHolder {
    /// No process.
    Nobody,
    /// The process of this number.
    Process(u32),
    /// A process that has not said yet which it is.
    Somebody,
}

/// The runner's lock, and beside it the number of the process that has it.
const RUNNER: [&str; 2] = ["runner.lock", "runner.holder"];

/// Longer than the lock is held by who only asks who has it.
const A_LOOK: Duration = Duration::from_millis(20);

impl RunnerLease {
    /// Takes the lease; none while another process has it.
    ///
    /// # Errors
    /// [`Error::File`] when the lock cannot be made.
    pub fn acquire(workspace: &Workspace) -> Result<Option<Self>> {
        let [path, beside] = RUNNER.map(|name| workspace.folder().leases().join(name));
        let lock = match taken(&path)? {
            None => {
                std::thread::sleep(A_LOOK);
                taken(&path)?
            }
            lock => lock,
        };
        let Some(lock) = lock else { return Ok(None) };
        std::fs::write(&beside, std::process::id().to_string()).map_err(Error::file(&beside))?;
        Ok(Some(Self { _lock: lock }))
    }

    /// Who has the lease.
    ///
    /// # Errors
    /// [`Error::File`] when the lock cannot be looked at.
    pub fn holder(workspace: &Workspace) -> Result<RunnerHolder> {
        let [path, beside] = RUNNER.map(|name| workspace.folder().leases().join(name));
        if taken(&path)?.is_some() {
            return Ok(RunnerHolder::Nobody);
        }
        let number = std::fs::read_to_string(&beside)
            .ok()
            .and_then(|text| text.parse().ok());
        Ok(number.map_or(RunnerHolder::Somebody, RunnerHolder::Process))
    }
}

/// What of an account one process changes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarded {
    /// Its tokens, from before the request to the provider until its answer is stored.
    Token,
    /// Its vault entry, from reading it until the changed one is stored.
    Entry,
}

/// The right to change an account's tokens or its vault entry. It ends with the process, however the process ends.
/// Whoever needs both takes the tokens' first.
#[derive(Debug)]
pub struct AccountLease {
    _lock: File,
}

impl AccountLease {
    /// Takes the lease; none while anybody else has it, in this process too.
    pub fn acquire(
        workspace: &Workspace,
        account: AccountId,
        guarded: Guarded,
    ) -> Result<Option<Self>> {
        let word = match guarded {
            Guarded::Token => "token",
            Guarded::Entry => "entry",
        };
        let name = format!("{account}-{word}.lock");
        let lock = taken(&workspace.folder().leases().join(name))?;
        Ok(lock.map(|lock| Self { _lock: lock }))
    }
}

fn open(path: &Path) -> Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(Error::file(path))
}

/// The file, locked; none while somebody else has it.
fn taken(path: &Path) -> Result<Option<File>> {
    let lock = open(path)?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Error::file(path)(error)),
    }
}
