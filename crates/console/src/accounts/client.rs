//! The way to an account's provider: its credential, its budget, its tokens, and the audit of what was called.

use std::sync::Arc;

use crosswalk_client::{
    AccountClient, CallRecord, ClientError, Credential, Profile, Share, Transport,
    Trust as ClientTrust,
};
use crosswalk_connector::{ApprovedOrigins, Definition, Digest, GrantKind, Origin};
use crosswalk_vault::Secret;
use crosswalk_workspace::account::{Account, Kind, Retention};
use crosswalk_workspace::audit::{self, Call, Subject};
use crosswalk_workspace::call_answer::{self, SealedAnswer};
use crosswalk_workspace::credential;
use indexmap::IndexMap;

use crate::connect::connection::{grant_kind, texts};
use crate::credentials::token_store::WorkspaceTokens;
use crate::{Console, Fault};

pub(crate) fn audit_call(call: CallRecord, resource: Option<&str>) -> Call {
    Call {
        at: call.at,
        method: call.method,
        endpoint: call.endpoint,
        status: call.status,
        records: None,
        duration: call.duration,
        bytes: call.bytes,
        resource: resource.map(str::to_owned),
        detail: Some(format!("{:?}", call.outcome).to_lowercase()).filter(|word| word != "ok"),
        answer: None,
    }
}

/// The workspace's clock, for what the client dates.
struct WorkspaceClock(Arc<dyn crosswalk_workspace::Clock>);

impl crosswalk_client::Clock for WorkspaceClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

impl Console {
    pub(crate) fn client_clock(&self) -> Arc<dyn crosswalk_client::Clock> {
        Arc::new(WorkspaceClock(Arc::clone(self.workspace().clock())))
    }

    /// Whatever an account authenticates with, by the names templates use.
    pub(crate) async fn credential(
        &self,
        account: &Account,
        keys: &crosswalk_vault::Entry,
    ) -> Result<Credential, Fault> {
        let uuid = account.uuid;
        let (parts, staged) = self
            .workspace()
            .read(move |tx| Ok((credential::list(tx, uuid)?, credential::staged(tx, uuid)?)))
            .await?;
        let mut credential = Credential::new();
        if let Some(client_id) = &account.client_id {
            credential.insert("client_id".to_owned(), Secret::from(client_id.clone()));
        }
        for part in parts {
            let secret = match part.open(&keys.keys, uuid)? {
                Some(secret) => Some(secret),
                None => keys.client_secret.clone(),
            };
            if let Some(secret) = secret {
                credential.insert(part.part, secret);
            }
        }
        // A rotation that did not come to its end: the provider has taken these already.
        for part in staged {
            if let Some(secret) = part.open(&keys.keys, uuid)? {
                credential.insert(part.part, secret);
            }
        }
        Ok(credential)
    }

    /// The way to an account's provider.
    ///
    /// # Errors
    /// `definition_changed` until the user approves, and what keeps the vault from opening.
    pub(crate) async fn client(
        &self,
        account: &Account,
        budget_percent: Option<u8>,
    ) -> Result<(AccountClient, Arc<Definition>), Fault> {
        self.client_of(account, budget_percent, None, &IndexMap::new())
            .await
    }

    /// As [`Console::client`], for a sign-in by another grant than the account's own.
    pub(crate) async fn client_as(
        &self,
        account: &Account,
        grant: GrantKind,
    ) -> Result<(AccountClient, Arc<Definition>), Fault> {
        self.client_of(account, None, Some(grant), &IndexMap::new())
            .await
    }

    /// As [`Console::client`], with parts of the credential that are being tried.
    pub(crate) async fn client_trying(
        &self,
        account: &Account,
        parts: &IndexMap<String, Secret>,
    ) -> Result<(AccountClient, Arc<Definition>), Fault> {
        self.client_of(account, None, None, parts).await
    }

    async fn client_of(
        &self,
        account: &Account,
        budget_percent: Option<u8>,
        grant: Option<GrantKind>,
        trying: &IndexMap<String, Secret>,
    ) -> Result<(AccountClient, Arc<Definition>), Fault> {
        let definition = self.definition(&account.connector)?;
        let entry = self.entry(account).await?;
        let mut credential = self.credential(account, &entry).await?;
        for (part, secret) in trying {
            credential.insert(part.clone(), secret.clone());
        }
        let digest = account
            .trust
            .trust_digest
            .as_deref()
            .and_then(|text| Digest::parse(text).ok());
        let digest = digest.ok_or_else(|| Fault::from(ClientError::DefinitionChanged))?;
        let origins = account
            .trust
            .origins
            .iter()
            .filter_map(|text| Origin::parse(text).ok());
        let default = if account.kind == Kind::Sandbox {
            Share::SANDBOX
        } else {
            Share::PRODUCTION
        };
        let profile = Profile {
            account: account.uuid.to_string(),
            definition: Arc::clone(&definition),
            grant: match grant {
                Some(grant) => grant,
                None => grant_kind(&definition, account)?,
            },
            config: texts(&account.config),
            credential,
            scopes: account.scopes_asked.clone(),
            trust: ClientTrust {
                digest,
                origins: ApprovedOrigins::new(origins),
                confirmed_hosts: account.trust.hosts.clone(),
            },
            share: budget_percent
                .or(account.budget_percent)
                .and_then(Share::percent)
                .unwrap_or(default),
        };
        let store = Arc::new(WorkspaceTokens {
            console: self.clone(),
            account: account.clone(),
            keys: entry.keys,
            endpoint: definition.connector.auth.token.clone(),
        });
        let transport = self.transport().await?;
        let client = AccountClient::new(
            profile,
            &transport,
            &self.shared.budgets,
            store,
            self.client_clock(),
        )?;
        Ok((client, definition))
    }

    /// Writes calls that belong to no run to the audit, with what of their answers is kept, and says where they stand
    /// in it.
    pub(crate) async fn record_calls(
        &self,
        account: &Account,
        calls: Vec<CallRecord>,
    ) -> Result<Vec<u64>, Fault> {
        let answers = self.answers_to_keep(account, &calls).await?;
        let held = account.clone();
        let rows = self
            .workspace()
            .write(move |tx| {
                let subject = Subject::from(&held);
                let mut seqs = Vec::with_capacity(calls.len());
                for (call, answer) in calls.into_iter().zip(answers) {
                    let seq = audit::append_call(tx, &subject, None, &audit_call(call, None))?;
                    if let Some(answer) = answer {
                        call_answer::put(tx, &held, seq, &answer)?;
                    }
                    seqs.push(seq);
                }
                Ok(seqs)
            })
            .await?;
        Ok(rows)
    }

    /// For each call what of its answer is kept, sealed. An account whose keys are gone keeps nothing.
    async fn answers_to_keep(
        &self,
        account: &Account,
        calls: &[CallRecord],
    ) -> Result<Vec<Option<SealedAnswer>>, Fault> {
        let none = || vec![None; calls.len()];
        let any = calls.iter().any(|call| call.answer.is_some());
        if !any || account.retention == Retention::None {
            return Ok(none());
        }
        let Ok(keys) = self.entry(account).await.map(|entry| entry.keys) else {
            return Ok(none());
        };
        let definition = self.definition(&account.connector)?;
        calls
            .iter()
            .map(|call| match call.answer.clone() {
                Some(answer) => crate::calls::answer::sealed(
                    &definition,
                    &keys,
                    account.uuid,
                    answer,
                    call.status,
                ),
                None => Ok(None),
            })
            .collect()
    }

    /// Waits for requests for tokens that nobody waits for any more. A program calls it before it ends, since an answer
    /// that is not read may hold the only refresh token.
    pub async fn settle_tokens(&self) {
        if let Some(transport) = self.shared.transport.get() {
            transport.settle().await;
        }
    }

    /// The connections of this console. Made once: reading the system's certificates takes longer than a call.
    ///
    /// # Errors
    /// `network_settings`, `invalid_setting`.
    async fn transport(&self) -> Result<Transport, Fault> {
        let made = self.shared.transport.get_or_try_init(|| async {
            Ok::<_, Fault>(Transport::new(self.http_settings().await?)?)
        });
        made.await.cloned()
    }
}
