use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::time::Instant;

use super::lane::Lane;
use super::snapshot::BudgetSnapshot;
use super::state::{Limit, Share, State};

/// The budgets of every instance called from this process. Two accounts with one key share a budget; two keys never touch each other.
#[derive(Debug, Clone, Default)]
pub struct Budgets(Arc<Mutex<HashMap<String, Budget>>>);

impl Budgets {
    /// No budgets yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The budget of the instance `key`, made when it is first asked for. A limit that differs from the one known replaces it.
    pub fn budget(&self, key: &str, limit: &Limit) -> Budget {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets
            .entry(key.to_owned())
            .or_insert_with(|| Budget::new(key, limit.clone()))
            .clone();
        budget.with(|state| state.set_limit(limit.clone(), Instant::now()));
        budget
    }

    /// What every budget looks like now, by key.
    pub fn snapshots(&self) -> Vec<BudgetSnapshot> {
        let budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = budgets.values().map(Budget::snapshot).collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }
}

/// The request budget of one instance. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: String,
    state: Mutex<State>,
    notify: Notify,
}

impl Budget {
    fn new(key: &str, limit: Limit) -> Self {
        let state = Mutex::new(State::new(limit, Instant::now()));
        Self(Arc::new(Inner {
            key: key.to_owned(),
            state,
            notify: Notify::new(),
        }))
    }

    /// Opens a lane for `account`, which may use `share` of the limit. All lanes together use no more than the widest share among them.
    pub fn lane(&self, account: &str, share: Share) -> Lane {
        Lane::open(self.clone(), account, share)
    }

    /// Nobody on the instance calls for `wait`.
    pub fn pause(&self, wait: Duration) {
        self.with(|state| state.pause(wait, Instant::now()));
        self.changed();
    }

    /// Calls fail at once for `cool_down`. The first call after it decides whether the circuit closes. Returns when that is.
    pub fn open_circuit(&self, cool_down: Duration) -> Instant {
        let until = self.with(|state| state.open_circuit(cool_down, Instant::now()));
        self.changed();
        until
    }

    /// What the budget looks like now.
    pub fn snapshot(&self) -> BudgetSnapshot {
        self.with(|state| state.snapshot(&self.0.key, Instant::now()))
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn wait_for_change(&self) -> Notified<'_> {
        self.0.notify.notified()
    }

    pub(super) fn changed(&self) {
        self.0.notify.notify_waiters();
    }
}
