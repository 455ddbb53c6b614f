//! One HTTP request, as it is written to the audit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crosswalk_vault::Secret;

use crate::transport::Answer;
use crate::words;

/// Longer bodies are not kept: 256 KiB hold any refusal, and any record but the largest.
const LONGEST_BODY: usize = 256 * 1024;

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
    /// The provider's own number for the request, to quote in a support case: at most 64 letters, digits, `.`, `_` and `-`.
    pub request_id: Option<String>,
    /// What was answered, where that is worth keeping. It may quote records: it is stored sealed or not at all.
    #[serde(skip)]
    pub answer: Option<KeptAnswer>,
}

/// An answer as it may be kept: its body as text and its headers, secrets replaced by `…`.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptAnswer {
    /// The headers; values that hold secrets are `…`.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: String,
}

impl std::fmt::Debug for KeptAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What it says may come from a record.
        f.debug_struct("KeptAnswer")
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl KeptAnswer {
    /// The answer, unless it has no body, or one too long.
    pub(crate) fn of(answer: &Answer, secrets: &[&Secret]) -> Option<Self> {
        if answer.body.is_empty() || answer.body.len() > LONGEST_BODY {
            return None;
        }
        Some(Self {
            headers: shown_headers(&answer.headers, secrets),
            body: words::without(&String::from_utf8_lossy(&answer.body), secrets),
        })
    }
}

/// Headers as they may be shown: what authenticates and what holds a secret is replaced by `…`.
pub(crate) fn shown_headers(
    headers: &http::HeaderMap,
    secrets: &[&Secret],
) -> Vec<(String, String)> {
    let shown = headers.iter().map(|(name, value)| {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let secret = value.is_sensitive()
            || matches!(
                name.as_str(),
                "set-cookie" | "authorization" | "proxy-authorization" | "www-authenticate"
            )
            || words::without(&text, secrets) != text;
        (name.to_string(), if secret { "…".to_owned() } else { text })
    });
    shown.collect()
}

/// The most of a provider's number for a request that is kept.
const LONGEST_ID: usize = 64;

/// A provider's number for a request as it may be kept for ever: no text of its choice, and nothing that repeats a secret.
fn plain(id: &str, secrets: &[&Secret]) -> Option<String> {
    if words::without(id, secrets) != id {
        return None;
    }
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    let id: String = id.chars().filter(plain).take(LONGEST_ID).collect();
    (!id.is_empty()).then_some(id)
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
    /// Whether answers that were used are kept too, not only refusals.
    keeps_answers: bool,
}

impl CallContext {
    /// A context that writes to `recorder`, and keeps the answers of refused calls.
    pub fn new(recorder: Arc<dyn Recorder>) -> Self {
        Self {
            recorder,
            keeps_answers: false,
        }
    }

    /// The same, keeping answers that were used as well: for single reads, not for pages of records, which are stored
    /// as records. Answers that bring a token are never kept.
    #[must_use]
    pub fn keeping_answers(self) -> Self {
        Self {
            keeps_answers: true,
            ..self
        }
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
            answer: None,
        };
        Self {
            context,
            started: Instant::now(),
            call,
        }
    }

    /// The call is over. `secrets` are what its answer may repeat and nobody may read.
    pub(crate) fn end(mut self, answer: Option<&Answer>, outcome: Outcome, secrets: &[&Secret]) {
        self.tell(answer, outcome, secrets);
        if let Some(answer) = answer
            && (answer.status >= 400 || self.context.keeps_answers)
        {
            self.call.answer = KeptAnswer::of(answer, secrets);
        }
    }

    /// The call is over, and was for a token: what it brought is a secret, so that only a refusal is kept.
    pub(crate) fn end_for_token(
        mut self,
        answer: Option<&Answer>,
        outcome: Outcome,
        secrets: &[&Secret],
    ) {
        self.tell(answer, outcome, secrets);
        if let Some(answer) = answer
            && answer.status >= 400
        {
            self.call.answer = KeptAnswer::of(answer, secrets);
        }
    }

    fn tell(&mut self, answer: Option<&Answer>, outcome: Outcome, secrets: &[&Secret]) {
        self.call.outcome = outcome;
        if let Some(answer) = answer {
            self.call.status = Some(answer.status);
            self.call.bytes = answer.body.len() as u64;
            self.call.request_id = answer.request_id().and_then(|id| plain(id, secrets));
        }
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.call.duration = self.started.elapsed();
        self.context.recorder.record(self.call.clone());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("set-cookie", HeaderValue::from_static("session=1"));
        Answer {
            status,
            headers,
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn kept(keeps: bool, token: bool, answer: &Answer) -> Option<KeptAnswer> {
        let calls = CallBuffer::new();
        let mut context = CallContext::new(calls.clone());
        if keeps {
            context = context.keeping_answers();
        }
        let secret = Secret::from("s3cret-value".to_owned());
        let pending = Pending::new(&context, Timestamp::UNIX_EPOCH, "GET", "x".to_owned(), 1);
        if token {
            pending.end_for_token(Some(answer), Outcome::Ok, &[&secret]);
        } else {
            pending.end(Some(answer), Outcome::Ok, &[&secret]);
        }
        calls.take().pop().unwrap().answer
    }

    #[test]
    fn refusals_are_kept_and_what_brings_a_token_is_not() {
        let long = "x".repeat(LONGEST_BODY + 1);
        for (keeps, token, status, body, expected) in [
            (false, false, 200, "{}", false),
            (false, false, 403, "{}", true),
            (true, false, 200, "{}", true),
            (true, false, 204, "", false),
            (true, false, 200, long.as_str(), false),
            (true, true, 200, "{\"access_token\":\"t\"}", false),
            (false, true, 401, "{\"error\":\"invalid_client\"}", true),
        ] {
            let kept = kept(keeps, token, &answer(status, body));
            assert_eq!(kept.is_some(), expected, "{keeps} {token} {status}");
        }
    }

    #[test]
    fn a_number_of_the_providers_is_kept_as_a_number() {
        let secret = Secret::from("s3cret-value".to_owned());
        let long = "a".repeat(100);
        for (id, expected) in [
            ("req_01.AB-9", Some("req_01.AB-9")),
            ("<b>Acme Ltd</b>\t7", Some("bAcmeLtdb7")),
            ("Bearer s3cret-value", None),
            ("…  ", None),
            (long.as_str(), Some(&long[..64])),
        ] {
            assert_eq!(plain(id, &[&secret]).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn what_is_kept_holds_no_secret_and_prints_none() {
        let kept = kept(false, false, &answer(403, "you sent s3cret-value")).unwrap();
        assert_eq!(kept.body, "you sent …");
        let cookie = kept.headers.iter().find(|(name, _)| name == "set-cookie");
        assert_eq!(cookie.unwrap().1, "…");
        assert!(!format!("{kept:?}").contains("you sent"));
    }
}
