//! Steps of a tenant's onboarding that the workspace cannot see for itself, ticked off by somebody.

use jiff::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, Subject};
use crate::column::Micros;
use crate::error::Result;
use crate::tenant::Tenant;
use crate::tx::{ReadTx, WriteTx};

/// The steps ticked off for a tenant, and when.
pub fn marks(tx: &ReadTx<'_>, tenant: &Tenant) -> Result<Vec<(String, Timestamp)>> {
    tx.rows(
        "SELECT step, at FROM onboarding_mark WHERE tenant = ?1 ORDER BY step",
        [tenant.uuid],
        |row| Ok((row.get(0)?, row.get::<_, Micros>(1)?.0)),
    )
}

/// Ticks a step off, or takes that back.
pub fn mark(tx: &WriteTx<'_>, tenant: &Tenant, step: &str, done: bool) -> Result<()> {
    let changed = if done {
        tx.execute(
            "INSERT OR IGNORE INTO onboarding_mark (tenant, step, at) VALUES (?1, ?2, ?3)",
            params![tenant.uuid, step, Micros(tx.now())],
        )?
    } else {
        tx.execute(
            "DELETE FROM onboarding_mark WHERE tenant = ?1 AND step = ?2",
            params![tenant.uuid, step],
        )?
    };
    if changed == 0 {
        return Ok(());
    }
    audit::change(
        tx,
        "tenant:onboarding",
        Some(&Subject::tenant(&tenant.slug)),
        &json!({ "step": step, "done": done }),
    )
}
