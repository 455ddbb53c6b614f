use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How one window of a limit is counted.
#[derive(Debug, Clone)]
pub(super) enum Meter {
    /// A leaky bucket: each call adds one, it drains at a rate, and a call waits while it would overflow.
    Bucket(Bucket),
    /// So many calls in any stretch of time, for limits that name no burst: right for fixed and for sliding windows at the provider.
    Log(Log),
}

/// What a meter may let through: for a bucket the rate and its depth, for a log the calls in its stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Allowance {
    pub(super) per: Duration,
    pub(super) calls: f64,
    pub(super) burst: Option<f64>,
}

impl Allowance {
    pub(super) fn rate(self) -> f64 {
        self.calls / self.per.as_secs_f64().max(1e-3)
    }

    /// Calls that may go at once.
    pub(super) fn at_once(self) -> f64 {
        self.burst.unwrap_or(self.calls).max(1.0)
    }
}

impl Meter {
    pub(super) fn new(allowance: Allowance, now: Instant) -> Self {
        match allowance.burst {
            Some(_) => Self::Bucket(Bucket {
                level: 0.0,
                at: now,
            }),
            None => Self::Log(Log::default()),
        }
    }

    /// When the next call may go: `now` or later.
    pub(super) fn ready_at(&self, allowance: Allowance, now: Instant) -> Instant {
        match self {
            Self::Bucket(bucket) => bucket.ready_at(allowance.rate(), allowance.at_once(), now),
            Self::Log(log) => log.ready_at(allowance, now),
        }
    }

    /// Counts a call.
    pub(super) fn add(&mut self, allowance: Allowance, now: Instant) {
        match self {
            Self::Bucket(bucket) => bucket.add(allowance.rate(), now),
            Self::Log(log) => log.add(allowance.per, now),
        }
    }

    /// Thinks the provider's bucket full as of `when`, so that what follows is spaced out instead of bunched.
    pub(super) fn fill(&mut self, allowance: Allowance, when: Instant) {
        if let Self::Bucket(bucket) = self {
            *bucket = Bucket {
                level: allowance.at_once(),
                at: when,
            };
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    level: f64,
    at: Instant,
}

impl Bucket {
    fn ready_at(&self, rate: f64, burst: f64, now: Instant) -> Instant {
        let over = self.level_at(rate, now) + 1.0 - burst;
        // A nanosecond's worth of rounding must not turn into another turn of the wait.
        if over <= 1e-6 {
            now.max(self.at)
        } else {
            now.max(self.at) + Duration::from_secs_f64(over / rate)
        }
    }

    fn add(&mut self, rate: f64, now: Instant) {
        self.level = self.level_at(rate, now) + 1.0;
        self.at = now.max(self.at);
    }

    fn level_at(&self, rate: f64, now: Instant) -> f64 {
        let drained = now.saturating_duration_since(self.at).as_secs_f64() * rate;
        (self.level - drained).max(0.0)
    }
}

/// When the calls of the last stretch went, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Log(VecDeque<Instant>);

impl Log {
    fn ready_at(&self, allowance: Allowance, now: Instant) -> Instant {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a connector's u32, at least 1"
        )]
        let calls = allowance.at_once() as usize;
        // The call that must have left the stretch before the next one may enter it.
        let Some(oldest) = self
            .0
            .len()
            .checked_sub(calls)
            .and_then(|index| self.0.get(index))
        else {
            return now;
        };
        now.max(*oldest + allowance.per)
    }

    fn add(&mut self, per: Duration, now: Instant) {
        while self
            .0
            .front()
            .is_some_and(|at| now.saturating_duration_since(*at) >= per)
        {
            self.0.pop_front();
        }
        self.0.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends as early as allowed and returns when each call went.
    fn greedy(allowance: Allowance, calls: usize) -> Vec<f64> {
        let start = Instant::now();
        let mut meter = Meter::new(allowance, start);
        let mut now = start;
        let mut sent = Vec::new();
        while sent.len() < calls {
            now = now.max(meter.ready_at(allowance, now));
            meter.add(allowance, now);
            sent.push((now - start).as_secs_f64());
        }
        sent
    }

    #[test]
    fn the_burst_goes_at_once_and_the_rest_at_the_rate() {
        let allowance = Allowance {
            per: Duration::from_secs(1),
            calls: 25.0,
            burst: Some(20.0),
        };
        let sent = greedy(allowance, 100);
        assert!(sent[19] < 1e-6);
        assert!((sent[20] - 0.04).abs() < 1e-3);
        assert!((sent[99] - 3.2).abs() < 1e-3, "{}", sent[99]);
    }

    #[test]
    fn a_filled_bucket_spaces_what_follows() {
        let allowance = Allowance {
            per: Duration::from_secs(1),
            calls: 25.0,
            burst: Some(20.0),
        };
        let start = Instant::now();
        let later = start + Duration::from_secs(2);
        let mut meter = Meter::new(allowance, start);
        meter.fill(allowance, later);
        let first = meter.ready_at(allowance, start);
        assert!(((first - later).as_secs_f64() - 0.04).abs() < 1e-6);
    }

    #[test]
    fn no_stretch_holds_more_than_the_window_allows() {
        let allowance = Allowance {
            per: Duration::from_mins(1),
            calls: 7.0,
            burst: None,
        };
        let sent = greedy(allowance, 40);
        for window in sent.windows(8) {
            assert!(window[7] - window[0] >= 60.0 - 1e-6, "{window:?}");
        }
        assert!(sent[6] < 1e-6 && sent[39] < 301.0);
    }
}
