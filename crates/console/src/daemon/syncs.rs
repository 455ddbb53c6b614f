//! Scheduled syncs.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crosswalk_sync::Trigger;
use crosswalk_workspace::account::Health;
use jiff::Timestamp;
use tokio::sync::oneshot;
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

/// Codes of what says nothing of an account and passes: somebody else is at it, or this machine cannot for now. A sync
/// that met one waits, and is not counted as failed.
const PASSING: &[&str] = &[
    "run_in_progress",
    "disk_full",
    "vault_busy",
    "vault_locked",
    "workspace_busy",
];

/// Whether a sync that could not begin counts as one that failed. Pure.
fn counts(fault: &Fault) -> bool {
    fault.class != FaultClass::Interrupted && !PASSING.contains(&fault.code.as_str())
}

/// What became of a sync that was started.
#[derive(Debug)]
enum Outcome {
    /// It began, and its run says how it ended.
    Ended,
    /// It began and broke off, which its run may not say.
    BrokeOff(Fault),
    Unbegun(Fault),
}

/// What keeps a sync from being tried.
#[derive(Debug, Default)]
struct HeldBack {
    /// Waits longer each time; none: tried at the next turn.
    backoff: Option<Backoff>,
    /// How often in a row it could not begin, for its account's sake.
    failed: u32,
}

/// Which sync it is: an account's id outside, and a resource.
type Key = (String, String);

/// Scheduled syncs on their way, and those that could not begin.
#[derive(Debug, Default)]
pub(super) struct Syncs {
    going: JoinSet<Outcome>,
    /// Which each of them is, by its task.
    keys: HashMap<Id, Key>,
    /// Ended, and not looked at yet.
    ended: Vec<(Key, Outcome)>,
    /// Could not begin, or broke off.
    held_back: BTreeMap<Key, HeldBack>,
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
        let backoff = held_back.and_then(|held_back| held_back.backoff);
        backoff.map_or(Duration::ZERO, |backoff| backoff.left(running))
    }

    /// Lets one that went wrong wait longer than the last time.
    fn hold_back(&mut self, key: &Key, running: Duration) -> &mut HeldBack {
        let held_back = self.held_back.entry(key.clone()).or_default();
        held_back.backoff = Some(Backoff::after(held_back.backoff, running));
        held_back
    }

    /// What could not begin is tried at the next turn. How often it could not is not forgotten.
    pub(super) fn let_go(&mut self) {
        for held_back in self.held_back.values_mut() {
            held_back.backoff = None;
        }
    }

    /// The resources of an account whose syncs could not begin again and again.
    fn stuck(&self, account: &str) -> Vec<String> {
        let held_back = self.held_back.iter();
        held_back
            .filter(|((of, _), held_back)| {
                of == account && held_back.failed >= Health::UNHEALTHY_AFTER
            })
            .map(|((_, resource), _)| resource.clone())
            .collect()
    }

    /// Waits until one ends; for ever while none is on its way.
    pub(super) async fn next_end(&mut self) {
        match self.going.join_next_with_id().await {
            Some(joined) => self.take(joined),
            None => std::future::pending().await,
        }
    }

    fn take(&mut self, joined: Result<(Id, Outcome), JoinError>) {
        let (id, outcome) = joined.unwrap_or_else(|error| {
            tracing::warn!(%error, "a scheduled sync broke off");
            let fault = Fault::failed(
                "interrupted",
                "The sync ended early.",
                "It is tried again; please report it if it happens twice.",
            );
            (error.id(), Outcome::BrokeOff(fault))
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
        self.look_at_ended_syncs(running).await;
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
            match self.console.find_account(&planned.account).await {
                Ok(account) => self.start_sync(key, planned, account.tenant),
                // Removed meanwhile.
                Err(fault) if fault.code == "not_found" => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// As [`Runner::start_due_syncs`], where other work goes on whatever keeps syncs from being started.
    pub(super) async fn start_syncs_if_possible(&mut self, due_at: Timestamp, running: Duration) {
        if let Err(fault) = self.start_due_syncs(due_at, running).await {
            tracing::warn!(
                code = fault.code,
                why = fault.message,
                "scheduled syncs were not started; it is tried again"
            );
        }
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
            let (begins, mut began) = oneshot::channel();
            match console.carry_out(order, tell, stop, Some(begins)).await {
                Ok(run) => {
                    tracing::info!(
                        account = planned.account,
                        resource = planned.resource,
                        status = run.status,
                        "a scheduled sync ended"
                    );
                    Outcome::Ended
                }
                Err(fault) if matches!(began.try_recv(), Ok(Ok(_))) => Outcome::BrokeOff(fault),
                Err(fault) => Outcome::Unbegun(fault),
            }
        });
        self.syncs.keys.insert(begun.id(), key);
    }

    /// What became of the syncs that ended. One that could not begin left no run to say so: it counts as a failed one,
    /// unless that says nothing of its account, and waits longer each time.
    pub(super) async fn look_at_ended_syncs(&mut self, running: Duration) {
        while let Some(joined) = self.syncs.going.try_join_next_with_id() {
            self.syncs.take(joined);
        }
        while let Some((key, outcome)) = self.syncs.ended.pop() {
            let (account, resource) = &key;
            let noted = match outcome {
                Outcome::Ended => {
                    self.syncs.held_back.remove(&key);
                    self.note_begun(&key).await
                }
                Outcome::BrokeOff(fault) => {
                    let code = fault.code;
                    tracing::warn!(account, resource, code, "a scheduled sync broke off");
                    self.syncs.hold_back(&key, running).failed = 0;
                    self.note_begun(&key).await
                }
                Outcome::Unbegun(fault) => {
                    let code = &fault.code;
                    tracing::warn!(account, resource, code, "a scheduled sync did not begin");
                    let held_back = self.syncs.hold_back(&key, running);
                    if counts(&fault) {
                        held_back.failed = held_back.failed.saturating_add(1);
                        self.note_unbegun(&key, &fault).await
                    } else {
                        Ok(())
                    }
                }
            };
            if let Err(fault) = noted {
                let code = fault.code;
                tracing::warn!(account, code, "how a scheduled sync began was not noted");
            }
        }
    }

    async fn note_unbegun(&mut self, key: &Key, fault: &Fault) -> Result<(), Fault> {
        let (account, resource) = key;
        let stuck = self.stuck(account).await?;
        self.console
            .note_unbegun(account, resource, fault, stuck)
            .await
    }

    /// An alert of others of the account that cannot begin stays.
    async fn note_begun(&mut self, key: &Key) -> Result<(), Fault> {
        let (account, resource) = key;
        if self.stuck(account).await?.is_empty() {
            self.console.note_begun(account, resource).await?;
        }
        Ok(())
    }

    /// The resources of an account that still are planned, and whose syncs could not begin again and again.
    async fn stuck(&mut self, account: &str) -> Result<Vec<String>, Fault> {
        let stuck = self.syncs.stuck(account);
        if stuck.is_empty() {
            return Ok(stuck);
        }
        let planned = match self.console.schedules(Some(account)).await {
            Ok(planned) => planned,
            // Removed meanwhile.
            Err(fault) if fault.code == "not_found" => Vec::new(),
            Err(fault) => return Err(fault),
        };
        let is_planned = |resource: &str| planned.iter().any(|known| known.resource == resource);
        self.syncs
            .held_back
            .retain(|(of, resource), _| of != account || is_planned(resource));
        Ok(self.syncs.stuck(account))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_without_the_account_is_not_counted() {
        for (code, expected) in [
            ("run_in_progress", false),
            ("vault_locked", false),
            ("disk_full", false),
            ("vault_entry_missing", true),
            ("definition_changed", true),
        ] {
            assert_eq!(
                counts(&Fault::failed(code, "It failed.", "")),
                expected,
                "{code}"
            );
        }
        let stopped = Fault::new(
            FaultClass::Interrupted,
            "interrupted",
            "It was stopped.",
            "",
        );
        assert!(!counts(&stopped));
    }

    #[test]
    fn what_is_let_go_is_tried_at_once_and_still_is_stuck() {
        let mut syncs = Syncs::default();
        let key = ("acme-prod".to_owned(), "invoices".to_owned());
        for failed in 1..=3 {
            assert!(syncs.stuck("acme-prod").is_empty());
            syncs.hold_back(&key, Duration::ZERO).failed = failed;
        }
        assert_eq!(
            syncs.held_back_for(&key, Duration::ZERO),
            Duration::from_mins(2)
        );
        syncs.let_go();
        assert_eq!(syncs.held_back_for(&key, Duration::ZERO), Duration::ZERO);
        assert_eq!(syncs.stuck("acme-prod"), ["invoices"]);
        assert!(syncs.stuck("acme-test").is_empty());
    }
}
