//! A customer in full: what is known, its accounts, and how far its onboarding is.

use std::collections::BTreeSet;

use crosswalk_workspace::account::{Account, Status};
use crosswalk_workspace::tenant::{self, Tenant};
use crosswalk_workspace::{account, onboarding, run};

use crate::tenants::checklist::{BY_HAND, Known, KnownAccount, checklist};
use crate::tenants::summary;
use crate::views::{TenantChanges, TenantDetail, TenantSummary};
use crate::{Console, Fault};

/// Test runs looked back on to find the newest that completed.
const RUNS_LOOKED_AT: u32 = 50;

fn known_account(account: &Account, excess: Vec<String>, test_errors: Option<u64>) -> KnownAccount {
    KnownAccount {
        id: account.slug.clone(),
        has_credentials: account.status != Status::AwaitingCredentials,
        active: account.status == Status::Active,
        excess,
        test_errors,
    }
}

impl Console {
    /// A customer in full.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn tenant(&self, id: &str) -> Result<TenantDetail, Fault> {
        let id = id.to_owned();
        let (tenant, marks, accounts) = self
            .workspace()
            .read(move |tx| {
                let tenant = tenant::get(tx, &id)?;
                let marks = onboarding::marks(tx, &tenant)?;
                let mut accounts = Vec::new();
                for account in account::list(tx)? {
                    if account.tenant_uuid != tenant.uuid {
                        continue;
                    }
                    let runs = run::list(tx, account.uuid, None, RUNS_LOOKED_AT)?;
                    let tested = runs.iter().find(|run| {
                        run.mode == run::Mode::Test && run.status == run::Status::Completed
                    });
                    let errors = tested.map(|run| run.counters.errors);
                    accounts.push((account, errors));
                }
                Ok((tenant, marks, accounts))
            })
            .await?;
        let notifications = self
            .settings()
            .await?
            .iter()
            .find(|setting| setting.key == "notifications")
            .is_none_or(|setting| setting.value.as_deref() != Some("off"));
        let mut known_accounts = Vec::with_capacity(accounts.len());
        for (account, errors) in &accounts {
            // Without its connector nothing is known of what its scopes are for.
            let excess = match self.definition(&account.connector) {
                Ok(definition) => self.scope_use(account, &definition).await?.excess,
                Err(_) => Vec::new(),
            };
            known_accounts.push(known_account(account, excess, *errors));
        }
        let known = Known {
            marks: marks
                .into_iter()
                .map(|(step, _)| step)
                .collect::<BTreeSet<_>>(),
            accounts: known_accounts,
            notifications,
        };
        let mut rows = self.overview().await?;
        rows.retain(|row| row.tenant == tenant.slug);
        Ok(TenantDetail {
            id: tenant.slug,
            name: tenant.name,
            region: tenant.region,
            contacts: tenant.contacts,
            notes: tenant.notes,
            accounts: rows,
            checklist: checklist(&known),
        })
    }

    /// Changes what is known of a customer.
    ///
    /// # Errors
    /// `not_found`, `invalid_input` for an empty name.
    pub async fn update_tenant(
        &self,
        id: &str,
        changes: TenantChanges,
    ) -> Result<TenantSummary, Fault> {
        if changes
            .name
            .as_deref()
            .is_some_and(|name| name.trim().is_empty())
        {
            return Err(Fault::invalid(
                "invalid_input",
                "A tenant needs a name.",
                "Type how people call the customer.",
            ));
        }
        let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
        let changes = tenant::Changes {
            name: trimmed(changes.name),
            region: trimmed(changes.region),
            contacts: trimmed(changes.contacts),
            notes: trimmed(changes.notes),
        };
        let id = id.to_owned();
        let tenant: Tenant = self
            .workspace()
            .write(move |tx| tenant::update(tx, &id, &changes))
            .await?;
        Ok(summary(tenant))
    }

    /// Ticks a step of the onboarding off by hand, or takes that back.
    ///
    /// # Errors
    /// `not_found`, also for a step that ticks itself.
    pub async fn mark_step(&self, id: &str, step: &str, done: bool) -> Result<(), Fault> {
        let step = BY_HAND
            .into_iter()
            .find(|known| *known == step)
            .ok_or_else(|| {
                Fault::invalid(
                    "not_found",
                    format!("The step {step} is not ticked off by hand."),
                    "It ticks itself when the workspace sees it done.",
                )
            })?;
        let id = id.to_owned();
        self.workspace()
            .write(move |tx| {
                let tenant = tenant::get(tx, &id)?;
                onboarding::mark(tx, &tenant, step, done)
            })
            .await?;
        Ok(())
    }
}
