//! Whether the machine slept, or its clock was set, between two looks at it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// What two clocks show at one instant: the time of day, and one that only ever runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The time of day.
    pub wall: Timestamp,
    /// Time this program has been running. On most systems it stands still while the machine sleeps.
    pub running: Duration,
}

/// What happened to the time between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// Nothing but time passing.
    None,
    /// The machine slept, or its clock was put forward: what fell due meanwhile is late.
    Ahead(Duration),
    /// The clock was put back.
    Back(Duration),
}

/// What a clock may be corrected by, or a busy machine be late, without its being a jump.
const TOLERANCE: Duration = Duration::from_secs(30);

/// Compares what passed on the two clocks.
pub fn jump(before: ClockReading, after: ClockReading) -> Jump {
    let passed = after.wall.duration_since(before.wall);
    let ran = after.running.saturating_sub(before.running);
    let ran = SignedDuration::try_from(ran).unwrap_or(SignedDuration::MAX);
    let difference = passed.saturating_sub(ran);
    let by = difference.unsigned_abs();
    match by {
        by if by <= TOLERANCE => Jump::None,
        by if difference.is_negative() => Jump::Back(by),
        by => Jump::Ahead(by),
    }
}

/// How long the machine slept where both clocks ran on meanwhile: nobody rests for much longer than `longest`. `busy`
/// is what of the time was spent at work.
pub(crate) fn overslept(
    before: ClockReading,
    after: ClockReading,
    busy: Duration,
    longest: Duration,
) -> Option<Duration> {
    let ran = after.running.saturating_sub(before.running);
    let rested = ran.saturating_sub(busy);
    (rested > longest.saturating_mul(2)).then_some(rested)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn sleep_and_set_clocks_are_told_from_time_passing() {
        let reading = |wall: &str, running: u64| ClockReading {
            wall: wall.parse().unwrap(),
            running: Duration::from_secs(running),
        };
        let before = reading("2028-02-28T23:59:30Z", 100);
        for (after, expected) in [
            (reading("2028-02-29T00:00:30Z", 160), Jump::None),
            (reading("2028-02-29T00:00:55Z", 160), Jump::None),
            (
                reading("2028-02-29T08:00:30Z", 160),
                Jump::Ahead(Duration::from_hours(8)),
            ),
            (
                reading("2028-02-28T23:00:30Z", 160),
                Jump::Back(Duration::from_hours(1)),
            ),
            // Where the other clock runs on in sleep, time has passed and nothing else.
            (reading("2028-02-29T07:59:30Z", 28_900), Jump::None),
            // Closed over a leap day, a change of the year, years.
            (
                reading("2029-01-01T00:00:30Z", 160),
                Jump::Ahead(Duration::from_hours(307 * 24)),
            ),
            (
                reading("1970-01-01T00:00:00Z", 101),
                Jump::Back(Duration::from_secs(1_835_395_171)),
            ),
            // A clock that runs a little fast or slow is no jump, either way.
            (reading("2028-02-29T00:00:01Z", 160), Jump::None),
            (
                reading("2028-02-28T23:59:59Z", 160),
                Jump::Back(Duration::from_secs(31)),
            ),
            (
                reading("2028-03-01T00:00:30Z", 160),
                Jump::Ahead(Duration::from_hours(24)),
            ),
        ] {
            assert_eq!(jump(before, after), expected, "{after:?}");
        }
    }

    #[test]
    fn a_rest_that_took_too_long_was_a_sleep_and_work_is_none() {
        let reading = |running: u64| ClockReading {
            wall: "2028-02-29T12:00:00Z".parse().unwrap(),
            running: Duration::from_secs(running),
        };
        for (ran, busy, expected) in [
            (60, 0, None),
            (120, 0, None),
            (121, 0, Some(121)),
            (28_800, 0, Some(28_800)),
            // Renewals of a whole morning.
            (600, 540, None),
            (600, 400, Some(200)),
        ] {
            let (busy, minute) = (Duration::from_secs(busy), Duration::from_mins(1));
            assert_eq!(
                overslept(reading(100), reading(100 + ran), busy, minute),
                expected.map(Duration::from_secs),
                "{ran} {busy:?}"
            );
        }
    }
}
