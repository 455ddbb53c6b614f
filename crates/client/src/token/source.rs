use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Mutex, MutexGuard};

use super::Token;
use super::endpoint::Endpoint;
use super::grant::{Granting, interrupted};
use super::store::{TokenStore, TokenStoreError};
use crate::budget::until;
use crate::call::CallContext;
use crate::clock::Clock;
use crate::error::ClientError;
use crate::profile::Profile;
use crate::transport::Route;
use crosswalk_connector::{Grant, Period};

/// The one token of an account: fetched when it is first needed, by one caller while the others wait, kept until the definition's age, and
/// never fetched for each call. Cheap to clone.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    granting: Granting,
    store: Arc<dyn TokenStore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    loaded: bool,
    token: Option<Arc<Token>>,
    refresh_started: Option<Timestamp>,
}

impl std::fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSource")
            .field("account", &self.0.granting.profile.account)
            .finish_non_exhaustive()
    }
}

impl TokenSource {
    pub(crate) fn new(
        profile: Arc<Profile>,
        route: Route,
        clock: Arc<dyn Clock>,
        store: Arc<dyn TokenStore>,
    ) -> Self {
        Self(Arc::new(Inner {
            granting: Granting {
                profile,
                route,
                clock,
            },
            store,
            state: Mutex::default(),
        }))
    }

    pub(super) fn granting(&self) -> &Granting {
        &self.0.granting
    }

    fn now(&self) -> Timestamp {
        self.0.granting.clock.now()
    }

    /// The token for a call, after its settle time; `None` for grants without tokens.
    pub async fn current(&self, context: &CallContext) -> Result<Option<Arc<Token>>, ClientError> {
        if !self.uses_tokens() {
            return Ok(None);
        }
        let definition = Endpoint::token_endpoint(&self.0.granting.profile)?;
        let mut state = self.locked().await?;
        let token = match state.token.clone() {
            Some(token) if token.renew_at(definition).is_none_or(|at| self.now() < at) => token,
            Some(token) => match self.obtain(&mut state, context).await {
                // Renewal comes long before the end of a token's life, so a failure on the way there is not yet one.
                Err(error)
                    if error.is_temporary()
                        && token.expires_at.is_some_and(|end| self.now() < end) =>
                {
                    token
                }
                renewed => renewed?,
            },
            None => self.obtain(&mut state, context).await?,
        };
        drop(state);
        self.settled(&token).await;
        Ok(Some(token))
    }

    /// Whether the account's grant has tokens at all. An API key, Basic and no credential have none.
    pub fn uses_tokens(&self) -> bool {
        self.0
            .granting
            .profile
            .grant()
            .is_ok_and(Grant::uses_tokens)
    }

    /// Waits until a token may first be used: the definition's settle time after it was received.
    pub async fn settled(&self, token: &Token) {
        if let Ok(definition) = Endpoint::token_endpoint(&self.0.granting.profile) {
            let rest = until(token.usable_at(definition), self.now());
            // A clock that was set back must not turn five seconds into an hour.
            let settle = definition.settle.as_ref().map(Period::duration);
            tokio::time::sleep(rest.min(settle.unwrap_or_default())).await;
        }
    }

    /// A token in place of one the provider refused. Of several callers whose calls were refused together, one fetches it.
    pub async fn replace(
        &self,
        refused: &Token,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let mut state = self.locked().await?;
        if let Some(newer) = state
            .token
            .clone()
            .filter(|token| token.access_token != refused.access_token)
        {
            return Ok(newer);
        }
        // Another process on this workspace may have renewed it.
        self.load(&mut state).await?;
        if let Some(newer) = state
            .token
            .clone()
            .filter(|token| token.access_token != refused.access_token)
        {
            return Ok(newer);
        }
        self.obtain(&mut state, context).await
    }

    /// Fetches a new token now, whatever the age of the one there is.
    pub async fn renew(&self, context: &CallContext) -> Result<Arc<Token>, ClientError> {
        let mut state = self.locked().await?;
        self.obtain(&mut state, context).await
    }

    /// The token there is, without fetching one.
    pub async fn peek(&self) -> Result<Option<Arc<Token>>, ClientError> {
        Ok(self.locked().await?.token.clone())
    }

    /// Forgets the token, here and in the store.
    pub async fn forget(&self) -> Result<(), ClientError> {
        let mut state = self.0.state.lock().await;
        *state = State {
            loaded: true,
            ..State::default()
        };
        Ok(self
            .0
            .store
            .forget(&self.0.granting.profile.account)
            .await?)
    }

    /// Takes a token that a person's sign-in brought.
    pub(super) async fn take(&self, token: Token) -> Result<Arc<Token>, ClientError> {
        let mut state = self.0.state.lock().await;
        self.keep(&mut state, token).await
    }

    async fn locked(&self) -> Result<MutexGuard<'_, State>, ClientError> {
        let mut state = self.0.state.lock().await;
        if !state.loaded {
            self.load(&mut state).await?;
        }
        Ok(state)
    }

    async fn load(&self, state: &mut State) -> Result<(), ClientError> {
        let stored = self.0.store.load(&self.0.granting.profile.account).await?;
        *state = State {
            loaded: true,
            token: stored.token.map(Arc::new),
            refresh_started: stored.refresh_started,
        };
        Ok(())
    }

    async fn obtain(
        &self,
        state: &mut State,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let granting = &self.0.granting;
        if !self.uses_tokens() {
            let detail = "the account's grant has no tokens".to_owned();
            return Err(ClientError::Definition { detail });
        }
        if matches!(granting.profile.grant()?, Grant::ClientCredentials(_)) {
            let token = granting.client_credentials(context).await?;
            return self.keep(state, token).await;
        }
        let Some(old) = state.token.clone() else {
            return Err(ClientError::NeedsReauth {
                detail: "nobody has signed in yet".to_owned().into(),
            });
        };
        let Some(refresh) = &old.refresh else {
            return Err(ClientError::NeedsReauth {
                detail: "the token has ended and the provider gave no refresh token"
                    .to_owned()
                    .into(),
            });
        };
        let earlier = state.refresh_started;
        let now = self.now();
        self.0
            .store
            .refresh_started(&granting.profile.account, now)
            .await?;
        let token = granting
            .refresh(refresh, &old, context)
            .await
            .map_err(|error| interrupted(error, earlier))?;
        self.keep(state, token).await
    }

    /// Stored before it is used: no token received is ever lost.
    async fn keep(&self, state: &mut State, token: Token) -> Result<Arc<Token>, ClientError> {
        self.0
            .store
            .save(&self.0.granting.profile.account, &token)
            .await?;
        let token = Arc::new(token);
        *state = State {
            loaded: true,
            token: Some(token.clone()),
            refresh_started: None,
        };
        Ok(token)
    }
}

impl From<TokenStoreError> for ClientError {
    fn from(error: TokenStoreError) -> Self {
        Self::TokenStore { detail: error.0 }
    }
}
