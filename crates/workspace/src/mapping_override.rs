//! Overrides of mappings: what an environment or an account maps otherwise than its connector. Every change is a
//! version, and no version is ever changed.

use jiff::Timestamp;
use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::json;

use crate::account::Account;
use crate::audit;
use crate::column::{Count, Micros, words};
use crate::error::Result;
use crate::id::{AccountId, EnvironmentId};
use crate::tx::{ReadTx, WriteTx};

words! {
    /// What an expression maps.
    Side {
        /// A unified field, from a record.
        Response = "response",
        /// A unified filter, to the provider's own.
        Request = "request",
    }
}

/// Whose override it is. The connector's own mapping is the level below, and stands in its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All accounts of an environment.
    Environment(EnvironmentId),
    /// One account, over its environment.
    Account(AccountId),
}

impl Scope {
    /// The word for the level it is at.
    pub fn level(self) -> &'static str {
        match self {
            Self::Environment(_) => "environment",
            Self::Account(_) => "account",
        }
    }
}

impl ToSql for Scope {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Environment(environment) => environment.to_sql(),
            Self::Account(account) => account.to_sql(),
        }
    }
}

/// What is mapped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Target {
    /// A field or a filter.
    pub side: Side,
    /// The unified model.
    pub model: String,
    /// The resource it is mapped from; none for every resource of the model.
    pub resource: Option<String>,
    /// The unified field.
    pub field: String,
}

/// What a version says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The field is this expression.
    Set(String),
    /// The field is taken away.
    Remove,
    /// The level says nothing: the levels below hold.
    Inherit,
}

/// A version of an override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Whose.
    pub scope: Scope,
    /// What is mapped.
    pub target: Target,
    /// Counted from 1 for each scope and target.
    pub version: u64,
    /// What it says.
    pub action: Action,
    /// For a field the model does not have: what it is, as a model would say it, in JSON.
    pub added_type: Option<String>,
    /// The version it brought back.
    pub restored_version: Option<u64>,
    /// The connector's definition it was written for.
    pub definition_digest: Option<String>,
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
    /// What is mapped.
    pub target: Target,
    /// What it says.
    pub action: Action,
    /// For a field the model does not have: what it is.
    pub added_type: Option<String>,
    /// The version it brings back.
    pub restored_version: Option<u64>,
    /// The connector's definition it is written for.
    pub definition_digest: Option<String>,
    /// Why.
    pub note: Option<String>,
}

const COLUMNS: &str = "level, scope, side, model, resource, field, version, action, expression, definition_digest, \
     note, actor, at, added_type, restored_version";

fn read(row: &Row<'_>) -> rusqlite::Result<Version> {
    let level: String = row.get(0)?;
    let action: String = row.get(7)?;
    let resource: String = row.get(4)?;
    Ok(Version {
        scope: match level.as_str() {
            "environment" => Scope::Environment(row.get(1)?),
            _ => Scope::Account(row.get(1)?),
        },
        target: Target {
            side: row.get(2)?,
            model: row.get(3)?,
            resource: Some(resource).filter(|resource| !resource.is_empty()),
            field: row.get(5)?,
        },
        version: row.get::<_, Count>(6)?.0,
        action: match action.as_str() {
            "set" => Action::Set(row.get(8)?),
            "remove" => Action::Remove,
            _ => Action::Inherit,
        },
        definition_digest: row.get(9)?,
        note: row.get(10)?,
        actor: row.get(11)?,
        at: row.get::<_, Micros>(12)?.0,
        added_type: row.get(13)?,
        restored_version: row
            .get::<_, Option<Count>>(14)?
            .map(|Count(version)| version),
    })
}

/// Adds a version, and says its number.
pub fn add(tx: &WriteTx<'_>, new: &NewVersion) -> Result<u64> {
    let (scope, target) = (new.scope, &new.target);
    let (word, expression) = match &new.action {
        Action::Set(expression) => ("set", Some(expression)),
        Action::Remove => ("remove", None),
        Action::Inherit => ("inherit", None),
    };
    let Count(version) = tx
        .row(
            "INSERT INTO mapping_override (level, scope, side, model, resource, field, version, action, expression, \
             definition_digest, note, actor, at, added_type, restored_version) \
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, coalesce(max(version), 0) + 1, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14 \
             FROM mapping_override WHERE level = ?1 AND scope = ?2 AND side = ?3 AND model = ?4 AND resource = ?5 \
             AND field = ?6 RETURNING version",
            params![
                scope.level(),
                scope,
                target.side,
                target.model,
                target.resource.as_deref().unwrap_or_default(),
                target.field,
                word,
                expression,
                new.definition_digest,
                new.note,
                tx.origin().actor,
                Micros(tx.now()),
                new.added_type,
                new.restored_version.map(Count),
            ],
            |row| row.get(0),
        )?
        .unwrap_or(Count(0));
    let detail = json!({ "scope": scope, "target": target, "version": version, "action": new.action,
        "restored": new.restored_version, "note": new.note });
    audit::change(tx, "mapping:overridden", None, &detail)?;
    Ok(version)
}

/// Every version of one override, the newest first.
pub fn history(tx: &ReadTx<'_>, scope: Scope, target: &Target) -> Result<Vec<Version>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM mapping_override WHERE level = ?1 AND scope = ?2 AND side = ?3 AND model = ?4 \
             AND resource = ?5 AND field = ?6 ORDER BY version DESC"
        ),
        params![
            scope.level(),
            scope,
            target.side,
            target.model,
            target.resource.as_deref().unwrap_or_default(),
            target.field
        ],
        read,
    )
}

/// The latest version of each override of one scope, by model, side, resource and field. Also those that say
/// [`Action::Inherit`].
pub fn of_scope(tx: &ReadTx<'_>, scope: Scope) -> Result<Vec<Version>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM mapping_override AS this WHERE level = ?1 AND scope = ?2 \
             AND version = (SELECT max(version) FROM mapping_override AS every WHERE every.level = this.level \
             AND every.scope = this.scope AND every.side = this.side AND every.model = this.model \
             AND every.resource = this.resource AND every.field = this.field) \
             ORDER BY model, side DESC, resource, field"
        ),
        params![scope.level(), scope],
        read,
    )
}

/// The latest version of each override of one side, of every scope. Also those that say [`Action::Inherit`].
pub fn every(tx: &ReadTx<'_>, side: Side) -> Result<Vec<Version>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM mapping_override AS this WHERE side = ?1 \
             AND NOT EXISTS (SELECT 1 FROM mapping_override AS later WHERE later.level = this.level \
             AND later.scope = this.scope AND later.side = this.side AND later.model = this.model \
             AND later.resource = this.resource AND later.field = this.field AND later.version > this.version) \
             ORDER BY level, scope, model, resource, field"
        ),
        params![side],
        read,
    )
}

/// The latest version of each override that an account's mapping of a model has, its environment's first. Also those
/// that say [`Action::Inherit`].
pub fn latest(tx: &ReadTx<'_>, account: &Account, model: &str) -> Result<Vec<Version>> {
    tx.rows(
        &format!(
            "SELECT {COLUMNS} FROM mapping_override AS this WHERE model = ?3 \
             AND (level = 'environment' AND scope = ?2 OR level = 'account' AND scope = ?1) \
             AND NOT EXISTS (SELECT 1 FROM mapping_override AS later WHERE later.level = this.level \
             AND later.scope = this.scope AND later.side = this.side AND later.model = this.model \
             AND later.resource = this.resource AND later.field = this.field AND later.version > this.version) \
             ORDER BY level DESC, side DESC, resource, field"
        ),
        params![account.uuid, account.environment_uuid, model],
        read,
    )
}
