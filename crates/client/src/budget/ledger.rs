use serde::{Deserialize, Serialize};

use super::bucket::Allowance;
use super::circuit::LONGEST_COOL_DOWN;

/// Pieces a window without a burst is counted in: a call counts for up to this part of the window too long, never too short.
const PIECES: usize = 60;
/// For so long after its last call a process's share is counted as in use.
const SHARE_HELD: i64 = 30_000_000;
/// A clock that shows this much less than what is written was set back.
const TOLERANCE: i64 = 1_000_000;

/// What the processes that call one instance tell each other, in microseconds of the time of day. Pure: no file, no clock.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Ledger {
    meters: Vec<Meter>,
    /// The widest share of late, and until when it counts.
    widest: f64,
    widest_until: i64,
    /// Nobody calls between these two.
    paused: Option<(i64, i64)>,
    /// Calls fail at once between these two.
    circuit: Option<(i64, i64)>,
    /// What a 429 left of the rate, and since when.
    slowed: Option<(f64, i64)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Meter {
    /// A leaky bucket's level, and when it stood there.
    Bucket { level: f64, at: i64 },
    /// Calls in each piece of the window, the latest last, and when the latest began.
    Pieces { counts: Vec<u32>, began: i64 },
}

/// What stands against a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// Ask again after so many microseconds.
    Wait(i64),
    /// Nothing is sent for so many microseconds.
    Circuit(i64),
}

#[expect(
    clippy::cast_precision_loss,
    reason = "differences of times within one window"
)]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "waits of at most a window's length"
)]
fn micros(seconds: f64) -> i64 {
    (seconds * 1e6).ceil() as i64
}

fn piece(allowance: Allowance) -> i64 {
    micros(allowance.per.as_secs_f64() / 60.0).max(1)
}

fn ends_after(span: Option<(i64, i64)>, now: i64) -> Option<i64> {
    let longest = micros(LONGEST_COOL_DOWN.as_secs_f64());
    // One that begins in the time to come was written under another clock; one longer than any is, by another version or by hand.
    span.map(|(from, until)| (from, until.min(from.saturating_add(longest))))
        .filter(|(from, until)| *from <= now + TOLERANCE && now < *until)
        .map(|(_, until)| until - now)
}

impl Ledger {
    /// Of a file that could not be read: nobody knows what was sent, so the buckets are thought full.
    pub(super) fn lost(allowances: &[Allowance], now: i64) -> Self {
        let meters = allowances
            .iter()
            .map(|allowance| match allowance.burst {
                Some(_) => Meter::Bucket {
                    level: allowance.at_once(),
                    at: now,
                },
                None => Meter::new(*allowance, now),
            })
            .collect();
        Self {
            meters,
            ..Self::default()
        }
    }

    /// The widest share in use, this one included.
    pub(super) fn widest(&self, own: f64, now: i64) -> f64 {
        if now < self.widest_until && self.widest_until <= now + SHARE_HELD + TOLERANCE {
            self.widest.max(own)
        } else {
            own
        }
    }

    /// What a 429 in any process left of the rate, and how many microseconds ago.
    pub(super) fn slowed(&self, now: i64) -> Option<(f64, i64)> {
        self.slowed
            .map(|(to, at)| (to, now - at))
            .filter(|(_, ago)| *ago >= -TOLERANCE)
    }

    /// What stands against a call now.
    pub(super) fn bar(&self, allowances: &[Allowance], now: i64) -> Option<Bar> {
        if let Some(left) = ends_after(self.circuit, now) {
            return Some(Bar::Circuit(left));
        }
        let paused = ends_after(self.paused, now).unwrap_or(0);
        let metered = self
            .meters
            .iter()
            .zip(allowances)
            .map(|(meter, allowance)| meter.wait(*allowance, now));
        let wait = metered.fold(paused, i64::max);
        (wait > 0).then_some(Bar::Wait(wait))
    }

    /// Counts a call of a process whose widest share is `own`.
    pub(super) fn count(&mut self, allowances: &[Allowance], own: f64, now: i64) {
        let fits = self.meters.len() == allowances.len()
            && self
                .meters
                .iter()
                .zip(allowances)
                .all(|(meter, allowance)| {
                    matches!(meter, Meter::Bucket { .. }) == allowance.burst.is_some()
                });
        if !fits {
            // The first call, or another version of the connector.
            self.meters = allowances
                .iter()
                .map(|allowance| Meter::new(*allowance, now))
                .collect();
        }
        for (meter, allowance) in self.meters.iter_mut().zip(allowances) {
            meter.add(*allowance, now);
        }
        let widest = self.widest(own, now);
        if own >= widest {
            self.widest_until = now + SHARE_HELD;
        }
        self.widest = widest;
    }

    /// Takes over what one process learned: pauses and open circuits in microseconds from now, and what is left of its rate.
    pub(super) fn learn(&mut self, pause: i64, circuit: i64, slowed_to: f64, now: i64) {
        let longer = |held: Option<(i64, i64)>, more: i64| {
            let left = ends_after(held, now).unwrap_or(0);
            if more > left {
                Some((now, now.saturating_add(more)))
            } else {
                held.filter(|_| left > 0)
            }
        };
        self.paused = longer(self.paused, pause);
        self.circuit = longer(self.circuit, circuit);
        self.slowed = (slowed_to < 1.0).then_some((slowed_to, now));
    }
}

impl Meter {
    fn new(allowance: Allowance, now: i64) -> Self {
        match allowance.burst {
            Some(_) => Self::Bucket {
                level: 0.0,
                at: now,
            },
            None => Self::Pieces {
                counts: vec![0; PIECES + 1],
                began: now,
            },
        }
    }

    fn wait(&self, allowance: Allowance, now: i64) -> i64 {
        match self {
            Self::Bucket { level, at } => {
                let drained = seconds((now - at).max(0)) * allowance.rate();
                let over = (level - drained).max(0.0) + 1.0 - allowance.at_once();
                if over <= 1e-6 {
                    0
                } else {
                    micros(over / allowance.rate())
                }
            }
            Self::Pieces { counts, began } => {
                let piece = piece(allowance);
                let began = (*began).min(now);
                let fits = |sum: f64| sum + 1.0 <= allowance.at_once();
                let gone = ((now - began) / piece).min(i64::from(u16::MAX));
                // The oldest pieces have left the window; the rest leaves one piece after the other.
                let left: Vec<u32> = counts
                    .iter()
                    .copied()
                    .skip(usize::try_from(gone).unwrap_or(usize::MAX))
                    .collect();
                let mut sum: f64 = left.iter().map(|count| f64::from(*count)).sum();
                if fits(sum) {
                    return 0;
                }
                let mut more = 0;
                for count in left {
                    more += 1;
                    sum -= f64::from(count);
                    if fits(sum) {
                        break;
                    }
                }
                (began + (gone + more) * piece - now).max(1)
            }
        }
    }

    fn add(&mut self, allowance: Allowance, now: i64) {
        match self {
            Self::Bucket { level, at } => {
                let drained = seconds((now - *at).max(0)) * allowance.rate();
                *level = (*level - drained).max(0.0) + 1.0;
                *at = now;
            }
            Self::Pieces { counts, began } => {
                let piece = piece(allowance);
                let gone = (now - *began).max(0) / piece;
                let shift = usize::try_from(gone)
                    .unwrap_or(usize::MAX)
                    .min(counts.len());
                counts.drain(..shift);
                counts.resize(PIECES + 1, 0);
                *began = if now < *began {
                    now
                } else {
                    *began + gone * piece
                };
                if let Some(latest) = counts.last_mut() {
                    *latest = latest.saturating_add(1);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: i64 = 1_000_000;

    fn bucket(share: f64) -> Allowance {
        Allowance {
            per: Duration::from_secs(1),
            calls: 20.0 * share,
            burst: Some(10.0 * share),
        }
    }

    fn window(calls: f64, seconds: u64) -> Allowance {
        Allowance {
            per: Duration::from_secs(seconds),
            calls,
            burst: None,
        }
    }

    /// Several processes, each as greedy as it may be; when each call went.
    fn greedy(allowance: Allowance, calls: usize) -> Vec<i64> {
        let (mut ledger, mut now, mut sent) = (Ledger::default(), 5_000 * SECOND, Vec::new());
        while sent.len() < calls {
            match ledger.bar(&[allowance], now) {
                None => {
                    ledger.count(&[allowance], 1.0, now);
                    sent.push(now);
                }
                Some(Bar::Wait(wait)) => now += wait,
                Some(Bar::Circuit(_)) => break,
            }
        }
        sent
    }

    #[test]
    fn the_burst_goes_at_once_and_the_rest_at_the_rate_whoever_sends() {
        let sent = greedy(bucket(1.0), 50);
        assert_eq!(sent[9] - sent[0], 0);
        let rest = sent[49] - sent[9];
        assert!((rest - 2 * SECOND).abs() < 1_000, "{rest}");
    }

    #[test]
    fn no_stretch_of_a_window_holds_more_than_it_allows() {
        for (calls, seconds) in [(7_u16, 60_u32), (300, 3_600), (5_000, 86_400)] {
            let rate = window(f64::from(calls), u64::from(seconds));
            let sent = greedy(rate, 3 * usize::from(calls));
            let length = i64::from(seconds) * SECOND;
            for stretch in sent.windows(usize::from(calls) + 1) {
                let took = stretch[stretch.len() - 1] - stretch[0];
                assert!(took >= length, "{calls} in {seconds} s: {took}");
            }
            // Not much less than allowed either.
            let took = sent[sent.len() - 1] - sent[0];
            assert!(took <= length * 2 + length / 15, "{calls}: {took}");
        }
    }

    #[test]
    fn the_widest_share_counts_until_its_process_has_been_silent_for_half_a_minute() {
        let mut ledger = Ledger::default();
        ledger.count(&[bucket(0.8)], 0.8, 0);
        for (now, expected) in [(1, 0.8), (29 * SECOND, 0.8), (31 * SECOND, 0.25)] {
            let widest = ledger.widest(0.25, now);
            assert!((widest - expected).abs() < 1e-9, "{now}: {widest}");
        }
        // A narrower one does not hold it up.
        ledger.count(&[bucket(0.8)], 0.25, 20 * SECOND);
        assert!((ledger.widest(0.25, 31 * SECOND) - 0.25).abs() < 1e-9);
    }

    #[test]
    fn pauses_circuits_and_slower_rates_are_everybodys() {
        let mut ledger = Ledger::default();
        ledger.learn(3 * SECOND, 0, 0.7, 100 * SECOND);
        let rate = [bucket(1.0)];
        assert_eq!(ledger.bar(&rate, 101 * SECOND), Some(Bar::Wait(2 * SECOND)));
        assert_eq!(ledger.slowed(101 * SECOND), Some((0.7, SECOND)));
        // A shorter one does not end it; a longer one takes its place.
        ledger.learn(SECOND, 10 * SECOND, 0.7, 101 * SECOND);
        assert_eq!(
            ledger.bar(&rate, 102 * SECOND),
            Some(Bar::Circuit(9 * SECOND))
        );
        assert_eq!(ledger.bar(&rate, 112 * SECOND), None);
        // A clock that was set back by a day does not pause anybody for a day.
        assert_eq!(ledger.bar(&rate, 50 * SECOND), None);
    }

    #[test]
    fn nothing_that_is_written_bars_calls_for_longer_than_an_hour() {
        let hour = 3_600 * SECOND;
        for until in [100 * SECOND + 365 * 24 * hour, i64::MAX] {
            let text = format!("{{\"circuit\":[{},{until}]}}", 100 * SECOND);
            let ledger: Ledger = serde_json::from_str(&text).unwrap_or_default();
            for (now, expected) in [
                (101, Some(Bar::Circuit(hour - SECOND))),
                (3_699, Some(Bar::Circuit(SECOND))),
                (3_700, None),
            ] {
                assert_eq!(ledger.bar(&[], now * SECOND), expected, "{until} {now}");
            }
        }
        let mut ledger = Ledger::default();
        ledger.learn(i64::MAX, 0, 1.0, 0);
        assert_eq!(ledger.bar(&[], SECOND), Some(Bar::Wait(hour - SECOND)));
    }

    #[test]
    fn a_clock_that_is_set_makes_nobody_wait_longer_than_a_full_bucket() {
        let rate = [bucket(1.0)];
        for to in [-86_400, -1, 1, 86_400] {
            let mut ledger = Ledger::default();
            for _ in 0..10 {
                ledger.count(&rate, 1.0, 100_000 * SECOND);
            }
            let now = (100_000 + to) * SECOND;
            let wait = match ledger.bar(&rate, now) {
                Some(Bar::Wait(wait)) => wait,
                _ => 0,
            };
            assert!(wait <= 51_000, "{to} s: {wait}");
        }
        // As does a ledger that was lost.
        assert_eq!(
            Ledger::lost(&rate, 0).bar(&rate, 0),
            Some(Bar::Wait(50_000))
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut ledger = Ledger::default();
        ledger.count(&[bucket(0.8), window(10.0, 60)], 0.8, 7);
        ledger.learn(1, 2, 0.5, 8);
        let text = serde_json::to_string(&ledger).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Ledger>(&text).ok(), Some(ledger));
    }
}
