use std::time::Instant;

use crate::config::RateLimit;

/// A leaky bucket: every request adds one, it leaks at the rate, and a request that would overflow it is refused and
/// adds nothing.
#[derive(Debug)]
pub(crate) struct Bucket {
    limit: RateLimit,
    level: f64,
    at: Instant,
}

impl Bucket {
    pub(crate) fn new(limit: RateLimit, now: Instant) -> Self {
        Self {
            limit,
            level: 0.0,
            at: now,
        }
    }

    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        let leaked =
            now.saturating_duration_since(self.at).as_secs_f64() * f64::from(self.limit.per_second);
        self.level = (self.level - leaked).max(0.0);
        self.at = now;
        // The leak is a float; a client that keeps exactly to the rate must not fail by a rounding error.
        if self.level + 1.0 > f64::from(self.limit.burst) + 1e-6 {
            return false;
        }
        self.level += 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::new(
            RateLimit {
                per_second: 25,
                burst: 20,
            },
            start,
        );
        assert_eq!((0..30).filter(|_| bucket.admits(start)).count(), 20);
        let mut admitted = 0;
        for millis in 1..=1_000 {
            admitted += u32::from(bucket.admits(start + Duration::from_millis(millis)));
        }
        assert_eq!(admitted, 25);
        let steady =
            (0..100).all(|step| bucket.admits(start + Duration::from_millis(3_000 + 40 * step)));
        assert!(steady);
    }
}
