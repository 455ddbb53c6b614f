//! Waiting longer each time.

use std::time::Duration;

/// After a failure that may pass, the next try waits: 30 s, doubling to half an hour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    tries: u32,
    /// On the clock that only runs on.
    until: Duration,
}

impl Backoff {
    pub(super) fn after(before: Option<Self>, running: Duration) -> Self {
        let tries = before.map_or(0, |before| before.tries.saturating_add(1));
        let wait = Duration::from_secs(30)
            .saturating_mul(2_u32.saturating_pow(tries))
            .min(Duration::from_mins(30));
        Self {
            tries,
            until: running.saturating_add(wait),
        }
    }

    /// How long is left until the next try.
    pub(super) fn left(self, running: Duration) -> Duration {
        self.until.saturating_sub(running)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_half_an_hour() {
        let mut backoff = None;
        let mut waits = Vec::new();
        for _ in 1..=8 {
            let next = Backoff::after(backoff, Duration::ZERO);
            waits.push(next.left(Duration::ZERO).as_secs());
            assert_eq!(next.left(Duration::from_hours(1)), Duration::ZERO);
            backoff = Some(next);
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1800, 1800]);
    }
}
