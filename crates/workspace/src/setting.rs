//! Settings: named JSON values at a level, whose meaning is their reader's.

use rusqlite::params;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit;
use crate::column::{Json, Micros};
use crate::error::Result;
use crate::id::{AccountId, EnvironmentId, TenantId};
use crate::tx::{ReadTx, WriteTx};

/// What a setting is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// The workspace as a whole.
    Workspace,
    /// One tenant.
    Tenant(TenantId),
    /// One environment.
    Environment(EnvironmentId),
    /// One account.
    Account(AccountId),
}

impl Level {
    fn key(self) -> (&'static str, Vec<u8>) {
        let bytes = |uuid: Uuid| uuid.as_bytes().to_vec();
        match self {
            Self::Workspace => ("workspace", Vec::new()),
            Self::Tenant(tenant) => ("tenant", bytes(tenant.uuid())),
            Self::Environment(environment) => ("environment", bytes(environment.uuid())),
            Self::Account(account) => ("account", bytes(account.uuid())),
        }
    }
}

/// A setting's value; none if it was never set, or unset.
pub fn get(tx: &ReadTx<'_>, level: &Level, name: &str) -> Result<Option<Value>> {
    let (level, scope) = level.key();
    let value = tx.row(
        "SELECT value FROM setting WHERE level = ?1 AND scope = ?2 AND name = ?3",
        params![level, scope, name],
        |row| row.get::<_, Json<Value>>(0),
    )?;
    Ok(value.map(|Json(value)| value))
}

/// The accounts for which a setting is set, with its values.
pub fn of_accounts(tx: &ReadTx<'_>, name: &str) -> Result<Vec<(AccountId, Value)>> {
    tx.rows(
        "SELECT scope, value FROM setting WHERE level = 'account' AND name = ?1 ORDER BY scope",
        [name],
        |row| Ok((row.get(0)?, row.get::<_, Json<Value>>(1)?.0)),
    )
}

/// Sets a setting, or unsets it with none. Stored in clear, and written to the audit: never a secret.
pub fn set(tx: &WriteTx<'_>, level: &Level, name: &str, value: Option<&Value>) -> Result<()> {
    let before = get(tx, level, name)?;
    if before.as_ref() == value {
        return Ok(());
    }
    put(tx, level, name, value)?;
    let (level, _) = level.key();
    let detail = json!({ "level": level, "name": name, "before": before, "after": value });
    audit::change(tx, "setting:changed", None, &detail)
}

/// Keeps what the program itself has to remember of the workspace, or forgets it with none. Nobody's choice: the audit
/// has no row of it.
pub(crate) fn remember(tx: &WriteTx<'_>, name: &str, value: Option<&Value>) -> Result<()> {
    put(tx, &Level::Workspace, name, value)
}

fn put(tx: &WriteTx<'_>, level: &Level, name: &str, value: Option<&Value>) -> Result<()> {
    let (level, scope) = level.key();
    match value {
        Some(value) => tx.execute(
            "INSERT OR REPLACE INTO setting (level, scope, name, value, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![level, scope, name, Json(value), Micros(tx.now())],
        )?,
        None => tx.execute(
            "DELETE FROM setting WHERE level = ?1 AND scope = ?2 AND name = ?3",
            params![level, scope, name],
        )?,
    };
    Ok(())
}
