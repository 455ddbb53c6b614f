use std::sync::Arc;

use crosswalk_connector::Resource;
use url::Url;

use super::AccountClient;
use super::verdict::outcome_of;
use crate::budget::Lane;
use crate::call::{CallContext, Pending};
use crate::classify::Verdict;
use crate::error::{ClientError, Words};
use crate::request::{Draft, authorise, shown};
use crate::retry::{Class, NextStep, RetryPolicy, Tries, next_step};
use crate::token::Token;
use crate::transport::Answer;
use crate::words;

/// An answer that was accepted, and what it took.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) answer: Answer,
    /// Where it came from, without secrets.
    pub(super) url: Url,
    /// Whether the answer says that there is nothing.
    pub(super) end_of_results: bool,
    pub(super) requests: u32,
    pub(super) rate_limited: u32,
}

/// What a call is allowed to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'a> {
    /// Whether sending it twice is harmless.
    pub(super) idempotent: bool,
    /// Whether an answer that is an error is handed back as it is once tries are used up.
    pub(super) any_status: bool,
    /// Whether the body has to be data.
    pub(super) data: bool,
    /// The resource it is about, to name the scope that is missing.
    pub(super) resource: Option<&'a Resource>,
}

impl<'a> Manner<'a> {
    /// A read of a resource's records.
    pub(super) fn reading(resource: &'a Resource) -> Self {
        Self {
            idempotent: true,
            any_status: false,
            data: true,
            resource: Some(resource),
        }
    }
}

/// One try: what was sent, what came, and what it means.
struct Attempt {
    url: Url,
    result: Result<Answer, ClientError>,
    verdict: Option<Result<Verdict, ClientError>>,
    class: Class,
    lane: Lane,
    /// 429s in a row on the instance, this one included.
    strikes: u32,
}

impl AccountClient {
    /// Sends a request until it is answered or given up. `write` makes it anew for each try, since a new token can bring another address.
    pub(super) async fn exchange(
        &self,
        manner: Manner<'_>,
        context: &CallContext,
        write: impl Fn(Option<&Token>) -> Result<Draft, ClientError>,
    ) -> Result<Exchange, ClientError> {
        let policy = RetryPolicy::from(&self.0.profile.connector().retry);
        let mut token = self.0.tokens.current(context).await?;
        let mut tries = Tries {
            idempotent: manner.idempotent,
            ..Tries::default()
        };
        let mut rate_limited = 0;
        loop {
            tries.sent += 1;
            let attempt = self
                .attempt(&write, token.as_deref(), manner.data, tries.sent, context)
                .await?;
            match attempt.class {
                Class::RateLimited(_) => {
                    rate_limited += 1;
                    tries.limited = attempt.strikes;
                }
                Class::Transient => tries.transient += 1,
                _ => {}
            }
            let done = |answer, url, end_of_results| Exchange {
                answer,
                url,
                end_of_results,
                requests: tries.sent,
                rate_limited,
            };
            match next_step(&policy, attempt.class, tries, rand::random()) {
                NextStep::Done => {
                    return Ok(done(
                        attempt.result?,
                        attempt.url,
                        attempt.class == Class::EndOfResults,
                    ));
                }
                NextStep::Retry { after } => tokio::time::sleep(after).await,
                NextStep::Pause { after } => attempt.lane.budget().pause(after),
                NextStep::Reauth if token.is_some() => {
                    token = self.new_token(token.as_deref(), context).await?;
                    tries.reauthed = true;
                }
                NextStep::Reauth | NextStep::NeedsReauth => {
                    return Err(self.needs_reauth(attempt.verdict, token.as_deref()));
                }
                NextStep::OpenCircuit { cool_down } => {
                    return Err(self.circuit_open(attempt.lane.budget().open_circuit(cool_down)));
                }
                NextStep::Stop => {
                    return match (attempt.result, attempt.verdict) {
                        (Ok(answer), Some(Ok(_))) if manner.any_status => {
                            Ok(done(answer, attempt.url, false))
                        }
                        (Ok(answer), Some(Ok(verdict))) => Err(self.failure(
                            &answer,
                            verdict,
                            &attempt.url,
                            manner.resource,
                            token.as_deref(),
                        )),
                        (_, Some(Err(error))) | (Err(error), _) => Err(error),
                        (Ok(answer), None) => Err(ClientError::Fatal {
                            status: answer.status,
                            detail: Words::default(),
                        }),
                    };
                }
            }
        }
    }

    /// Waits for its turn, sends once, judges, tells the budget, and records the call.
    async fn attempt(
        &self,
        write: impl Fn(Option<&Token>) -> Result<Draft, ClientError>,
        token: Option<&Token>,
        data: bool,
        number: u32,
        context: &CallContext,
    ) -> Result<Attempt, ClientError> {
        let inner = &self.0;
        let draft = write(token)?;
        let outgoing = authorise(&inner.profile, token, &draft)?;
        let lane = self.lane(&inner.profile.base_url(token)?).clone();
        let mut permit = lane
            .acquire()
            .await
            .map_err(|until| self.circuit_open(until))?;
        let endpoint = shown(&draft.url, &draft.unwritten);
        let endpoint = words::without(&endpoint, &inner.profile.secrets(token));
        let pending = Pending::new(
            context,
            inner.clock.now(),
            draft.method.as_str(),
            endpoint,
            number,
        );
        let result = inner.route.send(outgoing).await;
        let verdict = result
            .as_ref()
            .ok()
            .map(|answer| self.judge(answer, &draft.url, data, token));
        let class = self.class_of(&result, verdict.as_ref());
        let mut strikes = 0;
        if let Ok(answer) = &result {
            let refused = matches!(class, Class::RateLimited(_));
            let signal = inner
                .headers
                .read(&answer.headers, refused, inner.clock.now());
            if refused {
                strikes = permit.refused(signal);
            } else {
                permit.succeeded(signal);
            }
        }
        drop(permit);
        let judged = verdict.as_ref().and_then(|verdict| verdict.as_ref().ok());
        let outcome = outcome_of(&class, judged, &result);
        pending.end(result.as_ref().ok(), outcome, &inner.profile.secrets(token));
        Ok(Attempt {
            url: draft.url,
            result,
            verdict,
            class,
            lane,
            strikes,
        })
    }

    async fn new_token(
        &self,
        refused: Option<&Token>,
        context: &CallContext,
    ) -> Result<Option<Arc<Token>>, ClientError> {
        if let Some(refused) = refused {
            self.0.tokens.replace(refused, context).await?;
        }
        // Once more through the front door, which keeps the settle time.
        self.0.tokens.current(context).await
    }
}
