//! Times of last change: read from records, and noted for the next incremental run.

use std::time::Duration;

use crosswalk_connector::{TimeFormat, Watermark as Definition};
use crosswalk_workspace::record::Watermark;
use jiff::{SignedDuration, Timestamp, Zoned, civil::Date, tz::TimeZone};

/// How far to go back where the provider does not tell its time and this machine's clock has to do.
const UNKNOWN_CLOCK: Duration = Duration::from_mins(15);
/// A `Date` header has whole seconds, and stands for an instant within the one after.
const HEADER_PRECISION: Duration = Duration::from_secs(1);

/// A record's time of last change, from the text the provider wrote.
pub fn read(text: &str, format: TimeFormat) -> Option<Watermark> {
    let text = text.trim();
    let at = match format {
        TimeFormat::EpochS => Timestamp::from_second(text.parse().ok()?).ok()?,
        TimeFormat::EpochMs => Timestamp::from_millisecond(text.parse().ok()?).ok()?,
        TimeFormat::HttpDate => http_date(text)?,
        TimeFormat::Rfc3339 | TimeFormat::Rfc3339Millis | TimeFormat::Date => instant(text)?,
    };
    Some(Watermark::from(at))
}

/// An instant with its offset; without one it is UTC, and a date alone is its midnight.
fn instant(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| {
            text.parse::<jiff::civil::DateTime>()
                .ok()?
                .to_zoned(TimeZone::UTC)
                .ok()
                .map(|at| at.timestamp())
        })
        .or_else(|| {
            text.parse::<Date>()
                .ok()?
                .to_zoned(TimeZone::UTC)
                .ok()
                .map(|at| at.timestamp())
        })
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|at: Zoned| at.timestamp())
}

/// What the next incremental run begins with, if this one completes: its start on the provider's clock, less the lookback.
///
/// `answered` is the `Date` of the first answer, `took` how long that answer was on its way: the list was read at some moment of that time. Without a
/// `Date` this machine's clock has to do, `sent` being when the first request went; it may be wrong, so a quarter of an hour is taken off.
pub fn start(
    definition: Option<&Definition>,
    answered: Option<Timestamp>,
    sent: Timestamp,
    took: Duration,
) -> Watermark {
    let lookback = definition
        .and_then(|watermark| watermark.lookback.as_ref())
        .map_or(Duration::ZERO, crosswalk_connector::Period::duration);
    let (from, margin) = match answered {
        Some(at) => (at, took + HEADER_PRECISION),
        None => (sent, UNKNOWN_CLOCK),
    };
    let back = SignedDuration::try_from(lookback + margin).unwrap_or(SignedDuration::MAX);
    Watermark::from(from.checked_sub(back).unwrap_or(Timestamp::MIN))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_read_as_providers_write_them() {
        let expected = Some(Watermark::from(at("2026-11-20T21:50:00Z")));
        for (text, format) in [
            ("2026-11-20T21:50:00Z", TimeFormat::Rfc3339),
            ("2026-11-20T14:50:00-07:00", TimeFormat::Rfc3339),
            ("2026-11-20T21:50:00.000Z", TimeFormat::Rfc3339Millis),
            ("2026-11-20T21:50:00", TimeFormat::Rfc3339),
            ("2026-11-20 21:50:00", TimeFormat::Rfc3339),
            ("1795211400", TimeFormat::EpochS),
            ("1795211400000", TimeFormat::EpochMs),
            ("Fri, 20 Nov 2026 21:50:00 GMT", TimeFormat::HttpDate),
        ] {
            assert_eq!(read(text, format), expected, "{text}");
        }
        assert_eq!(
            read("2026-11-20", TimeFormat::Date),
            Some(Watermark::from(at("2026-11-20T00:00:00Z")))
        );
        assert_eq!(read("yesterday", TimeFormat::Rfc3339), None);
        assert_eq!(read("", TimeFormat::EpochS), None);
    }

    #[test]
    fn the_next_run_begins_before_this_one_looked() {
        let definition: Definition = serde_json::from_value(
            serde_json::json!({"field": "u", "format": "rfc3339", "lookback": "5m"}),
        )
        .unwrap();
        let (server, here) = (at("2026-11-20T12:00:00Z"), at("2026-11-20T15:00:00Z"));
        let took = Duration::from_secs(2);
        assert_eq!(
            start(Some(&definition), Some(server), here, took),
            Watermark::from(at("2026-11-20T11:54:57Z"))
        );
        assert_eq!(
            start(None, Some(server), here, took),
            Watermark::from(at("2026-11-20T11:59:57Z"))
        );
        assert_eq!(
            start(None, None, here, took),
            Watermark::from(at("2026-11-20T14:45:00Z"))
        );
    }
}
