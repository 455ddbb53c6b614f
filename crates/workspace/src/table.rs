//! Tables that mappings read: key to value, for an environment or an account. Every change is a version, and no
//! version is ever changed.

use std::collections::BTreeMap;

use crosswalk_vault::{AccountKeys, SealContext};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::json;

use crate::audit;
use crate::column::{Count, Json, Micros};
use crate::error::Result;
use crate::id::AccountId;
use crate::mapping_override::Scope;
use crate::tx::{ReadTx, WriteTx};

/// What a version changes: a key's new value, or none where the key is taken away and the levels below hold.
pub type Changes = BTreeMap<String, Option<String>>;

/// What a change of a table came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Keys the table has afterwards.
    pub entries: u64,
    /// Keys it did not have.
    pub added: u64,
    /// Keys with another value.
    pub changed: u64,
    /// Keys it no longer has.
    pub removed: u64,
}

/// A version of a table, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Whose.
    pub scope: Scope,
    /// The table's name, as `$table` asks for it.
    pub name: String,
    /// Counted from 1 for each scope and name.
    pub version: u64,
    /// What it came to.
    pub tally: Tally,
    /// The version it brought back.
    pub restored_version: Option<u64>,
    /// Why.
    pub note: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// A version to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// Whose.
    pub scope: Scope,
    /// The table's name.
    pub name: String,
    /// What it changes.
    pub body: Body,
    /// What that came to.
    pub tally: Tally,
    /// The version the changes were made on; none for the first. Refused if another came between.
    pub after: Option<u64>,
    /// The version it brings back.
    pub restored_version: Option<u64>,
    /// Why.
    pub note: Option<String>,
}

/// A version's changes as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// An environment's: what its users typed.
    Clear(Changes),
    /// An account's: what may come from its records.
    Sealed(Vec<u8>),
}

impl Body {
    /// The changes of an account's table, sealed.
    ///
    /// # Errors
    /// [`crate::Error::Sealed`] for more than can be sealed at once (512 MiB).
    pub fn of_account(
        keys: &AccountKeys,
        account: AccountId,
        name: &str,
        changes: &Changes,
    ) -> Result<Self> {
        let text = serde_json::to_vec(changes).unwrap_or_default();
        Ok(Self::Sealed(keys.seal(&context(account, name), &text)?))
    }

    /// What it says. `keys` are the account's; none for an environment's.
    ///
    /// # Errors
    /// [`crate::Error::Sealed`] if it is damaged or sealed under another key.
    pub fn open(self, keys: Option<&AccountKeys>, scope: Scope, name: &str) -> Result<Changes> {
        match (self, scope, keys) {
            (Self::Clear(changes), _, _) => Ok(changes),
            (Self::Sealed(sealed), Scope::Account(account), Some(keys)) => {
                let text = keys.open(&context(account, name), &sealed)?;
                serde_json::from_slice(&text)
                    .map_err(|error| crate::Error::Corrupt(format!("a table's version: {error}")))
            }
            (Self::Sealed(_), _, _) => Err(crate::Error::Corrupt(
                "a table's version is sealed and no key was given".to_owned(),
            )),
        }
    }
}

fn context(account: AccountId, name: &str) -> SealContext<'_> {
    SealContext {
        account: account.uuid(),
        table: "table_version",
        row: name.as_bytes(),
    }
}

const COLUMNS: &str = "level, scope, name, version, entries, added, changed, removed, restored_version, note, \
     actor, at";

fn read(row: &Row<'_>) -> rusqlite::Result<Version> {
    let level: String = row.get(0)?;
    let count = |at: usize| row.get::<_, Count>(at).map(|Count(count)| count);
    Ok(Version {
        scope: match level.as_str() {
            "environment" => Scope::Environment(row.get(1)?),
            _ => Scope::Account(row.get(1)?),
        },
        name: row.get(2)?,
        version: count(3)?,
        tally: Tally {
            entries: count(4)?,
            added: count(5)?,
            changed: count(6)?,
            removed: count(7)?,
        },
        restored_version: row
            .get::<_, Option<Count>>(8)?
            .map(|Count(version)| version),
        note: row.get(9)?,
        actor: row.get(10)?,
        at: row.get::<_, Micros>(11)?.0,
    })
}

/// Adds a version, and says its number; none if the table was changed since the version it was made on.
pub fn add(tx: &WriteTx<'_>, new: &NewVersion) -> Result<Option<u64>> {
    let last = version(tx, new.scope, &new.name)?;
    if last != new.after {
        return Ok(None);
    }
    let next = last.unwrap_or(0) + 1;
    let (clear, sealed) = match &new.body {
        Body::Clear(changes) => (Some(Json(changes)), None),
        Body::Sealed(sealed) => (None, Some(sealed)),
    };
    tx.execute(
        "INSERT INTO table_version (level, scope, name, version, entries, added, changed, removed, restored_version, \
         note, actor, at, sealed_changes, changes) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            new.scope.level(),
            new.scope,
            new.name,
            Count(next),
            Count(new.tally.entries),
            Count(new.tally.added),
            Count(new.tally.changed),
            Count(new.tally.removed),
            new.restored_version.map(Count),
            new.note,
            tx.origin().actor,
            Micros(tx.now()),
            sealed,
            clear,
        ],
    )?;
    let detail = json!({ "scope": new.scope, "table": new.name, "version": next, "tally": new.tally,
        "restored": new.restored_version, "note": new.note });
    audit::change(tx, "table:changed", None, &detail)?;
    Ok(Some(next))
}

/// The number of a table's latest version; none if there is no such table.
pub fn version(tx: &ReadTx<'_>, scope: Scope, name: &str) -> Result<Option<u64>> {
    let last = tx.row(
        "SELECT max(version) FROM table_version WHERE level = ?1 AND scope = ?2 AND name = ?3",
        params![scope.level(), scope, name],
        |row| row.get::<_, Option<Count>>(0),
    )?;
    Ok(last.flatten().map(|Count(version)| version))
}

/// The latest version of each table of a scope, by name.
pub fn list(tx: &ReadTx<'_>, scope: Scope) -> Result<Vec<Version>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM table_version AS this WHERE level = ?1 AND scope = ?2 AND version = \
             (SELECT max(version) FROM table_version AS every WHERE every.level = this.level \
             AND every.scope = this.scope AND every.name = this.name) ORDER BY name"
        ),
        params![scope.level(), scope],
        read,
    )
}

/// Every version of a table, the newest first.
pub fn history(tx: &ReadTx<'_>, scope: Scope, name: &str) -> Result<Vec<Version>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM table_version WHERE level = ?1 AND scope = ?2 AND name = ?3 ORDER BY version DESC"
        ),
        params![scope.level(), scope, name],
        read,
    )
}

/// What the versions of a table changed, oldest first, up to `upto` (all of them with none).
pub fn bodies(tx: &ReadTx<'_>, scope: Scope, name: &str, upto: Option<u64>) -> Result<Vec<Body>> {
    tx.rows(
        "SELECT sealed_changes, changes FROM table_version WHERE level = ?1 AND scope = ?2 AND name = ?3 \
         AND version <= coalesce(?4, 9223372036854775807) ORDER BY version",
        params![scope.level(), scope, name, upto.map(Count)],
        |row| {
            Ok(match row.get::<_, Option<Json<Changes>>>(1)? {
                Some(Json(changes)) => Body::Clear(changes),
                None => Body::Sealed(row.get(0)?),
            })
        },
    )
}
