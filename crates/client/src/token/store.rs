use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::Token;

/// What is kept for an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stored {
    /// The last token received.
    pub token: Option<Token>,
    /// When a refresh was begun whose end was never recorded: the process died in between, and the refresh token may be used up.
    pub refresh_started: Option<Timestamp>,
}

/// Keeps everybody else from fetching a token for the account until it is dropped.
pub type Exclusive = Box<dyn std::any::Any + Send + Sync>;

/// Where tokens are kept. The caller seals them under the account's key.
pub trait TokenStore: Send + Sync {
    /// Waits until nobody else, in this process or another, is fetching a token for `account`, and keeps it so until what
    /// is returned is dropped. What is kept is loaded again afterwards: the other one may have brought what is wanted.
    fn exclusive(&self, account: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>>;

    /// What is kept for `account`; nothing kept is [`Stored::default`].
    fn load(&self, account: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>>;

    /// Keeps `token` durably before it is used, and removes the mark of a refresh begun.
    fn save(&self, account: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>>;

    /// Whether tokens of `account` are to be kept at all. One that was forgotten meanwhile gets none: what cannot be saved is
    /// then ended at the provider, and does not wait to be saved.
    fn keeps(&self, _account: &str) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(true))
    }

    /// Marks durably that a refresh begins. Called before the request is sent.
    fn refresh_started(
        &self,
        account: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>>;

    /// Removes that mark: the provider has answered, and the refresh token is as good or bad as it was before.
    fn refresh_ended(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>>;

    /// Forgets the token of `account`.
    fn forget(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>>;
}

/// Why a token could not be kept or read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct TokenStoreError(pub String);

/// Tokens kept in memory only: for tests, and for accounts nothing is stored of.
#[derive(Debug, Default)]
pub struct MemoryTokens {
    stored: Mutex<HashMap<String, Stored>>,
    /// One fetch at a time, whichever account it is for.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryTokens {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Stored>) -> T) -> T {
        act(&mut self.stored.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl TokenStore for MemoryTokens {
    fn exclusive(&self, _: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>> {
        let fetching = Arc::clone(&self.fetching);
        Box::pin(async move { Ok(Box::new(fetching.lock_owned().await) as Exclusive) })
    }

    fn load(&self, account: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        let stored = self.with(|all| all.get(account).cloned().unwrap_or_default());
        Box::pin(async move { Ok(stored) })
    }

    fn save(&self, account: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let stored = Stored {
            token: Some(token.clone()),
            refresh_started: None,
        };
        self.with(|all| all.insert(account.to_owned(), stored));
        Box::pin(async { Ok(()) })
    }

    fn refresh_started(
        &self,
        account: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.with(|all| all.entry(account.to_owned()).or_default().refresh_started = Some(at));
        Box::pin(async { Ok(()) })
    }

    fn refresh_ended(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.with(|all| all.entry(account.to_owned()).or_default().refresh_started = None);
        Box::pin(async { Ok(()) })
    }

    fn forget(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.with(|all| all.remove(account));
        Box::pin(async { Ok(()) })
    }
}
