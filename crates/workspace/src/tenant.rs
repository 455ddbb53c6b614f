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
    /// Whom to talk to, as somebody typed it.
    pub contacts: String,
    /// What else to know, as somebody typed it.
    pub notes: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What of a tenant is to change; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// How people call it.
    pub name: Option<String>,
    /// Where its data may be; an empty text: anywhere.
    pub region: Option<String>,
    /// Whom to talk to.
    pub contacts: Option<String>,
    /// What else to know.
    pub notes: Option<String>,
}

const COLUMNS: &str = "uuid, slug, name, region, contacts, notes, created_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    Ok(Tenant {
        uuid: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        region: row.get(3)?,
        contacts: row.get(4)?,
        notes: row.get(5)?,
        created_at: row.get::<_, Micros>(6)?.0,
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
        contacts: String::new(),
        notes: String::new(),
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

/// Changes what is known of a tenant. The audit says which fields changed, and of the name and the region how.
///
/// # Errors
/// [`Error::NotFound`].
pub fn update(tx: &WriteTx<'_>, slug: &str, changes: &Changes) -> Result<Tenant> {
    let held = get(tx, slug)?;
    let mut next = held.clone();
    if let Some(name) = &changes.name {
        next.name.clone_from(name);
    }
    if let Some(region) = &changes.region {
        next.region = Some(region.clone()).filter(|region| !region.is_empty());
    }
    if let Some(contacts) = &changes.contacts {
        next.contacts.clone_from(contacts);
    }
    if let Some(notes) = &changes.notes {
        next.notes.clone_from(notes);
    }
    if next == held {
        return Ok(held);
    }
    tx.execute(
        "UPDATE tenant SET name = ?2, region = ?3, contacts = ?4, notes = ?5, updated_at = ?6 WHERE uuid = ?1",
        params![
            next.uuid,
            next.name,
            next.region,
            next.contacts,
            next.notes,
            Micros(tx.now())
        ],
    )?;
    let detail = json!({
        "before": { "name": held.name, "region": held.region },
        "after": { "name": next.name, "region": next.region },
        "contacts_changed": held.contacts != next.contacts,
        "notes_changed": held.notes != next.notes,
    });
    audit::change(
        tx,
        "tenant:changed",
        Some(&Subject::tenant(&next.slug)),
        &detail,
    )?;
    Ok(next)
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
