//! Accounts: adding, changing, showing and removing a tenant's connection.

pub(crate) mod client;
pub(crate) mod form;
mod health;
pub(crate) mod lease;
pub(crate) mod resources;
pub(crate) mod side_by_side;
#[cfg(test)]
pub(crate) mod test_account;

use crosswalk_vault::{AccountKeys, Entry, EntryName, INLINE_CLIENT_SECRET_MAX_BYTES, Secret};
use crosswalk_workspace::account::{self, Account, Kind, Purpose, Status};
use crosswalk_workspace::{Guarded, credential, token};
use indexmap::IndexMap;
use serde_json::Map;

use crate::accounts::health::health_view;
use crate::connect::connection::{approve, choose_grant, scopes, secret_parts, texts};
use crate::connect::settings_form;
use crate::console::blocking;
use crate::views::{AccountSummary, AccountView, TokenView};
use crate::{Console, Fault};

/// What connects an account, as it was typed.
#[derive(Debug, Default)]
pub struct ConnectionInput {
    /// Settings of the connection form.
    pub config: Vec<(String, String)>,
    pub client_id: Option<String>,
    /// The secret; a JSON object of texts where the connector's credential has several parts.
    pub client_secret: Option<Secret>,
    /// Scopes in any separator.
    pub scopes: Option<String>,
    /// Hosts beyond the connector's own that the user confirmed.
    pub allowed_hosts: Vec<String>,
}

/// An account to be added.
#[derive(Debug)]
pub struct NewAccount {
    pub id: String,
    pub tenant: String,
    pub connector: String,
    /// `sandbox` or `production`.
    pub kind: &'static str,
    pub environment: Option<String>,
    /// The connector's first grant if none is named.
    pub grant: Option<String>,
    /// `read` or `write`.
    pub purpose: &'static str,
    pub connection: ConnectionInput,
}

fn kind(word: &str) -> Kind {
    if word == Kind::Sandbox.as_str() {
        Kind::Sandbox
    } else {
        Kind::Production
    }
}

fn purpose(word: &str) -> Purpose {
    if word == Purpose::Write.as_str() {
        Purpose::Write
    } else {
        Purpose::Read
    }
}

impl Console {
    /// The name of an account's vault entry.
    pub(crate) fn entry_name(&self, account: &Account) -> EntryName {
        EntryName {
            workspace: self.workspace().id().uuid(),
            account: account.uuid.uuid(),
        }
    }

    /// An account by its id outside.
    pub(crate) async fn find_account(&self, id: &str) -> Result<Account, Fault> {
        let id = id.to_owned();
        Ok(self
            .workspace()
            .read(move |tx| account::get(tx, &id))
            .await?)
    }

    /// An account's keys and short secret.
    pub(crate) async fn entry(&self, account: &Account) -> Result<Entry, Fault> {
        let (vault, name) = (self.vault().await?, self.entry_name(account));
        Ok(blocking(move || vault.load(&name)).await??)
    }

    /// An account's keys; new ones for an account that was forgotten, of which nothing is left that others sealed.
    pub(crate) async fn entry_or_new(&self, account: &Account) -> Result<Entry, Fault> {
        // Before the lease: what its opening carries on may need it.
        self.vault().await?;
        let _lease = self.lease(account.uuid, Guarded::Entry).await?;
        if !self.was_forgotten(account).await? {
            return self.entry(account).await;
        }
        let entry = Entry {
            keys: AccountKeys::generate().map_err(crosswalk_workspace::Error::from)?,
            client_secret: None,
        };
        let (vault, name, kept) = (self.vault().await?, self.entry_name(account), entry.clone());
        blocking(move || vault.store(&name, &kept)).await??;
        self.remember(account).await?;
        Ok(entry)
    }

    /// Adds an account: checks what was typed, approves where secrets may go, and puts its keys into the vault.
    ///
    /// # Errors
    /// `not_found`, `already_exists`, `invalid_setting`, `missing_setting`, `host_not_declared`, and what keeps the
    /// vault from opening; nothing is left behind then.
    pub async fn add_account(&self, new: NewAccount) -> Result<AccountView, Fault> {
        let definition = self.definition(&new.connector)?;
        let grant = choose_grant(&definition, new.grant.as_deref())?;
        let config = settings_form::fill(
            &definition.connector.config,
            &Map::new(),
            &new.connection.config,
        )?;
        let trust = approve(
            &definition,
            grant.kind(),
            &config,
            &new.connection.allowed_hosts,
        )?;
        let purpose = purpose(new.purpose);
        let (scopes, notes) = scopes(
            &definition,
            grant.kind(),
            purpose,
            new.connection.scopes.as_deref(),
        );
        let parts = match &new.connection.client_secret {
            Some(secret) => secret_parts(&definition, grant, secret)?,
            None => IndexMap::new(),
        };
        let row = account::NewAccount {
            slug: new.id,
            tenant: new.tenant,
            connector: new.connector,
            kind: kind(new.kind),
            purpose,
            environment: new.environment,
            grant: grant.kind().as_str().to_owned(),
            client_id: new.connection.client_id,
            config,
            scopes_asked: scopes,
            trust,
        };
        let vault = self.vault().await?;
        let added = self
            .workspace()
            .write(move |tx| account::add(tx, &row))
            .await?;
        let entry = Entry {
            keys: AccountKeys::generate().map_err(crosswalk_workspace::Error::from)?,
            client_secret: None,
        };
        let name = self.entry_name(&added);
        let stored = blocking(move || vault.store(&name, &entry)).await?;
        let finished = match stored {
            Ok(()) => self.store_secrets(&added, parts).await,
            Err(error) => Err(error.into()),
        };
        if let Err(fault) = finished {
            let id = added.uuid;
            self.workspace()
                .write(move |tx| account::remove(tx, id))
                .await?;
            return Err(fault);
        }
        let mut view = self.account(&added.slug).await?;
        view.notes = notes;
        Ok(view)
    }

    /// Changes an account's settings, scopes or credentials; `approve` also approves the connector as it is now.
    ///
    /// # Errors
    /// As [`Console::add_account`].
    pub async fn update_account(
        &self,
        id: &str,
        input: ConnectionInput,
        approve_connector: bool,
    ) -> Result<AccountView, Fault> {
        let held = self.find_account(id).await?;
        // What a rotation left behind that was cut short is older than what was typed now.
        self.settle_rotation(&held).await?;
        let definition = self.definition(&held.connector)?;
        let grant = choose_grant(&definition, Some(&held.grant))?;
        let config =
            settings_form::fill(&definition.connector.config, &held.config, &input.config)?;
        let mut hosts = held.trust.hosts.clone();
        hosts.extend(
            input
                .allowed_hosts
                .iter()
                .filter(|host| !held.trust.hosts.contains(host))
                .cloned(),
        );
        let moved = config != held.config || hosts != held.trust.hosts;
        let parts = match &input.client_secret {
            Some(secret) => secret_parts(&definition, grant, secret)?,
            None => IndexMap::new(),
        };
        let (typed, notes) = match &input.scopes {
            Some(text) => {
                let (scopes, notes) = scopes(&definition, grant.kind(), held.purpose, Some(text));
                (Some(scopes), notes)
            }
            None => (None, Vec::new()),
        };
        // Typing an address or a secret is an approval of where it goes; so is saying so.
        let trust = if moved || approve_connector || !parts.is_empty() {
            Some(approve(&definition, grant.kind(), &config, &hosts)?)
        } else {
            None
        };
        let (uuid, client_id) = (held.uuid, input.client_id);
        let renewed = typed.is_some() || client_id.is_some() || !parts.is_empty() || moved;
        self.workspace()
            .write(move |tx| {
                if moved {
                    account::set_config(tx, uuid, &config)?;
                }
                if let Some(trust) = &trust {
                    account::set_trust(tx, uuid, trust)?;
                }
                if let Some(scopes) = &typed {
                    account::set_scopes_asked(tx, uuid, scopes)?;
                }
                if let Some(client_id) = &client_id {
                    account::set_client_id(tx, uuid, client_id)?;
                }
                if renewed {
                    // A token fetched with what was there before says nothing about what is there now.
                    token::forget(tx, uuid)?;
                }
                Ok(())
            })
            .await?;
        self.store_secrets(&held, parts).await?;
        let mut view = self.account(id).await?;
        view.notes = notes;
        Ok(view)
    }

    /// Puts the parts of a credential where they belong: the short first one beside the keys, the rest sealed.
    async fn store_secrets(
        &self,
        account: &Account,
        parts: IndexMap<String, Secret>,
    ) -> Result<(), Fault> {
        if parts.is_empty() {
            return Ok(());
        }
        let (vault, name) = (self.vault().await?, self.entry_name(account));
        let uuid = account.uuid;
        self.entry_or_new(account).await?;
        // From reading the entry until it is stored: another process may be rotating its keys.
        let _lease = self.lease(uuid, Guarded::Entry).await?;
        let entry = self.entry(account).await?;
        let mut inline = None;
        let mut rows = Vec::new();
        for (index, (part, secret)) in parts.into_iter().enumerate() {
            if index == 0 && secret.len() <= INLINE_CLIENT_SECRET_MAX_BYTES {
                inline = Some(secret);
                rows.push((part, None));
            } else {
                let sealed = credential::seal(&entry.keys, uuid, &part, &secret)?;
                rows.push((part, Some(sealed)));
            }
        }
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
                // Nothing older may take the place of these.
                credential::settle(tx, uuid)?;
                if account::by_id(tx, uuid)?.status == Status::AwaitingCredentials {
                    account::set_status(
                        tx,
                        uuid,
                        Status::Connecting,
                        Some("credentials received"),
                    )?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Every account in full.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn accounts(&self) -> Result<Vec<AccountView>, Fault> {
        let rows = self
            .workspace()
            .read(|tx| {
                account::list(tx)?
                    .into_iter()
                    .map(|account| {
                        let clocks = token::clocks(tx, account.uuid)?;
                        Ok((account, clocks))
                    })
                    .collect::<crosswalk_workspace::Result<Vec<_>>>()
            })
            .await?;
        Ok(rows
            .iter()
            .map(|(account, clocks)| view(account, clocks.as_ref()))
            .collect())
    }

    /// Every account as a row of the overview.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn account_summaries(&self) -> Result<Vec<AccountSummary>, Fault> {
        let accounts = self.workspace().read(account::list).await?;
        Ok(accounts
            .into_iter()
            .map(|account| AccountSummary {
                id: account.slug,
                tenant: account.tenant,
                connector: account.connector,
                kind: account.kind.to_string(),
                environment: account.environment,
                status: account.status.to_string(),
            })
            .collect())
    }

    /// One account.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn account(&self, id: &str) -> Result<AccountView, Fault> {
        let id = id.to_owned();
        let (account, clocks) = self
            .workspace()
            .read(move |tx| {
                let account = account::get(tx, &id)?;
                let clocks = token::clocks(tx, account.uuid)?;
                Ok((account, clocks))
            })
            .await?;
        Ok(view(&account, clocks.as_ref()))
    }

    /// Removes an account: its vault entry first, so that nothing of it can be read from then on. A sign-in that is under
    /// way ends; what a browser or a device brings later belongs to nobody.
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening.
    pub async fn remove_account(&self, id: &str) -> Result<AccountView, Fault> {
        let view = self.account(id).await?;
        self.cancel_sign_in(id);
        let held = self.find_account(id).await?;
        let (vault, name) = (self.vault().await?, self.entry_name(&held));
        match blocking(move || vault.remove(&name)).await? {
            Ok(()) | Err(crosswalk_vault::VaultError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        self.workspace()
            .write(move |tx| account::remove(tx, held.uuid))
            .await?;
        self.workspace().empty_log().await?;
        Ok(view)
    }
}

/// The life of an access token.
pub(crate) fn token_view(clocks: &token::Clocks) -> TokenView {
    TokenView {
        obtained_at: clocks.obtained_at,
        expires_at: clocks.expires_at,
        renew_at: clocks.renew_at,
    }
}

/// The life of a refresh token, where there is one.
pub(crate) fn refresh_view(clocks: &token::Clocks) -> Option<TokenView> {
    Some(TokenView {
        obtained_at: clocks.refresh_obtained_at?,
        expires_at: clocks.refresh_expires_at,
        renew_at: clocks.refresh_renew_at,
    })
}

fn view(account: &Account, clocks: Option<&token::Clocks>) -> AccountView {
    AccountView {
        id: account.slug.clone(),
        tenant: account.tenant.clone(),
        connector: account.connector.clone(),
        kind: account.kind.to_string(),
        environment: account.environment.clone(),
        status: account.status.to_string(),
        scopes: account.scopes_asked.clone(),
        scopes_granted: account.scopes_granted.clone(),
        grant: account.grant.clone(),
        purpose: account.purpose.to_string(),
        client_id: account.client_id.clone(),
        config: texts(&account.config),
        approved_hosts: account.trust.hosts.clone(),
        token: clocks.map(token_view),
        refresh_token: clocks.and_then(refresh_view),
        health: health_view(account),
        notes: Vec::new(),
    }
}
