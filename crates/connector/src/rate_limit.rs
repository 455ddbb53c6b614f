//! How much a provider allows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Period;

/// How much the provider allows: `none`, or limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum RateLimit {
    /// `rate_limit: none`.
    Unlimited(Unlimited),
    /// Limits to stay under.
    Limited(RateLimits),
}

impl Default for RateLimit {
    fn default() -> Self {
        Self::Unlimited(Unlimited::None)
    }
}

/// The word for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unlimited {
    /// No limit is known.
    #[default]
    None,
}

/// Limits to stay under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimits {
    /// The limits; all hold at once.
    pub windows: Vec<RateWindow>,
    /// Who shares them.
    #[serde(default)]
    pub key: LimitKey,
    /// The most calls in flight at once; absent: as many as the windows allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub concurrency: Option<u32>,
    /// What the provider says about the limits in its answers.
    #[serde(default)]
    pub headers: Vec<HeaderRule>,
    /// How it says when to come back.
    #[serde(default)]
    pub retry_after: RetryAfter,
}

/// So many calls in such a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateWindow {
    /// How many calls.
    #[schemars(range(min = 1))]
    pub requests: u32,
    /// In which time.
    pub per: Period,
    /// How many may come at once (the bucket's depth); absent: `requests`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub burst: Option<u32>,
}

/// Who shares a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitKey {
    /// All accounts whose base URL has the same origin.
    #[default]
    Instance,
    /// Each account for itself.
    Account,
}

/// What one response header says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeaderRule {
    /// The header's name, in any case.
    pub header: String,
    /// A regular expression with one group around the number; absent: the whole value is the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "regex"))]
    pub pattern: Option<String>,
    /// What the number means.
    pub means: HeaderMeaning,
    /// The `per` of the window it is about; absent: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Period>,
}

/// What a number in a response header means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeaderMeaning {
    /// Calls left.
    Remaining,
    /// Calls allowed.
    Limit,
    /// Calls made.
    Used,
    /// Seconds until the window starts anew.
    ResetSeconds,
    /// The Unix time in seconds at which the window starts anew.
    ResetEpoch,
}

/// How a provider says when to come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetryAfter {
    /// The header, holding seconds or an HTTP date; absent: it is not read.
    pub header: Option<String>,
    /// What to wait when it is missing; absent: the retry rule's own delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Period>,
}

impl Default for RetryAfter {
    fn default() -> Self {
        Self {
            header: Some("Retry-After".to_owned()),
            fallback: None,
        }
    }
}
