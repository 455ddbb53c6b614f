//! Renewing an account's token now.

use crosswalk_client::{CallBuffer, CallContext, ClientError, TokenSource};
use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::{alert, token};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::views::AccountView;
use crate::{Console, Fault, FaultClass};

impl Console {
    /// Fetches a new access token now, whatever the old one's age. Of several callers, here or in other processes, that
    /// ask while one is being fetched, none fetches another.
    ///
    /// # Errors
    /// `auth_refused`, `needs_reauth` and the like, when the provider refuses.
    pub async fn renew_token(
        &self,
        id: &str,
        interrupted: &CancellationToken,
    ) -> Result<AccountView, Fault> {
        self.renew(id, None, interrupted).await
    }

    /// As [`Console::renew_token`], unless the token that was received at `known` was replaced meanwhile.
    pub(crate) async fn renew_token_of(
        &self,
        id: &str,
        known: Timestamp,
        interrupted: &CancellationToken,
    ) -> Result<AccountView, Fault> {
        self.renew(id, Some(known), interrupted).await
    }

    async fn renew(
        &self,
        id: &str,
        known: Option<Timestamp>,
        interrupted: &CancellationToken,
    ) -> Result<AccountView, Fault> {
        let account = self.find_account(id).await?;
        let (client, _) = self.client(&account, None).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone());
        let tokens = client.tokens();
        let renewed = tokio::select! {
            renewed = fetch(tokens, known, &context) => Some(renewed),
            () = interrupted.cancelled() => None,
        };
        if renewed.is_none() {
            // What was sent is waited for: its answer may hold the only refresh token.
            tokens.peek().await?;
        }
        self.record_calls(&account, calls.take()).await?;
        match renewed {
            None => Err(Fault::new(
                FaultClass::Interrupted,
                "interrupted",
                "The renewal was stopped.",
                "Run it again when you like.",
            )),
            Some(Ok(())) => {
                let uuid = account.uuid;
                if account.status == Status::NeedsReauth {
                    self.workspace()
                        .write(move |tx| {
                            account::set_status(tx, uuid, Status::Active, Some("token renewed"))
                        })
                        .await?;
                }
                self.account(id).await
            }
            Some(Err(error)) => Err(self.not_renewed(&account, error).await?),
        }
    }

    /// Whether an account has a token that still serves, and no refresh token to renew it by.
    async fn serves_without_refresh(&self, account: &Account) -> Result<bool, Fault> {
        let (uuid, now) = (account.uuid, self.now());
        let clocks = self
            .workspace()
            .read(move |tx| token::clocks(tx, uuid))
            .await?;
        Ok(clocks.is_some_and(|clocks| {
            let lives = clocks.expires_at.is_none_or(|end| now < end);
            lives && clocks.refresh_obtained_at.is_none()
        }))
    }

    /// Notes on the account that the provider refused, and hands the failure on. Where there was nothing to ask the
    /// provider with, it refused nothing: the token serves to its end.
    async fn not_renewed(&self, account: &Account, error: ClientError) -> Result<Fault, Fault> {
        let interrupted = match &error {
            ClientError::RefreshInterrupted { started, .. } => Some(*started),
            _ => None,
        };
        let asked = !matches!(error, ClientError::NeedsReauth { .. })
            || !self.serves_without_refresh(account).await?;
        let fault = Fault::from(error);
        if asked && fault.class == FaultClass::Refused {
            let (uuid, code) = (account.uuid, fault.code.clone());
            // In words of its own: what the provider said may name people.
            let (message, hint) = match interrupted {
                Some(started) => (cut_off(started), "Sign in again."),
                None => (
                    "The token can no longer be renewed.".to_owned(),
                    "Enter new credentials, or sign in again.",
                ),
            };
            self.workspace()
                .write(move |tx| {
                    account::set_status(tx, uuid, Status::NeedsReauth, Some(&code))?;
                    account::record_error(tx, uuid, "needs_reauth", &message, Some(hint))?;
                    if interrupted.is_some() {
                        let kind = alert::kind::NEEDS_REAUTH;
                        alert::raise(tx, uuid, kind, &message, Some(hint))?;
                    }
                    Ok(())
                })
                .await?;
        }
        Ok(fault)
    }
}

async fn fetch(
    tokens: &TokenSource,
    known: Option<Timestamp>,
    context: &CallContext,
) -> Result<(), ClientError> {
    match known {
        Some(known) => tokens.renew_since(known, context).await.map(drop),
        None => tokens.renew(context).await.map(drop),
    }
}

fn cut_off(started: Timestamp) -> String {
    format!(
        "A renewal begun at {} was cut off before its answer was kept, and used the refresh token up.",
        started.strftime("%Y-%m-%d %H:%M UTC")
    )
}
