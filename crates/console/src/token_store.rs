//! Tokens kept in the workspace, sealed under the account's key, their clocks in clear.

use std::sync::Arc;

use crosswalk_client::{Stored, Token, TokenStore, TokenStoreError};
use crosswalk_connector::TokenEndpoint;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::alert;
use crosswalk_workspace::token::{self, Clocks};
use crosswalk_workspace::{AccountId, Workspace};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

/// The tokens of one account.
pub(crate) struct WorkspaceTokens {
    pub(crate) workspace: Workspace,
    pub(crate) account: AccountId,
    pub(crate) keys: Arc<AccountKeys>,
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
}

impl TokenStore for WorkspaceTokens {
    fn load(&self, _: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        async move {
            let account = self.account;
            let Some(held) = self
                .workspace
                .read(move |tx| token::get(tx, account))
                .await
                .map_err(failed)?
            else {
                return Ok(Stored::default());
            };
            let plain = held.open(&self.keys, account).map_err(failed)?;
            let token =
                Token::decode(&plain).ok_or_else(|| failed("the stored token cannot be read"))?;
            Ok(Stored {
                token: Some(token),
                refresh_started: held.refresh_started,
            })
        }
        .boxed()
    }

    fn save(&self, _: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account;
        let clocks = self.clocks(token);
        let sealed = token::seal(&self.keys, account, &token.encode()).map_err(failed);
        let silent = token.no_expiry;
        async move {
            let sealed = sealed?;
            self.workspace
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

    fn refresh_started(
        &self,
        _: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account;
        async move {
            self.workspace
                .write(move |tx| token::mark_refresh(tx, account, at))
                .await
                .map_err(failed)
        }
        .boxed()
    }

    fn forget(&self, _: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let account = self.account;
        async move {
            self.workspace
                .write(move |tx| token::forget(tx, account))
                .await
                .map_err(failed)
        }
        .boxed()
    }
}
