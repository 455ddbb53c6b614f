use std::time::Duration;

use crosswalk_connector::{HeaderMeaning, HeaderRule, RateLimit, RetryAfter};
use http::HeaderMap;
use jiff::Timestamp;
use regex::Regex;

use crate::budget::{Signal, answered_at, retry_after, until};
use crate::error::ClientError;

/// Reads what a provider's headers say about its limit.
#[derive(Debug)]
pub(super) struct HeaderReader {
    rules: Vec<(HeaderRule, Option<Regex>)>,
    retry_after: RetryAfter,
}

/// One window's numbers.
#[derive(Debug, Default, Clone, Copy)]
struct Numbers {
    limit: Option<f64>,
    remaining: Option<f64>,
    used: Option<f64>,
    reset: Option<Duration>,
}

impl HeaderReader {
    pub(super) fn new(rate_limit: &RateLimit) -> Result<Self, ClientError> {
        let RateLimit::Limited(limits) = rate_limit else {
            return Ok(Self {
                rules: Vec::new(),
                retry_after: RetryAfter::default(),
            });
        };
        let compile = |rule: &HeaderRule| {
            let pattern = rule.pattern.as_deref().map(Regex::new).transpose();
            let pattern = pattern.map_err(|error| ClientError::Definition {
                detail: format!("`{}`: {error}", rule.header),
            })?;
            Ok((rule.clone(), pattern))
        };
        let rules = limits
            .headers
            .iter()
            .map(compile)
            .collect::<Result<_, ClientError>>()?;
        Ok(Self {
            rules,
            retry_after: limits.retry_after.clone(),
        })
    }

    /// What an answer says. Of several windows the one nearest its end counts. `refused`: whether the answer is a 429, where a wait the
    /// definition knows stands in for one the provider does not name. `now` is this machine's time, for an answer without `Date`.
    pub(super) fn read(&self, headers: &HeaderMap, refused: bool, now: Timestamp) -> Signal {
        let now = answered_at(headers, now);
        let mut windows: Vec<(Option<Duration>, Numbers)> = Vec::new();
        for (rule, pattern) in &self.rules {
            let Some(number) = number_in(headers, rule, pattern.as_ref()) else {
                continue;
            };
            let key = rule
                .window
                .as_ref()
                .map(crosswalk_connector::Period::duration);
            let index = windows
                .iter()
                .position(|(known, _)| *known == key)
                .unwrap_or_else(|| {
                    windows.push((key, Numbers::default()));
                    windows.len() - 1
                });
            let Some((_, numbers)) = windows.get_mut(index) else {
                continue;
            };
            match rule.means {
                HeaderMeaning::Remaining => numbers.remaining = Some(number),
                HeaderMeaning::Limit => numbers.limit = Some(number),
                HeaderMeaning::Used => numbers.used = Some(number),
                HeaderMeaning::ResetSeconds => {
                    numbers.reset = Some(Duration::from_secs_f64(number.clamp(0.0, 31_536_000.0)));
                }
                HeaderMeaning::ResetEpoch => {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "a time out of range is no time, below"
                    )]
                    let then = Timestamp::from_second(number as i64);
                    numbers.reset = then.ok().map(|then| until(then, now));
                }
            }
        }
        let tightest = windows
            .into_iter()
            .map(|(_, numbers)| numbers)
            .min_by(|a, b| a.free().total_cmp(&b.free()));
        let numbers = tightest.unwrap_or_default();
        let named = self
            .retry_after
            .header
            .as_deref()
            .and_then(|name| headers.get(name)?.to_str().ok());
        let named = named.and_then(|value| retry_after(value, now));
        let fallback = self
            .retry_after
            .fallback
            .as_ref()
            .map(crosswalk_connector::Period::duration);
        let wait = match named {
            None if refused => numbers.reset.or(fallback),
            named => named,
        };
        Signal {
            limit: numbers.limit,
            remaining: numbers.left(),
            reset: numbers.reset,
            retry_after: wait,
        }
    }
}

impl Numbers {
    fn left(&self) -> Option<f64> {
        self.remaining.or_else(|| Some(self.limit? - self.used?))
    }

    /// Share of the window that is left; a whole one when nothing is known.
    fn free(&self) -> f64 {
        match (self.left(), self.limit) {
            (Some(left), Some(limit)) if limit > 0.0 => left / limit,
            (Some(left), _) if left < 1.0 => 0.0,
            _ => 1.0,
        }
    }
}

fn number_in(headers: &HeaderMap, rule: &HeaderRule, pattern: Option<&Regex>) -> Option<f64> {
    let value = headers.get(rule.header.as_str())?.to_str().ok()?;
    let text = match pattern {
        Some(pattern) => pattern.captures(value)?.get(1)?.as_str(),
        None => value,
    };
    text.trim()
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
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
    use serde_json::json;

    fn read(limits: serde_json::Value, headers: &[(&'static str, &str)], refused: bool) -> Signal {
        let limits: RateLimit = serde_json::from_value(limits).unwrap();
        let map = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        HeaderReader::new(&limits).unwrap().read(
            &map,
            refused,
            "2026-11-20T22:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn remaining_and_reset_in_seconds_and_as_a_time() {
        let windows = json!([{"requests": 10, "per": "10s"}]);
        let seconds = json!({"windows": windows, "headers": [
            {"header": "ratelimit-remaining", "means": "remaining"}, {"header": "ratelimit-limit", "means": "limit"},
            {"header": "ratelimit-reset", "means": "reset_seconds"}]});
        let signal = read(
            seconds,
            &[
                ("ratelimit-remaining", "0"),
                ("ratelimit-limit", "10"),
                ("ratelimit-reset", "7"),
            ],
            false,
        );
        assert_eq!(signal.wait(), Some(Duration::from_secs(7)));
        assert_eq!(signal.limit, Some(10.0));
        let epoch = json!({"windows": windows, "headers": [
            {"header": "X-RateLimit-Remaining", "means": "remaining"}, {"header": "X-RateLimit-Reset", "means": "reset_epoch"}]});
        let at = "2026-11-20T22:00:04Z"
            .parse::<Timestamp>()
            .unwrap()
            .as_second()
            .to_string();
        assert_eq!(
            read(
                epoch,
                &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &at)],
                false
            )
            .wait(),
            Some(Duration::from_secs(4))
        );
    }

    #[test]
    fn times_are_measured_by_the_providers_clock() {
        // This machine's clock is ten minutes slow, or the provider's ten minutes fast.
        let date = ("date", "Fri, 20 Nov 2026 22:10:00 GMT");
        let later = ("retry-after", "Fri, 20 Nov 2026 22:10:30 GMT");
        let named = read(json!("none"), &[date, later], true);
        assert_eq!(named.retry_after, Some(Duration::from_secs(30)));
        let epoch = json!({"windows": [{"requests": 10, "per": "10s"}], "headers": [
            {"header": "left", "means": "remaining"}, {"header": "reset", "means": "reset_epoch"}]});
        let at = "2026-11-20T22:10:05Z"
            .parse::<Timestamp>()
            .unwrap()
            .as_second()
            .to_string();
        let signal = read(epoch, &[date, ("left", "0"), ("reset", &at)], false);
        assert_eq!(signal.wait(), Some(Duration::from_secs(5)));
    }

    #[test]
    fn numbers_inside_a_text() {
        let limits = json!({"windows": [{"requests": 100, "per": "24h"}], "headers": [
            {"header": "Limit-Info", "pattern": "api-usage=(\\d+)/", "means": "used"},
            {"header": "Limit-Info", "pattern": "api-usage=\\d+/(\\d+)", "means": "limit"}]});
        let signal = read(
            limits,
            &[("limit-info", "api-usage=90/100; api-bursts=1/7")],
            false,
        );
        assert_eq!((signal.remaining, signal.limit), (Some(10.0), Some(100.0)));
    }

    #[test]
    fn the_tightest_window_counts() {
        let limits = json!({"windows": [{"requests": 60, "per": "1m"}, {"requests": 5000, "per": "24h"}], "headers": [
            {"header": "Min", "means": "remaining", "window": "1m"}, {"header": "Day", "means": "remaining", "window": "24h"},
            {"header": "Min-Limit", "means": "limit", "window": "1m"}, {"header": "Day-Limit", "means": "limit", "window": "24h"}]});
        let signal = read(
            limits,
            &[
                ("min", "59"),
                ("min-limit", "60"),
                ("day", "10"),
                ("day-limit", "5000"),
            ],
            false,
        );
        assert_eq!(signal.remaining, Some(10.0));
    }

    #[test]
    fn the_wait_after_a_refusal() {
        let named = json!({"windows": [{"requests": 1, "per": "1s"}], "retry_after": {"header": "Retry-After", "fallback": "60s"}});
        assert_eq!(
            read(named.clone(), &[("retry-after", "3")], true).retry_after,
            Some(Duration::from_secs(3))
        );
        assert_eq!(
            read(named.clone(), &[], true).retry_after,
            Some(Duration::from_mins(1))
        );
        assert_eq!(read(named, &[], false).retry_after, None);
        assert_eq!(
            read(json!("none"), &[("retry-after", "2")], true).retry_after,
            Some(Duration::from_secs(2))
        );
    }
}
