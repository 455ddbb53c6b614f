use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::registry::Budget;
use super::share::Share;
use super::signal::Signal;
use super::turn::Turn;

/// One account's way to an instance's budget.
#[derive(Debug, Clone)]
pub struct Lane(Arc<LaneInner>);

#[derive(Debug)]
struct LaneInner {
    budget: Budget,
    id: u64,
    share: Share,
}

impl Drop for LaneInner {
    fn drop(&mut self) {
        self.budget.with(|state| state.remove_lane(self.id));
        self.budget.changed();
    }
}

impl Lane {
    pub(super) fn open(budget: Budget, account: &str, share: Share) -> Self {
        let id = budget.with(|state| state.add_lane(account, share, Instant::now()));
        Self(Arc::new(LaneInner { budget, id, share }))
    }

    /// The instance this lane leads to.
    pub fn budget(&self) -> &Budget {
        &self.0.budget
    }

    /// How many workers keep this lane's share busy at the latency measured so far.
    pub fn useful_workers(&self) -> usize {
        self.0
            .budget
            .with(|state| state.useful_workers(self.0.share))
    }

    /// Waits for this account's turn. Dropping the future gives the place up.
    ///
    /// # Errors
    ///
    /// `Err(when)` at once while the circuit is open: nothing is sent before `when`.
    pub async fn acquire(&self) -> Result<Permit, Instant> {
        let budget = &self.0.budget;
        let place = Place {
            lane: self,
            ticket: budget.with(|state| state.enqueue(self.0.id)),
        };
        loop {
            let mut changed = pin!(budget.wait_for_change());
            changed.as_mut().enable();
            let now = Instant::now();
            match budget.turn(place.ticket, now) {
                Turn::Granted { probe } => {
                    // The next in line may be ready too; nobody else would wake it.
                    budget.changed();
                    return Ok(Permit {
                        lane: self.clone(),
                        sent: now,
                        latency: None,
                        probe,
                    });
                }
                Turn::CircuitOpen(until) => return Err(until),
                Turn::WaitForOthers => changed.await,
                Turn::Wait(until) => either(sleep_until(until), changed).await,
            }
        }
    }
}

async fn either(sleep: impl Future<Output = ()>, changed: impl Future<Output = ()>) {
    tokio::select! {
        () = sleep => {}
        () = changed => {}
    }
}

/// A place in the queue, given up when dropped.
struct Place<'a> {
    lane: &'a Lane,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.lane.0.budget.with(|state| state.withdraw(self.ticket));
        self.lane.0.budget.changed();
    }
}

/// The right to one call. It counts as on its way until dropped.
#[derive(Debug)]
pub struct Permit {
    lane: Lane,
    sent: Instant,
    latency: Option<Duration>,
    probe: bool,
}

impl Permit {
    /// An answer came that was no refusal.
    pub fn succeeded(&mut self, signal: Signal) {
        let now = Instant::now();
        self.latency = Some(now - self.sent);
        let budget = &self.lane.0.budget;
        // Only a wait concerns others too, and that is rare: most answers cost no file.
        if signal.wait().is_some() {
            budget.learn(|state, now| state.succeeded(signal, now));
        } else {
            budget.with(|state| state.succeeded(signal, now));
        }
    }

    /// A 429 came. Returns how many in a row this instance has given.
    pub fn refused(&mut self, signal: Signal) -> u32 {
        self.lane
            .0
            .budget
            .learn(|state, now| state.refused(signal, self.sent, now))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.lane
            .0
            .budget
            .with(|state| state.finish(self.latency, self.probe));
        self.lane.0.budget.changed();
    }
}
