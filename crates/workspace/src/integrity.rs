use rusqlite::Connection;
use serde::Serialize;

use crate::audit;
use crate::error::Result;
use crate::migration;
use crate::tx::ReadTx;

/// What a check of the whole workspace found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Integrity {
    /// The format of the workspace.
    pub format: u32,
    /// The SQLite this program carries.
    pub sqlite: &'static str,
    /// What the database itself reports as broken; empty when sound.
    pub faults: Vec<String>,
    /// The audit chain, checked from its first row.
    pub audit: audit::Verdict,
}

impl Integrity {
    /// Whether nothing was found.
    pub fn ok(&self) -> bool {
        self.faults.is_empty() && self.audit.ok
    }
}

/// Checks pages, indices, foreign keys and the audit chain. Reads everything: 1 s per GB and more.
pub fn check(tx: &ReadTx<'_>) -> Result<Integrity> {
    Ok(Integrity {
        format: migration::KNOWN.current(),
        sqlite: rusqlite::version(),
        faults: faults(tx.conn())?,
        audit: audit::verify(tx, .., None)?,
    })
}

/// What SQLite finds wrong, at most a hundred lines of it.
pub(crate) fn faults(conn: &Connection) -> Result<Vec<String>> {
    let mut faults: Vec<String> = conn
        .prepare("PRAGMA integrity_check")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    faults.retain(|line| line != "ok");
    let orphans: Vec<String> = conn
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], |row| {
            Ok(format!(
                "a row of {} refers to a {} that is not there",
                row.get::<_, String>(0)?,
                row.get::<_, String>(2)?
            ))
        })?
        .take(100)
        .collect::<rusqlite::Result<_>>()?;
    faults.extend(orphans);
    Ok(faults)
}
