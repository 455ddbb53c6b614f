//! What a running run shows.

use std::time::{Duration, Instant};

use crosswalk_workspace::RunId;
use serde::Serialize;
use tokio::sync::watch;

/// What a running run shows. Figures are of this run so far, over all resumes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Progress {
    /// The run, once it has begun.
    pub run: Option<RunId>,
    /// Distinct records stored.
    pub records: u64,
    /// Records that this run had stored already.
    pub duplicates: u64,
    /// Pages stored since the run was last taken up.
    pub pages: u64,
    /// Calls sent.
    pub requests: u64,
    /// Of these, repetitions.
    pub retries: u64,
    /// Answers that said to slow down.
    pub rate_limited: u64,
    /// Records that could not be stored.
    pub errors: u64,
    /// Calls a second since the run was last taken up.
    pub requests_per_second: f64,
    /// Records probably still to come.
    pub records_left: Option<u64>,
    /// Time probably left.
    pub left: Option<Duration>,
}

/// Publishes progress, at most ten times a second and once at the end.
#[derive(Debug)]
pub(crate) struct Reporter {
    to: Option<watch::Sender<Progress>>,
    state: Progress,
    begun: Instant,
    requests_before: u64,
    records_before: u64,
    published: Option<Instant>,
}

const AT_MOST_EVERY: Duration = Duration::from_millis(100);

impl Reporter {
    pub(crate) fn new(to: Option<watch::Sender<Progress>>, start: Progress) -> Self {
        Self {
            to,
            requests_before: start.requests,
            records_before: start.records,
            state: start,
            begun: Instant::now(),
            published: None,
        }
    }

    /// Changes the figures and publishes them if it is time.
    pub(crate) fn update(&mut self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.state);
        if self
            .published
            .is_none_or(|at| at.elapsed() >= AT_MOST_EVERY)
        {
            self.publish();
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "rates for people to read")]
    pub(crate) fn publish(&mut self) {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        self.state.requests_per_second =
            (self.state.requests - self.requests_before) as f64 / seconds;
        let rate = (self.state.records - self.records_before) as f64 / seconds;
        self.state.left = self
            .state
            .records_left
            .filter(|_| rate > 0.0)
            .and_then(|left| Duration::try_from_secs_f64(left as f64 / rate).ok());
        self.published = Some(Instant::now());
        if let Some(to) = &self.to {
            to.send_replace(self.state.clone());
        }
    }
}
