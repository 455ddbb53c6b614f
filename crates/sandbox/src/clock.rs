use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// The instance's own time: the wall clock, or an instant that stands still, moved forward by [`Clock::advance`].
///
/// Tokens, their settle time and the `Date` header follow it, so that a test of an expiry needs no waiting.
#[derive(Debug)]
pub(crate) struct Clock {
    fixed: Option<Timestamp>,
    ahead_millis: AtomicI64,
}

impl Clock {
    pub(crate) fn new(fixed: Option<Timestamp>) -> Self {
        Self {
            fixed,
            ahead_millis: AtomicI64::new(0),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let base = self.fixed.unwrap_or_else(Timestamp::now);
        let ahead = jiff::SignedDuration::from_millis(self.ahead_millis.load(Ordering::Relaxed));
        base.checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 2);
        self.ahead_millis.fetch_add(millis, Ordering::Relaxed);
    }
}
