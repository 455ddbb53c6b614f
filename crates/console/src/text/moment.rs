//! Times as they are typed.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crosswalk_connector::Period;

use crate::Fault;

/// Reads a time to come: an instant (`2026-12-01T08:00:00Z`), a day in this machine's time zone, which means all of it
/// (`2026-12-01`), or a length of time from now (`20h`, `80d`).
///
/// # Errors
/// `invalid_time`.
pub fn moment(text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    read(text, now, &TimeZone::system()).ok_or_else(|| {
        Fault::invalid(
            "invalid_time",
            format!("{text:?} is not a time."),
            "Write 2026-12-01, 2026-12-01T08:00:00Z, or a length of time from now such as 20h or 80d.",
        )
    })
}

/// Which instant of a day is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Edge {
    First,
    Last,
}

/// Reads a time gone by: an instant, the first or last instant of a day in this machine's time zone, or a length of time
/// before now (`20h`, `30d`).
///
/// # Errors
/// `invalid_time`.
pub fn moment_ago(text: &str, now: Timestamp, edge: Edge) -> Result<Timestamp, Fault> {
    read_ago(text, now, edge, &TimeZone::system()).ok_or_else(|| {
        Fault::invalid(
            "invalid_time",
            format!("{text:?} is not a time."),
            "Write 2026-12-01, 2026-12-01T08:00:00Z, or a length of time before now such as 20h or 30d.",
        )
    })
}

fn length(text: &str) -> Option<SignedDuration> {
    let period = Period::parse(text).ok()?;
    SignedDuration::try_from(period.duration()).ok()
}

fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    match length(text.trim_start_matches('+')) {
        Some(length) => now.checked_add(length).ok(),
        None => shown(text, Edge::Last, zone),
    }
}

fn read_ago(text: &str, now: Timestamp, edge: Edge, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    match length(text) {
        Some(length) => now.checked_sub(length).ok(),
        None => shown(text, edge, zone),
    }
}

/// An instant, or that of a day.
fn shown(text: &str, edge: Edge, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let day: Date = text.parse().ok()?;
    if edge == Edge::First {
        return Some(day.to_zoned(zone.clone()).ok()?.timestamp());
    }
    // Up to the next day's first instant: where clocks are put back at midnight, 23:59 is shown twice.
    let next = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    next.timestamp()
        .checked_sub(SignedDuration::from_nanos(1))
        .ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn instants_days_and_lengths_are_read() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now: Timestamp = "2028-02-28T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("20h", Some("2028-02-29T08:00:00Z")),
            ("+2d", Some("2028-03-01T12:00:00Z")),
            ("2028-03-01T00:00:00Z", Some("2028-03-01T00:00:00Z")),
            ("2028-03-01T00:00:00+01:00", Some("2028-02-29T23:00:00Z")),
            ("2028-02-29", Some("2028-02-29T22:59:59.999999999Z")),
            ("soon", None),
            ("", None),
            ("99999999999999999d", None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(read(text, now, &zone), expected, "{text}");
        }
    }

    #[test]
    fn a_length_gone_by_is_ago_and_a_day_begins_or_ends() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now: Timestamp = "2028-02-28T12:00:00Z".parse().unwrap();
        for (text, edge, expected) in [
            ("20h", Edge::First, Some("2028-02-27T16:00:00Z")),
            ("30d", Edge::First, Some("2028-01-29T12:00:00Z")),
            ("30d", Edge::Last, Some("2028-01-29T12:00:00Z")),
            ("2028-02-27", Edge::First, Some("2028-02-26T23:00:00Z")),
            (
                "2028-02-27",
                Edge::Last,
                Some("2028-02-27T22:59:59.999999999Z"),
            ),
            (
                "2028-02-27T00:00:00Z",
                Edge::First,
                Some("2028-02-27T00:00:00Z"),
            ),
            ("lately", Edge::First, None),
            ("99999999999999999d", Edge::First, None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(
                read_ago(text, now, edge, &zone),
                expected,
                "{text} {edge:?}"
            );
        }
    }

    #[test]
    fn a_day_ends_with_its_last_instant_wherever_clocks_are_changed() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        for (zone, day, ends_before) in [
            // 23 and 25 hours long.
            ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"),
            ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"),
            ("America/New_York", "2026-03-08", "2026-03-09T04:00:00Z"),
            ("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z"),
            // Put back at midnight: the last hour is shown twice. Put forward at midnight: the next day begins at one.
            ("Asia/Beirut", "2023-10-28", "2023-10-28T22:00:00Z"),
            ("Asia/Beirut", "2022-03-26", "2022-03-26T22:00:00Z"),
            // A day that never was: at its end of 2011-12-29 Samoa went on to the 31st.
            ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z"),
            ("Europe/Berlin", "2028-02-28", "2028-02-28T23:00:00Z"),
            ("Europe/Berlin", "2028-02-29", "2028-02-29T23:00:00Z"),
        ] {
            let next: Timestamp = ends_before.parse().unwrap();
            let zone = TimeZone::get(zone).unwrap();
            let last = read(day, now, &zone).unwrap();
            let nanosecond = SignedDuration::from_nanos(1);
            assert_eq!(last + nanosecond, next, "{zone:?} {day}");
        }
    }
}
