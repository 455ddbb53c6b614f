//! When a tenant wants no scheduled syncs: hours, days of the week, the end of the month.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::alerts::QuietHours;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// A list of windows; it is quiet while any holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QuietWindows(Vec<Window>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    /// On these days of the week, in the hours that begin on them or all day.
    Hours {
        from: Weekday,
        to: Weekday,
        hours: Option<QuietHours>,
    },
    /// The last so many days of the month.
    MonthEnd(i8),
}

fn day(text: &str) -> Option<Weekday> {
    DAYS.iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, day)| *day)
}

fn window(text: &str) -> Option<Window> {
    let every_day = (Weekday::Monday, Weekday::Sunday);
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if first.eq_ignore_ascii_case("month-end") {
        let days: i8 = rest.trim().parse().ok()?;
        return (1..=28).contains(&days).then_some(Window::MonthEnd(days));
    }
    let days = match first.split_once('-') {
        Some((from, to)) => day(from).zip(day(to)),
        None => day(first).map(|day| (day, day)),
    };
    let (days, hours) = match days {
        Some(days) if rest.trim().is_empty() => (days, None),
        Some(days) => (days, Some(rest.trim().parse().ok()?)),
        None => (every_day, Some(text.parse().ok()?)),
    };
    Some(Window::Hours {
        from: days.0,
        to: days.1,
        hours,
    })
}

/// Whether a day of the week is one of these, which may go on over Sunday.
fn is_within(day: Weekday, from: Weekday, to: Weekday) -> bool {
    let [day, from, to] = [day, from, to].map(Weekday::to_monday_zero_offset);
    if from <= to {
        (from..=to).contains(&day)
    } else {
        day >= from || day <= to
    }
}

impl FromStr for QuietWindows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let windows = text
            .split(',')
            .map(str::trim)
            .map(|part| window(part).ok_or_else(|| format!("{part:?} is no quiet window")));
        windows.collect::<Result<_, _>>().map(Self)
    }
}

impl QuietWindows {
    /// Whether it is quiet at an instant, in a time zone.
    pub(crate) fn hold(&self, now: Timestamp, zone: &TimeZone) -> bool {
        let local = now.to_zoned(zone.clone());
        self.0.iter().any(|window| match *window {
            Window::MonthEnd(days) => local.day() > local.days_in_month() - days,
            Window::Hours { from, to, hours } => match hours {
                None => is_within(local.weekday(), from, to),
                Some(hours) => hours
                    .running(now, zone)
                    .any(|(day, _)| is_within(day.weekday(), from, to)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn windows_hold_by_hour_weekday_and_end_of_month() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (windows, now, expected) in [
            ("22:00-06:00", "2026-11-21T21:30:00Z", true),
            ("22:00-06:00", "2026-11-21T12:00:00Z", false),
            // A Saturday.
            ("mon-fri 08:00-18:00", "2026-11-21T12:00:00Z", false),
            ("mon-fri 08:00-18:00", "2026-11-20T12:00:00Z", true),
            ("sat-mon", "2026-11-22T12:00:00Z", true),
            ("sat-mon", "2026-11-24T12:00:00Z", false),
            ("fri, month-end 3", "2026-11-27T22:59:00Z", true),
            ("month-end 3", "2026-11-27T22:59:00Z", false),
            ("month-end 3", "2026-11-27T23:01:00Z", true),
            ("month-end 1", "2028-02-29T12:00:00Z", true),
            ("month-end 1", "2028-02-28T12:00:00Z", false),
            ("month-end 1", "2027-02-28T12:00:00Z", true),
            ("month-end 2", "2028-02-28T12:00:00Z", true),
            // In Berlin it is March already.
            ("month-end 1", "2028-02-29T23:30:00Z", false),
            // A night belongs to the day it begins on: Friday's goes on until Saturday morning, Sunday's is not held.
            ("mon-fri 22:00-06:00", "2026-11-20T21:30:00Z", true),
            ("mon-fri 22:00-06:00", "2026-11-21T04:30:00Z", true),
            ("mon-fri 22:00-06:00", "2026-11-21T21:30:00Z", false),
            ("mon-fri 22:00-06:00", "2026-11-23T04:30:00Z", false),
            ("mon-fri 22:00-06:00", "2026-11-23T21:30:00Z", true),
            ("fri 22:00-06:00", "2026-11-20T04:30:00Z", false),
            // The nights in which clocks are put forward and back, a Saturday's both.
            ("sat 22:00-06:00", "2026-03-29T03:59:00Z", true),
            ("sat 22:00-06:00", "2026-03-29T04:00:00Z", false),
            ("sat 22:00-06:00", "2026-10-25T04:59:00Z", true),
            ("sat 22:00-06:00", "2026-10-25T05:00:00Z", false),
            // All of the longer Sunday, and no more.
            ("sun", "2026-10-24T22:00:00Z", true),
            ("sun", "2026-10-25T22:59:00Z", true),
            ("sun", "2026-10-25T23:00:00Z", false),
        ] {
            let read: QuietWindows = windows.parse().unwrap();
            assert_eq!(
                read.hold(now.parse().unwrap(), &zone),
                expected,
                "{windows} {now}"
            );
        }
        let friday: QuietWindows = "fri".parse().unwrap();
        let noon_in_tokyo = "2026-11-20T03:00:00Z".parse().unwrap();
        for (zone, expected) in [
            ("Asia/Tokyo", true),
            ("America/Los_Angeles", false),
            ("Pacific/Kiritimati", true),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(friday.hold(noon_in_tokyo, &zone), expected, "{zone:?}");
        }
        for text in [
            "",
            "soon",
            "month-end",
            "month-end 40",
            "mon-xyz",
            "mon 8-9",
        ] {
            assert!(text.parse::<QuietWindows>().is_err(), "{text}");
        }
    }
}
