//! How tenants, accounts, alerts and what maps records stand, as texts that differ when anything about them does: what a window shows is read anew
//! only where it changed, whichever process changed it.

use crate::error::Result;
use crate::id::AccountId;
use crate::tx::ReadTx;

/// How one account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its id inside.
    pub account: AccountId,
    /// Its id outside.
    pub slug: String,
    /// The tenant's id outside.
    pub tenant: String,
    /// Status, health, clocks, the newest run of each resource, coverage. Only for comparing.
    pub text: String,
}

/// How every account stands.
pub fn accounts(tx: &ReadTx<'_>) -> Result<Vec<Standing>> {
    tx.rows(
        "SELECT account.uuid, account.slug, tenant.slug, \
         quote(account.updated_at) || quote(status) || quote(status_since) || quote(environment) || quote(kind) || \
         quote(scopes_granted) || quote(trust_digest) || quote(failed_runs) || quote(last_error_at) || \
         quote(last_forbidden_at) || quote(last_success_at) || quote(token.obtained_at) || quote(token.expires_at) || \
         quote(token.renew_at) || quote(token.refresh_obtained_at) || quote(token.refresh_started) || \
         quote(coverage.at) || quote((SELECT group_concat(run.id || run.status || quote(run.ended_at)) \
         FROM resource JOIN run ON run.id = (SELECT max(newest.id) FROM run AS newest \
         WHERE newest.resource = resource.id) WHERE resource.account = account.uuid)) \
         FROM account JOIN tenant ON tenant.uuid = account.tenant \
         LEFT JOIN token ON token.account = account.uuid LEFT JOIN coverage ON coverage.account = account.uuid",
        [],
        |row| {
            Ok(Standing {
                account: row.get(0)?,
                slug: row.get(1)?,
                tenant: row.get(2)?,
                text: row.get(3)?,
            })
        },
    )
}

/// How the alerts that are not resolved stand.
pub fn alerts(tx: &ReadTx<'_>) -> Result<String> {
    let text = tx.row(
        "SELECT group_concat(line) FROM (SELECT quote(uuid) || state || quote(due_at) || quote(acknowledged_at) || \
         quote(snoozed_until) AS line FROM alert WHERE state <> 'resolved' ORDER BY uuid)",
        [],
        |row| row.get::<_, Option<String>>(0),
    )?;
    Ok(text.flatten().unwrap_or_default())
}

/// How the tenants and what was ticked off for them stand.
pub fn tenants(tx: &ReadTx<'_>) -> Result<String> {
    let text = tx.row(
        "SELECT (SELECT count(*) || quote(max(updated_at)) FROM tenant) || \
         (SELECT count(*) || quote(max(at)) FROM onboarding_mark)",
        [],
        |row| row.get(0),
    )?;
    Ok(text.unwrap_or_default())
}

/// How the overrides of mappings and the tables they read stand: no version is ever changed, so that the newest and how many
/// there are tell.
pub fn mappings(tx: &ReadTx<'_>) -> Result<String> {
    let text = tx.row(
        "SELECT (SELECT count(*) || quote(max(id)) FROM mapping_override) || ' ' || \
         (SELECT count(*) || quote(max(id)) FROM table_version)",
        [],
        |row| row.get(0),
    )?;
    Ok(text.unwrap_or_default())
}
