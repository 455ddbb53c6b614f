//! The wall clock, passed in so that tests can move it.

use jiff::Timestamp;

/// Tells the time of day. Waiting is done on tokio's clock, which tests pause; this one dates tokens and calls.
pub trait Clock: Send + Sync {
    /// Now.
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
