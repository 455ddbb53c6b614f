//! Scheduled syncs.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crosswalk_sync::Trigger;
use jiff::Timestamp;
use tokio::task::{Id, JoinError, JoinSet};

use super::Runner;
use super::backoff::Backoff;
use crate::schedule::PlannedSync;
use crate::sync::{Order, SyncInput};
use crate::views::RunProgress;
use crate::{Fault, FaultClass, ProgressListener, RunListener};

/// Scheduled syncs that run at once; more wait until one of them ends.
const AT_ONCE: usize = 2;

/// Whoever watches how scheduled syncs get on.
#[derive(Clone, Default)]
pub(super) struct Watcher(Option<RunListener>);

impl Watcher {
    pub(super) fn of(listener: RunListener) -> Self {
        Self(Some(listener))
    }

    /// To be told by a sync of an account of `tenant`.
    fn listener(&self, tenant: String) -> ProgressListener {
        let listener = self.0.clone();
        Arc::new(move |progress: &RunProgress| {
            if let Some(tell) = &listener {
                tell(&tenant, progress);
            }
        })
    }
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Watcher").field(&self.0.is_some()).finish()
    }
}

/// Which sync it is: an account's id outside, and a resource.
type Key = (String, String);

/// Scheduled syncs on their way, and those that could not begin.
#[derive(Debug, Default)]
pub(super) struct Syncs {
    going: JoinSet<Result<(), Fault>>,
    /// Which each of them is, by its task.
    keys: HashMap<Id, Key>,
    /// Ended, and not looked at yet.
    ended: Vec<(Key, Result<(), Fault>)>,
    /// Could not begin, and wait longer each time.
    held_back: BTreeMap<Key, Backoff>,
}

impl Syncs {
    pub(super) fn are_under_way(&self) -> bool {
        !self.going.is_empty()
    }

    /// How many more may go on at once.
    fn free(&self) -> usize {
        AT_ONCE.saturating_sub(self.going.len())
    }

    fn is_under_way(&self, key: &Key) -> bool {
        self.keys.values().any(|going| going == key)
    }

    /// How long one that could not begin still waits for another try.
    fn held_back_for(&self, key: &Key, running: Duration) -> Duration {
        let held_back = self.held_back.get(key);
        held_back.map_or(Duration::ZERO, |held_back| held_back.left(running))
    }

    /// Waits until one ends; for ever while none is on its way.
    pub(super) async fn next_end(&mut self) {
        match self.going.join_next_with_id().await {
            Some(joined) => self.take(joined),
            None => std::future::pending().await,
        }
    }

    fn take(&mut self, joined: Result<(Id, Result<(), Fault>), JoinError>) {
        let (id, outcome) = joined.unwrap_or_else(|error| {
            tracing::warn!(%error, "a scheduled sync broke off");
            let fault = Fault::failed(
                "interrupted",
                "The sync ended early.",
                "It is tried again; please report it if it happens twice.",
            );
            (error.id(), Err(fault))
        });
        if let Some(key) = self.keys.remove(&id) {
            self.ended.push((key, outcome));
        }
    }
}

impl Runner {
    /// Starts the syncs whose time had come at an instant, outside their tenants' quiet windows. One that cannot begin
    /// keeps no other waiting.
    pub(super) async fn start_due_syncs(
        &mut self,
        due_at: Timestamp,
        running: Duration,
    ) -> Result<(), Fault> {
        self.look_at_ended_syncs(running).await?;
        if self.syncs.free() == 0 {
            return Ok(());
        }
        for planned in self.console.due_syncs(due_at).await? {
            let key = (planned.account.clone(), planned.resource.clone());
            let waits =
                self.syncs.is_under_way(&key) || !self.syncs.held_back_for(&key, running).is_zero();
            if waits {
                continue;
            }
            if self.syncs.free() == 0 {
                break;
            }
            let tenant = self.console.find_account(&planned.account).await?.tenant;
            self.start_sync(key, planned, tenant);
        }
        Ok(())
    }

    fn start_sync(&mut self, key: Key, planned: PlannedSync, tenant: String) {
        // Ends with the runner, and before it where somebody stops this one.
        let (console, stop) = (self.console.clone(), self.stop.child_token());
        let tell = self.watcher.listener(tenant);
        let begun = self.syncs.going.spawn(async move {
            let order = Order {
                input: SyncInput {
                    account: planned.account.clone(),
                    resource: planned.resource.clone(),
                    mode: planned.mode,
                    pages: None,
                    budget_percent: None,
                    whole_objects: None,
                    restart: false,
                    mark_exported: false,
                    confirmation: None,
                },
                trigger: Trigger::Schedule,
                resume: None,
            };
            let run = console.carry_out(order, tell, stop, None).await?;
            tracing::info!(
                account = planned.account,
                resource = planned.resource,
                status = run.status,
                "a scheduled sync ended"
            );
            Ok(())
        });
        self.syncs.keys.insert(begun.id(), key);
    }

    /// What became of the syncs that ended. One that could not begin left no run to say so: it counts as a failed one,
    /// and waits longer each time.
    pub(super) async fn look_at_ended_syncs(&mut self, running: Duration) -> Result<(), Fault> {
        while let Some(joined) = self.syncs.going.try_join_next_with_id() {
            self.syncs.take(joined);
        }
        while let Some((key, outcome)) = self.syncs.ended.pop() {
            let Err(fault) = outcome else {
                self.syncs.held_back.remove(&key);
                continue;
            };
            // Somebody else runs it, or it was stopped: nothing to do.
            if fault.code == "run_in_progress" || fault.class == FaultClass::Interrupted {
                continue;
            }
            let (account, resource) = &key;
            tracing::warn!(
                account,
                resource,
                code = fault.code,
                "a scheduled sync did not begin"
            );
            let before = self.syncs.held_back.get(&key).copied();
            let backoff = Backoff::after(before, running);
            self.syncs.held_back.insert(key.clone(), backoff);
            self.console
                .note_unbegun(account, resource, &fault, backoff.times())
                .await?;
        }
        Ok(())
    }

    /// How long until a scheduled sync may begin; none: none is planned, or what is due waits for the end of another.
    pub(super) async fn next_sync(
        &self,
        now: Timestamp,
        running: Duration,
    ) -> Result<Option<Duration>, Fault> {
        let planned = self.console.planned_syncs().await?.into_iter();
        let lefts = planned.filter_map(|(at, planned)| {
            let key = (planned.account, planned.resource);
            if self.syncs.is_under_way(&key) {
                return None;
            }
            let left = at.map_or(Duration::ZERO, |at| {
                Duration::try_from(at.duration_since(now)).unwrap_or_default()
            });
            let left = left.max(self.syncs.held_back_for(&key, running));
            (!left.is_zero() || self.syncs.free() > 0).then_some(left)
        });
        Ok(lefts.min())
    }
}
