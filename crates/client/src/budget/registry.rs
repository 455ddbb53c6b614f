use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::time::Instant;

use super::lane::Lane;
use super::share::Share;
use super::shared::Shared;
use super::snapshot::BudgetSnapshot;
use super::state::{Limit, State};
use super::turn::Turn;

/// The budgets of every instance called from this process, shared with other processes where they have a folder in common. Two accounts with
/// one key share a budget; two keys never touch each other.
#[derive(Debug, Clone, Default)]
pub struct Budgets {
    all: Arc<Mutex<HashMap<String, Budget>>>,
    folder: Option<Arc<PathBuf>>,
}

impl Budgets {
    /// No budgets yet, and nobody to share them with.
    pub fn new() -> Self {
        Self::default()
    }

    /// No budgets yet. Each will be shared with every process that names the same folder, by a small file in it.
    pub fn beside(folder: PathBuf) -> Self {
        Self {
            folder: Some(Arc::new(folder)),
            ..Self::default()
        }
    }

    /// The budget of the instance `key`, made when it is first asked for. A limit that differs from the one known replaces it.
    pub fn budget(&self, key: &str, limit: &Limit) -> Budget {
        let mut budgets = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets
            .entry(key.to_owned())
            .or_insert_with(|| {
                let shared = self
                    .folder
                    .as_deref()
                    .map(|folder| Shared::new(folder, key));
                Budget::new(key, limit.clone(), shared)
            })
            .clone();
        budget.with(|state| state.set_limit(limit.clone(), Instant::now()));
        budget
    }

    /// What every budget looks like now, by key.
    pub fn snapshots(&self) -> Vec<BudgetSnapshot> {
        let budgets = self.all.lock().unwrap_or_else(PoisonError::into_inner);
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
    shared: Option<Shared>,
    notify: Notify,
}

impl Budget {
    fn new(key: &str, limit: Limit, shared: Option<Shared>) -> Self {
        let state = Mutex::new(State::new(limit, Instant::now()));
        Self(Arc::new(Inner {
            key: key.to_owned(),
            state,
            shared,
            notify: Notify::new(),
        }))
    }

    /// Opens a lane for `account`, which may use `share` of the limit. All lanes together use no more than the widest share among them.
    pub fn lane(&self, account: &str, share: Share) -> Lane {
        Lane::open(self.clone(), account, share)
    }

    /// Nobody on the instance calls for `wait`, an hour at most.
    pub fn pause(&self, wait: Duration) {
        self.learn(|state, now| state.pause(wait, now));
        self.changed();
    }

    /// Calls fail at once for `cool_down`, an hour at most. The first call after it decides whether the circuit closes, while the others wait.
    /// Returns when that is.
    pub fn open_circuit(&self, cool_down: Duration) -> Instant {
        let until = self.learn(|state, now| state.open_circuit(cool_down, now));
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

    /// Takes something in that concerns every process which calls the instance.
    pub(super) fn learn<T>(&self, act: impl FnOnce(&mut State, Instant) -> T) -> T {
        let now = Instant::now();
        self.with(|state| {
            let learned = act(state, now);
            if let Some(shared) = self.shared(state) {
                shared.tell(state, now);
            }
            learned
        })
    }

    /// Whether `ticket` may go now, here and as far as other processes are concerned, and if so lets it go.
    pub(super) fn turn(&self, ticket: u64, now: Instant) -> Turn {
        self.with(|state| {
            let allowed = state.ready(ticket, now).and_then(|lane| {
                match self.shared(state) {
                    Some(shared) => shared.take(state, now),
                    None => Ok(()),
                }
                .map(|()| lane)
            });
            match allowed {
                Ok(lane) => Turn::Granted {
                    probe: state.grant(ticket, lane, now),
                },
                Err(turn) => {
                    if let Turn::CircuitOpen(until) = turn {
                        state.keep_open(until);
                    }
                    turn
                }
            }
        })
    }

    /// What is shared with other processes; nothing where the provider names no limit.
    fn shared(&self, state: &State) -> Option<&Shared> {
        self.0.shared.as_ref().filter(|_| state.is_limited())
    }

    pub(super) fn wait_for_change(&self) -> Notified<'_> {
        self.0.notify.notified()
    }

    pub(super) fn changed(&self) {
        self.0.notify.notify_waiters();
    }
}
