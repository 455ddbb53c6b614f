//! Tenants: the customers.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::json;

use crate::audit::{self, Subject};
use crate::column::Micros;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::name;
use crate::tx::{ReadTx, WriteTx};

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tenant {
    /// Its id inside.
    pub uuid: TenantId,
    /// Its id outside.
    pub slug: String,
    /// How people call it.
    pub name: String,
    /// Where its data may be, as a label.
    pub region: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "uuid, slug, name, region, created_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    Ok(Tenant {
        uuid: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        region: row.get(3)?,
        created_at: row.get::<_, Micros>(4)?.0,
    })
}

/// Adds a tenant. Slugs are told apart without regard to case.
pub fn add(tx: &WriteTx<'_>, slug: &str, name: &str, region: Option<&str>) -> Result<Tenant> {
    name::check(slug)?;
    if find(tx, slug)?.is_some() {
        return Err(Error::AlreadyExists {
            noun: "tenant",
            id: slug.to_owned(),
        });
    }
    let tenant = Tenant {
        uuid: TenantId::new(),
        slug: slug.to_owned(),
        name: name.to_owned(),
        region: region.map(str::to_owned),
        created_at: tx.now(),
    };
    tx.execute(
        "INSERT INTO tenant (uuid, slug, name, region, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![tenant.uuid, slug, name, region, Micros(tx.now())],
    )?;
    audit::change(
        tx,
        "tenant:added",
        Some(&Subject::tenant(slug)),
        &json!({ "name": name, "region": region }),
    )?;
    Ok(tenant)
}

/// Every tenant, by slug.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Tenant>> {
    tx.rows(
        &format!("SELECT {COLUMNS} FROM tenant ORDER BY slug"),
        [],
        read,
    )
}

/// The tenant of that slug, if there is one.
pub fn find(tx: &ReadTx<'_>, slug: &str) -> Result<Option<Tenant>> {
    tx.row(
        &format!("SELECT {COLUMNS} FROM tenant WHERE slug = ?1"),
        [slug],
        read,
    )
}

/// The tenant of that slug.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &ReadTx<'_>, slug: &str) -> Result<Tenant> {
    find(tx, slug)?.ok_or_else(|| Error::NotFound {
        noun: "tenant",
        id: slug.to_owned(),
    })
}

/// Removes a tenant without accounts. What the audit says of it stays.
///
/// # Errors
/// [`Error::HasDependents`] while it has accounts: each has keys and tokens that are forgotten first.
pub fn remove(tx: &WriteTx<'_>, slug: &str) -> Result<()> {
    let tenant = get(tx, slug)?;
    let accounts = tx.row(
        "SELECT 1 FROM account WHERE tenant = ?1 LIMIT 1",
        [tenant.uuid],
        |_| Ok(()),
    )?;
    if accounts.is_some() {
        return Err(Error::HasDependents {
            noun: "tenant",
            id: tenant.slug,
            dependents: "accounts",
        });
    }
    tx.execute(
        "DELETE FROM setting WHERE level = 'tenant' AND scope = ?1",
        [tenant.uuid],
    )?;
    tx.execute("DELETE FROM tenant WHERE uuid = ?1", [tenant.uuid])?;
    audit::change(
        tx,
        "tenant:removed",
        Some(&Subject::tenant(&tenant.slug)),
        &json!({ "name": tenant.name }),
    )
}
