//! Credentials: what an account signs in with, what its scopes are for, and putting a new secret in the old one's place.

mod account_keys;
mod connector_change;
mod forgetting;
pub(crate) mod renewal;
#[cfg(test)]
mod rotating;
pub(crate) mod scope_advice;
mod scope_use;
pub(crate) mod token_store;

use crosswalk_client::{CallBuffer, CallContext};
use crosswalk_connector::{Definition, GrantKind};
use crosswalk_vault::{Entry, INLINE_CLIENT_SECRET_MAX_BYTES, Secret};
use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::audit::{self, Subject};
use crosswalk_workspace::{Guarded, credential, setting, token};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use specta::Type;
use tokio_util::sync::CancellationToken;

pub use connector_change::ConnectorChange;
pub use forgetting::Forgotten;
pub use scope_use::ScopeView;

use crate::connect::connection::{choose_grant, grant_kind, secret_parts};
use crate::console::blocking;
use crate::views::{AccountView, TokenView};
use crate::{Console, Fault};

/// The part of a credential that is public, while a new one is staged.
const CLIENT_ID: &str = "client_id";

/// What an account signs in with, and for what.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CredentialView {
    pub account: String,
    pub grant: String,
    /// `read` or `write`.
    pub purpose: String,
    pub client_id: Option<String>,
    pub token: Option<TokenView>,
    /// Null where the grant has none.
    pub refresh_token: Option<TokenView>,
    /// Since when the secret is this one.
    #[specta(type = Option<String>)]
    pub secret_set_at: Option<Timestamp>,
    pub scopes: Vec<ScopeView>,
    /// Granted or asked for, and too much: nothing the account could do takes them, or nothing configured needs them and
    /// nobody used them for 90 days.
    pub excess: Vec<String>,
    /// Since when it is known which scopes are used: 90 days at most, and no longer than they are asked for.
    #[specta(type = String)]
    pub scopes_observed_since: Timestamp,
    /// Whether the provider can be asked to end a token.
    pub can_revoke: bool,
    /// What to tell the administrator about the excess; null without any.
    pub admin_message: Option<String>,
    /// When the credentials were forgotten here; null: they were not.
    #[specta(type = Option<String>)]
    pub forgotten_at: Option<Timestamp>,
    /// Until when a forgotten token may still be valid at the provider.
    #[specta(type = Option<String>)]
    pub valid_until: Option<Timestamp>,
    /// Where the credentials were forgotten: the truth about what is still valid, as of now.
    pub forgotten_message: Option<String>,
    /// What to tell the administrator then.
    pub forgotten_letter: Option<String>,
    /// How a person can sign in: `browser`, `device`; empty where nobody does.
    pub sign_in: Vec<String>,
    /// What of the connector waits for an approval; null: nothing does.
    pub connector_change: Option<ConnectorChange>,
}

/// Something that happened to an account or its credentials.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CredentialEvent {
    #[specta(type = String)]
    pub at: Timestamp,
    /// `account:active`, `credential:stored`, `token:obtained`…
    pub kind: String,
    pub actor: String,
    pub message: Option<String>,
}

/// How a person can sign in to an account.
fn sign_in_ways(definition: &Definition, account: &Account) -> Vec<String> {
    let own = grant_kind(definition, account).ok();
    if !matches!(
        own,
        Some(GrantKind::AuthorizationCode | GrantKind::DeviceCode)
    ) {
        return Vec::new();
    }
    [
        (GrantKind::AuthorizationCode, "browser"),
        (GrantKind::DeviceCode, "device"),
    ]
    .into_iter()
    .filter(|(grant, _)| definition.connector.auth.grant(*grant).is_some())
    .map(|(_, way)| way.to_owned())
    .collect()
}

impl Console {
    /// What an account signs in with, which of its scopes are needed and used, and which are too much.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn credentials(&self, id: &str) -> Result<CredentialView, Fault> {
        let account = self.find_account(id).await?;
        let definition = self.definition(&account.connector)?;
        let uuid = account.uuid;
        let (clocks, parts, forgotten) = self
            .workspace()
            .read(move |tx| {
                Ok((
                    token::clocks(tx, uuid)?,
                    credential::list(tx, uuid)?,
                    setting::get(tx, &setting::Level::Account(uuid), forgetting::FORGOTTEN)?,
                ))
            })
            .await?;
        let known = self.scope_use(&account, &definition).await?;
        let admin_message = (!known.excess.is_empty()).then(|| {
            scope_use::letter(
                account.client_id.as_deref(),
                &definition.connector.label,
                &known,
                self.now(),
            )
        });
        let forgotten = forgotten
            .as_ref()
            .map(|note| forgetting::Remembered::read(note, &account, &definition, self.now()));
        Ok(CredentialView {
            account: account.slug.clone(),
            grant: account.grant.clone(),
            purpose: account.purpose.to_string(),
            client_id: account.client_id.clone(),
            token: clocks.as_ref().map(|clocks| TokenView {
                obtained_at: clocks.obtained_at,
                expires_at: clocks.expires_at,
                renew_at: clocks.renew_at,
            }),
            refresh_token: clocks.as_ref().and_then(|clocks| {
                Some(TokenView {
                    obtained_at: clocks.refresh_obtained_at?,
                    expires_at: clocks.refresh_expires_at,
                    renew_at: clocks.refresh_renew_at,
                })
            }),
            secret_set_at: parts.iter().map(|part| part.created_at).max(),
            scopes: known.scopes,
            excess: known.excess,
            scopes_observed_since: known.observed_since,
            can_revoke: definition
                .connector
                .auth
                .token
                .as_ref()
                .is_some_and(|token| token.revoke_url.is_some()),
            admin_message,
            forgotten_at: forgotten.as_ref().and_then(|known| known.at),
            valid_until: forgotten.as_ref().and_then(|known| known.valid_until),
            forgotten_message: forgotten.as_ref().map(|known| known.message.clone()),
            forgotten_letter: forgotten.map(|known| known.letter),
            sign_in: sign_in_ways(&definition, &account),
            connector_change: connector_change::of(&account, &definition),
        })
    }

    /// What happened to an account and its credentials, newest first: its health, its tokens, its secrets.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn credential_history(
        &self,
        id: &str,
        limit: u32,
    ) -> Result<Vec<CredentialEvent>, Fault> {
        let account = self.find_account(id).await?;
        let rows = self
            .workspace()
            .read(move |tx| audit::events(tx, &account.slug, limit))
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| CredentialEvent {
                at: row.at,
                kind: row.kind,
                actor: row.actor,
                message: row.detail,
            })
            .collect())
    }

    /// Puts a new secret, and with it a new client id if there is one, in the old one's place, after the provider has
    /// taken it. Until then the old one stays in force; runs that go on keep their token. A process that dies in
    /// between leaves the new one in force.
    ///
    /// # Errors
    /// `auth_refused` when the provider does not take the new one, `awaiting_credentials` when the account was forgotten
    /// meanwhile, `not_found`, `secret_not_needed`, and what keeps the vault from opening.
    pub async fn rotate_secret(
        &self,
        id: &str,
        client_id: Option<String>,
        secret: &Secret,
        interrupted: &CancellationToken,
    ) -> Result<AccountView, Fault> {
        let account = self.find_account(id).await?;
        let definition = self.definition(&account.connector)?;
        let grant = choose_grant(&definition, Some(&account.grant))?;
        let mut parts = secret_parts(&definition, grant, secret)?;
        if let Some(client_id) = client_id {
            parts.insert(CLIENT_ID.to_owned(), Secret::from(client_id));
        }
        let (client, _) = self.client_trying(&account, &parts).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone());
        let tried = async {
            if client.tokens().uses_tokens() {
                return client.tokens().prove(&context).await.map(drop);
            }
            let first = definition
                .connector
                .resources
                .iter()
                .find(|(_, resource)| resource.operations.list.is_some());
            match first {
                Some((name, _)) => client.read_probe(name, &context).await.map(drop),
                None => Ok(()),
            }
        };
        let tried = tokio::select! {
            tried = tried => tried.map_err(Fault::from),
            () = interrupted.cancelled() => Err(Fault::new(
                crate::FaultClass::Interrupted,
                "interrupted",
                "The rotation was stopped; the old secret stays in force.",
                "Run it again when you like.",
            )),
        };
        if tried.is_err() {
            // Whatever was sent has ended before anything is said about it.
            self.settle_tokens().await;
        }
        self.record_calls(&account, calls.take()).await?;
        tried?;
        self.stage_rotation(&account, &parts).await?;
        self.settle_rotation(&account).await?;
        self.account(id).await
    }

    /// Keeps what the provider has taken until it stands in the old one's place. Under the lease that forgetting takes
    /// too: nothing is sealed under keys that are gone by then.
    async fn stage_rotation(
        &self,
        account: &Account,
        parts: &IndexMap<String, Secret>,
    ) -> Result<(), Fault> {
        let uuid = account.uuid;
        let _lease = self.lease(uuid, Guarded::Entry).await?;
        let forgotten = || {
            Fault::invalid(
                "awaiting_credentials",
                format!(
                    "Account {} was revoked and forgotten meanwhile.",
                    account.slug
                ),
                "Enter its credentials anew.",
            )
        };
        if self.is_forgotten(uuid).await? {
            return Err(forgotten());
        }
        let keys = self.entry(account).await?.keys;
        let sealed = parts
            .iter()
            .map(|(part, secret)| Ok((part.clone(), credential::seal(&keys, uuid, part, secret)?)))
            .collect::<Result<Vec<_>, Fault>>()?;
        let staged = self
            .workspace()
            .write(move |tx| {
                // A revocation notes this before it waits for the lease.
                if setting::get(tx, &setting::Level::Account(uuid), forgetting::FORGOTTEN)?
                    .is_some()
                {
                    return Ok(false);
                }
                for (part, sealed) in &sealed {
                    credential::stage(tx, uuid, part, sealed)?;
                }
                let held = account::by_id(tx, uuid)?;
                if matches!(held.status, Status::NeedsReauth | Status::ValidationError) {
                    account::set_status(tx, uuid, Status::Active, Some("credentials rotated"))?;
                }
                let names: Vec<&String> = sealed.iter().map(|(part, _)| part).collect();
                audit::change(
                    tx,
                    "credential:rotated",
                    Some(&Subject::from(&held)),
                    &json!({ "parts": names }),
                )?;
                Ok(true)
            })
            .await?;
        if staged { Ok(()) } else { Err(forgotten()) }
    }

    /// Puts what a rotation staged in its place; does nothing where nothing is staged.
    pub(crate) async fn settle_rotation(&self, account: &Account) -> Result<(), Fault> {
        let uuid = account.uuid;
        let staged = || {
            self.workspace()
                .read(move |tx| credential::staged(tx, uuid))
        };
        if staged().await?.is_empty() {
            return Ok(());
        }
        // Before the lease: opening it may come here.
        let vault = self.vault().await?;
        let _lease = self.lease(uuid, Guarded::Entry).await?;
        let staged = staged().await?;
        if staged.is_empty() {
            return Ok(());
        }
        if self.is_forgotten(uuid).await? {
            // Its keys are gone, or about to be.
            self.workspace()
                .write(move |tx| credential::settle(tx, uuid))
                .await?;
            return Ok(());
        }
        let entry = self.entry(account).await?;
        let mut inline = entry.client_secret.clone();
        let (mut client_id, mut rows) = (None, Vec::new());
        for part in staged {
            let Some(secret) = part.open(&entry.keys, uuid)? else {
                continue;
            };
            if part.part == CLIENT_ID {
                client_id = Some(secret.expose().to_owned());
            } else if rows.is_empty() && secret.len() <= INLINE_CLIENT_SECRET_MAX_BYTES {
                inline = Some(secret);
                rows.push((part.part, None));
            } else {
                rows.push((part.part, part.sealed));
            }
        }
        let name = self.entry_name(account);
        let changed = Entry {
            keys: entry.keys,
            client_secret: inline,
        };
        blocking(move || vault.store(&name, &changed)).await??;
        self.workspace()
            .write(move |tx| {
                for (part, sealed) in &rows {
                    credential::replace(tx, uuid, part, sealed.as_deref())?;
                }
                if let Some(client_id) = &client_id {
                    account::set_client_id(tx, uuid, client_id)?;
                }
                credential::settle(tx, uuid)
            })
            .await?;
        Ok(())
    }
}
