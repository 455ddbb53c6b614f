//! Tokens kept in the workspace, sealed under the account's key, their clocks in clear.

use crosswalk_client::{Exclusive, Stored, Token, TokenStore, TokenStoreError};
use crosswalk_connector::TokenEndpoint;
use crosswalk_vault::{AccountKeys, SealError};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::token::{self, Clocks, StoredToken};
use crosswalk_workspace::{Error, Guarded, alert};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::Console;

/// The tokens of one account.
pub(crate) struct WorkspaceTokens {
    pub(crate) console: Console,
    pub(crate) account: Account,
    /// The keys as they were when this was made. Another process may rotate them meanwhile.
    pub(crate) keys: AccountKeys,
    /// What the connector says about tokens; none for grants without them.
    pub(crate) endpoint: Option<TokenEndpoint>,
}

fn failed(error: impl std::fmt::Display) -> TokenStoreError {
    TokenStoreError(error.to_string())
}

impl WorkspaceTokens {
    /// The clocks the alerts run on: thresholds are the connector's data.
    fn clocks(&self, token: &Token) -> Clocks {
        let endpoint = self.endpoint.as_ref();
        let known = endpoint.and_then(|endpoint| endpoint.refresh.as_ref());
        let refresh = token.refresh.as_ref();
        let after = |start: Timestamp, period: Option<&crosswalk_connector::Period>| {
            period.and_then(|period| start.checked_add(period.duration()).ok())
        };
        Clocks {
            obtained_at: token.obtained_at,
            usable_at: endpoint.map_or(token.obtained_at, |endpoint| token.usable_at(endpoint)),
            expires_at: token.expires_at,
            renew_at: endpoint.and_then(|endpoint| token.renew_at(endpoint)),
            scopes: token.scopes.clone(),
            refresh_obtained_at: refresh.map(|refresh| refresh.obtained_at),
            refresh_expires_at: refresh
                .and_then(|refresh| after(refresh.obtained_at, known?.lifetime.as_ref())),
            refresh_renew_at: refresh
                .and_then(|refresh| after(refresh.obtained_at, known?.renew_at.as_ref())),
        }
    }

    /// Opens what is stored, with the keys as they are now where it was sealed under a newer one.
    async fn open(&self, held: &StoredToken) -> Result<Token, TokenStoreError> {
        let plain = match held.open(&self.keys, self.account.uuid) {
            Err(Error::Sealed(SealError::UnknownKey(_))) => {
                let entry = self.console.entry(&self.account).await.map_err(failed)?;
                held.open(&entry.keys, self.account.uuid)
            }
            opened => opened,
        };
        Token::decode(&plain.map_err(failed)?)
            .ok_or_else(|| failed("the stored token cannot be read"))
    }
}

impl TokenStore for WorkspaceTokens {
    fn exclusive(&self, _: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>> {
        let leased = self.console.lease(self.account.uuid, Guarded::Token);
        async move { Ok(Box::new(leased.await.map_err(failed)?) as Exclusive) }.boxed()
    }

    fn load(&self, _: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        async move {
            let account = self.account.uuid;
            let Some(held) = self
                .console
                .workspace()
                .read(move |tx| token::get(tx, account))
                .await
                .map_err(failed)?
            else {
                return Ok(Stored::default());
            };
            Ok(Stored {
                token: Some(self.open(&held).await?),
                refresh_started: held.refresh_started,
            })
        }
        .boxed()
    }

    fn save(&self, _: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account.uuid;
        let clocks = self.clocks(token);
        let sealed = token::seal(&self.keys, account, &token.encode()).map_err(failed);
        let silent = token.no_expiry;
        async move {
            let sealed = sealed?;
            // Forgetting takes the same lease: an account is not forgotten between this look and the write.
            if self.console.is_forgotten(account).await.map_err(failed)? {
                return Err(failed("the account was revoked and forgotten meanwhile"));
            }
            self.console
                .workspace()
                .write(move |tx| {
                    token::save(tx, account, &sealed, &clocks)?;
                    if silent {
                        alert::raise(
                            tx,
                            account,
                            alert::kind::NO_EXPIRY,
                            "The provider does not say how long the token lives.",
                            Some("It is renewed at the age the connector names, or when the provider refuses it."),
                        )
                    } else {
                        alert::withdraw(tx, Some(account), alert::kind::NO_EXPIRY)
                    }
                })
                .await
                .map_err(failed)
        }
        .boxed()
    }

    fn keeps(&self, _: &str) -> BoxFuture<'_, bool> {
        let account = self.account.uuid;
        // Where that cannot be read, nothing is given up.
        async move { !self.console.is_forgotten(account).await.unwrap_or(false) }.boxed()
    }

    fn refresh_started(
        &self,
        _: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account.uuid;
        let marked = self
            .console
            .workspace()
            .write(move |tx| token::mark_refresh(tx, account, at));
        async move { marked.await.map_err(failed) }.boxed()
    }

    fn refresh_ended(&self, _: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account.uuid;
        let unmarked = self
            .console
            .workspace()
            .write(move |tx| token::unmark_refresh(tx, account));
        async move { unmarked.await.map_err(failed) }.boxed()
    }

    fn forget(&self, _: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account.uuid;
        let forgotten = self
            .console
            .workspace()
            .write(move |tx| token::forget(tx, account));
        async move { forgotten.await.map_err(failed) }.boxed()
    }
}
