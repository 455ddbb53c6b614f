//! A clock that whole-product tests move. Never part of a release.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

#[cfg(not(debug_assertions))]
compile_error!("the feature test-clock lets anybody move the time: it is never part of a release");

/// A clock that is ahead of the machine's by the seconds written in a file; a test moves it by writing the file.
#[derive(Debug)]
struct FileClock(PathBuf);

impl crosswalk_workspace::Clock for FileClock {
    fn now(&self) -> Timestamp {
        let ahead = std::fs::read_to_string(&self.0)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        let now = Timestamp::now();
        now.checked_add(SignedDuration::from_secs(ahead))
            .unwrap_or(now)
    }
}

/// The clock of the file named by `XWALK_TEST_CLOCK`, where one is.
pub fn clock_of_environment() -> Option<Arc<dyn crosswalk_workspace::Clock>> {
    let path = std::env::var_os("XWALK_TEST_CLOCK")?;
    Some(Arc::new(FileClock(path.into())))
}
