use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Token;
use super::endpoint::Endpoint;
use super::grant::{Granting, interrupted};
use super::store::{Exclusive, TokenStore, TokenStoreError};
use super::unfinished::Unfinished;
use crate::budget::until;
use crate::call::CallContext;
use crate::clock::Clock;
use crate::error::ClientError;
use crate::profile::Profile;
use crate::transport::Route;
use crosswalk_connector::{Grant, Period, TokenEndpoint};

/// The one token of an account: fetched when it is first needed, by one caller while the others wait, in this process and in every other on
/// the same store, kept until the definition's age, and never fetched for each call. Cheap to clone.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    granting: Granting,
    store: Arc<dyn TokenStore>,
    state: Arc<Mutex<State>>,
    unfinished: Unfinished,
}

#[derive(Default)]
struct State {
    loaded: bool,
    token: Option<Arc<Token>>,
    refresh_started: Option<Timestamp>,
}

/// What a caller wants that waits for its turn. Whoever had the turn before may have brought it.
enum Wanted {
    /// A token that is not due for renewal.
    Usable,
    /// Another than this one.
    InsteadOf(Arc<Token>),
    /// One that was not received at this instant, which is known to the microsecond.
    NotReceivedAt(Timestamp),
    /// One that this request brings.
    Mine,
}

impl Wanted {
    fn is_met_by(&self, token: &Token, definition: &TokenEndpoint, now: Timestamp) -> bool {
        match self {
            Self::Usable => token.renew_at(definition).is_none_or(|at| now < at),
            Self::InsteadOf(old) => token.access_token != old.access_token,
            Self::NotReceivedAt(at) => token.obtained_at.as_microsecond() != at.as_microsecond(),
            Self::Mine => false,
        }
    }
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
        unfinished: Unfinished,
    ) -> Self {
        Self(Arc::new(Inner {
            granting: Granting {
                profile,
                route,
                clock,
            },
            store,
            state: Arc::default(),
            unfinished,
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
        let state = self.locked().await?;
        let token = match state.token.clone() {
            Some(token) if Wanted::Usable.is_met_by(&token, definition, self.now()) => token,
            Some(token) => match self.obtain(state, Wanted::Usable, context).await {
                // Renewal comes long before the end of a token's life, so a failure on the way there is not yet one.
                Err(error)
                    if error.is_temporary()
                        && token.expires_at.is_some_and(|end| self.now() < end) =>
                {
                    token
                }
                renewed => renewed?,
            },
            None => self.obtain(state, Wanted::Usable, context).await?,
        };
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
        let state = self.locked().await?;
        let newer = state
            .token
            .clone()
            .filter(|token| token.access_token != refused.access_token);
        if let Some(newer) = newer {
            return Ok(newer);
        }
        let wanted = Wanted::InsteadOf(Arc::new(refused.clone()));
        self.obtain(state, wanted, context).await
    }

    /// A new token, whatever the age of the one there is. Of several callers that ask while one is being fetched, here or in other
    /// processes, none fetches another.
    pub async fn renew(&self, context: &CallContext) -> Result<Arc<Token>, ClientError> {
        let mut state = self.0.state.clone().lock_owned().await;
        // What another process brought before this was asked for is the old one too.
        self.load(&mut state).await?;
        let wanted = match &state.token {
            Some(old) => Wanted::InsteadOf(old.clone()),
            None => Wanted::Usable,
        };
        self.obtain(state, wanted, context).await
    }

    /// A new token, unless the one that was received at `known` was replaced meanwhile.
    pub async fn renew_since(
        &self,
        known: Timestamp,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let state = self.locked().await?;
        self.obtain(state, Wanted::NotReceivedAt(known), context)
            .await
    }

    /// A token that this very request brings, to try a credential with.
    pub async fn prove(&self, context: &CallContext) -> Result<Arc<Token>, ClientError> {
        let state = self.locked().await?;
        self.obtain(state, Wanted::Mine, context).await
    }

    /// The token there is, without fetching one.
    pub async fn peek(&self) -> Result<Option<Arc<Token>>, ClientError> {
        Ok(self.locked().await?.token.clone())
    }

    /// Forgets the token, here and in the store.
    pub async fn forget(&self) -> Result<(), ClientError> {
        let mut state = self.0.state.lock().await;
        let _exclusive = self.exclusive().await?;
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
        let _exclusive = self.exclusive().await?;
        self.keep(&mut state, token).await
    }

    async fn exclusive(&self) -> Result<Exclusive, ClientError> {
        let account = &self.0.granting.profile.account;
        Ok(self.0.store.exclusive(account).await?)
    }

    async fn locked(&self) -> Result<OwnedMutexGuard<State>, ClientError> {
        let mut state = self.0.state.clone().lock_owned().await;
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

    /// Fetches what is wanted. A caller that gives up before its turn leaves no trace. One that gives up later does not cut the request off:
    /// the provider may have rotated the refresh token already, and its answer is the only place where the new one stands.
    async fn obtain(
        &self,
        mut state: OwnedMutexGuard<State>,
        wanted: Wanted,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        if !self.uses_tokens() {
            let detail = "the account's grant has no tokens".to_owned();
            return Err(ClientError::Definition { detail });
        }
        let exclusive = self.exclusive().await?;
        let (source, context) = (self.clone(), context.clone());
        let task = self.0.unfinished.spawn(async move {
            let fetched = source.fetch(&mut state, &wanted, &context).await;
            drop(exclusive);
            fetched
        });
        task.await.unwrap_or_else(|error| {
            Err(ClientError::TokenStore {
                detail: format!("the request ended early: {error}"),
            })
        })
    }

    async fn fetch(
        &self,
        state: &mut State,
        wanted: &Wanted,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let granting = &self.0.granting;
        let definition = Endpoint::token_endpoint(&granting.profile)?;
        self.load(state).await?;
        if let Some(token) = &state.token
            && wanted.is_met_by(token, definition, self.now())
        {
            return Ok(token.clone());
        }
        if matches!(granting.profile.grant()?, Grant::ClientCredentials(_)) {
            let token = granting.client_credentials(context).await?;
            return self.keep(state, token).await;
        }
        self.refresh(state, context).await
    }

    async fn refresh(
        &self,
        state: &mut State,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let (granting, store) = (&self.0.granting, &self.0.store);
        let account = &granting.profile.account;
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
        store.refresh_started(account, now).await?;
        state.refresh_started = Some(now);
        match granting.refresh(refresh, &old, context).await {
            Ok(token) => self.keep(state, token).await,
            Err(error) => {
                if !error.leaves_open() {
                    store.refresh_ended(account).await?;
                    state.refresh_started = None;
                }
                Err(interrupted(error, earlier))
            }
        }
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
