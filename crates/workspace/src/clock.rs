use std::fmt;

use jiff::Timestamp;

/// Where the time comes from. Passed in, so that a test can stand still, or a day ahead.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands where it was put until a test moves it.
#[cfg(any(test, feature = "test-clock"))]
#[derive(Debug)]
pub struct ManualClock(std::sync::Mutex<Timestamp>);

#[cfg(any(test, feature = "test-clock"))]
impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(std::sync::Mutex::new(at))
    }

    /// Puts the clock at `at`, forward or back.
    pub fn set(&self, at: Timestamp) {
        *self.shown() = at;
    }

    /// Moves the clock by `by`, which may be negative. Stays at the last instant that can be expressed.
    pub fn advance(&self, by: jiff::SignedDuration) {
        let mut shown = self.shown();
        *shown = shown.saturating_add(by).unwrap_or(Timestamp::MAX);
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(any(test, feature = "test-clock"))]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.shown()
    }
}
