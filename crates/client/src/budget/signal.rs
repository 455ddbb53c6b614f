use std::time::Duration;

use http::HeaderMap;
use http::header::DATE;
use jiff::Timestamp;

/// What an answer's headers say about the limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signal {
    /// Calls allowed in the provider's window.
    pub limit: Option<f64>,
    /// Calls left in it.
    pub remaining: Option<f64>,
    /// Time until the window starts anew.
    pub reset: Option<Duration>,
    /// Wait the provider asks for.
    pub retry_after: Option<Duration>,
}

impl Signal {
    /// The wait everybody on the instance owes before the next call, whatever the status was: what `Retry-After` says, or the rest of the
    /// window when nothing is left in it.
    pub fn wait(&self) -> Option<Duration> {
        let used_up = self.remaining.is_some_and(|left| left < 1.0);
        self.retry_after.or(if used_up { self.reset } else { None })
    }
}

/// Reads `Retry-After`: seconds (fractions too, some providers send them), or an HTTP date (RFC 9110, 10.2.3). A date that has passed is no wait.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0)
            .then(|| Duration::from_secs_f64(seconds.min(31_536_000.0)));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(value).ok()?).ok()?;
    Some(until(date, now))
}

/// When an answer was given, by the provider's own clock where it tells: a time it names is measured against that, not against this
/// machine's clock.
pub(crate) fn answered_at(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    headers
        .get(DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .and_then(|date| Timestamp::try_from(date).ok())
        .unwrap_or(now)
}

/// Time from `now` to `then`; zero when it has passed.
pub(crate) fn until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn retry_after_in_every_form() {
        let now: Timestamp = "2026-11-20T22:00:00Z".parse().unwrap();
        let table = [
            ("7", Some(7_000)),
            (" 0 ", Some(0)),
            ("1.5", Some(1_500)),
            ("Fri, 20 Nov 2026 22:01:00 GMT", Some(60_000)),
            ("Fri, 20 Nov 2026 21:00:00 GMT", Some(0)),
            ("-3", None),
            ("soon", None),
            ("NaN", None),
        ];
        for (text, expected) in table {
            assert_eq!(
                retry_after(text, now),
                expected.map(Duration::from_millis),
                "{text}"
            );
        }
    }

    #[test]
    fn the_providers_clock_counts_where_it_tells() {
        let now: Timestamp = "2026-11-20T22:00:00Z".parse().unwrap();
        for (date, expected) in [
            (
                Some("Fri, 20 Nov 2026 10:00:00 GMT"),
                "2026-11-20T10:00:00Z",
            ),
            (Some("yesterday"), "2026-11-20T22:00:00Z"),
            (None, "2026-11-20T22:00:00Z"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            let expected: Timestamp = expected.parse().unwrap();
            assert_eq!(answered_at(&headers, now), expected, "{date:?}");
        }
    }

    #[test]
    fn an_empty_window_waits_for_its_reset() {
        let reset = Some(Duration::from_secs(9));
        assert_eq!(
            Signal {
                remaining: Some(0.0),
                reset,
                ..Signal::default()
            }
            .wait(),
            reset
        );
        assert_eq!(
            Signal {
                remaining: Some(3.0),
                reset,
                ..Signal::default()
            }
            .wait(),
            None
        );
        assert_eq!(
            Signal {
                remaining: Some(0.0),
                ..Signal::default()
            }
            .wait(),
            None
        );
    }
}
