use std::ops::Deref;

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use crate::error::Result;
use crate::origin::Origin;
use crate::record::Memory;

/// A view of the workspace as it stands at one instant.
#[derive(Debug)]
pub struct ReadTx<'c> {
    conn: &'c Connection,
    memory: Option<&'c Memory>,
}

impl<'c> ReadTx<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self { conn, memory: None }
    }

    /// With the bodies that are held in memory only.
    pub(crate) fn with_memory(conn: &'c Connection, memory: &'c Memory) -> Self {
        Self {
            conn,
            memory: Some(memory),
        }
    }

    pub(crate) fn memory(&self) -> Option<&'c Memory> {
        self.memory
    }

    pub(crate) fn conn(&self) -> &'c Connection {
        self.conn
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>> {
        Ok(self.conn.prepare_cached(sql)?)
    }

    /// The one row of a query, or none.
    pub(crate) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.prepare(sql)?.query_row(params, read).optional()?)
    }

    /// Every row of a query.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.prepare(sql)?;
        let rows = statement
            .query_map(params, read)?
            .collect::<rusqlite::Result<Vec<T>>>()?;
        Ok(rows)
    }
}

/// A write in progress. It reads what it wrote, and everything it wrote is stored together or not at all.
#[derive(Debug)]
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    now: Timestamp,
    origin: &'c Origin,
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(conn: &'c Connection, now: Timestamp, origin: &'c Origin) -> Self {
        Self {
            read: ReadTx::new(conn),
            now,
            origin,
        }
    }

    /// With the bodies that are held in memory only.
    pub(crate) fn with_memory(self, memory: &'c Memory) -> Self {
        Self {
            read: ReadTx::with_memory(self.read.conn, memory),
            ..self
        }
    }

    /// The instant of this write, on the workspace's clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn origin(&self) -> &'c Origin {
        self.origin
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.prepare(sql)?.execute(params)?)
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}
