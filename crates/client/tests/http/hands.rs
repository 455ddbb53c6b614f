//! A clock that is moved by hand.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crosswalk_client::Clock;
use jiff::Timestamp;

/// A clock that is moved by hand.
pub struct Hands(Mutex<Timestamp>);

impl Hands {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-11-20T22:00:00Z".parse().unwrap())))
    }

    pub fn turn(&self, by: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
