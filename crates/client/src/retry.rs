//! What to do after a call that did not go well: pure decisions.

use std::time::Duration;

use crosswalk_connector::Retry;

use crate::budget::{LONGEST_COOL_DOWN, LONGEST_PAUSE};

/// How a call went, as far as trying again is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The answer can be used.
    Ok,
    /// There is nothing (more); not an error.
    EndOfResults,
    /// The token was refused.
    Auth,
    /// Asked too often. The provider's wait, if it named one.
    RateLimited(Option<Duration>),
    /// 5xx, a reset, a cut-off body, a timeout, a maintenance page.
    Transient,
    /// Refused for a reason that stays.
    Final,
}

/// How hard to try: a connector's `retry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a call that fails transiently is sent in all.
    pub transient_attempts: u32,
    /// Wait before the second try; doubles with each.
    pub transient_base: Duration,
    /// Longest wait after a transient failure.
    pub transient_max: Duration,
    /// How many 429s in a row are waited out; the next opens the circuit.
    pub limited_attempts: u32,
    /// First wait after a 429 that names none; doubles with each.
    pub limited_base: Duration,
    /// Longest wait after a 429.
    pub limited_max: Duration,
    /// A wait named by the provider beyond this opens the circuit, for an hour at most, instead of holding the caller.
    pub longest_wait: Duration,
}

impl From<&Retry> for RetryPolicy {
    fn from(retry: &Retry) -> Self {
        Self {
            transient_attempts: retry.transient.attempts,
            transient_base: retry.transient.first.duration(),
            transient_max: retry.transient.max.duration(),
            limited_attempts: retry.rate_limited.attempts,
            limited_base: retry.rate_limited.first.duration(),
            limited_max: retry.rate_limited.max.duration(),
            longest_wait: LONGEST_PAUSE.max(retry.rate_limited.max.duration()),
        }
    }
}

/// What was done so far for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tries {
    /// Requests sent, the last one included.
    pub sent: u32,
    /// How many of them failed transiently.
    pub transient: u32,
    /// 429s in a row on this instance, the last one included, with no success in between.
    pub limited: u32,
    /// Whether a new token was fetched for this call already.
    pub reauthed: bool,
    /// Whether sending it twice changes nothing more than sending it once.
    pub idempotent: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Use the answer.
    Done,
    /// Send again after the wait.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// Everybody on the instance waits, then send again.
    Pause {
        /// How long to wait.
        after: Duration,
    },
    /// Fetch a new token, then send once more.
    Reauth,
    /// A person has to authorise the account.
    NeedsReauth,
    /// Stop calling this instance for a while; runs pause.
    OpenCircuit {
        /// For how long.
        cool_down: Duration,
    },
    /// Report the failure.
    Stop,
}

/// Decides. `jitter` is a random number in `0.0..1.0`, passed in so that the decision can be tested.
///
/// A 429 waits as long as the provider says, but from the second in a row on no less than the first wait; else 2 s doubling to 60 s. When the
/// attempts are used up the circuit opens. Transient failures wait 1 s doubling and are given up after three tries in all. A refused token is replaced once. What is not idempotent is sent again only when the provider is known not to have
/// acted on it: after a 429 or a refused token.
pub fn next_step(policy: &RetryPolicy, class: Class, tries: Tries, jitter: f64) -> NextStep {
    match class {
        Class::Ok | Class::EndOfResults => NextStep::Done,
        Class::Final => NextStep::Stop,
        Class::Auth if tries.reauthed => NextStep::NeedsReauth,
        Class::Auth => NextStep::Reauth,
        Class::RateLimited(Some(wait)) if wait > policy.longest_wait => NextStep::OpenCircuit {
            cool_down: wait.min(LONGEST_COOL_DOWN),
        },
        Class::RateLimited(_) if tries.limited > policy.limited_attempts => NextStep::OpenCircuit {
            cool_down: policy.limited_max,
        },
        Class::RateLimited(named) => {
            let wait = doubled(policy.limited_base, tries.limited.saturating_sub(1))
                .min(policy.limited_max);
            // A wait of no time that is named again and again is none.
            let least = if tries.limited > 1 {
                policy.limited_base
            } else {
                Duration::ZERO
            };
            NextStep::Pause {
                after: named.map_or_else(|| lengthened(wait, jitter), |named| named.max(least)),
            }
        }
        Class::Transient if !tries.idempotent || tries.transient >= policy.transient_attempts => {
            NextStep::Stop
        }
        Class::Transient => {
            let wait = doubled(policy.transient_base, tries.transient.saturating_sub(1))
                .min(policy.transient_max);
            NextStep::Retry {
                after: lengthened(wait, jitter),
            }
        }
    }
}

fn doubled(base: Duration, times: u32) -> Duration {
    base.saturating_mul(2_u32.saturating_pow(times.min(16)))
}

/// Up to a quarter longer, never shorter: a wait is a promise to the provider.
fn lengthened(wait: Duration, jitter: f64) -> Duration {
    wait + wait.mul_f64(0.25 * jitter.clamp(0.0, 1.0))
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

    fn tries() -> Tries {
        Tries {
            sent: 1,
            transient: 1,
            limited: 1,
            reauthed: false,
            idempotent: true,
        }
    }

    fn next(class: Class, tries: Tries) -> NextStep {
        next_step(&RetryPolicy::from(&Retry::default()), class, tries, 0.0)
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn what_is_done_stays_done() {
        assert_eq!(next(Class::Ok, tries()), NextStep::Done);
        assert_eq!(next(Class::EndOfResults, tries()), NextStep::Done);
        assert_eq!(next(Class::Final, tries()), NextStep::Stop);
    }

    #[test]
    fn a_refused_token_is_replaced_once() {
        let again = Tries {
            reauthed: true,
            ..tries()
        };
        assert_eq!(next(Class::Auth, tries()), NextStep::Reauth);
        assert_eq!(next(Class::Auth, again), NextStep::NeedsReauth);
    }

    #[test]
    fn transient_failures_wait_doubling_and_end() {
        let steps = [1, 2, 3].map(|transient| {
            next(
                Class::Transient,
                Tries {
                    transient,
                    ..tries()
                },
            )
        });
        let waits = [1, 2].map(|after| NextStep::Retry { after: secs(after) });
        assert_eq!(steps[..2], waits);
        assert_eq!(steps[2], NextStep::Stop, "three tries in all");
        let write = Tries {
            idempotent: false,
            ..tries()
        };
        assert_eq!(next(Class::Transient, write), NextStep::Stop);
    }

    #[test]
    fn refusals_wait_doubling_to_a_minute_and_open_the_circuit() {
        let step = |limited| next(Class::RateLimited(None), Tries { limited, ..tries() });
        let waits = [1, 2, 3, 4, 5, 6].map(step);
        assert_eq!(
            waits,
            [2, 4, 8, 16, 32, 60].map(|after| NextStep::Pause { after: secs(after) })
        );
        assert_eq!(
            step(7),
            NextStep::OpenCircuit {
                cool_down: secs(60)
            }
        );
        let write = Tries {
            idempotent: false,
            ..tries()
        };
        assert_eq!(
            next(Class::RateLimited(None), write),
            NextStep::Pause { after: secs(2) }
        );
    }

    #[test]
    fn the_providers_own_wait_is_kept_within_reason() {
        let named = |wait, limited| {
            next(
                Class::RateLimited(Some(secs(wait))),
                Tries { limited, ..tries() },
            )
        };
        assert_eq!(named(7, 1), NextStep::Pause { after: secs(7) });
        assert_eq!(
            named(1, 7),
            NextStep::OpenCircuit {
                cool_down: secs(60)
            }
        );
        for hours in [1, 2, 24 * 365] {
            let opened = NextStep::OpenCircuit {
                cool_down: secs(3_600),
            };
            assert_eq!(named(3_600 * hours, 1), opened, "{hours} h");
        }
        // No wait at all is believed once.
        for (limited, after) in [(1, 0), (2, 2), (3, 2)] {
            let after = secs(after);
            assert_eq!(named(0, limited), NextStep::Pause { after }, "{limited}");
        }
    }

    #[test]
    fn jitter_only_lengthens_and_by_a_quarter_at_most() {
        let policy = RetryPolicy::from(&Retry::default());
        let NextStep::Pause { after } = next_step(&policy, Class::RateLimited(None), tries(), 1.0)
        else {
            panic!("a pause was due")
        };
        assert_eq!(after, Duration::from_millis(2500));
    }
}
