use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::Token;

/// Tokens that were received and could not be stored yet, by account, for as long as the program runs: what a refresh brought stands nowhere
/// else, whichever client of the account asked for it.
#[derive(Clone, Default)]
pub(crate) struct Unsaved(Arc<Mutex<HashMap<String, Waiting>>>);

/// A token that waits to be stored.
#[derive(Clone)]
pub(super) struct Waiting {
    pub(super) token: Token,
    /// When the token was received that it comes in place of. Where another is stored by now, or none, it is not wanted any more.
    pub(super) instead_of: Option<Timestamp>,
}

impl Unsaved {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Waiting>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn holds(&self, account: &str) -> bool {
        self.with(|all| all.contains_key(account))
    }

    pub(super) fn get(&self, account: &str) -> Option<Waiting> {
        self.with(|all| all.get(account).cloned())
    }

    pub(super) fn put(&self, account: &str, waiting: Waiting) {
        self.with(|all| all.insert(account.to_owned(), waiting));
    }

    pub(super) fn remove(&self, account: &str) {
        self.with(|all| all.remove(account));
    }
}
