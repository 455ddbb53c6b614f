//! Hours of the day in which nothing is told, in the time zone of the machine.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// From a time of day to another; to an earlier one: past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuietHours {
    from: Time,
    to: Time,
}

impl FromStr for QuietHours {
    type Err = String;

    /// Reads `22:00-07:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a span of hours such as 22:00-07:00");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let read = |part: &str| Time::strptime("%H:%M", part.trim()).map_err(|_| wrong());
        let (from, to) = (read(from)?, read(to)?);
        if from == to {
            return Err(wrong());
        }
        Ok(Self { from, to })
    }
}

impl QuietHours {
    /// When they begin and end, as they are typed.
    pub(crate) fn times(self) -> [String; 2] {
        [self.from, self.to].map(|time| time.strftime("%H:%M").to_string())
    }

    /// The hours that begin on a day, as instants. A time that clocks put forward leave out counts as long after
    /// midnight as it would be (RFC 5545, 3.3.5); one that is shown twice counts the first time. So the hours of a
    /// night are one stretch, whatever the clock shows meanwhile.
    fn on(self, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let last = if self.from > self.to {
            day.tomorrow().ok()?
        } else {
            day
        };
        let instant = |day: Date, time: Time| {
            let zoned = day.to_datetime(time).to_zoned(zone.clone()).ok()?;
            Some(zoned.timestamp())
        };
        Some((instant(day, self.from)?, instant(last, self.to)?))
    }

    /// The hours that run now: the day they began on, which is yesterday's after midnight, and when they end.
    pub(crate) fn running(
        self,
        now: Timestamp,
        zone: &TimeZone,
    ) -> impl Iterator<Item = (Date, Timestamp)> {
        let today = now.to_zoned(zone.clone()).date();
        let days = [today.yesterday().ok(), Some(today)];
        days.into_iter().flatten().filter_map(move |day| {
            let (begin, end) = self.on(day, zone)?;
            (begin <= now && now < end).then_some((day, end))
        })
    }

    /// When the hours that run now end; none if it is not quiet.
    pub(crate) fn ends(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.running(now, zone).map(|(_, end)| end).max()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::SignedDuration;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn hours_end_in_the_zone_of_the_machine() {
        for (hours, now, expected) in [
            ("22:00-07:00", "2026-11-21T20:59:59Z", None),
            (
                "22:00-07:00",
                "2026-11-21T21:00:00Z",
                Some("2026-11-22T06:00:00Z"),
            ),
            (
                "22:00-07:00",
                "2026-11-22T03:00:00Z",
                Some("2026-11-22T06:00:00Z"),
            ),
            ("22:00-07:00", "2026-11-22T06:00:00Z", None),
            (
                "12:00-13:30",
                "2026-11-21T11:30:00Z",
                Some("2026-11-21T12:30:00Z"),
            ),
            ("12:00-13:30", "2026-11-21T12:30:00Z", None),
            // Over the last day of a February in a leap year, and into the day after it.
            (
                "22:00-07:00",
                "2028-02-28T21:30:00Z",
                Some("2028-02-29T06:00:00Z"),
            ),
            (
                "22:00-07:00",
                "2028-02-29T21:30:00Z",
                Some("2028-03-01T06:00:00Z"),
            ),
            (
                "22:00-07:00",
                "2027-02-28T21:30:00Z",
                Some("2027-03-01T06:00:00Z"),
            ),
        ] {
            let hours: QuietHours = hours.parse().unwrap();
            assert_eq!(
                hours.ends(at(now), &zone("Europe/Berlin")),
                expected.map(at),
                "{now}"
            );
        }
    }

    #[test]
    fn where_clocks_are_put_forward_or_back_the_hours_are_one_stretch() {
        // Zone, hours, and when they begin and end in that night.
        for (name, hours, begins, ends) in [
            // 02:00 becomes 03:00: the night is an hour shorter.
            (
                "Europe/Berlin",
                "22:00-07:00",
                "2026-03-28T21:00:00Z",
                "2026-03-29T05:00:00Z",
            ),
            // 02:30 is never shown: half an hour after the clock went on.
            (
                "Europe/Berlin",
                "22:00-02:30",
                "2026-03-28T21:00:00Z",
                "2026-03-29T01:30:00Z",
            ),
            (
                "Europe/Berlin",
                "02:30-05:00",
                "2026-03-29T01:30:00Z",
                "2026-03-29T03:00:00Z",
            ),
            // 03:00 becomes 02:00: the night is an hour longer.
            (
                "Europe/Berlin",
                "22:00-07:00",
                "2026-10-24T20:00:00Z",
                "2026-10-25T06:00:00Z",
            ),
            // 02:30 is shown twice: the first time counts, at the end and at the beginning.
            (
                "Europe/Berlin",
                "22:00-02:30",
                "2026-10-24T20:00:00Z",
                "2026-10-25T00:30:00Z",
            ),
            (
                "Europe/Berlin",
                "02:30-05:00",
                "2026-10-25T00:30:00Z",
                "2026-10-25T04:00:00Z",
            ),
            (
                "America/New_York",
                "22:00-06:00",
                "2026-03-08T03:00:00Z",
                "2026-03-08T10:00:00Z",
            ),
            (
                "America/New_York",
                "22:00-06:00",
                "2026-11-01T02:00:00Z",
                "2026-11-01T11:00:00Z",
            ),
            (
                "America/New_York",
                "00:30-01:30",
                "2026-11-01T04:30:00Z",
                "2026-11-01T05:30:00Z",
            ),
            // Half an hour off, and no change of clocks.
            (
                "Asia/Kolkata",
                "22:00-06:00",
                "2026-03-28T16:30:00Z",
                "2026-03-29T00:30:00Z",
            ),
        ] {
            let (zone, quiet) = (zone(name), hours.parse::<QuietHours>().unwrap());
            let (begins, ends) = (at(begins), at(ends));
            let minute = SignedDuration::from_mins(1);
            // From two hours before to two hours after, minute by minute: nothing in between, nothing outside.
            let mut now = begins - SignedDuration::from_hours(2);
            while now < ends + SignedDuration::from_hours(2) {
                let expected = (begins <= now && now < ends).then_some(ends);
                assert_eq!(quiet.ends(now, &zone), expected, "{name} {hours} {now}");
                now += minute;
            }
        }
    }

    #[test]
    fn a_machine_that_is_carried_to_another_zone_is_quiet_by_the_clock_there() {
        let quiet: QuietHours = "22:00-07:00".parse().unwrap();
        let now = at("2026-11-21T21:30:00Z");
        for (name, expected) in [
            ("Europe/Berlin", Some("2026-11-22T06:00:00Z")),
            ("Europe/London", None),
            ("America/New_York", None),
            // Where it is half past six in the morning.
            ("Asia/Tokyo", Some("2026-11-21T22:00:00Z")),
        ] {
            assert_eq!(quiet.ends(now, &zone(name)), expected.map(at), "{name}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["", "22-07", "22:00", "25:00-07:00", "07:00-07:00"] {
            assert!(text.parse::<QuietHours>().is_err(), "{text}");
        }
    }
}
