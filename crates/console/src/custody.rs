//! The custody list: whose credentials this machine holds and where they lead, without any secret. It is what somebody
//! needs on the day the machine is gone, so it must be kept elsewhere, and is asked for anew each 90 days.

use std::fmt::Write as _;

use crosswalk_workspace::account::{self, Account};
use crosswalk_workspace::alert::{self, kind};
use crosswalk_workspace::audit;
use crosswalk_workspace::tenant::{self, Tenant};
use crosswalk_workspace::{WriteTx, credential, setting, token};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use specta::Type;

use crate::audit::check::AuditHead;
use crate::text::export_file::{ExportedFile, stamp};
use crate::{Console, Fault};

/// When the list was last written, as text.
const EXPORTED: &str = "custody_exported_at";

/// How long a list is good for.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Every credential this workspace holds, and whom to call about it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CustodyList {
    #[specta(type = String)]
    pub written_at: Timestamp,
    pub workspace: String,
    /// `keyring` or `passphrase`; null before there was a secret.
    pub vault: Option<String>,
    pub tenants: Vec<CustodyTenant>,
    /// The audit's head, the row of this export included.
    pub head: Option<AuditHead>,
}

/// A customer of the list.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CustodyTenant {
    pub id: String,
    pub name: String,
    pub region: Option<String>,
    /// Whom to call, as somebody typed it.
    pub contacts: String,
    pub accounts: Vec<CustodyAccount>,
}

/// A credential of the list.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CustodyAccount {
    pub id: String,
    pub connector: String,
    /// `sandbox` or `production`.
    pub kind: String,
    pub environment: Option<String>,
    /// Where its secret and tokens go.
    pub instances: Vec<String>,
    pub grant: String,
    /// `read` or `write`.
    pub purpose: String,
    pub client_id: Option<String>,
    pub scopes: Vec<String>,
    /// Null where the provider does not say.
    pub scopes_granted: Option<Vec<String>>,
    pub status: String,
    #[specta(type = Option<String>)]
    pub secret_set_at: Option<Timestamp>,
    /// Until when a stolen access token would work.
    #[specta(type = Option<String>)]
    pub token_expires_at: Option<Timestamp>,
    /// Until when a stolen refresh token would work.
    #[specta(type = Option<String>)]
    pub refresh_token_expires_at: Option<Timestamp>,
}

/// What is read of one account.
type Held = (Account, Option<token::Clocks>, Option<Timestamp>);

fn account_view(held: &Held) -> CustodyAccount {
    let (account, clocks, secret_set_at) = held;
    CustodyAccount {
        id: account.slug.clone(),
        connector: account.connector.clone(),
        kind: account.kind.to_string(),
        environment: account.environment.clone(),
        instances: account.trust.origins.clone(),
        grant: account.grant.clone(),
        purpose: account.purpose.to_string(),
        client_id: account.client_id.clone(),
        scopes: account.scopes_asked.clone(),
        scopes_granted: account.scopes_granted.clone(),
        status: account.status.to_string(),
        secret_set_at: *secret_set_at,
        token_expires_at: clocks.as_ref().and_then(|clocks| clocks.expires_at),
        refresh_token_expires_at: clocks.as_ref().and_then(|clocks| clocks.refresh_expires_at),
    }
}

fn time(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// A line of the text, where there is something to say.
fn line(text: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        let _ = writeln!(text, "  {name}: {}", value.replace('\n', "; "));
    }
}

impl CustodyList {
    /// The list to print and to keep elsewhere.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Custody list of the Crosswalk workspace {}\nWritten {}. It holds no secret.\n\n\
             If this machine is lost: call each contact below and have the client named deactivated. The secrets are in \
             the {} of the machine; records and tokens are sealed under keys kept there.\n",
            self.workspace,
            self.written_at.strftime("%Y-%m-%d %H:%M UTC"),
            match self.vault.as_deref() {
                Some("passphrase") => "passphrase vault",
                _ => "system's keyring",
            },
        );
        for tenant in &self.tenants {
            let region = tenant
                .region
                .as_deref()
                .map_or_else(String::new, |region| format!(", region {region}"));
            let _ = write!(text, "\n{} ({}{region})\n", tenant.name, tenant.id);
            line(
                &mut text,
                "contact",
                Some(if tenant.contacts.is_empty() {
                    "none noted"
                } else {
                    &tenant.contacts
                }),
            );
            for account in &tenant.accounts {
                let _ = writeln!(
                    text,
                    "- {}: {} {}, {} only, {}",
                    account.id,
                    account.connector,
                    account.kind,
                    account.purpose,
                    account.status.replace('_', " ")
                );
                line(&mut text, "instance", Some(&account.instances.join(" ")));
                line(&mut text, "client id", account.client_id.as_deref());
                line(&mut text, "grant", Some(&account.grant));
                line(&mut text, "scopes asked", Some(&account.scopes.join(" ")));
                let granted = account.scopes_granted.as_ref().map(|all| all.join(" "));
                line(&mut text, "scopes granted", granted.as_deref());
                line(
                    &mut text,
                    "secret since",
                    time(account.secret_set_at).as_deref(),
                );
                line(
                    &mut text,
                    "token valid until",
                    time(account.token_expires_at).as_deref(),
                );
                line(
                    &mut text,
                    "refresh token valid until",
                    time(account.refresh_token_expires_at).as_deref(),
                );
            }
        }
        if let Some(head) = &self.head {
            let _ = write!(text, "\nAudit head: row {} {}\n", head.seq, head.hash);
        }
        text
    }
}

/// When a list is next due: 90 days after the last, or after the first account that has something to lose.
fn due(exported: Option<Timestamp>, first_account: Option<Timestamp>) -> Option<Timestamp> {
    let since = match (exported, first_account) {
        (_, None) => return None,
        (Some(at), _) => at,
        (None, Some(first)) => first,
    };
    since.checked_add(GOOD_FOR).ok()
}

/// Plans the reminder.
pub(crate) fn plan_reminder(tx: &WriteTx<'_>) -> crosswalk_workspace::Result<()> {
    let exported = setting::get(tx, &setting::Level::Workspace, EXPORTED)?
        .and_then(|value| value.as_str()?.parse().ok());
    let first = account::list(tx)?
        .into_iter()
        .map(|account| account.created_at)
        .min();
    match due(exported, first) {
        Some(due) => alert::plan(
            tx,
            None,
            kind::CUSTODY,
            due,
            "The list of whose credentials this machine holds is 90 days old, or was never written.",
            Some("Write it anew and keep it elsewhere: Settings, or xwalk custody export."),
        ),
        None => alert::withdraw(tx, None, kind::CUSTODY),
    }
}

impl Console {
    /// The custody list as it is now, which is audited. Once it is where it is kept, [`Console::custody_written`] moves the
    /// reminder.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub async fn custody(&self) -> Result<CustodyList, Fault> {
        let written_at = self.now();
        let (tenants, accounts, head) = self
            .workspace()
            .write(move |tx| {
                let tenants: Vec<Tenant> = tenant::list(tx)?;
                let mut accounts: Vec<Held> = Vec::new();
                for account in account::list(tx)? {
                    let clocks = token::clocks(tx, account.uuid)?;
                    let set_at = credential::list(tx, account.uuid)?
                        .into_iter()
                        .map(|part| part.created_at)
                        .max();
                    accounts.push((account, clocks, set_at));
                }
                let detail = json!({ "tenants": tenants.len(), "accounts": accounts.len() });
                audit::change(tx, "custody:exported", None, &detail)?;
                Ok((tenants, accounts, audit::head(tx)?))
            })
            .await?;
        let tenants = tenants
            .into_iter()
            .map(|tenant| CustodyTenant {
                accounts: accounts
                    .iter()
                    .filter(|(account, ..)| account.tenant_uuid == tenant.uuid)
                    .map(account_view)
                    .collect(),
                id: tenant.slug,
                name: tenant.name,
                region: tenant.region,
                contacts: tenant.contacts,
            })
            .collect();
        Ok(CustodyList {
            written_at,
            workspace: self.folder(),
            vault: self
                .workspace()
                .vault_kind()
                .await?
                .map(|kind| kind.to_string()),
            tenants,
            head: head.map(AuditHead::from),
        })
    }

    /// Notes that a list was written, and when the next one is due.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub async fn custody_written(&self, written_at: Timestamp) -> Result<(), Fault> {
        self.workspace()
            .write(move |tx| {
                let level = setting::Level::Workspace;
                setting::set(tx, &level, EXPORTED, Some(&json!(written_at)))?;
                plan_reminder(tx)
            })
            .await?;
        Ok(())
    }

    /// Writes the custody list into the folder `exports`.
    ///
    /// # Errors
    /// As [`Console::custody`], and `export_failed`.
    pub async fn export_custody(&self) -> Result<ExportedFile, Fault> {
        let list = self.custody().await?;
        let (stem, text) = (format!("custody-{}", stamp(list.written_at)), list.text());
        let exported = self
            .export_page(stem, "txt", text.into_bytes(), list.head, None)
            .await?;
        self.custody_written(list.written_at).await?;
        Ok(exported)
    }

    /// When the list was last written; none: never.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn custody_written_at(&self) -> Result<Option<Timestamp>, Fault> {
        let value = self
            .workspace()
            .read(|tx| setting::get(tx, &setting::Level::Workspace, EXPORTED))
            .await?;
        Ok(value.and_then(|value| value.as_str()?.parse().ok()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_connector::GrantKind;

    use super::*;
    use crate::accounts::test_account::with_account;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_list_is_due_ninety_days_after_the_last_or_after_the_first_account() {
        let first = at("2026-08-01T00:00:00Z");
        for (exported, first, expected) in [
            (None, None, None),
            (Some(first), None, None),
            (None, Some(first), Some("2026-10-30T00:00:00Z")),
            (
                Some(at("2026-11-21T12:00:00Z")),
                Some(first),
                Some("2027-02-19T12:00:00Z"),
            ),
        ] {
            assert_eq!(due(exported, first), expected.map(at));
        }
    }

    #[test]
    fn the_text_names_whom_to_call_and_what_to_deactivate() {
        let list = CustodyList {
            written_at: at("2026-11-21T12:00:00Z"),
            workspace: "/w".into(),
            vault: Some("keyring".into()),
            tenants: vec![CustodyTenant {
                id: "acme".into(),
                name: "Acme".into(),
                region: Some("EU".into()),
                contacts: "Ann, +49 30 1\nBob".into(),
                accounts: vec![CustodyAccount {
                    id: "acme-prod".into(),
                    connector: "standin".into(),
                    kind: "production".into(),
                    environment: None,
                    instances: vec!["https://acme.example".into()],
                    grant: "client_credentials".into(),
                    purpose: "read".into(),
                    client_id: Some("xw-1".into()),
                    scopes: vec!["a.read".into()],
                    scopes_granted: None,
                    status: "active".into(),
                    secret_set_at: None,
                    token_expires_at: Some(at("2026-11-22T12:00:00Z")),
                    refresh_token_expires_at: None,
                }],
            }],
            head: Some(AuditHead {
                seq: 7,
                hash: "ab".into(),
            }),
        };
        let text = list.text();
        for words in [
            "Acme (acme, region EU)",
            "contact: Ann, +49 30 1; Bob",
            "instance: https://acme.example",
            "client id: xw-1",
            "token valid until: 2026-11-22 12:00 UTC",
            "Audit head: row 7 ab",
        ] {
            assert!(text.contains(words), "{words}\n{text}");
        }
        assert!(!text.contains("scopes granted"));
    }

    #[tokio::test]
    async fn a_list_that_was_not_written_does_not_move_the_reminder() {
        let home = tempfile::TempDir::new().unwrap();
        let address = "http://127.0.0.1:9".to_owned();
        let grant = GrantKind::ClientCredentials;
        let console = with_account(home.path(), grant, address, ("xw-1", "s")).await;
        let due = || async {
            let open = console.workspace().read(alert::open).await.unwrap();
            let mut open = open.into_iter();
            open.find(|alert| alert.kind == kind::CUSTODY)
                .map(|alert| alert.due_at)
        };
        let before = due().await;
        // Nobody can write into a folder that is a file.
        let exports = console.exports_folder();
        std::fs::write(&exports, b"").unwrap();
        assert!(console.export_custody().await.is_err());
        assert_eq!(console.custody_written_at().await.unwrap(), None);
        assert_eq!(due().await, before);
        std::fs::remove_file(&exports).unwrap();
        console.export_custody().await.unwrap();
        assert!(console.custody_written_at().await.unwrap().is_some());
        assert!(due().await > before);
    }
}
