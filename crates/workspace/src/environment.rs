//! Environments: named sets of accounts that share overrides.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::json;

use crate::audit;
use crate::column::Micros;
use crate::error::Result;
use crate::id::EnvironmentId;
use crate::name;
use crate::tx::{ReadTx, WriteTx};

/// A named set of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// Its id inside.
    pub uuid: EnvironmentId,
    /// Its id outside.
    pub slug: String,
    /// When it was first named.
    pub created_at: Timestamp,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Environment> {
    Ok(Environment {
        uuid: row.get(0)?,
        slug: row.get(1)?,
        created_at: row.get::<_, Micros>(2)?.0,
    })
}

/// The environment of that slug, if there is one.
pub fn find(tx: &ReadTx<'_>, slug: &str) -> Result<Option<Environment>> {
    tx.row(
        "SELECT uuid, slug, created_at FROM environment WHERE slug = ?1",
        [slug],
        read,
    )
}

/// Every environment, by slug.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Environment>> {
    tx.rows(
        "SELECT uuid, slug, created_at FROM environment ORDER BY slug",
        [],
        read,
    )
}

/// The environment of that slug, which exists from now on.
pub fn ensure(tx: &WriteTx<'_>, slug: &str) -> Result<Environment> {
    if let Some(environment) = find(tx, slug)? {
        return Ok(environment);
    }
    name::check(slug)?;
    let environment = Environment {
        uuid: EnvironmentId::new(),
        slug: slug.to_owned(),
        created_at: tx.now(),
    };
    tx.execute(
        "INSERT INTO environment (uuid, slug, created_at) VALUES (?1, ?2, ?3)",
        params![environment.uuid, slug, Micros(tx.now())],
    )?;
    audit::change(
        tx,
        "environment:added",
        None,
        &json!({ "environment": slug }),
    )?;
    Ok(environment)
}
