//! Times as they are typed.

use jiff::civil::{Date, Time};
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

fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(period) = Period::parse(text.trim_start_matches('+')) {
        return now
            .checked_add(SignedDuration::try_from(period.duration()).ok()?)
            .ok();
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let day: Date = text.parse().ok()?;
    let end = day.to_datetime(Time::constant(23, 59, 59, 999_999_999));
    Some(end.to_zoned(zone.clone()).ok()?.timestamp())
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
}
