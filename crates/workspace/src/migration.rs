//! From one format of the workspace to the next.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::connection;
use crate::error::{Error, Result};

/// `Xwlk`: tells our databases from others' in the file's header.
const APPLICATION_ID: i32 = 0x5877_6c6b;

/// The formats a program knows: one script for each, in order, that brings a workspace from the format before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Formats(&'static [&'static str]);

/// What this version knows. A script that was released is never edited.
pub(crate) const KNOWN: Formats = Formats(&[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_window.sql"),
    include_str!("migrations/0003_mapping_studio.sql"),
    include_str!("migrations/0004_call_answers.sql"),
    include_str!("migrations/0005_health_hint.sql"),
]);

/// What a workspace's file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// No file, or one in which nothing was ever committed.
    None,
    /// An earlier one.
    Older(u32),
    /// The one this version writes.
    Current,
}

/// What was done to a workspace's file, with the format it has now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Created(u32),
    Migrated(u32),
}

impl Formats {
    /// What a version after this one might know.
    #[cfg(test)]
    pub(crate) fn and_then(self, script: &'static str) -> Self {
        Self([self.0, &[script]].concat().leak())
    }

    /// The latest, which is what is written.
    pub(crate) fn current(self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Looks at the file without opening it as a database where that is enough, and never writes.
    ///
    /// # Errors
    /// [`Error::Newer`], [`Error::NotAWorkspace`], [`Error::Corrupt`].
    pub(crate) fn look(self, path: &Path) -> Result<Format> {
        let mut header = Vec::with_capacity(100);
        match File::open(path) {
            Ok(file) => {
                file.take(100)
                    .read_to_end(&mut header)
                    .map_err(Error::file(path))?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Format::None),
            Err(error) => return Err(Error::file(path)(error)),
        }
        if header.is_empty() {
            return Ok(Format::None);
        }
        // sqlite.org, *Database File Format*, 1.3: magic, user version at 60, application id at 68, both big-endian.
        if !header.starts_with(b"SQLite format 3\0") || header.len() < 100 {
            return Err(Error::Corrupt("the file is not a database".into()));
        }
        let word = |at: usize| {
            header
                .get(at..)
                .and_then(<[u8]>::first_chunk)
                .map_or(0, |bytes| i32::from_be_bytes(*bytes))
        };
        if word(68) == APPLICATION_ID {
            // A format that is too new must not even see its log replayed.
            self.format(word(60))?;
            connection::roll_back(path)?;
        }
        let conn = connection::reading(path)?;
        let application_id: i32 =
            conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if application_id == APPLICATION_ID {
            return self.format(user_version(&conn)?);
        }
        let tables: i64 =
            conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if application_id == 0 && tables == 0 {
            Ok(Format::None)
        } else {
            Err(Error::NotAWorkspace(path.to_owned()))
        }
    }

    fn format(self, user_version: i32) -> Result<Format> {
        let known = self.current();
        match u32::try_from(user_version) {
            Ok(found) if found > known => Err(Error::Newer { found, known }),
            Ok(found) if found == known => Ok(Format::Current),
            Ok(found) if found > 0 => Ok(Format::Older(found)),
            _ => Err(Error::Corrupt(
                "the file's format number makes no sense".into(),
            )),
        }
    }

    /// That nobody brought the workspace to another format while it was open here.
    pub(crate) fn assert_current(self, conn: &Connection) -> Result<()> {
        match self.format(user_version(conn)?)? {
            Format::Current => Ok(()),
            Format::None | Format::Older(_) => Err(Error::Corrupt(
                "the file's format went back while it was open".into(),
            )),
        }
    }

    /// Makes a new workspace in one transaction, or brings an older one to the current format, each step in a
    /// transaction of its own; together with what `note` writes about it.
    pub(crate) fn migrate(
        self,
        conn: &mut Connection,
        note: impl Fn(&Connection, Step) -> Result<()>,
    ) -> Result<()> {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if user_version(&tx)? == 0 {
            for script in self.0 {
                tx.execute_batch(script)?;
            }
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", self.current())?;
            note(&tx, Step::Created(self.current()))?;
            return Ok(tx.commit()?);
        }
        drop(tx);
        for (format, script) in (1_u32..).zip(self.0) {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if u32::try_from(user_version(&tx)?).is_ok_and(|found| found >= format) {
                continue;
            }
            tx.execute_batch(script)?;
            tx.pragma_update(None, "user_version", format)?;
            note(&tx, Step::Migrated(format))?;
            tx.commit()?;
        }
        Ok(())
    }
}

fn user_version(conn: &Connection) -> Result<i32> {
    Ok(conn
        .prepare_cached("PRAGMA user_version")?
        .query_row([], |row| row.get(0))?)
}
