//! Connections as the workspace wants them, and nothing about what is in it.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};

/// The first SQLite whose WAL cannot be damaged by two connections (sqlite.org, *The WAL-Reset Bug*).
const OLDEST_SQLITE: i32 = 3_051_003;

/// How long a write waits for another process. No write of ours takes a hundredth of it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks. SQLite's own handler backs off to 100 ms, and then never meets the gap of [`crate::writer`].
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How long a connection keeps what it read and wrote last.
const BEFORE_REST: Duration = Duration::from_secs(2);

pub(crate) fn assert_sqlite() -> Result<()> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::OldSqlite(rusqlite::version()));
    }
    Ok(())
}

/// A connection that may write. Creates the file when `create` is set.
pub(crate) fn writing(path: &Path, create: bool) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let conn = prepared(Connection::open_with_flags(path, flags)?)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "secure_delete", true)?;
    // 16 MiB: at 15,000 records a second the default of 4 MiB copies pages back five times a second.
    conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    conn.pragma_update(None, "cache_size", -16 * 1024)?;
    Ok(conn)
}

/// A connection that cannot write.
pub(crate) fn reading(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = prepared(Connection::open_with_flags(path, flags)?)?;
    conn.pragma_update(None, "query_only", true)?;
    // Several of them lie idle with what they read last; what is read again comes from the system's own cache.
    conn.pragma_update(None, "cache_size", -2 * 1024)?;
    Ok(conn)
}

/// Takes back what a process that died had half written with a rollback journal, as it does while it turns the log on
/// or off: a connection that cannot write refuses such a file. Does nothing where there is no journal.
pub(crate) fn roll_back(path: &Path) -> Result<()> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if !Path::new(&journal).exists() {
        return Ok(());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = prepared(Connection::open_with_flags(path, flags)?)?;
    // The first look at the file does it.
    let _: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(())
}

/// What comes next for a connection; none when nothing will. Where nothing comes for a while, the connection lets go of the
/// pages it keeps in memory.
pub(crate) fn next_or_rest<T>(conn: &Connection, queue: &Receiver<T>) -> Option<T> {
    match queue.recv_timeout(BEFORE_REST) {
        Ok(next) => Some(next),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            // It would only be held for longer.
            drop(conn.execute_batch("PRAGMA shrink_memory"));
            queue.recv().ok()
        }
    }
}

fn prepared(mut conn: Connection) -> Result<Connection> {
    be_patient(&mut conn, PATIENCE)?;
    // A damaged or hostile file must not make the schema run anything.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// Has a connection wait so long for others.
pub(crate) fn be_patient(conn: &mut Connection, patience: Duration) -> Result<()> {
    let mut waiting_since = None;
    conn.busy_handler(Some(move |attempt: i32| {
        let now = std::time::Instant::now();
        if attempt == 0 {
            waiting_since = Some(now);
        }
        let waited = waiting_since.map_or(Duration::ZERO, |since| now.duration_since(since));
        std::thread::sleep(LOOK_AGAIN);
        waited < patience
    }))?;
    Ok(())
}
