use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Token;
use super::endpoint::Endpoint;
use super::grant::{Granting, Received, interrupted};
use super::store::{Exclusive, TokenStore, TokenStoreError};
use super::unfinished::Unfinished;
use super::unsaved::{Unsaved, Waiting};
use crate::budget::until;
use crate::call::CallContext;
use crate::clock::Clock;
use crate::error::ClientError;
use crate::profile::Profile;
use crate::transport::Route;
use crosswalk_connector::{Grant, Period, TokenEndpoint};

/// After a renewal that failed, a token that is still valid serves for so long before it is tried again: not every call waits for a token
/// endpoint that is down.
const RENEWAL_RESTS: Duration = Duration::from_mins(1);
/// A token that cannot be stored is tried again after these waits: another program may have kept the database busy.
const SAVED_AGAIN_AFTER: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];

/// The one token of an account: fetched when it is first needed, by one caller while the others wait, in this process and in every other on
/// the same store, kept until the definition's age, and never fetched for each call. Cheap to clone.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    granting: Granting,
    store: Arc<dyn TokenStore>,
    state: Arc<Mutex<State>>,
    unfinished: Unfinished,
    unsaved: Unsaved,
}

#[derive(Default)]
struct State {
    loaded: bool,
    token: Option<Arc<Token>>,
    refresh_started: Option<Timestamp>,
    /// When a renewal last failed, by something else than the provider's refusal.
    failed_at: Option<Timestamp>,
}

impl State {
    fn of(token: Option<Arc<Token>>) -> Self {
        Self {
            loaded: true,
            token,
            ..Self::default()
        }
    }
}

/// Whether nothing is known that has ended a token.
fn lives(token: &Token, now: Timestamp) -> bool {
    token.expires_at.is_none_or(|end| now < end)
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
        unsaved: Unsaved,
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
            unsaved,
        }))
    }

    pub(super) fn granting(&self) -> &Granting {
        &self.0.granting
    }

    fn account(&self) -> &str {
        &self.0.granting.profile.account
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
            Some(token) if self.serves(&token, &state, definition) => token,
            Some(token) => match self.obtain(state, Wanted::Usable, context).await {
                // Renewal comes long before the end of a token's life; until then only the provider's own word ends it.
                Err(error) if !error.refuses_credentials() && lives(&token, self.now()) => token,
                renewed => renewed?,
            },
            None => self.obtain(state, Wanted::Usable, context).await?,
        };
        self.settled(&token).await;
        Ok(Some(token))
    }

    /// Whether a token is used as it is, without asking for another.
    fn serves(&self, token: &Token, state: &State, definition: &TokenEndpoint) -> bool {
        let now = self.now();
        if self.0.unsaved.holds(self.account()) {
            // What waits to be stored has taken its place at the provider.
            return false;
        }
        let lately = |failed: Timestamp| failed <= now && until(now, failed) < RENEWAL_RESTS;
        let rests = state.failed_at.is_some_and(lately);
        // Without a refresh token there is nothing to renew it by, and it serves to its end.
        let renewable = token.refresh.is_some()
            || matches!(
                self.0.granting.profile.grant(),
                Ok(Grant::ClientCredentials(_))
            );
        Wanted::Usable.is_met_by(token, definition, now)
            || ((rests || !renewable) && lives(token, now))
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
        *state = State::of(None);
        self.0.unsaved.remove(self.account());
        Ok(self.0.store.forget(self.account()).await?)
    }

    /// Takes a token that a person's sign-in brought. One that was received is stored, also when the caller gives up meanwhile.
    pub(super) async fn take(
        &self,
        token: Token,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let (source, context) = (self.clone(), context.clone());
        let task = self.0.unfinished.spawn(async move {
            let mut state = source.0.state.lock().await;
            let _exclusive = source.exclusive().await?;
            source.keep(&mut state, token, &context).await
        });
        task.await.unwrap_or_else(|error| Err(ended_early(&error)))
    }

    async fn exclusive(&self) -> Result<Exclusive, ClientError> {
        Ok(self.0.store.exclusive(self.account()).await?)
    }

    async fn locked(&self) -> Result<OwnedMutexGuard<State>, ClientError> {
        let mut state = self.0.state.clone().lock_owned().await;
        if !state.loaded {
            self.load(&mut state).await?;
        }
        Ok(state)
    }

    async fn load(&self, state: &mut State) -> Result<(), ClientError> {
        let stored = self.0.store.load(self.account()).await?;
        *state = State {
            refresh_started: stored.refresh_started,
            failed_at: state.failed_at,
            ..State::of(stored.token.map(Arc::new))
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
            if let Err(error) = &fetched
                && !error.refuses_credentials()
            {
                state.failed_at = Some(source.now());
            }
            drop(exclusive);
            fetched
        });
        task.await.unwrap_or_else(|error| Err(ended_early(&error)))
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
        self.rescue(state).await?;
        if let Some(token) = &state.token
            && wanted.is_met_by(token, definition, self.now())
        {
            return Ok(token.clone());
        }
        if matches!(granting.profile.grant()?, Grant::ClientCredentials(_)) {
            let token = granting.client_credentials(context).await?;
            return self.keep(state, token, context).await;
        }
        self.refresh(state, context).await
    }

    async fn refresh(
        &self,
        state: &mut State,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        let (granting, store, account) = (&self.0.granting, &self.0.store, self.account());
        let Some(old) = state.token.clone() else {
            return Err(ClientError::NeedsReauth {
                detail: "nobody has signed in yet".to_owned().into(),
            });
        };
        let Some(refresh) = &old.refresh else {
            let detail = if lives(&old, self.now()) {
                "the provider gave no refresh token to renew the token by"
            } else {
                "the token has ended and the provider gave no refresh token"
            };
            return Err(ClientError::NeedsReauth {
                detail: detail.to_owned().into(),
            });
        };
        let earlier = state.refresh_started;
        let now = self.now();
        store.refresh_started(account, now).await?;
        state.refresh_started = Some(now);
        match granting.refresh(refresh, &old, context).await {
            Ok(Received {
                token,
                objection: None,
            }) => self.keep(state, token, context).await,
            Ok(Received {
                token,
                objection: Some(objection),
            }) => {
                // The old refresh token is used up, whatever is wrong with the answer; the old access token is what it was.
                let kept = Token {
                    refresh: token.refresh,
                    ..Token::clone(&old)
                };
                self.keep(state, kept, context).await?;
                Err(objection)
            }
            Err(error) => {
                if !error.leaves_open() {
                    store.refresh_ended(account).await?;
                    state.refresh_started = None;
                }
                Err(interrupted(error, earlier))
            }
        }
    }

    /// Stored before it is used: no token received is ever lost. One that cannot be stored waits in memory, and is stored before another is
    /// asked for. Where the account was forgotten meanwhile, it is ended at the provider instead.
    async fn keep(
        &self,
        state: &mut State,
        token: Token,
        context: &CallContext,
    ) -> Result<Arc<Token>, ClientError> {
        if let Err(error) = self.saved(&token).await {
            if !self.0.store.keeps(self.account()).await {
                // Nobody would know of it. Where the provider cannot end it, it lives as long as it does.
                let _ = self.end(&token, context).await;
                return Err(error.into());
            }
            let before = match self.0.store.load(self.account()).await {
                Ok(stored) => stored.token.map(|stored| stored.obtained_at),
                Err(_) => state.token.as_ref().map(|known| known.obtained_at),
            };
            let waiting = Waiting {
                token,
                instead_of: before,
            };
            self.0.unsaved.put(self.account(), waiting);
            return Err(error.into());
        }
        Ok(self.stored(state, token))
    }

    fn stored(&self, state: &mut State, token: Token) -> Arc<Token> {
        self.0.unsaved.remove(self.account());
        let token = Arc::new(token);
        *state = State::of(Some(token.clone()));
        token
    }

    async fn saved(&self, token: &Token) -> Result<(), TokenStoreError> {
        for wait in SAVED_AGAIN_AFTER {
            if self.0.store.save(self.account(), token).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
        self.0.store.save(self.account(), token).await
    }

    /// Stores what was received earlier and could not be stored then, unless what it came in place of is gone too.
    async fn rescue(&self, state: &mut State) -> Result<(), ClientError> {
        let Some(waiting) = self.0.unsaved.get(self.account()) else {
            return Ok(());
        };
        let stored = state.token.as_ref().map(|token| token.obtained_at);
        if stored != waiting.instead_of {
            self.0.unsaved.remove(self.account());
            return Ok(());
        }
        self.0.store.save(self.account(), &waiting.token).await?;
        self.stored(state, waiting.token);
        Ok(())
    }
}

fn ended_early(error: &tokio::task::JoinError) -> ClientError {
    ClientError::TokenStore {
        detail: format!("the request ended early: {error}"),
    }
}

impl From<TokenStoreError> for ClientError {
    fn from(error: TokenStoreError) -> Self {
        Self::TokenStore { detail: error.0 }
    }
}
