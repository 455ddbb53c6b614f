//! Hours of the day in which nothing is told, in the time zone of the machine.

use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

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
    /// When the hours that run now end; none if it is not quiet. Where a clock is put forward or back in between, the
    /// end is the first instant that shows it.
    pub(crate) fn ends(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = now.to_zoned(zone.clone());
        let time = local.time();
        let (today, overnight) = (local.date(), self.from > self.to);
        let quiet = if overnight {
            time >= self.from || time < self.to
        } else {
            time >= self.from && time < self.to
        };
        if !quiet {
            return None;
        }
        let day = if overnight && time >= self.from {
            today.checked_add(1.day()).ok()?
        } else {
            today
        };
        let end = day.to_datetime(self.to).to_zoned(zone.clone()).ok()?;
        Some(end.timestamp())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn hours_end_in_the_zone_of_the_machine() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
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
            // The clock goes from 02:00 to 03:00 in this night: 02:30 is never shown.
            (
                "22:00-02:30",
                "2026-03-28T22:00:00Z",
                Some("2026-03-29T01:30:00Z"),
            ),
            // And back from 03:00 to 02:00 in this one: the first 02:30 counts.
            (
                "22:00-02:30",
                "2026-10-24T21:00:00Z",
                Some("2026-10-25T00:30:00Z"),
            ),
        ] {
            let hours: QuietHours = hours.parse().unwrap();
            assert_eq!(
                hours.ends(now.parse().unwrap(), &zone),
                expected.map(|text| text.parse().unwrap()),
                "{now}"
            );
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["", "22-07", "22:00", "25:00-07:00", "07:00-07:00"] {
            assert!(text.parse::<QuietHours>().is_err(), "{text}");
        }
    }
}
