use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::bucket::{Allowance, Meter};
use super::circuit::{Circuit, LONGEST_COOL_DOWN};
use super::share::Share;
use super::signal::Signal;
use super::snapshot::BudgetSnapshot;
use super::turn::Turn;

/// What a provider allows on one instance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limit {
    /// All of them hold at once; none at all for a provider without limits.
    pub windows: Vec<Window>,
    /// Calls on their way at the same time.
    pub concurrency: Option<usize>,
}

/// So many calls in such a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// How many calls.
    pub calls: f64,
    /// In which time.
    pub per: Duration,
    /// How many may come at once; `None` if the provider counts calls in a window instead of draining a bucket.
    pub burst: Option<f64>,
}

/// Never use the last percent of the rate: the provider's clock is not ours.
const RATE_MARGIN: f64 = 0.99;
/// Calls arrive bunched when the way there gets shorter between two of them, so a burst the size of the provider's would overflow it. Room is left
/// for this much bunching at least (at 25 calls a second, two calls), and for as much as the latencies seen lately differ.
const LEAST_JITTER: Duration = Duration::from_millis(80);
/// However much latencies differ, this part of the burst is used.
const LEAST_BURST: f64 = 0.5;
/// Latencies remembered.
const LATENCIES: usize = 32;
/// What a 429 leaves of our rate.
const SLOW_DOWN: f64 = 0.7;
const SLOWEST: f64 = 0.05;
/// How a lowered rate comes back.
const RECOVERY_STEP: f64 = 0.05;
const RECOVERY_EVERY: Duration = Duration::from_secs(5);
/// Calls on their way at once where the connector names no number: bodies are held in memory.
const MOST_IN_FLIGHT: usize = 64;
const MOST_IN_FLIGHT_UNLIMITED: usize = 16;
/// A longer wait, such as that for tomorrow's quota, fails calls at once: nobody should stand still that long without being told.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_mins(2);
const USED_WINDOW: Duration = Duration::from_secs(10);

/// A call that waits for its turn.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) id: u64,
    pub(super) lane: u64,
}

#[derive(Debug)]
struct LaneState {
    account: String,
    share: Share,
    meters: Vec<Meter>,
}

/// Everything decided about one instance's budget. No waiting happens here.
#[derive(Debug)]
pub(super) struct State {
    limit: Limit,
    meters: Vec<Meter>,
    lanes: HashMap<u64, LaneState>,
    queue: Vec<Ticket>,
    last_grant: HashMap<String, u64>,
    sequence: u64,
    in_flight: usize,
    slowed_to: f64,
    slowed_at: Option<Instant>,
    paused_until: Option<Instant>,
    circuit: Circuit,
    strikes: u32,
    struck_at: Option<Instant>,
    /// In seconds, the latest last.
    latencies: VecDeque<f64>,
    recent: VecDeque<Instant>,
    reported: Signal,
}

impl State {
    pub(super) fn new(limit: Limit, now: Instant) -> Self {
        let mut state = Self {
            limit: Limit::default(),
            meters: Vec::new(),
            lanes: HashMap::new(),
            queue: Vec::new(),
            last_grant: HashMap::new(),
            sequence: 0,
            in_flight: 0,
            slowed_to: 1.0,
            slowed_at: None,
            paused_until: None,
            circuit: Circuit::default(),
            strikes: 0,
            struck_at: None,
            latencies: VecDeque::new(),
            recent: VecDeque::new(),
            reported: Signal::default(),
        };
        state.set_limit(limit, now);
        state
    }

    /// A changed definition changes the limit of the next call.
    pub(super) fn set_limit(&mut self, limit: Limit, now: Instant) {
        if limit != self.limit {
            self.limit = limit;
            self.meters = self.new_meters(now);
            let fresh = self.meters.clone();
            self.lanes
                .values_mut()
                .for_each(|lane| lane.meters.clone_from(&fresh));
        }
    }

    fn new_meters(&self, now: Instant) -> Vec<Meter> {
        self.allowances(Share::WHOLE)
            .into_iter()
            .map(|allowance| Meter::new(allowance, now))
            .collect()
    }

    pub(super) fn add_lane(&mut self, account: &str, share: Share, now: Instant) -> u64 {
        self.sequence += 1;
        let lane = LaneState {
            account: account.to_owned(),
            share,
            meters: self.new_meters(now),
        };
        self.lanes.insert(self.sequence, lane);
        self.sequence
    }

    pub(super) fn remove_lane(&mut self, lane: u64) {
        self.lanes.remove(&lane);
    }

    pub(super) fn enqueue(&mut self, lane: u64) -> u64 {
        self.sequence += 1;
        self.queue.push(Ticket {
            id: self.sequence,
            lane,
        });
        self.sequence
    }

    pub(super) fn withdraw(&mut self, ticket: u64) {
        self.queue.retain(|waiting| waiting.id != ticket);
    }

    /// The lane of `ticket` if it may go now. Among the accounts that wait, the one served longest ago goes first, so that a full sync of one account
    /// cannot starve another's.
    pub(super) fn ready(&mut self, ticket: u64, now: Instant) -> Result<u64, Turn> {
        if let Some(until) = self.circuit.open_until(now) {
            return Err(Turn::CircuitOpen(until));
        }
        if let Some(until) = self.paused_until.filter(|until| *until > now) {
            return Err(Turn::Wait(until));
        }
        if self.circuit.is_probing() {
            return Err(Turn::WaitForOthers);
        }
        self.recover(now);
        // Only the head of each lane can be next; the rest need not look further, with hundreds waiting.
        let mut heads: Vec<(u64, u64)> = Vec::new();
        for waiting in &self.queue {
            if !heads.iter().any(|(_, lane)| *lane == waiting.lane) {
                heads.push((waiting.id, waiting.lane));
            }
        }
        let Some((_, lane)) = heads.iter().copied().find(|(id, _)| *id == ticket) else {
            return Err(Turn::WaitForOthers);
        };
        let lane_ready = self.lane_ready(lane, now);
        if lane_ready > now {
            return Err(Turn::Wait(lane_ready));
        }
        let ready = heads
            .iter()
            .filter(|(_, lane)| self.lane_ready(*lane, now) <= now);
        let first = ready.min_by_key(|(id, lane)| (self.last_served(*lane), *id));
        if first.is_none_or(|(id, _)| *id != ticket) {
            return Err(Turn::WaitForOthers);
        }
        if self.in_flight >= self.most_in_flight() {
            return Err(Turn::WaitForOthers);
        }
        let ready = self.instance_ready(now);
        if ready > now {
            return Err(Turn::Wait(ready));
        }
        Ok(lane)
    }

    /// Counts a call that goes now. Whether it is the one that finds out if the circuit closes.
    pub(super) fn grant(&mut self, ticket: u64, lane: u64, now: Instant) -> bool {
        self.withdraw(ticket);
        self.sequence += 1;
        let allowances = self.allowances(self.widest_share());
        for (meter, allowance) in self.meters.iter_mut().zip(allowances) {
            meter.add(allowance, now);
        }
        let own = self
            .lanes
            .get(&lane)
            .map(|lane| self.allowances(lane.share))
            .unwrap_or_default();
        if let Some(lane) = self.lanes.get_mut(&lane) {
            for (meter, allowance) in lane.meters.iter_mut().zip(own) {
                meter.add(allowance, now);
            }
            self.last_grant.insert(lane.account.clone(), self.sequence);
        }
        self.in_flight += 1;
        self.recent.push_back(now);
        self.forget_old(now);
        self.circuit.let_through()
    }

    fn forget_old(&mut self, now: Instant) {
        while self
            .recent
            .front()
            .is_some_and(|at| now.saturating_duration_since(*at) > USED_WINDOW)
        {
            self.recent.pop_front();
        }
    }

    /// A call is over. Its duration, when an answer came, tells how many must be on their way to use the rate. `probe`: whether it was the one
    /// that finds out if the circuit closes; without an answer another will.
    pub(super) fn finish(&mut self, latency: Option<Duration>, probe: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if probe {
            self.circuit.probe_ended();
        }
        if let Some(latency) = latency {
            self.latencies.push_back(latency.as_secs_f64());
            if self.latencies.len() > LATENCIES {
                self.latencies.pop_front();
            }
        }
    }

    /// The usual latency in seconds; a guess before the first answer.
    fn latency(&self) -> f64 {
        let count = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        if count == 0 {
            0.2
        } else {
            self.latencies.iter().sum::<f64>() / f64::from(count)
        }
    }

    /// By how much the times calls need to arrive may differ, in seconds.
    fn jitter(&self) -> f64 {
        let longest = self.latencies.iter().copied().fold(0.0, f64::max);
        let shortest = self.latencies.iter().copied().fold(longest, f64::min);
        (longest - shortest).max(LEAST_JITTER.as_secs_f64())
    }

    /// An answer that was no refusal.
    pub(super) fn succeeded(&mut self, signal: Signal, now: Instant) {
        self.strikes = 0;
        self.circuit.answered(now);
        self.note(signal);
        match signal.wait() {
            Some(wait) if wait > LONGEST_PAUSE => {
                self.open_circuit(wait, now);
            }
            Some(wait) => self.pause(wait, now),
            None => {}
        }
    }

    /// A 429 to a call sent at `sent`. Returns how many in a row there were: refusals of calls that were on their way together count as one.
    pub(super) fn refused(&mut self, signal: Signal, sent: Instant, now: Instant) -> u32 {
        self.note(signal);
        if self.struck_at.is_none_or(|at| sent >= at) {
            self.strikes = self.strikes.saturating_add(1);
            self.struck_at = Some(now);
            self.slowed_to = (self.slowed_to * SLOW_DOWN).max(SLOWEST);
            self.slowed_at = Some(now);
        }
        self.strikes.max(1)
    }

    fn note(&mut self, signal: Signal) {
        if signal.remaining.is_some() || signal.limit.is_some() {
            self.reported = signal;
        }
    }

    /// Nobody calls for `wait`, an hour at most. What follows is spaced out from its first call, since the provider's bucket is thought full.
    pub(super) fn pause(&mut self, wait: Duration, now: Instant) {
        let until = now + wait.min(LONGEST_COOL_DOWN);
        if self.paused_until.is_none_or(|already| already < until) {
            self.paused_until = Some(until);
            let allowances = self.allowances(self.widest_share());
            for (meter, allowance) in self.meters.iter_mut().zip(allowances) {
                meter.fill(allowance, until);
            }
        }
    }

    /// Calls fail for `cool_down`, an hour at most; then one goes, and the others wait for what comes of it. Returns when that is.
    pub(super) fn open_circuit(&mut self, cool_down: Duration, now: Instant) -> Instant {
        let until = now + cool_down.min(LONGEST_COOL_DOWN);
        self.keep_open(until);
        self.pause(cool_down, now);
        until
    }

    /// The circuit is open until then at least, as this process or another has found.
    pub(super) fn keep_open(&mut self, until: Instant) {
        self.circuit.open(until);
    }

    /// Whether there is a limit to share with others.
    pub(super) fn is_limited(&self) -> bool {
        !self.limit.windows.is_empty()
    }

    /// Another process was told to slow down so long ago.
    pub(super) fn slow_down_to(&mut self, to: f64, ago: Duration, now: Instant) {
        let at = now.checked_sub(ago).unwrap_or(now);
        if to < self.slowed_to && self.slowed_at.is_none_or(|own| own < at) {
            self.slowed_to = to.clamp(SLOWEST, 1.0);
            self.slowed_at = Some(at);
            self.recover(now);
        }
    }

    /// How long calls are paused and fail at once from now on, and what is left of the rate.
    pub(super) fn learned(&self, now: Instant) -> (Duration, Duration, f64) {
        let left = |until: Option<Instant>| {
            until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
        };
        (
            left(self.paused_until),
            left(self.circuit.open_until(now)),
            self.slowed_to,
        )
    }

    fn recover(&mut self, now: Instant) {
        let Some(at) = self.slowed_at else { return };
        let steps = now.saturating_duration_since(at).as_secs() / RECOVERY_EVERY.as_secs();
        let steps = u32::try_from(steps.min(100)).unwrap_or(100);
        if steps > 0 {
            self.slowed_to = (self.slowed_to + RECOVERY_STEP * f64::from(steps)).min(1.0);
            self.slowed_at = (self.slowed_to < 1.0).then(|| at + RECOVERY_EVERY * steps);
        }
    }

    /// What a share of the limit lets through now, for each window.
    pub(super) fn allowances(&self, share: Share) -> Vec<Allowance> {
        let jitter = self.jitter();
        let allowance = |window: &Window| {
            let calls = window.calls * share.part().min(RATE_MARGIN) * self.slowed_to;
            let burst = window.burst.map(|burst| {
                let bunched = window.calls / window.per.as_secs_f64().max(1e-3) * jitter;
                let room = (burst - bunched).max(burst * LEAST_BURST);
                ((burst * share.part()).min(room) * self.slowed_to).max(1.0)
            });
            Allowance {
                per: window.per,
                calls: calls.max(1e-3),
                burst,
            }
        };
        self.limit.windows.iter().map(allowance).collect()
    }

    pub(super) fn widest_share(&self) -> Share {
        self.lanes
            .values()
            .map(|lane| lane.share)
            .reduce(|a, b| if b > a { b } else { a })
            .unwrap_or(Share::WHOLE)
    }

    fn instance_ready(&self, now: Instant) -> Instant {
        latest(&self.meters, &self.allowances(self.widest_share()), now)
    }

    fn lane_ready(&self, lane: u64, now: Instant) -> Instant {
        self.lanes.get(&lane).map_or(now, |lane| {
            latest(&lane.meters, &self.allowances(lane.share), now)
        })
    }

    fn last_served(&self, lane: u64) -> u64 {
        self.lanes
            .get(&lane)
            .and_then(|lane| self.last_grant.get(&lane.account))
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn most_in_flight(&self) -> usize {
        let unnamed = if self.limit.windows.is_empty() {
            MOST_IN_FLIGHT_UNLIMITED
        } else {
            MOST_IN_FLIGHT
        };
        self.limit.concurrency.unwrap_or(unnamed).max(1)
    }

    /// How many workers keep the budget of a share busy: those of the burst, and those on their way during one latency.
    pub(super) fn useful_workers(&self, share: Share) -> usize {
        let most = self.most_in_flight();
        let latency = self.latency();
        let allowances = self.allowances(share);
        let wanted = allowances
            .iter()
            .map(|window| window.at_once() + window.rate() * latency)
            .reduce(f64::min);
        let Some(wanted) = wanted else { return most };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 1.0 and far below 2^32"
        )]
        let wanted = wanted.ceil().clamp(1.0, 1_000_000.0) as usize;
        wanted.min(most)
    }

    pub(super) fn snapshot(&mut self, key: &str, now: Instant) -> BudgetSnapshot {
        self.recover(now);
        self.forget_old(now);
        let allowances = self.allowances(self.widest_share());
        let rate = allowances
            .iter()
            .map(|window| window.rate())
            .reduce(f64::min);
        let calls = u32::try_from(self.recent.len()).unwrap_or(u32::MAX);
        let used = f64::from(calls) / USED_WINDOW.as_secs_f64();
        let own = rate.map(|rate| 1.0 - used / rate);
        let theirs = match self.reported {
            Signal {
                limit: Some(limit),
                remaining: Some(left),
                ..
            } if limit > 0.0 => Some(left / limit),
            _ => None,
        };
        let circuit_open = self.circuit.open_until(now).is_some();
        BudgetSnapshot {
            key: key.to_owned(),
            rate,
            burst: allowances
                .iter()
                .map(|window| window.at_once())
                .reduce(f64::min),
            slowed_to: self.slowed_to,
            used,
            headroom: theirs.or(own).map(|share| share.clamp(0.0, 1.0)),
            in_flight: self.in_flight,
            waiting: self.queue.len(),
            paused_for: self
                .paused_until
                .filter(|until| *until > now)
                .map(|until| until - now),
            circuit_open,
            remaining: self.reported.remaining,
        }
    }
}

/// When the last of the meters lets a call through.
fn latest(meters: &[Meter], allowances: &[Allowance], now: Instant) -> Instant {
    let ready = meters
        .iter()
        .zip(allowances)
        .map(|(meter, allowance)| meter.ready_at(*allowance, now));
    ready.fold(now, Instant::max)
}
