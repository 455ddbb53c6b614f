use std::collections::{BTreeMap, VecDeque};

/// What an instance saw since it started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests below `/api/`, the refused ones included.
    pub requests: u64,
    /// Requests to `/oauth2/token`.
    pub token_requests: u64,
    /// Refused with 429.
    pub rate_limited: u64,
    /// API requests being answered at the same moment, at most.
    pub max_in_flight: u64,
    pub records_served: u64,
    /// `GET /api/invoices` and how often.
    pub by_path: BTreeMap<String, u64>,
    pub by_status: BTreeMap<u16, u64>,
    /// By client id.
    pub by_client: BTreeMap<String, ClientStats>,
    /// Faults that struck, by name.
    pub faults: BTreeMap<&'static str, u64>,
    /// Every request below `/api/` that was no GET.
    pub writes: Vec<Seen>,
    /// The latest API requests, oldest first, at most a thousand.
    pub latest: VecDeque<Seen>,
}

/// What one client of the instance did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientStats {
    pub requests: u64,
    pub rate_limited: u64,
}

/// One API request and the status it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// As sent, percent-encoded.
    pub query: String,
    pub status: u16,
    /// `None` if the token was unknown.
    pub client_id: Option<String>,
}

const LATEST: usize = 1_000;

impl Stats {
    pub(crate) fn record(&mut self, seen: Seen) {
        self.requests += 1;
        *self
            .by_path
            .entry(format!("{} {}", seen.method, seen.path))
            .or_default() += 1;
        *self.by_status.entry(seen.status).or_default() += 1;
        let limited = u64::from(seen.status == 429);
        self.rate_limited += limited;
        if let Some(client) = &seen.client_id {
            let client = self.by_client.entry(client.clone()).or_default();
            client.requests += 1;
            client.rate_limited += limited;
        }
        if seen.method != "GET" {
            self.writes.push(seen.clone());
        }
        if self.latest.len() == LATEST {
            self.latest.pop_front();
        }
        self.latest.push_back(seen);
    }
}
