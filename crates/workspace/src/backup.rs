//! Verified copies of the database. A vault's file is never in one.

mod sign_ins;
mod thinning;

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup as Copying;
use serde_json::{Value, json};

use crate::audit;
use crate::column::words;
use crate::connection;
use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::id::AccountId;
use crate::integrity;
use crate::migration::{self, Format, Formats, Step};
use crate::presence::Presence;
use crate::setting;
use crate::tx::{ReadTx, WriteTx};
use crate::workspace::OpenOptions;

words! {
    /// Why a backup was taken.
    Reason {
        /// Somebody asked for it.
        Manual = "manual",
        /// A day had passed since the last.
        Daily = "daily",
        /// A daily one of an earlier week, without records and what quotes them.
        Weekly = "weekly",
        /// The workspace was about to be brought to a later format.
        Migration = "migration",
        /// The workspace was about to be replaced by another backup.
        Restore = "restore",
    }
}

pub use thinning::{Thinned, thin};

/// Ends the name of a folder with the files of a damaged database that a restore replaced.
const DAMAGED: &str = "-damaged";

/// A backup in the workspace's `backups` folder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Backup {
    /// Its file's name, by which it is restored.
    pub name: String,
    /// When it was taken.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The backups there are, newest first. Files that are not ours are left out.
pub fn list(folder: &Folder) -> Result<Vec<Backup>> {
    let path = folder.backups();
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file(&path)(error)),
    };
    let mut backups = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::file(&path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some((at, reason)) = parse_name(&name) {
            let bytes = entry.metadata().map_err(Error::file(entry.path()))?.len();
            backups.push(Backup {
                name,
                at,
                reason,
                bytes,
            });
        }
    }
    backups.sort_by(|a, b| (b.at, &b.name).cmp(&(a.at, &a.name)));
    Ok(backups)
}

/// That nobody else makes, thins or sweeps backups meanwhile. Waits; it ends with the process, since the operating system
/// holds it.
fn alone(folder: &Folder) -> Result<fs::File> {
    let path = folder.leases().join("backups.lock");
    let lock = folder::closed_file(&path)?;
    lock.lock().map_err(Error::file(&path))?;
    Ok(lock)
}

/// Copies the database `conn` reads, checks the copy, and only then gives it its name.
pub(crate) fn take(
    conn: &Connection,
    folder: &Folder,
    formats: Formats,
    reason: Reason,
    now: Timestamp,
) -> Result<Backup> {
    let path = folder.backups();
    folder::closed(&path)?;
    let _alone = alone(folder)?;
    let (name, path) = free_name(&path, reason, now);
    let partial = path.with_extension("partial");
    let copied = copy(conn, &partial).and_then(|()| verify(&partial, &name, formats));
    if let Err(error) = copied {
        drop(fs::remove_file(&partial));
        return Err(error);
    }
    fs::rename(&partial, &path).map_err(Error::file(&path))?;
    sync_folder(&folder.backups())?;
    let bytes = fs::metadata(&path).map_err(Error::file(&path))?.len();
    Ok(Backup {
        name,
        at: now,
        reason,
        bytes,
    })
}

/// Puts a backup in the place of the database, after a backup of what is there now. The workspace must not be open
/// anywhere, in this process either. The restored workspace's audit ends with a row that says so.
///
/// Tokens and secrets do not go back in time: newer ones are carried over from what is there now. Where that cannot be
/// read, refresh tokens are forgotten, and their accounts ask to be signed in again.
///
/// # Errors
/// [`Error::InUse`], [`Error::BadBackup`], [`Error::NotFound`].
pub fn restore(folder: &Folder, name: &str, options: &OpenOptions) -> Result<()> {
    let backup = list(folder)?
        .into_iter()
        .find(|backup| backup.name == name)
        .ok_or_else(|| Error::NotFound {
            noun: "backup",
            id: name.to_owned(),
        })?;
    folder.create()?;
    let _alone = Presence::alone_at_once(folder)?;
    let path = folder.backups().join(&backup.name);
    verify(&path, name, migration::KNOWN)?;
    let ready = folder.path().join("workspace.restoring");
    drop_database(&ready)?;
    let conn = brought_up(&path, &ready, options)?;
    let present = if set_aside(folder, options)? {
        Some(connection::reading(&folder.database())?)
    } else {
        None
    };
    complete(conn, &ready, &backup, present, options)?;
    let database = folder.database();
    // The old log must go before the new file comes: SQLite would replay it into a database it does not belong to.
    for beside in beside(&database) {
        remove_if_there(&beside)?;
    }
    fs::rename(&ready, &database).map_err(Error::file(&database))?;
    sync_folder(folder.path())
}

/// Copies the backup, and brings the copy to the current format.
fn brought_up(backup: &Path, ready: &Path, options: &OpenOptions) -> Result<Connection> {
    copy_file(backup, ready)?;
    let now = options.clock.now();
    let mut conn = connection::writing(ready, false)?;
    migration::KNOWN.migrate(&mut conn, |conn, step| {
        let (Step::Created(format) | Step::Migrated(format)) = step;
        let tx = WriteTx::new(conn, now, &options.origin);
        audit::change(
            &tx,
            "workspace:migrated",
            None,
            &json!({ "format": format }),
        )
    })?;
    Ok(conn)
}

/// Carries over what must not go back in time, and writes the row that says that the copy was restored.
fn complete(
    mut conn: Connection,
    ready: &Path,
    named: &Backup,
    present: Option<Connection>,
    options: &OpenOptions,
) -> Result<()> {
    let tx = conn.transaction()?;
    let write = WriteTx::new(&tx, options.clock.now(), &options.origin);
    match &present {
        Some(present) => sign_ins::carry_over(&write, present)?,
        None => sign_ins::forget_refresh_tokens(&write)?,
    }
    let detail = json!({ "backup": named.name, "taken_at": named.at });
    audit::restored(&write, &detail)?;
    tx.commit()?;
    drop(present);
    one_file(conn, ready)
}

/// Keeps what is there now: as a backup if it is sound, else as the damaged files themselves. Says whether it is sound.
fn set_aside(folder: &Folder, options: &OpenOptions) -> Result<bool> {
    let database = folder.database();
    let now = options.clock.now();
    let kept = match migration::KNOWN.look(&database) {
        Ok(Format::None) => return Ok(false),
        Ok(_) => connection::reading(&database)
            .and_then(|conn| take(&conn, folder, migration::KNOWN, Reason::Restore, now))
            // The log goes next. Killed after that and before the new file is there, the old one must be whole without it.
            .and_then(|_| one_file(connection::writing(&database, false)?, &database)),
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => Ok(true),
        Err(Error::DiskFull) => Err(Error::DiskFull),
        Err(_) => {
            let damaged = folder.backups().join(stamp(now) + DAMAGED);
            folder::closed(&damaged)?;
            for file in std::iter::once(database.clone()).chain(beside(&database)) {
                let Some(name) = file.file_name().filter(|_| file.exists()) else {
                    continue;
                };
                copy_file(&file, &damaged.join(name))?;
            }
            sync_folder(&damaged)?;
            Ok(false)
        }
    }
}

/// A setting of every account as a backup holds it.
///
/// # Errors
/// When the backup cannot be read.
pub fn account_settings(
    folder: &Folder,
    backup: &Backup,
    name: &str,
) -> Result<Vec<(AccountId, Value)>> {
    let conn = connection::reading(&folder.backups().join(&backup.name))?;
    setting::of_accounts(&ReadTx::new(&conn), name)
}

fn copy(from: &Connection, to: &Path) -> Result<()> {
    drop_database(to)?;
    // SQLite would make it as open as the system has new files be, and gives what it puts beside it the rights of the file.
    folder::closed_file(to)?;
    let mut copy = Connection::open(to)?;
    // All pages in one step: a copy made in several would start over each time somebody writes.
    Copying::new(from, &mut copy)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    one_file(copy, to)
}

/// Copies a file. The copy is closed to other users, whatever the file is.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let mut source = fs::File::open(from).map_err(Error::file(from))?;
    let mut copy = folder::closed_file(to)?;
    copy.set_len(0)
        .and_then(|()| io::copy(&mut source, &mut copy))
        .map(drop)
        .map_err(Error::file(to))
}

/// Closes the database so that all of it is in its file, and on the disk.
fn one_file(conn: Connection, path: &Path) -> Result<()> {
    conn.pragma_update(None, "journal_mode", "DELETE")?;
    conn.close().map_err(|(_, error)| error)?;
    let file = fs::File::options()
        .write(true)
        .open(path)
        .map_err(Error::file(path))?;
    file.sync_all().map_err(Error::file(path))
}

/// That a copy is a whole workspace this version can open.
fn verify(path: &Path, name: &str, formats: Formats) -> Result<()> {
    let bad = |reason: String| Error::BadBackup {
        name: name.to_owned(),
        reason,
    };
    match formats.look(path) {
        Ok(Format::Current | Format::Older(_)) => {}
        Ok(Format::None) => return Err(bad("it is empty".into())),
        Err(error @ Error::DiskFull) => return Err(error),
        Err(error) => return Err(bad(error.to_string())),
    }
    let conn = connection::reading(path)?;
    let faults = integrity::faults(&conn).unwrap_or_else(|error| vec![error.to_string()]);
    faults
        .into_iter()
        .next()
        .map_or(Ok(()), |fault| Err(bad(fault)))
}

fn drop_database(path: &Path) -> Result<()> {
    for file in std::iter::once(path.to_owned()).chain(beside(path)) {
        remove_if_there(&file)?;
    }
    Ok(())
}

/// The log and index SQLite keeps beside a database.
fn beside(database: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|suffix| {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(path)(error)),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> Result<()> {
    // A rename is on the disk once its folder is. Windows cannot open a folder, and orders renames itself.
    if cfg!(unix) {
        fs::File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(Error::file(path))?;
    }
    Ok(())
}

fn free_name(backups: &Path, reason: Reason, now: Timestamp) -> (String, PathBuf) {
    let mut name = format!("{}-{reason}.db", stamp(now));
    let mut count = 1_u32;
    while backups.join(&name).exists() {
        count += 1;
        name = format!("{}-{reason}-{count}.db", stamp(now));
    }
    let path = backups.join(&name);
    (name, path)
}

fn stamp(now: Timestamp) -> String {
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn parse_name(name: &str) -> Option<(Timestamp, Reason)> {
    let mut parts = name.strip_suffix(".db")?.split('-');
    let at = parts.next()?.parse().ok()?;
    let reason = Reason::parse(parts.next()?)?;
    Some((at, reason))
}
