//! When a tenant wants no scheduled syncs: hours, days of the week, the end of the month.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::alerts::QuietHours;
use crate::views::QuietWindowView;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Windows that follow each other are taken for one; after so many for one without an end.
const FOLLOWING: usize = 62;

/// A list of windows; it is quiet while any holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QuietWindows(Vec<Window>);

/// How long it is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quiet {
    Until(Timestamp),
    NoEnd,
}

impl Quiet {
    /// When it ends; none: no end is in sight.
    pub(crate) fn until(self) -> Option<Timestamp> {
        match self {
            Self::Until(end) => Some(end),
            Self::NoEnd => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Window {
    when: When,
    /// None: the machine's.
    zone: Option<TimeZone>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// On these days of the week, in the hours that begin on them or all day.
    Days {
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

fn name(day: Weekday) -> Option<String> {
    DAYS.iter()
        .find(|(_, known)| *known == day)
        .map(|(name, _)| (*name).to_owned())
}

/// A window without the zone its words may end with, and that zone; none where there is no such zone.
fn zoned(text: &str) -> Option<(&str, Option<TimeZone>)> {
    match text.rsplit_once(char::is_whitespace) {
        // No other word has a slash in it.
        Some((rest, word)) if word.contains('/') || word.eq_ignore_ascii_case("utc") => {
            Some((rest.trim_end(), Some(TimeZone::get(word).ok()?)))
        }
        _ => Some((text, None)),
    }
}

fn window(text: &str) -> Option<Window> {
    let (text, zone) = zoned(text)?;
    let every_day = (Weekday::Monday, Weekday::Sunday);
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if first.eq_ignore_ascii_case("month-end") {
        let days: i8 = rest.trim().parse().ok()?;
        return (1..=28).contains(&days).then_some(Window {
            when: When::MonthEnd(days),
            zone,
        });
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
    Some(Window {
        when: When::Days {
            from: days.0,
            to: days.1,
            hours,
        },
        zone,
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

/// The first instant after a day.
fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    Some(next.timestamp())
}

impl Window {
    /// When the window ends that holds now; none: it does not hold.
    fn ends(&self, now: Timestamp, machine: &TimeZone) -> Option<Timestamp> {
        let zone = self.zone.as_ref().unwrap_or(machine);
        let today = now.to_zoned(zone.clone()).date();
        match self.when {
            When::MonthEnd(days) => {
                let holds = today.day() > today.days_in_month() - days;
                end_of(today.last_of_month(), zone).filter(|_| holds)
            }
            When::Days {
                from,
                to,
                hours: None,
            } => end_of(today, zone).filter(|_| is_within(today.weekday(), from, to)),
            When::Days {
                from,
                to,
                hours: Some(hours),
            } => hours
                .running(now, zone)
                .filter(|(day, _)| is_within(day.weekday(), from, to))
                .map(|(_, end)| end)
                .max(),
        }
    }

    fn view(&self) -> QuietWindowView {
        let zone = self.zone.as_ref().and_then(TimeZone::iana_name);
        let view = QuietWindowView {
            zone: zone.map(str::to_owned),
            ..QuietWindowView::default()
        };
        match self.when {
            When::MonthEnd(days) => QuietWindowView {
                month_end: u8::try_from(days).ok(),
                ..view
            },
            When::Days { from, to, hours } => {
                let [begins, ends] = match hours.map(QuietHours::times) {
                    Some(times) => times.map(Some),
                    None => [None, None],
                };
                QuietWindowView {
                    from_day: name(from),
                    to_day: name(to),
                    from: begins,
                    to: ends,
                    ..view
                }
            }
        }
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
    /// How long it is quiet from an instant on, in a machine's time zone; none: it is not.
    pub(crate) fn quiet(&self, now: Timestamp, machine: &TimeZone) -> Option<Quiet> {
        let mut end = self.ends(now, machine)?;
        for _ in 0..FOLLOWING {
            match self.ends(end, machine) {
                Some(later) if later > end => end = later,
                _ => return Some(Quiet::Until(end)),
            }
        }
        Some(Quiet::NoEnd)
    }

    fn ends(&self, now: Timestamp, machine: &TimeZone) -> Option<Timestamp> {
        let ends = self.0.iter().filter_map(|window| window.ends(now, machine));
        ends.max()
    }

    /// The windows one by one, for a form.
    pub(crate) fn views(&self) -> Vec<QuietWindowView> {
        self.0.iter().map(Window::view).collect()
    }
}

/// A window of a form as it is typed. What makes no sense stays in it, and is refused when it is read.
fn typed(view: &QuietWindowView) -> String {
    let days = match (&view.month_end, &view.from_day, &view.to_day) {
        (Some(days), _, _) => Some(format!("month-end {days}")),
        (None, Some(from), Some(to)) if from == to => Some(from.clone()),
        (None, Some(from), Some(to)) => Some(format!("{from}-{to}")),
        (None, from, to) => from.clone().or_else(|| to.clone()),
    };
    let hours = match (&view.from, &view.to) {
        (None, None) => None,
        (from, to) => {
            let [from, to] = [from, to].map(|time| time.as_deref().unwrap_or_default());
            Some(format!("{from}-{to}"))
        }
    };
    // Every day is what hours alone mean.
    let days = days.filter(|days| days != "mon-sun" || hours.is_none());
    let words = [days, hours, view.zone.clone()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Windows of a form as a list that is typed; none: no window.
pub(crate) fn text_of(windows: &[QuietWindowView]) -> Option<String> {
    let typed: Vec<String> = windows.iter().map(typed).collect();
    (!typed.is_empty()).then(|| typed.join(", "))
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
                read.quiet(now.parse().unwrap(), &zone).is_some(),
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
            let quiet = friday.quiet(noon_in_tokyo, &zone).is_some();
            assert_eq!(quiet, expected, "{zone:?}");
        }
        for text in [
            "",
            "soon",
            "month-end",
            "month-end 40",
            "mon-xyz",
            "mon 8-9",
            "mon CET",
            "mon Mars/Olympus",
            "Europe/Berlin",
        ] {
            assert!(text.parse::<QuietWindows>().is_err(), "{text}");
        }
    }

    #[test]
    fn quiet_ends_where_no_window_follows() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let until = |text: &str| Some(Quiet::Until(at(text)));
        // 20 November is a Friday.
        for (windows, now, expected) in [
            (
                "mon-fri 08:00-18:00",
                "2026-11-20T12:00:00Z",
                until("2026-11-20T17:00:00Z"),
            ),
            ("mon-fri 08:00-18:00", "2026-11-20T17:00:00Z", None),
            (
                "fri, sat",
                "2026-11-20T12:00:00Z",
                until("2026-11-21T23:00:00Z"),
            ),
            (
                "fri 22:00-06:00, sat",
                "2026-11-20T21:30:00Z",
                until("2026-11-21T23:00:00Z"),
            ),
            (
                "month-end 3",
                "2026-11-29T12:00:00Z",
                until("2026-11-30T23:00:00Z"),
            ),
            ("mon-sun", "2026-11-20T12:00:00Z", Some(Quiet::NoEnd)),
            (
                "00:00-12:00, 12:00-00:00",
                "2026-11-20T12:00:00Z",
                Some(Quiet::NoEnd),
            ),
            // In the customer's zone, wherever this machine is.
            (
                "mon-fri 08:00-18:00 America/New_York",
                "2026-11-20T12:00:00Z",
                None,
            ),
            (
                "mon-fri 08:00-18:00 America/New_York",
                "2026-11-20T14:00:00Z",
                until("2026-11-20T23:00:00Z"),
            ),
            (
                "month-end 1 Asia/Tokyo",
                "2026-11-29T16:00:00Z",
                until("2026-11-30T15:00:00Z"),
            ),
        ] {
            let read: QuietWindows = windows.parse().unwrap();
            assert_eq!(read.quiet(at(now), &berlin), expected, "{windows} {now}");
        }
    }

    #[test]
    fn a_form_writes_what_it_read() {
        for text in [
            "22:00-06:00",
            "mon-fri 08:00-18:00 Europe/Berlin",
            "mon-sun",
            "sat",
            "fri-mon, month-end 3 UTC",
        ] {
            let views = text.parse::<QuietWindows>().unwrap().views();
            assert_eq!(text_of(&views).as_deref(), Some(text), "{views:?}");
        }
        assert_eq!(text_of(&[]), None);
        let senseless = QuietWindowView {
            from: Some("22:00".to_owned()),
            ..QuietWindowView::default()
        };
        let text = text_of(&[senseless]).unwrap();
        assert!(text.parse::<QuietWindows>().is_err(), "{text}");
    }
}
