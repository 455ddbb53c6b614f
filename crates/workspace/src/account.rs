//! Accounts: one tenant's connection to one connector, its status and its health.

mod health;
mod values;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use health::{
    Forbidden, Health, LastError, forget_forbidden, record_error, record_failed_run,
    record_forbidden, record_success,
};
pub use values::{Kind, Purpose, Retention, Status};

use crate::alert;
use crate::audit::{self, Subject};
use crate::column::{Json, Micros};
use crate::environment;
use crate::error::{Error, Result};
use crate::id::{AccountId, EnvironmentId, TenantId};
use crate::name;
use crate::tenant;
use crate::tx::{ReadTx, WriteTx};

/// One tenant's connection to one connector.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// Its id inside, which names its vault entry.
    pub uuid: AccountId,
    /// Its id outside.
    pub slug: String,
    /// The tenant's slug.
    pub tenant: String,
    /// The tenant's id inside.
    pub tenant_uuid: TenantId,
    /// The connector's name.
    pub connector: String,
    /// Sandbox or production.
    pub kind: Kind,
    /// What its credentials may be used for.
    pub purpose: Purpose,
    /// The environment's slug.
    pub environment: Option<String>,
    /// The environment's id inside.
    pub environment_uuid: Option<EnvironmentId>,
    /// How it authenticates, as the connector names it: `client_credentials`, `authorization_code`…
    pub grant: String,
    /// The public half of its credentials.
    pub client_id: Option<String>,
    /// The connection settings the connector asked for; no secrets.
    pub config: Map<String, Value>,
    /// Where it stands.
    pub status: Status,
    /// Since when.
    pub status_since: Timestamp,
    /// The scopes asked for.
    pub scopes_asked: Vec<String>,
    /// The scopes the provider granted with the last token.
    pub scopes_granted: Option<Vec<String>>,
    /// What the user approved.
    pub trust: Trust,
    /// Its share of the instance's rate limit, in per cent; none: the kind's default.
    pub budget_percent: Option<u8>,
    /// How long its records are kept.
    pub retention: Retention,
    /// How its runs went.
    pub health: Health,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What a user approved of a connector for one account: its credentials go nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Trust {
    /// Digest of the connector's whole definition when it was approved.
    pub definition_digest: String,
    /// Digest of the parts that decide where secrets go; none: nothing is sent until the user approves.
    pub trust_digest: Option<String>,
    /// Hosts beyond the connector's own that the user confirmed.
    pub hosts: Vec<String>,
    /// Origins that secrets and tokens may be sent to.
    pub origins: Vec<String>,
}

/// An account to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAccount {
    /// Its id outside.
    pub slug: String,
    /// The tenant's slug.
    pub tenant: String,
    /// The connector's name.
    pub connector: String,
    /// Sandbox or production.
    pub kind: Kind,
    /// What its credentials may be used for.
    pub purpose: Purpose,
    /// The environment's slug; made if there is none.
    pub environment: Option<String>,
    /// How it authenticates.
    pub grant: String,
    /// The public half of its credentials.
    pub client_id: Option<String>,
    /// The connection settings; no secrets.
    pub config: Map<String, Value>,
    /// The scopes to ask for.
    pub scopes_asked: Vec<String>,
    /// What the user approved.
    pub trust: Trust,
}

const SELECT: &str = "SELECT account.uuid, account.slug, tenant.slug, tenant.uuid, connector, kind, purpose, \
     environment.slug, environment.uuid, grant_type, client_id, config, status, status_since, scopes_asked, \
     scopes_granted, definition_digest, trust_digest, approved_hosts, approved_origins, budget_percent, \
     retention_days, account.created_at, failed_runs, last_error_code, last_error_message, last_error_at, \
     last_forbidden_scope, last_forbidden_resource, last_forbidden_at, last_success_at, last_error_hint \
     FROM account JOIN tenant ON tenant.uuid = account.tenant \
     LEFT JOIN environment ON environment.uuid = account.environment";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        uuid: row.get(0)?,
        slug: row.get(1)?,
        tenant: row.get(2)?,
        tenant_uuid: row.get(3)?,
        connector: row.get(4)?,
        kind: row.get(5)?,
        purpose: row.get(6)?,
        environment: row.get(7)?,
        environment_uuid: row.get(8)?,
        grant: row.get(9)?,
        client_id: row.get(10)?,
        config: row.get::<_, Json<_>>(11)?.0,
        status: row.get(12)?,
        status_since: row.get::<_, Micros>(13)?.0,
        scopes_asked: row.get::<_, Json<_>>(14)?.0,
        scopes_granted: row
            .get::<_, Option<Json<_>>>(15)?
            .map(|Json(scopes)| scopes),
        trust: Trust {
            definition_digest: row.get(16)?,
            trust_digest: row.get(17)?,
            hosts: row.get::<_, Json<_>>(18)?.0,
            origins: row.get::<_, Json<_>>(19)?.0,
        },
        budget_percent: row.get(20)?,
        retention: row.get(21)?,
        created_at: row.get::<_, Micros>(22)?.0,
        health: Health::read(row, 23)?,
    })
}

/// Adds an account. Its status is `awaiting_credentials`.
///
/// # Errors
/// [`Error::AlreadyExists`], [`Error::NotFound`] for the tenant, [`Error::InvalidName`].
pub fn add(tx: &WriteTx<'_>, new: &NewAccount) -> Result<Account> {
    name::check(&new.slug)?;
    let tenant = tenant::get(tx, &new.tenant)?;
    if find(tx, &new.slug)?.is_some() {
        return Err(Error::AlreadyExists {
            noun: "account",
            id: new.slug.clone(),
        });
    }
    let environment = new
        .environment
        .as_deref()
        .map(|slug| environment::ensure(tx, slug))
        .transpose()?;
    tx.execute(
        "INSERT INTO account (uuid, slug, tenant, environment, connector, kind, purpose, grant_type, client_id, \
         config, status, status_since, scopes_asked, definition_digest, trust_digest, approved_hosts, \
         approved_origins, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?12, ?12)",
        params![
            AccountId::new(),
            new.slug,
            tenant.uuid,
            environment.map(|environment| environment.uuid),
            new.connector,
            new.kind,
            new.purpose,
            new.grant,
            new.client_id,
            Json(&new.config),
            Status::AwaitingCredentials,
            Micros(tx.now()),
            Json(&new.scopes_asked),
            new.trust.definition_digest,
            new.trust.trust_digest,
            Json(&new.trust.hosts),
            Json(&new.trust.origins),
        ],
    )?;
    let account = get(tx, &new.slug)?;
    let detail = json!({
        "connector": new.connector,
        "kind": new.kind,
        "purpose": new.purpose,
        "environment": new.environment,
        "grant": new.grant,
        "client_id": new.client_id,
        "config": new.config,
        "scopes": new.scopes_asked,
        "trust": new.trust,
    });
    audit::change(tx, "account:added", Some(&Subject::from(&account)), &detail)?;
    Ok(account)
}

/// Every account, by slug.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Account>> {
    tx.rows(&format!("{SELECT} ORDER BY account.slug"), [], read)
}

/// The account of that slug, if there is one.
pub fn find(tx: &ReadTx<'_>, slug: &str) -> Result<Option<Account>> {
    tx.row(&format!("{SELECT} WHERE account.slug = ?1"), [slug], read)
}

/// The account of that slug.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &ReadTx<'_>, slug: &str) -> Result<Account> {
    find(tx, slug)?.ok_or_else(|| Error::NotFound {
        noun: "account",
        id: slug.to_owned(),
    })
}

/// The account of that inner id.
///
/// # Errors
/// [`Error::NotFound`].
pub fn by_id(tx: &ReadTx<'_>, account: AccountId) -> Result<Account> {
    tx.row(
        &format!("{SELECT} WHERE account.uuid = ?1"),
        [account],
        read,
    )?
    .ok_or_else(|| Error::NotFound {
        noun: "account",
        id: account.to_string(),
    })
}

/// The accounts of the same tenant and connector whose kind is the other one.
pub fn twins(tx: &ReadTx<'_>, account: &Account) -> Result<Vec<Account>> {
    tx.rows(
        &format!("{SELECT} WHERE tenant.uuid = ?1 AND connector = ?2 AND kind <> ?3 ORDER BY account.slug"),
        params![account.tenant_uuid, account.connector, account.kind],
        read,
    )
}

/// Sets where an account stands, and says so in the audit if that is news: `account:active` when it begins to work,
/// `account:reactivated` when it works again, `account:authentication_error` when its credentials no longer do.
pub fn set_status(
    tx: &WriteTx<'_>,
    account: AccountId,
    status: Status,
    reason: Option<&str>,
) -> Result<()> {
    let held = by_id(tx, account)?;
    if held.status == status {
        return Ok(());
    }
    tx.execute(
        "UPDATE account SET status = ?2, status_since = ?3, updated_at = ?3 WHERE uuid = ?1",
        params![account, status, Micros(tx.now())],
    )?;
    // In both the provider has taken the credentials.
    if matches!(status, Status::Active | Status::PostInstallError) {
        alert::resolve(tx, account, alert::kind::NEEDS_REAUTH)?;
    }
    match status {
        Status::NeedsReauth => alert::raise(
            tx,
            account,
            alert::kind::NEEDS_REAUTH,
            "The provider no longer takes the credentials.",
            Some("Renew the token; if that is refused, enter new credentials or sign in again."),
        )?,
        // It worked once, so somebody counts on its schedules.
        Status::ValidationError | Status::PostInstallError
            if held.health.last_success_at.is_some() =>
        {
            alert::raise(
                tx,
                account,
                alert::kind::FAILED_RUNS,
                "The last connection test failed: nothing scheduled begins until one passes.",
                Some("See at the account what failed, then test the connection again."),
            )?;
        }
        _ => {}
    }
    audit::event(
        tx,
        values::event(held.status, status, held.health.last_success_at.is_some()),
        &Subject::from(&held),
        reason,
    )
}

/// Stores the scopes that came with a token.
pub fn set_scopes_granted(tx: &WriteTx<'_>, account: AccountId, scopes: &[String]) -> Result<()> {
    let held = by_id(tx, account)?;
    if held.scopes_granted.as_deref() == Some(scopes) {
        return Ok(());
    }
    update(
        tx,
        &held,
        "scopes_granted",
        Json(scopes),
        "account:scopes_granted",
        &json!({ "scopes": scopes }),
    )
}

/// The audit's word for other scopes being asked for.
pub const SCOPES_ASKED: &str = "account:scopes_asked";

/// Changes the scopes the next token is asked with.
pub fn set_scopes_asked(tx: &WriteTx<'_>, account: AccountId, scopes: &[String]) -> Result<()> {
    let held = by_id(tx, account)?;
    update(
        tx,
        &held,
        "scopes_asked",
        Json(scopes),
        SCOPES_ASKED,
        &json!({ "scopes": scopes }),
    )
}

/// Changes the connection settings; no secrets.
pub fn set_config(tx: &WriteTx<'_>, account: AccountId, config: &Map<String, Value>) -> Result<()> {
    let held = by_id(tx, account)?;
    let detail = json!({ "before": held.config, "after": config });
    update(tx, &held, "config", Json(config), "account:config", &detail)
}

/// Stores the public half of new credentials.
pub fn set_client_id(tx: &WriteTx<'_>, account: AccountId, client_id: &str) -> Result<()> {
    let held = by_id(tx, account)?;
    update(
        tx,
        &held,
        "client_id",
        client_id,
        "account:client_id",
        &json!({ "client_id": client_id }),
    )
}

/// Sets the account's share of its instance's rate limit, in per cent; none: the kind's default.
pub fn set_budget(tx: &WriteTx<'_>, account: AccountId, percent: Option<u8>) -> Result<()> {
    let held = by_id(tx, account)?;
    update(
        tx,
        &held,
        "budget_percent",
        percent,
        "account:budget",
        &json!({ "percent": percent }),
    )
}

/// Sets how long the account's records are kept. What is too old goes with the next purge.
pub fn set_retention(tx: &WriteTx<'_>, account: AccountId, retention: Retention) -> Result<()> {
    let held = by_id(tx, account)?;
    update(
        tx,
        &held,
        "retention_days",
        retention,
        "account:retention",
        &json!({ "retention": retention }),
    )
}

/// Stores what the user approved of the connector as it is now.
pub fn set_trust(tx: &WriteTx<'_>, account: AccountId, trust: &Trust) -> Result<()> {
    let held = by_id(tx, account)?;
    tx.execute(
        "UPDATE account SET definition_digest = ?2, trust_digest = ?3, approved_hosts = ?4, approved_origins = ?5, \
         updated_at = ?6 WHERE uuid = ?1",
        params![
            account,
            trust.definition_digest,
            trust.trust_digest,
            Json(&trust.hosts),
            Json(&trust.origins),
            Micros(tx.now())
        ],
    )?;
    let detail = json!({ "before": held.trust, "after": trust });
    audit::change(tx, "account:trust", Some(&Subject::from(&held)), &detail)
}

fn update(
    tx: &WriteTx<'_>,
    held: &Account,
    column: &'static str,
    value: impl rusqlite::ToSql,
    kind: &str,
    detail: &Value,
) -> Result<()> {
    tx.execute(
        &format!("UPDATE account SET {column} = ?2, updated_at = ?3 WHERE uuid = ?1"),
        params![held.uuid, value, Micros(tx.now())],
    )?;
    audit::change(tx, kind, Some(&Subject::from(held)), detail)
}

/// Removes an account and everything that hangs on it: credentials, tokens, runs, records, alerts. The caller removes
/// its vault entry, and empties the log ([`crate::Workspace::empty_log`]) so that no sealed page stays there.
pub fn remove(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    let held = by_id(tx, account)?;
    // Records first: with the runs gone first, nothing would say what their run columns mean.
    tx.execute(
        "DELETE FROM record WHERE resource IN (SELECT id FROM resource WHERE account = ?1)",
        [account],
    )?;
    tx.execute(
        "DELETE FROM mapping_override WHERE level = 'account' AND scope = ?1",
        [account],
    )?;
    tx.execute(
        "DELETE FROM setting WHERE level = 'account' AND scope = ?1",
        [account],
    )?;
    if let Some(memory) = tx.memory() {
        let resources = tx.rows(
            "SELECT id FROM resource WHERE account = ?1",
            [account],
            |row| row.get(0),
        )?;
        for resource in resources {
            memory.forget_all(resource);
        }
    }
    tx.execute("DELETE FROM account WHERE uuid = ?1", [account])?;
    let detail = json!({ "connector": held.connector, "client_id": held.client_id });
    audit::change(tx, "account:removed", Some(&Subject::from(&held)), &detail)
}
