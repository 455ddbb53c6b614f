//! Tenants: the customers.

pub(crate) mod checklist;
pub(crate) mod detail;
pub(crate) mod report;

use crosswalk_workspace::{account, tenant};

use crate::views::TenantSummary;
use crate::{Console, Fault};

pub(crate) fn summary(tenant: tenant::Tenant) -> TenantSummary {
    TenantSummary {
        id: tenant.slug,
        name: tenant.name,
        region: tenant.region,
    }
}

impl Console {
    /// Adds a customer.
    ///
    /// # Errors
    /// `already_exists`, `invalid_id`.
    pub async fn add_tenant(
        &self,
        id: &str,
        name: Option<&str>,
        region: Option<&str>,
    ) -> Result<TenantSummary, Fault> {
        let (id, name, region) = (
            id.to_owned(),
            name.unwrap_or(id).to_owned(),
            region.map(str::to_owned),
        );
        let added = self
            .workspace()
            .write(move |tx| tenant::add(tx, &id, &name, region.as_deref()))
            .await?;
        Ok(summary(added))
    }

    /// Every customer.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn tenants(&self) -> Result<Vec<TenantSummary>, Fault> {
        let tenants = self.workspace().read(tenant::list).await?;
        Ok(tenants.into_iter().map(summary).collect())
    }

    /// Where a customer's data must stay; none where nobody has said so.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn tenant_region(&self, id: &str) -> Result<Option<String>, Fault> {
        let id = id.to_owned();
        Ok(self
            .workspace()
            .read(move |tx| Ok(tenant::get(tx, &id)?.region))
            .await?)
    }

    async fn accounts_of(&self, id: &str) -> Result<Vec<String>, Fault> {
        let id = id.to_owned();
        let accounts = self
            .workspace()
            .read(move |tx| {
                let tenant = tenant::get(tx, &id)?;
                let accounts = account::list(tx)?
                    .into_iter()
                    .filter(|account| account.tenant_uuid == tenant.uuid);
                Ok(accounts.map(|account| account.slug).collect())
            })
            .await?;
        Ok(accounts)
    }

    /// Removes a customer that has no accounts. Each account's keys lie in the vault, which this never opens: accounts
    /// are removed one by one before.
    /// It can be brought back while this console is open ([`Console::restore_tenant`]).
    ///
    /// # Errors
    /// `not_found`; `has_dependents` while there are accounts, naming them.
    pub async fn remove_tenant(&self, id: &str) -> Result<TenantSummary, Fault> {
        let accounts = self.accounts_of(id).await?;
        if let Some(first) = accounts.first() {
            return Err(Fault::invalid(
                "has_dependents",
                format!("Tenant {id} still has accounts: {}.", accounts.join(", ")),
                format!(
                    "Remove each with its records and secrets first: xwalk account remove {first}"
                ),
            ));
        }
        let id = id.to_owned();
        let removed = self
            .workspace()
            .write(move |tx| {
                let tenant = tenant::get(tx, &id)?;
                tenant::remove(tx, &id)?;
                Ok(tenant)
            })
            .await?;
        self.shared
            .removed_tenants()
            .insert(removed.slug.clone(), removed.clone());
        Ok(summary(removed))
    }

    /// Brings back a customer that was removed without accounts since this console was opened.
    ///
    /// # Errors
    /// `not_found`, `already_exists` when the id was taken meanwhile.
    pub async fn restore_tenant(&self, id: &str) -> Result<TenantSummary, Fault> {
        let held = self.shared.removed_tenants().get(id).cloned();
        let held = held.ok_or_else(|| {
            Fault::invalid(
                "not_found",
                format!("Tenant {id} cannot be brought back."),
                "Only one without accounts can, until the window is closed; restore a backup otherwise.",
            )
        })?;
        let restored = self
            .workspace()
            .write(move |tx| {
                tenant::add(tx, &held.slug, &held.name, held.region.as_deref())?;
                let changes = tenant::Changes {
                    contacts: Some(held.contacts),
                    notes: Some(held.notes),
                    ..tenant::Changes::default()
                };
                tenant::update(tx, &held.slug, &changes)
            })
            .await?;
        self.shared.removed_tenants().remove(id);
        Ok(summary(restored))
    }
}
