//! Revoke and forget: the provider is asked to end the tokens, then the account's keys are destroyed, with which
//! everything sealed under them becomes unreadable at once, in backups too.

use crosswalk_client::{CallBuffer, CallContext, Revocation};
use crosswalk_connector::Definition;
use crosswalk_vault::VaultError;
use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::audit::{self, Subject};
use crosswalk_workspace::setting::{self, Level};
use crosswalk_workspace::{AccountId, AccountLease, Guarded, ReadTx, credential, record, token};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use specta::Type;

use crate::console::blocking;
use crate::{Console, Fault};

/// `{at, valid_until, how, done}`: that an account is being forgotten, or was.
pub(super) const FORGOTTEN: &str = "forgotten";

/// Said where somebody read while an account was forgotten.
const STILL_IN_LOG: &str = "What was stored, unreadable without its key, stays in the database's log until whoever reads the workspace now is done.";

/// What became of an account's credentials.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Forgotten {
    pub account: String,
    pub status: String,
    /// Whether the provider ended the tokens.
    pub revoked: bool,
    /// Until when a token may still be valid there; null: not at all, or nobody knows.
    #[specta(type = Option<String>)]
    pub valid_until: Option<Timestamp>,
    /// The truth in one sentence.
    pub message: String,
    /// What to tell the customer's administrator.
    pub admin_message: String,
}

/// What happened at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AtProvider {
    Revoked,
    NotOffered,
    NothingThere,
    Failed,
}

/// The truth about what is still valid. Pure.
fn truth(
    at: AtProvider,
    expires_at: Option<Timestamp>,
    now: Timestamp,
    client: &str,
) -> (Option<Timestamp>, String) {
    let alive = expires_at.is_none_or(|end| end > now);
    match at {
        AtProvider::Revoked => {
            // Those that renewals replaced nobody knows here any more. They end before the last one would have.
            let valid_until = expires_at.filter(|_| alive);
            let earlier = match valid_until {
                Some(end) => format!(
                    " One that a renewal replaced may be valid until {} at the latest.",
                    end.strftime("%Y-%m-%d %H:%M UTC")
                ),
                None if alive => {
                    " One that a renewal replaced may be valid for a time the provider does not say."
                        .to_owned()
                }
                None => String::new(),
            };
            (
                valid_until,
                format!(
                    "Forgotten here, and the provider ended its last tokens.{earlier} The client {client} can get new ones until the administrator deactivates it."
                ),
            )
        }
        AtProvider::NothingThere => (
            None,
            format!(
                "Forgotten here; there was no token. The client {client} works until the administrator deactivates it."
            ),
        ),
        AtProvider::NotOffered | AtProvider::Failed if !alive => (
            None,
            format!(
                "Forgotten here; its last token has expired. The client {client} can get new ones until the administrator deactivates it."
            ),
        ),
        AtProvider::NotOffered | AtProvider::Failed => {
            let why = if at == AtProvider::Failed {
                "the provider could not be made to end it"
            } else {
                "the provider offers no way to end it"
            };
            let until = expires_at.map_or_else(
                || "for a time the provider does not say".to_owned(),
                |end| format!("until {}", end.strftime("%Y-%m-%d %H:%M UTC")),
            );
            (
                expires_at,
                format!(
                    "Forgotten here; the last token is valid at the provider {until}, since {why}, or until the administrator deactivates the client {client}."
                ),
            )
        }
    }
}

fn letter(account: &Account, definition: &Definition, valid_until: Option<Timestamp>) -> String {
    let client = account.client_id.as_deref().unwrap_or("of this connection");
    let until = valid_until.map_or_else(String::new, |end| {
        format!(
            " A token it was given may be used until {}.",
            end.strftime("%Y-%m-%d %H:%M UTC")
        )
    });
    format!(
        "Please deactivate the client {client} in {}. We have deleted its secret and everything we had read with it.{until}\n\n\
         Please tell us when it is done.",
        definition.connector.label
    )
}

/// What is still known of a forgetting, told as it stands at an instant.
pub(super) struct Remembered {
    pub(super) at: Option<Timestamp>,
    pub(super) valid_until: Option<Timestamp>,
    pub(super) message: String,
    pub(super) letter: String,
}

impl Remembered {
    /// Reads the note that [`Console::revoke_and_forget`] left. One that does not say what the provider did is told as
    /// if it could not be reached: nothing is promised that is not known.
    pub(super) fn read(
        note: &Value,
        account: &Account,
        definition: &Definition,
        now: Timestamp,
    ) -> Self {
        let time = |name: &str| -> Option<Timestamp> { note.get(name)?.as_str()?.parse().ok() };
        let how = note
            .get("how")
            .and_then(|how| serde_json::from_value(how.clone()).ok())
            .unwrap_or(AtProvider::Failed);
        let client = client_of(account);
        let (valid_until, message) = truth(how, time("expires_at"), now, &client);
        Self {
            at: time("at"),
            valid_until,
            message,
            letter: letter(account, definition, valid_until),
        }
    }
}

fn client_of(account: &Account) -> String {
    account
        .client_id
        .clone()
        .unwrap_or_else(|| "of this account".to_owned())
}

/// The accounts that are to be forgotten, or to be given new secrets, by processes that may have died.
fn begun(tx: &ReadTx<'_>) -> crosswalk_workspace::Result<Vec<Account>> {
    let mut accounts: Vec<AccountId> = setting::of_accounts(tx, FORGOTTEN)?
        .into_iter()
        .filter(|(_, note)| note["done"] == false)
        .map(|(account, _)| account)
        .collect();
    accounts.extend(credential::accounts_staged(tx)?);
    accounts
        .into_iter()
        .map(|uuid| account::by_id(tx, uuid))
        .collect()
}

impl Console {
    /// Asks the provider to end the account's tokens, destroys its keys, and forgets its secrets, tokens and records.
    /// The account stays, without credentials, with its settings and mappings. A process that dies in between is
    /// carried on by the next [`Console::finish_forgetting`].
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening. A provider that cannot be reached is no error: the answer
    /// says what is still valid.
    pub async fn revoke_and_forget(&self, id: &str) -> Result<Forgotten, Fault> {
        let account = self.find_account(id).await?;
        let definition = self.definition(&account.connector)?;
        let uuid = account.uuid;
        // The vault must answer before anything is begun.
        self.vault().await?;
        // Nobody signs in with what is forgotten, however late a browser or a device answers.
        self.cancel_sign_in(id);
        // Nobody fetches a token meanwhile, nor keeps one afterwards.
        let _lease = self.lease(uuid, Guarded::Token).await?;
        let clocks = self
            .workspace()
            .read(move |tx| token::clocks(tx, uuid))
            .await?;
        let expires_at = clocks.as_ref().and_then(|clocks| clocks.expires_at);
        // Written down before anybody is told, so that a process that dies from here on has begun what the next one ends.
        // What it cannot know then is taken at its worst: that the provider was never asked.
        self.note_forgetting(uuid, AtProvider::Failed, expires_at, expires_at)
            .await?;
        let at_provider = if clocks.is_some() {
            self.revoke_at_provider(&account).await?
        } else {
            AtProvider::NothingThere
        };
        let client = client_of(&account);
        let (valid_until, message) = truth(at_provider, expires_at, self.now(), &client);
        self.note_forgetting(uuid, at_provider, valid_until, expires_at)
            .await?;
        self.destroy(&account).await?;
        self.forget_opened(id).await?;
        let message = if self.workspace().log_is_due() {
            format!("{message} {STILL_IN_LOG}")
        } else {
            message
        };
        Ok(Forgotten {
            account: account.slug.clone(),
            status: self.find_account(id).await?.status.to_string(),
            revoked: at_provider == AtProvider::Revoked,
            valid_until,
            message,
            admin_message: letter(&account, &definition, valid_until),
        })
    }

    async fn note_forgetting(
        &self,
        uuid: AccountId,
        how: AtProvider,
        valid_until: Option<Timestamp>,
        expires_at: Option<Timestamp>,
    ) -> Result<(), Fault> {
        let note = json!({
            "at": self.now(), "valid_until": valid_until, "expires_at": expires_at, "how": how, "done": false,
        });
        self.workspace()
            .write(move |tx| setting::set(tx, &Level::Account(uuid), FORGOTTEN, Some(&note)))
            .await?;
        Ok(())
    }

    async fn revoke_at_provider(&self, account: &Account) -> Result<AtProvider, Fault> {
        // A secret that is lost, or a definition that is not approved, must not keep anybody from forgetting.
        let Ok((client, _)) = self.client(account, None).await else {
            return Ok(AtProvider::Failed);
        };
        let calls = CallBuffer::new();
        let outcome = client
            .tokens()
            .revoke(&CallContext::new(calls.clone()))
            .await;
        self.record_calls(account, calls.take()).await?;
        Ok(match outcome {
            Ok(Revocation::Done) => AtProvider::Revoked,
            Ok(Revocation::NotOffered) => AtProvider::NotOffered,
            Ok(Revocation::NothingThere) => AtProvider::NothingThere,
            Err(error) => {
                tracing::warn!(
                    account = account.slug,
                    code = error.code(),
                    "the provider did not end the token"
                );
                AtProvider::Failed
            }
        })
    }

    /// Carries on a forgetting that a process began and did not live to end. One that goes on elsewhere is left to it.
    pub(crate) async fn finish_forgetting(&self, account: &Account) -> Result<(), Fault> {
        let lease = AccountLease::acquire(self.workspace(), account.uuid, Guarded::Token)?;
        match lease {
            Some(_lease) => self.destroy(account).await,
            None => Ok(()),
        }
    }

    /// The keys go, then what they sealed. Does nothing unless it was noted that they shall.
    async fn destroy(&self, account: &Account) -> Result<(), Fault> {
        let (uuid, level) = (account.uuid, Level::Account(account.uuid));
        let note = self
            .workspace()
            .read(move |tx| setting::get(tx, &level, FORGOTTEN))
            .await?;
        let Some(Value::Object(mut note)) = note.filter(|note| note["done"] == false) else {
            return Ok(());
        };
        let (vault, name) = (self.vault().await?, self.entry_name(account));
        let _lease = self.lease(uuid, Guarded::Entry).await?;
        match blocking(move || vault.remove(&name)).await? {
            Ok(()) | Err(VaultError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        note.insert("done".to_owned(), true.into());
        self.workspace()
            .write(move |tx| {
                let held = account::by_id(tx, uuid)?;
                token::forget(tx, uuid)?;
                credential::remove_all(tx, uuid)?;
                let records = record::forget_bodies(tx, uuid)?;
                account::set_status(
                    tx,
                    uuid,
                    Status::AwaitingCredentials,
                    Some("revoked and forgotten"),
                )?;
                setting::set(
                    tx,
                    &Level::Account(uuid),
                    FORGOTTEN,
                    Some(&Value::Object(note)),
                )?;
                audit::change(
                    tx,
                    "account:forgotten",
                    Some(&Subject::from(&held)),
                    &json!({ "records": records }),
                )
            })
            .await?;
        self.workspace().empty_log().await?;
        Ok(())
    }

    /// Whether an account is being forgotten, or was.
    pub(crate) async fn is_forgotten(&self, account: AccountId) -> Result<bool, Fault> {
        let level = Level::Account(account);
        let note = self
            .workspace()
            .read(move |tx| setting::get(tx, &level, FORGOTTEN))
            .await?;
        Ok(note.is_some())
    }

    /// Ends what processes that died had begun: accounts to be forgotten, and new secrets to be put in their place. An
    /// account that fails keeps no other from being seen to; every failure is logged and handed back. Boxed, since opening
    /// the vault comes here and this opens the vault.
    pub(crate) fn carry_on(&self) -> BoxFuture<'_, Vec<Fault>> {
        async move {
            let begun = match self.workspace().read(begun).await {
                Ok(begun) => begun,
                Err(error) => {
                    let fault = Fault::from(error);
                    tracing::warn!(code = fault.code, "what was begun was not read");
                    return vec![fault];
                }
            };
            let mut failures = Vec::new();
            for account in begun {
                if let Err(fault) = self.carry_on_with(&account).await {
                    tracing::warn!(
                        account = account.slug,
                        code = fault.code,
                        why = fault.message,
                        "what a process that died had begun was not ended"
                    );
                    failures.push(fault);
                }
            }
            failures
        }
        .boxed()
    }

    async fn carry_on_with(&self, account: &Account) -> Result<(), Fault> {
        self.finish_forgetting(account).await?;
        self.settle_rotation(account).await
    }

    /// Whether an account was forgotten and may be given new keys: nothing is left that the old ones sealed.
    pub(crate) async fn was_forgotten(&self, account: &Account) -> Result<bool, Fault> {
        let level = Level::Account(account.uuid);
        let note = self
            .workspace()
            .read(move |tx| setting::get(tx, &level, FORGOTTEN))
            .await?;
        Ok(note.is_some_and(|note| note["done"] == true))
    }

    /// Notes that a forgotten account has credentials again.
    pub(crate) async fn remember(&self, account: &Account) -> Result<(), Fault> {
        let uuid = account.uuid;
        self.workspace()
            .write(move |tx| {
                // What a rotation staged since is sealed under keys that are gone.
                credential::settle(tx, uuid)?;
                setting::set(tx, &Level::Account(uuid), FORGOTTEN, None)
            })
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_truth_says_what_is_still_valid_and_until_when() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-21T14:05:00Z".parse().unwrap();
        for (at, expires_at, until, words) in [
            (
                AtProvider::Revoked,
                Some(later),
                Some(later),
                "the provider ended its last tokens. One that a renewal replaced may be valid until 2026-11-21 14:05 UTC",
            ),
            (
                AtProvider::Revoked,
                Some(now),
                None,
                "the provider ended its last tokens. The client",
            ),
            (
                AtProvider::Revoked,
                None,
                None,
                "the provider ended its last tokens. One that a renewal replaced may be valid for a time the provider does not say. The client",
            ),
            (AtProvider::NothingThere, None, None, "there was no token"),
            (
                AtProvider::NotOffered,
                Some(later),
                Some(later),
                "until 2026-11-21 14:05 UTC",
            ),
            (
                AtProvider::Failed,
                Some(later),
                Some(later),
                "could not be made to end it",
            ),
            (AtProvider::NotOffered, Some(now), None, "has expired"),
            (
                AtProvider::NotOffered,
                None,
                None,
                "the provider does not say",
            ),
        ] {
            let (valid_until, message) = truth(at, expires_at, now, "xw-1");
            assert_eq!(valid_until, until, "{at:?}");
            assert!(
                message.contains(words) && message.contains("xw-1"),
                "{message}"
            );
        }
    }
}
