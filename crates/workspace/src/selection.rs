//! Stored selections: which fields a record was asked for. A record remembers the one it was fetched with.

pub use crosswalk_connector::Selection;
use rusqlite::params;
use sha2::{Digest as _, Sha256};

use crate::column::Json;
use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};

/// Stands for a stored selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SelectionId(pub(crate) i64);

/// Stores a selection once, however often it is used.
pub fn intern(tx: &WriteTx<'_>, selection: &Selection) -> Result<SelectionId> {
    let tree = serde_json::to_string(selection).map_err(|error| {
        Error::Database(rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    })?;
    let digest: [u8; 32] = Sha256::digest(&tree).into();
    tx.execute(
        "INSERT INTO selection (digest, tree) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING",
        params![digest, tree],
    )?;
    tx.row(
        "SELECT id FROM selection WHERE digest = ?1",
        [digest],
        |row| row.get(0),
    )?
    .map(SelectionId)
    .ok_or_else(|| missing("that was just stored"))
}

/// A stored selection.
pub fn get(tx: &ReadTx<'_>, id: SelectionId) -> Result<Selection> {
    tx.row("SELECT tree FROM selection WHERE id = ?1", [id.0], |row| {
        row.get::<_, Json<Selection>>(0)
    })?
    .map(|Json(selection)| selection)
    .ok_or_else(|| missing(&id.0.to_string()))
}

fn missing(id: &str) -> Error {
    Error::NotFound {
        noun: "selection",
        id: id.to_owned(),
    }
}
