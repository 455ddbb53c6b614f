//! The runner: what is done without being asked for. Renewals at their threshold, scheduled syncs, retention, backups,
//! coverage, the audit's anchor. One process of a workspace has it: the window, or `xwalk daemon`.

mod backoff;
mod chores;
mod coverages;
mod renewals;
mod syncs;

#[cfg(test)]
mod keeping;
#[cfg(test)]
mod reminders;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod sign_ins;
#[cfg(test)]
mod telling;
#[cfg(test)]
mod waking;
#[cfg(test)]
mod watching;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crosswalk_workspace::RunnerLease;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::alerts::{ClockReading, Jump, MayTell, Notice, Pace, jump, overslept, renewed};
use crate::{Console, Fault, FaultClass, RunListener};
use backoff::Backoff;

/// Never asleep for longer, so that a clock that was set is seen.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Never asleep for less, whatever is planned.
const SHORTEST_SLEEP: Duration = Duration::from_secs(1);

/// Renewals that went well are told of once in this time.
const BETWEEN_GOOD_NEWS: Duration = Duration::from_mins(30);

/// Does what is planned in a workspace, turn by turn.
#[derive(Debug)]
pub struct Runner {
    console: Console,
    _lease: RunnerLease,
    begun: Instant,
    last: Option<ClockReading>,
    /// How long the last turn took.
    busy: Duration,
    /// Since when this machine has been awake and its clock right, as far as this runner saw.
    awake_since: Timestamp,
    pace: Pace,
    backoff: BTreeMap<String, Backoff>,
    may_tell: MayTell,
    /// Renewed and not told of yet.
    good_news: Vec<String>,
    good_news_told: Option<Duration>,
    syncs: syncs::Syncs,
    watcher: syncs::Watcher,
    chores: chores::Done,
    counting: coverages::Counting,
    stop: CancellationToken,
}

impl Runner {
    /// Becomes the workspace's runner; none while another process is.
    ///
    /// # Errors
    /// When the lock file cannot be made.
    pub fn start(console: Console) -> Result<Option<Self>, Fault> {
        let Some(lease) = RunnerLease::acquire(console.workspace())? else {
            return Ok(None);
        };
        let now = console.now();
        Ok(Some(Self {
            console,
            _lease: lease,
            begun: Instant::now(),
            last: None,
            busy: Duration::ZERO,
            awake_since: now,
            pace: Pace::default(),
            backoff: BTreeMap::new(),
            may_tell: MayTell::default(),
            good_news: Vec::new(),
            good_news_told: None,
            syncs: syncs::Syncs::default(),
            watcher: syncs::Watcher::default(),
            chores: chores::Done::default(),
            counting: coverages::Counting::default(),
            stop: CancellationToken::new(),
        }))
    }

    /// Tells of something only while `may_tell` says so. What falls due meanwhile is told of afterwards, if it still is.
    #[must_use]
    pub fn telling_while(mut self, may_tell: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.may_tell = MayTell::when(may_tell);
        self
    }

    /// Tells `watcher` how scheduled syncs get on. They are paused and cancelled by their run like any other.
    #[must_use]
    pub fn watched_by(mut self, watcher: RunListener) -> Self {
        self.watcher = syncs::Watcher::of(watcher);
        self
    }

    /// What the clocks show now.
    pub fn reading(&self) -> ClockReading {
        ClockReading {
            wall: self.console.now(),
            running: self.begun.elapsed(),
        }
    }

    /// One turn of everything that is due, and what is to be shown as native notifications. Failures of single accounts
    /// become alerts. Scheduled syncs go on after it; [`Runner::finish`] waits for them.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub async fn beat(
        &mut self,
        reading: ClockReading,
        interrupted: &CancellationToken,
    ) -> Result<Vec<Notice>, Fault> {
        let begun = Instant::now();
        let told = self.turn(reading, interrupted).await;
        self.busy = begun.elapsed();
        told
    }

    /// What happened to the time since the last turn. A machine on which both clocks run on in sleep slept too.
    fn jumped(&self, reading: ClockReading) -> Jump {
        let Some(last) = self.last else {
            return Jump::None;
        };
        match jump(last, reading) {
            Jump::None => {
                overslept(last, reading, self.busy, LONGEST_SLEEP).map_or(Jump::None, Jump::Ahead)
            }
            jumped => jumped,
        }
    }

    async fn turn(
        &mut self,
        reading: ClockReading,
        interrupted: &CancellationToken,
    ) -> Result<Vec<Notice>, Fault> {
        match self.jumped(reading) {
            Jump::None => {}
            Jump::Ahead(by) => {
                tracing::info!(
                    seconds = by.as_secs(),
                    "the machine slept, or its clock was put forward"
                );
                self.awake_since = reading.wall;
                // What failed before may be reachable again.
                self.backoff.clear();
                self.syncs.let_go();
            }
            Jump::Back(by) => {
                tracing::info!(seconds = by.as_secs(), "the clock was put back");
                self.awake_since = reading.wall;
            }
        }
        self.last = Some(reading);
        let preferences = self.console.preferences().await?;
        self.start_syncs_if_possible(self.console.now(), reading.running)
            .await;
        if preferences.auto_renew {
            let renewed = self.renew_due(reading, interrupted).await?;
            self.good_news.extend(renewed);
        }
        self.ask_for_sign_ins(reading.wall).await?;
        self.do_chores().await?;
        self.count_coverages();
        let mut notices = self.tell().await?;
        let preferences = self.may_tell.limit(preferences);
        notices.extend(self.good_news(reading, &preferences));
        Ok(notices)
    }

    fn good_news(
        &mut self,
        reading: ClockReading,
        preferences: &crate::alerts::Preferences,
    ) -> Option<Notice> {
        let waits = self
            .good_news_told
            .is_some_and(|told| reading.running.saturating_sub(told) < BETWEEN_GOOD_NEWS);
        if waits {
            return None;
        }
        let notice = renewed(&self.good_news, reading.wall, preferences)?;
        self.good_news.clear();
        self.good_news_told = Some(reading.running);
        Some(notice)
    }

    /// How long nothing is due.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn sleep_for(&self) -> Result<Duration, Fault> {
        let (now, running) = (self.console.now(), self.begun.elapsed());
        let seen = self.last.map_or(Timestamp::MIN, |last| last.wall);
        let planned = self.console.next_wake(seen, now, &self.may_tell).await?;
        let left = planned
            .map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default())
            .into_iter()
            .chain(self.next_try(running))
            .chain(self.next_sync(now, running).await?)
            .min();
        let left = left.unwrap_or(LONGEST_SLEEP);
        Ok(left.clamp(SHORTEST_SLEEP, LONGEST_SLEEP))
    }

    /// Waits until a scheduled sync ends, so that another may begin; for ever while none is on its way.
    pub async fn sync_ended(&mut self) {
        self.syncs.next_end().await;
    }

    /// Until a scheduled sync ends, or for a while.
    async fn syncs_turn(&mut self) {
        tokio::select! {
            () = self.syncs.next_end() => {}
            () = tokio::time::sleep(LONGEST_SLEEP) => {}
        }
    }

    /// Beats until interrupted, and hands what is to be shown to `show`. A turn that failed, as on a full disk, is tried
    /// again.
    ///
    /// # Errors
    /// When the workspace is gone, or cannot be opened any more.
    pub async fn run(
        mut self,
        interrupted: &CancellationToken,
        mut show: impl FnMut(Notice) + Send,
    ) -> Result<(), Fault> {
        while !interrupted.is_cancelled() {
            let rest = match self.beat_and_show(interrupted, &mut show).await {
                Ok(rest) => rest,
                Err(fault) => {
                    let database = self.console.workspace().folder().database();
                    if is_final(&fault, database.is_file()) {
                        return Err(fault);
                    }
                    tracing::warn!(
                        code = fault.code,
                        why = fault.message,
                        "what is planned was not done; it is tried again"
                    );
                    LONGEST_SLEEP
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = self.syncs.next_end() => {}
                () = interrupted.cancelled() => {}
            }
        }
        self.finish().await
    }

    async fn beat_and_show(
        &mut self,
        interrupted: &CancellationToken,
        show: &mut (impl FnMut(Notice) + Send),
    ) -> Result<Duration, Fault> {
        let reading = self.reading();
        for notice in self.beat(reading, interrupted).await? {
            show(notice);
        }
        self.sleep_for().await
    }

    /// Carries out every sync that is due now, once and a few at a time, until none is left or it is interrupted.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub async fn catch_up(&mut self, interrupted: &CancellationToken) -> Result<(), Fault> {
        // What falls due again meanwhile is for another time.
        let due_at = self.console.now();
        while !interrupted.is_cancelled() {
            // No time passes for what could not begin: one outage is not to count as several failures.
            self.start_due_syncs(due_at, Duration::ZERO).await?;
            if !self.syncs.are_under_way() {
                break;
            }
            tokio::select! {
                () = self.syncs.next_end() => {}
                () = interrupted.cancelled() => {}
            }
        }
        Ok(())
    }

    /// What is to be shown of what came about since the last turn.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub async fn tell(&self) -> Result<Vec<Notice>, Fault> {
        self.console
            .tick(self.console.now(), self.awake_since, &self.may_tell)
            .await
    }

    /// Lets what was started end, and anchors the audit.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub async fn drain(mut self) -> Result<(), Fault> {
        self.let_syncs_end().await;
        // What the syncs brought is counted too.
        self.counting.wait().await;
        self.count_coverages();
        self.counting.wait().await;
        self.console.anchor_audit().await
    }

    /// Lets scheduled syncs keep their place and end, and anchors the audit.
    ///
    /// # Errors
    /// When the anchor cannot be kept.
    pub async fn finish(mut self) -> Result<(), Fault> {
        self.stop.cancel();
        self.let_syncs_end().await;
        self.counting.wait().await;
        self.console.anchor_audit().await
    }

    async fn let_syncs_end(&mut self) {
        while self.syncs.are_under_way() {
            self.syncs.next_end().await;
        }
        self.look_at_ended_syncs(self.begun.elapsed()).await;
    }
}

/// Whether no later turn can go better: the workspace is gone, or cannot be opened any more.
fn is_final(fault: &Fault, workspace_is_there: bool) -> bool {
    fault.class == FaultClass::Locked || !workspace_is_there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_passes_and_a_workspace_that_is_gone_does_not() {
        let full = Fault::failed("disk_full", "The disk is full.", "Free some space.");
        let newer = Fault::locked("workspace_newer", "It is newer.", "Update Crosswalk.");
        for (fault, is_there, expected) in [
            (&full, true, false),
            (&full, false, true),
            (&newer, true, true),
        ] {
            assert_eq!(is_final(fault, is_there), expected, "{fault} {is_there}");
        }
    }
}
