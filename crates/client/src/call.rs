//! One HTTP request, as it is written to the audit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::transport::Answer;

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answer was used.
    Ok,
    /// The answer said that there is nothing (more).
    EndOfResults,
    /// Refused for lack of a valid token.
    Auth,
    /// Refused for lack of a permission.
    Forbidden,
    /// Refused for asking too often.
    RateLimited,
    /// A failure worth another try.
    Transient,
    /// The provider calls the request wrong.
    Invalid,
    /// A failure nobody should repeat.
    Fatal,
    /// No answer came at all.
    Network,
    /// Its answer was thrown away by a rule of this machine.
    Refused,
    /// Given up by the caller before the answer was whole.
    Cancelled,
}

/// One HTTP request, as it is written to the audit: enough to show what happened and when, and no secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CallRecord {
    /// When it was sent.
    pub at: Timestamp,
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// Origin, path and query; values that are secret are replaced by `…`.
    pub endpoint: String,
    /// The status, unless no answer came.
    pub status: Option<u16>,
    /// From sending to the last byte; waiting for the budget does not count.
    pub duration: Duration,
    /// Bytes of the body as read.
    pub bytes: u64,
    /// 1 for the first try.
    pub attempt: u32,
    /// What it came to.
    pub outcome: Outcome,
    /// The provider's own number for the request, to quote in a support case.
    pub request_id: Option<String>,
}

/// Receives every call made. A sync run buffers them and commits them with the page.
pub trait Recorder: Send + Sync {
    /// Called once for each request sent, after its answer or failure. Must not block.
    fn record(&self, call: CallRecord);
}

/// Keeps calls in memory until they are taken.
#[derive(Debug, Default)]
pub struct CallBuffer(Mutex<Vec<CallRecord>>);

impl CallBuffer {
    /// An empty buffer, ready to be shared.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Takes what was recorded so far.
    pub fn take(&self) -> Vec<CallRecord> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Recorder for CallBuffer {
    fn record(&self, call: CallRecord) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(call);
    }
}

/// What a call needs to know about who asks.
#[derive(Clone)]
pub struct CallContext {
    /// Where calls are written.
    pub recorder: Arc<dyn Recorder>,
}

impl CallContext {
    /// A context that writes to `recorder`.
    pub fn new(recorder: Arc<dyn Recorder>) -> Self {
        Self { recorder }
    }
}

impl std::fmt::Debug for CallContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CallContext")
    }
}

/// A call on its way. Whatever becomes of it is recorded, once: also when the caller gives it up.
pub(crate) struct Pending<'c> {
    context: &'c CallContext,
    started: Instant,
    call: CallRecord,
}

impl<'c> Pending<'c> {
    /// A call about to be sent. `endpoint` holds no secret any more.
    pub(crate) fn new(
        context: &'c CallContext,
        at: Timestamp,
        method: &str,
        endpoint: String,
        attempt: u32,
    ) -> Self {
        let call = CallRecord {
            at,
            method: method.to_owned(),
            endpoint,
            status: None,
            duration: Duration::ZERO,
            bytes: 0,
            attempt,
            outcome: Outcome::Cancelled,
            request_id: None,
        };
        Self {
            context,
            started: Instant::now(),
            call,
        }
    }

    /// The call is over.
    pub(crate) fn end(mut self, answer: Option<&Answer>, outcome: Outcome) {
        self.call.outcome = outcome;
        if let Some(answer) = answer {
            self.call.status = Some(answer.status);
            self.call.bytes = answer.body.len() as u64;
            self.call.request_id = answer.request_id();
        }
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.call.duration = self.started.elapsed();
        self.context.recorder.record(self.call.clone());
    }
}
