use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

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

/// Where tokens are kept. The caller seals them under the account's key.
pub trait TokenStore: Send + Sync {
    /// What is kept for `account`; nothing kept is [`Stored::default`].
    fn load(&self, account: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>>;

    /// Keeps `token` durably before it is used, and removes the mark of a refresh begun.
    fn save(&self, account: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>>;

    /// Marks durably that a refresh begins. Called before the request is sent.
    fn refresh_started(
        &self,
        account: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>>;

    /// Forgets the token of `account`.
    fn forget(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>>;
}

/// Why a token could not be kept or read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct TokenStoreError(pub String);

/// Tokens kept in memory only: for tests, and for accounts nothing is stored of.
#[derive(Debug, Default)]
pub struct MemoryTokens(Mutex<HashMap<String, Stored>>);

impl MemoryTokens {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Stored>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl TokenStore for MemoryTokens {
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

    fn forget(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.with(|all| all.remove(account));
        Box::pin(async { Ok(()) })
    }
}
