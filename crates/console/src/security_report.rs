//! The security report of a tenant: what a customer's InfoSec questionnaire asks, answered from what the workspace
//! knows, each answer with its evidence. What nobody here can know is said so and not made up.

mod page;

use crosswalk_vault::VaultKind;
use crosswalk_workspace::audit::{self, Filter, Subject};
use jiff::Timestamp;
use serde_json::json;

use crate::audit::check::{AuditHead, AuditVerdict};
use crate::credentials::CredentialView;
use crate::retention::RetentionView;
use crate::text::export_file::{ExportedFile, stamp};
use crate::views::{AccountView, AuditView, BackupView, TenantSummary};
use crate::{Console, Fault};

/// The newest reveals that are listed.
const REVEALS: u32 = 10;

/// The newest changes of credentials that are listed.
const CHANGES: u32 = 20;

/// One connection of the tenant.
pub(super) struct Connection {
    pub(super) account: AccountView,
    pub(super) label: String,
    pub(super) origins: Vec<String>,
    /// None where its connector is not at hand.
    pub(super) credential: Option<CredentialView>,
    pub(super) retention: RetentionView,
    pub(super) records: u64,
    pub(super) masked_paths: usize,
    pub(super) never_stored: usize,
    pub(super) changes: Vec<crate::credentials::CredentialEvent>,
}

/// Everything the report says.
pub(super) struct Facts {
    pub(super) at: Timestamp,
    pub(super) version: &'static str,
    pub(super) machine: String,
    pub(super) actor: String,
    pub(super) tenant: TenantSummary,
    pub(super) contacts: String,
    pub(super) vault: Option<VaultKind>,
    pub(super) connections: Vec<Connection>,
    pub(super) proxy: Option<String>,
    pub(super) own_certificates: bool,
    pub(super) idle_lock: Option<u32>,
    pub(super) audit: AuditVerdict,
    pub(super) head: Option<AuditHead>,
    pub(super) reveals: Vec<AuditView>,
    pub(super) backups: Vec<BackupView>,
    pub(super) custody: Option<Timestamp>,
}

impl Console {
    /// The tenant's security report: a page of HTML without scripts. That it was written is audited.
    ///
    /// # Errors
    /// `not_found`, and when the workspace cannot be read or written.
    pub async fn security_report(&self, id: &str) -> Result<String, Fault> {
        Ok(page::page(&self.security_facts(id).await?))
    }

    /// Writes the security report into the folder `exports`.
    ///
    /// # Errors
    /// As [`Console::security_report`], and `export_failed`.
    pub async fn export_security_report(&self, id: &str) -> Result<ExportedFile, Fault> {
        let facts = self.security_facts(id).await?;
        let stem = format!("security-{}-{}", facts.tenant.id, stamp(facts.at));
        let html = page::page(&facts).into_bytes();
        self.export_page(stem, "html", html, facts.head, facts.tenant.region)
            .await
    }

    async fn security_facts(&self, id: &str) -> Result<Facts, Fault> {
        let detail = self.tenant(id).await?;
        let audit = self.verify_audit(None).await?;
        let subject = Subject::tenant(detail.id.clone());
        let reveals = Filter {
            tenant: Some(detail.id.clone()),
            kind: Some(crate::reveal::REVEALED.to_owned()),
            ..Filter::default()
        };
        let (reveals, head) = self
            .workspace()
            .write(move |tx| {
                let reveals = audit::list(tx, &reveals, REVEALS)?;
                let report = json!({ "report": "security" });
                audit::change(tx, "report:written", Some(&subject), &report)?;
                Ok((reveals, audit::head(tx)?))
            })
            .await?;
        let mut accounts = self.accounts().await?;
        accounts.retain(|account| account.tenant == detail.id);
        let mut connections = Vec::with_capacity(accounts.len());
        for account in accounts {
            let records = detail
                .accounts
                .iter()
                .find(|row| row.id == account.id)
                .map_or(0, |row| row.records);
            connections.push(self.connection_facts(account, records).await?);
        }
        let settings = self.settings().await?;
        let value = |key: &str| {
            settings
                .iter()
                .find(|setting| setting.key == key)
                .and_then(|setting| setting.value.clone())
        };
        let origin = self.workspace().origin();
        Ok(Facts {
            at: self.now(),
            version: env!("CARGO_PKG_VERSION"),
            machine: origin.machine.clone(),
            actor: origin.actor.clone(),
            vault: self.workspace().vault_kind().await?,
            connections,
            proxy: value("proxy"),
            own_certificates: value("ca_file").is_some(),
            idle_lock: self.idle_lock_minutes().await?,
            audit,
            head: head.map(AuditHead::from),
            reveals: reveals.into_iter().map(crate::audit::view).collect(),
            backups: self.backups()?,
            custody: self.custody_written_at().await?,
            contacts: detail.contacts,
            tenant: TenantSummary {
                id: detail.id,
                name: detail.name,
                region: detail.region,
            },
        })
    }

    async fn connection_facts(
        &self,
        account: AccountView,
        records: u64,
    ) -> Result<Connection, Fault> {
        let held = self.find_account(&account.id).await?;
        let definition = self.definition(&account.connector).ok();
        let resources = definition
            .iter()
            .flat_map(|definition| definition.connector.resources.values());
        let (masked_paths, never_stored) = resources.fold((0, 0), |(masked, never), resource| {
            (
                masked + resource.mask.len(),
                never + resource.never_store.len(),
            )
        });
        let mut changes = self.credential_history(&account.id, CHANGES).await?;
        changes.retain(|event| {
            ["account:", "credential:", "token:"]
                .iter()
                .any(|kind| event.kind.starts_with(kind))
        });
        Ok(Connection {
            label: definition.as_ref().map_or_else(
                || account.connector.clone(),
                |definition| definition.connector.label.clone(),
            ),
            origins: held.trust.origins,
            credential: match definition {
                Some(_) => Some(self.credentials(&account.id).await?),
                None => None,
            },
            retention: self.retention(&account.id, None).await?,
            records,
            masked_paths,
            never_stored,
            changes,
            account,
        })
    }
}
