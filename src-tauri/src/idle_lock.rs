//! The idle lock: after a time without input the window refuses what would show, hand out, write or end something,
//! until somebody says again that it is them. Time is passed in.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A reading of the two clocks: the monotonic one stands still while some systems sleep, the wall clock can be set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) monotonic: Instant,
    pub(crate) wall: Timestamp,
}

impl Reading {
    /// How long ago an earlier reading was: the longer of what the two clocks say, so that neither sleep nor a clock
    /// that was put back keeps the window open.
    fn since(self, earlier: Self) -> Duration {
        let by_wall = self.wall.duration_since(earlier.wall);
        let by_wall = Duration::try_from(by_wall).unwrap_or_default();
        self.monotonic
            .saturating_duration_since(earlier.monotonic)
            .max(by_wall)
    }
}

/// Whether the window is locked, and since when nobody has touched it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdleLock {
    touched: Reading,
    locked: bool,
}

impl IdleLock {
    /// Open: whoever starts the program is there.
    pub(crate) fn new(now: Reading) -> Self {
        Self {
            touched: now,
            locked: false,
        }
    }

    /// Notes an input. A locked window stays locked: an input alone proves nobody.
    pub(crate) fn touch(&mut self, now: Reading, limit: Option<Duration>) {
        if !self.is_locked(now, limit) {
            self.touched = now;
        }
    }

    /// Whether it is locked; once it is, it stays so until [`IdleLock::open`]. Without a limit it never locks by itself.
    pub(crate) fn is_locked(&mut self, now: Reading, limit: Option<Duration>) -> bool {
        if limit.is_some_and(|limit| now.since(self.touched) >= limit) {
            self.locked = true;
        }
        self.locked
    }

    /// Locks at once.
    pub(crate) fn lock(&mut self) {
        self.locked = true;
    }

    /// Opens it: somebody has said that it is them.
    pub(crate) fn open(&mut self, now: Reading) {
        *self = Self::new(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Option<Duration> = Some(Duration::from_mins(15));

    fn at(start: Instant, monotonic_minutes: u64, wall_minutes: i64) -> Reading {
        Reading {
            monotonic: start + Duration::from_mins(monotonic_minutes),
            wall: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(wall_minutes),
        }
    }

    #[test]
    fn locks_after_its_time_by_whichever_clock_says_so() {
        let start = Instant::now();
        for (monotonic, wall, limit, locked) in [
            (14, 14, LIMIT, false),
            (15, 15, LIMIT, true),
            // A machine that slept: its monotonic clock stood still.
            (1, 60, LIMIT, true),
            // A wall clock that was put back.
            (16, -60, LIMIT, true),
            (1, -60, LIMIT, false),
            (600, 600, None, false),
        ] {
            let mut lock = IdleLock::new(at(start, 0, 0));
            let found = lock.is_locked(at(start, monotonic, wall), limit);
            assert_eq!(found, locked, "{monotonic} {wall}");
        }
    }

    #[test]
    fn an_input_keeps_it_open_and_does_not_open_it() {
        let start = Instant::now();
        let mut lock = IdleLock::new(at(start, 0, 0));
        lock.touch(at(start, 10, 10), LIMIT);
        assert!(!lock.is_locked(at(start, 20, 20), LIMIT));
        lock.touch(at(start, 40, 40), LIMIT);
        assert!(lock.is_locked(at(start, 41, 41), LIMIT), "too late");
        // A longer limit, or none, does not open what is locked.
        assert!(lock.is_locked(at(start, 41, 41), None));
        lock.open(at(start, 42, 42));
        assert!(!lock.is_locked(at(start, 43, 43), LIMIT));
        lock.lock();
        assert!(lock.is_locked(at(start, 43, 43), LIMIT));
    }
}
