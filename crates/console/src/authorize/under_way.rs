//! The sign-ins under way, in the browser or on another device, at most one for an account: what ends each, and what
//! others may reach of it while it waits.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use super::{Reachable, Waiting};

/// A sign-in under way.
struct UnderWay {
    stop: CancellationToken,
    /// None: a code is being typed on another device.
    browser: Option<Reachable>,
}

/// The sign-ins under way, at most one for an account.
#[derive(Default)]
pub(crate) struct SignIns(Mutex<BTreeMap<String, UnderWay>>);

impl SignIns {
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, UnderWay>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Enters a sign-in of an account; one that was under way ends. The token says when this one shall end.
    pub(super) fn begin(&self, id: &str, browser: Option<Reachable>) -> CancellationToken {
        let stop = CancellationToken::new();
        let held = UnderWay {
            stop: stop.clone(),
            browser,
        };
        self.with(|all| {
            if let Some(before) = all.insert(id.to_owned(), held) {
                before.stop.cancel();
            }
        });
        stop
    }

    /// Ends the sign-in of an account, if one is under way.
    pub(super) fn cancel(&self, id: &str) {
        self.with(|all| {
            if let Some(held) = all.remove(id) {
                held.stop.cancel();
            }
        });
    }

    /// Takes out a sign-in that came to its end by itself. One that was cancelled is out already, and a newer one may
    /// stand in its place.
    pub(super) fn ended(&self, id: &str, stop: &CancellationToken) {
        self.with(|all| {
            if !stop.is_cancelled() {
                all.remove(id);
            }
        });
    }

    /// What waits for the browser, for the one who waits with it, and what ends the waiting.
    pub(super) fn take_waiting(&self, id: &str) -> Option<(Waiting, CancellationToken)> {
        self.with(|all| {
            let held = all.get_mut(id)?;
            let waiting = held.browser.as_mut()?.waiting.take()?;
            Some((waiting, held.stop.clone()))
        })
    }

    /// What of a sign-in in the browser may be reached from outside.
    pub(super) fn reach<T>(&self, id: &str, act: impl FnOnce(&Reachable) -> T) -> Option<T> {
        self.with(|all| Some(act(all.get(id)?.browser.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_cancels_ends_the_one_under_way_and_no_newer_one() {
        let all = SignIns::default();
        let first = all.begin("a", None);
        let other = all.begin("b", None);
        // A newer one of the same account ends it.
        let second = all.begin("a", None);
        assert!(first.is_cancelled() && !second.is_cancelled() && !other.is_cancelled());
        // The end of the first says nothing about the second.
        all.ended("a", &first);
        all.cancel("a");
        assert!(second.is_cancelled() && !other.is_cancelled());
        // What ended by itself has nothing left to be cancelled.
        let third = all.begin("a", None);
        all.ended("a", &third);
        all.cancel("a");
        assert!(!third.is_cancelled());
    }

    #[test]
    fn a_code_on_another_device_waits_for_no_browser() {
        let all = SignIns::default();
        let stop = all.begin("a", None);
        assert!(all.take_waiting("a").is_none());
        assert!(all.reach("a", |_| ()).is_none());
        assert!(!stop.is_cancelled());
    }
}
