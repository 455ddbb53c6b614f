//! Rate limits and retries.

use super::Check;
use crate::problem::ProblemCode;
use crate::{Backoff, RateLimit};

impl Check<'_> {
    pub(super) fn limits(&mut self) {
        let retry = &self.connector.retry;
        self.backoff("/retry/rate_limited", &retry.rate_limited);
        self.backoff("/retry/transient", &retry.transient);
        let RateLimit::Limited(limits) = &self.connector.rate_limit else {
            return;
        };
        if limits.windows.is_empty() {
            let hint = "write `rate_limit: none` if no limit is known".to_owned();
            self.report(
                "/rate_limit/windows",
                ProblemCode::MissingKey,
                "there is no window",
                hint,
            );
        }
        for (index, window) in limits.windows.iter().enumerate() {
            if window.per.duration().is_zero() {
                let pointer = format!("/rate_limit/windows/{index}/per");
                self.report(
                    &pointer,
                    ProblemCode::Malformed,
                    "a window lasts longer than nothing",
                    None,
                );
            }
        }
        for (index, rule) in limits.headers.iter().enumerate() {
            let pointer = format!("/rate_limit/headers/{index}");
            self.header_name(&format!("{pointer}/header"), &rule.header);
            if let Some(window) = &rule.window
                && !limits
                    .windows
                    .iter()
                    .any(|known| known.per.duration() == window.duration())
            {
                let message = format!("there is no window of `{window}`");
                self.contradiction(
                    &format!("{pointer}/window"),
                    message,
                    "write the `per` of one of the windows",
                );
            }
            if let Some(Ok(regex)) = rule.pattern.as_deref().map(regex::Regex::new)
                && regex.captures_len() != 2
            {
                let message = format!("the pattern has {} groups", regex.captures_len() - 1);
                self.contradiction(
                    &format!("{pointer}/pattern"),
                    message,
                    "put one group around the number: `used=(\\d+)`",
                );
            }
        }
    }

    fn backoff(&mut self, pointer: &str, backoff: &Backoff) {
        if backoff.first.duration() > backoff.max.duration() {
            self.contradiction(
                pointer,
                "the first delay is longer than the longest",
                "make `max` at least `first`",
            );
        }
    }
}
