use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::config::Profile;
use crate::mix::mix;

/// Something that goes wrong with one API answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// That status with the provider's kind of error body, and `Retry-After` in seconds if given.
    Status {
        status: u16,
        retry_after: Option<Duration>,
    },
    /// The connection is reset before a byte of the answer.
    Reset,
    /// `Content-Length` is right, the body ends half way.
    Truncated,
    /// An HTML page, as proxies and maintenance windows give.
    Html { status: u16 },
    /// XML though JSON was asked for.
    Xml,
    /// All access tokens end before this request is looked at.
    RevokeTokens,
    /// Answered only after this long.
    Stall(Duration),
    /// Exactly this.
    Body {
        status: u16,
        content_type: String,
        body: Vec<u8>,
    },
    /// A page holds a string among its records.
    NotAnObject,
    /// The first record has no `id`.
    MissingId,
    /// The first record stands there twice.
    DuplicateId,
    /// The first record holds bytes that are not UTF-8.
    InvalidUtf8,
    /// The first record holds a field of this many bytes.
    HugeField(usize),
}

impl Fault {
    /// A 429, with or without `Retry-After`.
    pub fn rate_limited(retry_after: Option<Duration>) -> Self {
        Self::Status {
            status: 429,
            retry_after,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Status { status: 429, .. } => "rate_limited",
            Self::Status { .. } => "status",
            Self::Reset => "reset",
            Self::Truncated => "truncated",
            Self::Html { .. } => "html",
            Self::Xml => "xml",
            Self::RevokeTokens => "revoke_tokens",
            Self::Stall(_) => "stall",
            Self::Body { .. } => "body",
            Self::NotAnObject => "not_an_object",
            Self::MissingId => "missing_id",
            Self::DuplicateId => "duplicate_id",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::HugeField(_) => "huge_field",
        }
    }
}

/// How often a profile lets things go wrong: of a thousand API requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultRates {
    pub server_error: u16,
    pub reset: u16,
    pub truncated: u16,
    /// An HTML page with status 502.
    pub html_error: u16,
    /// An HTML page with status 200.
    pub html_ok: u16,
    pub xml: u16,
    /// A 429 without `Retry-After`.
    pub rate_limited: u16,
    /// A 429 with `Retry-After: 1`.
    pub rate_limited_with_hint: u16,
    /// All tokens are revoked at every so-many-th request; 0 is never.
    pub revoke_every: u32,
    /// A record is inserted or deleted at every so-many-th list request; 0 is never.
    pub churn_every: u32,
}

impl FaultRates {
    /// What a profile starts with.
    pub fn of(profile: Profile) -> Self {
        match profile {
            Profile::Smooth => Self::default(),
            Profile::Busy => Self {
                rate_limited: 10,
                rate_limited_with_hint: 10,
                ..Self::default()
            },
            Profile::Hostile => Self {
                server_error: 20,
                reset: 10,
                truncated: 12,
                html_error: 8,
                html_ok: 5,
                xml: 3,
                rate_limited: 6,
                rate_limited_with_hint: 6,
                revoke_every: 150,
                churn_every: 10,
            },
        }
    }

    /// The fault the `counter`-th request meets, from the seed alone.
    fn strike(&self, seed: u64, counter: u64) -> Option<Fault> {
        if self.revoke_every > 0
            && counter > 0
            && counter.is_multiple_of(u64::from(self.revoke_every))
        {
            return Some(Fault::RevokeTokens);
        }
        let mut at = mix(seed ^ 0x00fa_0170, counter) % 1_000;
        let choices = [
            (
                self.server_error,
                Fault::Status {
                    status: [500, 502, 503, 504][(counter % 4) as usize],
                    retry_after: None,
                },
            ),
            (self.reset, Fault::Reset),
            (self.truncated, Fault::Truncated),
            (self.html_error, Fault::Html { status: 502 }),
            (self.html_ok, Fault::Html { status: 200 }),
            (self.xml, Fault::Xml),
            (self.rate_limited, Fault::rate_limited(None)),
            (
                self.rate_limited_with_hint,
                Fault::rate_limited(Some(Duration::from_secs(1))),
            ),
        ];
        for (rate, fault) in choices {
            if at < u64::from(rate) {
                return Some(fault);
            }
            at -= u64::from(rate);
        }
        None
    }
}

/// Which request meets which fault.
#[derive(Debug)]
pub(crate) struct Faults {
    rates: FaultRates,
    seed: u64,
    counter: u64,
    lists: u64,
    queued: VecDeque<Fault>,
    queued_for_tokens: VecDeque<Fault>,
    /// Requests by what they ask, and how often in a row they were struck.
    struck: HashMap<u64, u8>,
}

/// A request made three times gets through: clients try three times before they give up.
const MOST_IN_A_ROW: u8 = 2;

impl Faults {
    pub(crate) fn new(rates: FaultRates, seed: u64) -> Self {
        Self {
            rates,
            seed,
            counter: 0,
            lists: 0,
            queued: VecDeque::new(),
            queued_for_tokens: VecDeque::new(),
            struck: HashMap::new(),
        }
    }

    pub(crate) fn set_rates(&mut self, rates: FaultRates) {
        self.rates = rates;
        self.struck.clear();
    }

    pub(crate) fn queue(&mut self, times: usize, fault: &Fault) {
        self.queued
            .extend(std::iter::repeat_n(fault.clone(), times));
    }

    pub(crate) fn queue_for_tokens(&mut self, times: usize, fault: &Fault) {
        self.queued_for_tokens
            .extend(std::iter::repeat_n(fault.clone(), times));
    }

    pub(crate) fn next_for_token(&mut self) -> Option<Fault> {
        self.queued_for_tokens.pop_front()
    }

    /// The fault for the next request; `asks` stands for its method, path and query.
    pub(crate) fn next(&mut self, asks: u64) -> Option<Fault> {
        let counter = self.counter;
        self.counter += 1;
        if let Some(fault) = self.queued.pop_front() {
            return Some(fault);
        }
        let fault = self.rates.strike(self.seed, counter);
        let Some(fault) = fault else {
            if !self.struck.is_empty() {
                self.struck.remove(&asks);
            }
            return None;
        };
        let times = self.struck.entry(asks).or_default();
        if *times >= MOST_IN_A_ROW {
            *times = 0;
            return None;
        }
        *times += 1;
        Some(fault)
    }

    /// Whether a record comes (`Some(true)`) or goes with this list request.
    pub(crate) fn churn(&mut self) -> Option<(bool, u64)> {
        self.lists += 1;
        let every = u64::from(self.rates.churn_every);
        if every == 0 || !self.lists.is_multiple_of(every) {
            return None;
        }
        let turn = self.lists / every;
        Some((turn.is_multiple_of(2), mix(self.seed ^ 0x0c48_0123, turn)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_made_three_times_gets_through_and_the_order_is_the_seeds() {
        let rates = FaultRates {
            server_error: 1_000,
            ..FaultRates::default()
        };
        let mut faults = Faults::new(rates, 1);
        for _ in 0..50 {
            let tries: Vec<bool> = (0..3).map(|_| faults.next(7).is_some()).collect();
            assert_eq!(tries, [true, true, false]);
        }
        let run = |seed| {
            let mut faults = Faults::new(FaultRates::of(Profile::Hostile), seed);
            (0..2_000).map(|asks| faults.next(asks)).collect::<Vec<_>>()
        };
        assert_eq!(run(4), run(4));
        assert_ne!(run(4), run(5));
        let struck = run(4).iter().flatten().count();
        assert!((80..230).contains(&struck), "{struck} of 2,000");
    }
}
