//! How often and how long to try again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Period;

/// How often and how long to try again, by error class. Other classes are never tried again, but for one new token after `auth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retry {
    /// After `rate_limited`. When the attempts are used up the circuit opens and the run pauses.
    pub rate_limited: Backoff,
    /// After `transient`: 5xx, a reset connection, a truncated body.
    pub transient: Backoff,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            rate_limited: Backoff {
                attempts: 6,
                first: Period::from_secs(2),
                max: Period::from_secs(60),
            },
            transient: Backoff {
                attempts: 3,
                first: Period::from_secs(1),
                max: Period::from_secs(10),
            },
        }
    }
}

/// Delays that double, with jitter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// After `transient`: tries in all. After `rate_limited`: refusals in a row that are waited out.
    #[schemars(range(max = 20))]
    pub attempts: u32,
    /// The first delay.
    pub first: Period,
    /// The longest delay.
    pub max: Period,
}
