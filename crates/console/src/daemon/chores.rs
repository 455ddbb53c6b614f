//! What is done once a minute or once a day.

use jiff::{SignedDuration, Timestamp};

use super::Runner;
use crate::Fault;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Less than a day by the time after which house-keeping that failed is tried again: an hour.
const ALL_BUT_AN_HOUR: SignedDuration = SignedDuration::from_hours(23);

/// When each was done last, as far as this runner knows.
#[derive(Debug, Default)]
pub(super) struct Done {
    anchored: Option<Timestamp>,
    kept_house: Option<Timestamp>,
}

/// Whether something is to be done again. A clock that was put back does not keep it from being done.
fn is_due(last: Option<Timestamp>, now: Timestamp, every: SignedDuration) -> bool {
    last.is_none_or(|last| now < last || now.duration_since(last) >= every)
}

impl Runner {
    pub(super) async fn do_chores(&mut self) -> Result<(), Fault> {
        let now = self.console.now();
        if is_due(self.chores.kept_house, now, DAY) {
            // What fails was logged, and keeps nothing else from being done.
            let failures = self.console.keep_house(now).await;
            self.chores.kept_house = if failures.is_empty() {
                Some(now)
            } else {
                now.checked_sub(ALL_BUT_AN_HOUR).ok()
            };
        }
        if is_due(self.chores.anchored, now, MINUTE) {
            self.console.anchor_audit().await?;
            self.chores.anchored = Some(now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_is_daily_is_done_after_a_day_and_after_a_clock_was_put_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (last, now, expected) in [
            (None, "2026-11-21T12:00:00Z", true),
            (Some("2026-11-21T11:00:00Z"), "2026-11-21T12:00:00Z", false),
            (Some("2026-11-20T12:00:00Z"), "2026-11-21T12:00:00Z", true),
            (Some("2026-11-22T12:00:00Z"), "2026-11-21T12:00:00Z", true),
        ] {
            assert_eq!(is_due(last.map(at), at(now), DAY), expected, "{last:?}");
        }
    }
}
