use rusqlite::Connection;

use crate::connection;
use crate::error::Result;
use crate::workspace::Workspace;

/// Whether anything was written to a workspace, by this process or another. A connection of its own, since each knows
/// only what others wrote since it looked last.
#[derive(Debug)]
pub struct Changes {
    conn: Connection,
    version: Option<i64>,
    _open: Workspace,
}

impl Changes {
    /// Whether anything was committed since this was asked last; the first time it was. Costs some microseconds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn any(&mut self) -> Result<bool> {
        // sqlite.org, *PRAGMA data_version*: changes whenever another connection commits, in any process.
        let version = self
            .conn
            .query_row("PRAGMA data_version", [], |row| row.get(0))?;
        let before = self.version.replace(version);
        Ok(before != Some(version))
    }
}

impl Workspace {
    /// Tells whether anything is written from now on, by whichever process.
    ///
    /// # Errors
    /// When the database cannot be opened once more.
    pub fn changes(&self) -> Result<Changes> {
        Ok(Changes {
            conn: connection::reading(&self.folder().database())?,
            version: None,
            _open: self.clone(),
        })
    }
}
