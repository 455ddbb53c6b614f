//! Routes requests, keeps the limit and lets faults happen.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, Response, StatusCode, Uri, header};
use axum::routing::{any, get, post};

use crate::answer::{Answer, Format};
use crate::api::{self, Ask};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::mix::mix;
use crate::oauth::{authorize, device, token};
use crate::stats::Seen;
use crate::tamper::spoil;
use crate::wire::Cutter;

type Shared = State<Arc<Instance>>;

pub(crate) fn router(instance: Arc<Instance>) -> Router {
    Router::new()
        .route("/oauth2/token", post(issue_token))
        .route("/oauth2/revoke", post(revoke_token))
        .route("/oauth2/authorizations/new", get(authorize_page))
        .route("/oauth2/device_authorizations", post(start_device))
        .route("/oauth2/device", get(device_page))
        .route("/api/{*path}", any(serve))
        .fallback(not_there)
        .with_state(instance)
}

async fn not_there(State(instance): Shared) -> Response<Body> {
    finished(&instance, Answer::no_record(Format::Json))
}

async fn issue_token(
    State(instance): Shared,
    cutter: ConnectInfo<Cutter>,
    request: Request,
) -> Response<Body> {
    instance.stats().token_requests += 1;
    let fault = instance.faults().next_for_token();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 64 * 1024).await else {
        return finished(
            &instance,
            Answer::error(
                StatusCode::PAYLOAD_TOO_LARGE,
                Format::Json,
                "base",
                "Too large.",
            ),
        );
    };
    if let Some(Fault::Stall(stall)) = fault {
        tokio::time::sleep(stall).await;
    }
    let answer = match fault
        .as_ref()
        .and_then(|fault| instead(fault, Format::Json))
    {
        Some(answer) => answer,
        None => token::answer(&instance, &parts.headers, parts.uri.query(), &body),
    };
    deliver(&instance, answer, fault.as_ref(), &cutter)
}

async fn revoke_token(State(instance): Shared, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024)
        .await
        .unwrap_or_default();
    let answer = match token::form(&parts.headers, parts.uri.query(), &body) {
        Ok(form) => {
            let field = |name: &str| {
                form.iter()
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value.as_str())
            };
            let mut authority = instance.authority();
            match authority.check_client(field("client_id"), field("client_secret")) {
                Ok(()) => {
                    authority.revoke(field("token").unwrap_or_default());
                    Answer::json(StatusCode::OK, &serde_json::json!({}))
                }
                Err(refusal) => refusal.answer(),
            }
        }
        Err(refusal) => refusal.answer(),
    };
    finished(&instance, answer)
}

async fn authorize_page(State(instance): Shared, uri: Uri) -> Response<Body> {
    let answer = authorize::answer(&instance, uri.query());
    finished(&instance, answer)
}

async fn start_device(State(instance): Shared, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024)
        .await
        .unwrap_or_default();
    let answer = device::answer(&instance, &parts.headers, parts.uri.query(), &body);
    finished(&instance, answer)
}

async fn device_page(State(instance): Shared, uri: Uri) -> Response<Body> {
    let answer = device::page(&instance, uri.query());
    finished(&instance, answer)
}

/// Everything below `/api/`.
async fn serve(
    State(instance): Shared,
    cutter: ConnectInfo<Cutter>,
    request: Request,
) -> Response<Body> {
    let _in_flight = InFlight::enter(&instance);
    let (parts, _) = request.into_parts();
    let path = parts.uri.path().trim_start_matches("/api/");
    let query = parts.uri.query();
    let mut ask = Ask {
        method: &parts.method,
        path,
        query,
        headers: &parts.headers,
        format: Format::accepted(&parts.headers),
    };
    let client_id = api::client_of(&instance, &parts.headers);
    let served = instance.served.fetch_add(1, Ordering::Relaxed);
    let (answer, fault) = if over_the_limit(&instance) {
        (
            Answer::error(
                StatusCode::TOO_MANY_REQUESTS,
                ask.format,
                "base",
                "Too many requests.",
            ),
            None,
        )
    } else {
        let latency = latency(&instance, served);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let fault = instance.faults().next(asks(&parts.method, path, query));
        churn(&instance, &ask);
        match &fault {
            Some(Fault::Stall(stall)) => tokio::time::sleep(*stall).await,
            Some(Fault::RevokeTokens) => instance.authority().revoke_access_tokens(),
            Some(Fault::Xml) => ask.format = Format::Xml,
            _ => {}
        }
        let answer = match fault.as_ref().and_then(|fault| instead(fault, ask.format)) {
            Some(answer) => answer,
            None => api::answer(&instance, &ask),
        };
        (answer, fault)
    };
    {
        let mut stats = instance.stats();
        stats.records_served += answer.records;
        if let Some(fault) = &fault {
            *stats.faults.entry(fault.name()).or_default() += 1;
        }
        stats.record(Seen {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: query.unwrap_or_default().to_owned(),
            status: answer.status.as_u16(),
            client_id,
        });
    }
    deliver(&instance, answer, fault.as_ref(), &cutter)
}

/// Counts a request as being answered until it is dropped.
struct InFlight<'i>(&'i Instance);

impl<'i> InFlight<'i> {
    fn enter(instance: &'i Instance) -> Self {
        let now = instance.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        let mut stats = instance.stats();
        stats.max_in_flight = stats.max_in_flight.max(now);
        Self(instance)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

fn over_the_limit(instance: &Instance) -> bool {
    instance
        .bucket()
        .as_mut()
        .is_some_and(|bucket| !bucket.admits(Instant::now()))
}

fn latency(instance: &Instance, served: u64) -> Duration {
    let latency = *instance.latency();
    let spread = latency.most.saturating_sub(latency.least);
    if spread.is_zero() {
        return latency.least;
    }
    let share = mix(instance.config.seed ^ 0x1a7e, served) % 1_000;
    latency.least + spread * u32::try_from(share).unwrap_or(0) / 1_000
}

fn asks(method: &Method, path: &str, query: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (method.as_str(), path, query).hash(&mut hasher);
    hasher.finish()
}

/// A record comes or goes while the list is read.
fn churn(instance: &Instance, ask: &Ask<'_>) {
    let Some(resource) = api::listed(ask).filter(|resource| resource.traits().churns) else {
        return;
    };
    let Some((comes, number)) = instance.faults().churn() else {
        return;
    };
    let now = instance.clock.now().as_second();
    instance.change(resource, |collection| {
        if comes {
            collection.insert(&instance.world, now);
        } else if collection.extent() > 0 {
            collection.delete(number % collection.extent());
        }
    });
}

/// The answer a fault puts in place of the true one.
fn instead(fault: &Fault, format: Format) -> Option<Answer> {
    match fault {
        Fault::Status {
            status,
            retry_after,
        } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let reason = status.canonical_reason().unwrap_or("Error");
            let answer = Answer::error(status, format, "base", reason);
            Some(match retry_after {
                Some(after) => answer.with(header::RETRY_AFTER, after.as_secs().to_string()),
                None => answer,
            })
        }
        Fault::Html { status } => Some(Answer::html(
            StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY),
        )),
        Fault::Body {
            status,
            content_type,
            body,
        } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::OK);
            Some(Answer::new(status, content_type.clone(), body.clone()))
        }
        Fault::Reset => Some(Answer::new(StatusCode::OK, "text/plain", "")),
        _ => None,
    }
}

fn deliver(
    instance: &Instance,
    answer: Answer,
    fault: Option<&Fault>,
    cutter: &Cutter,
) -> Response<Body> {
    let date = instance.date();
    match fault {
        Some(Fault::Reset) => {
            cutter.cut();
            answer.into_response(&date, Body::from)
        }
        Some(Fault::Truncated) => answer.into_response(&date, truncated),
        Some(fault) => spoil(answer, fault).into_response(&date, Body::from),
        None => answer.into_response(&date, Body::from),
    }
}

fn finished(instance: &Instance, answer: Answer) -> Response<Body> {
    answer.into_response(&instance.date(), Body::from)
}

/// The first half of a body, sent, and then the end of the connection.
fn truncated(mut body: Vec<u8>) -> Body {
    body.truncate(body.len() / 2);
    Body::from_stream(Half {
        half: Some(Bytes::from(body)),
        flushed: false,
    })
}

struct Half {
    half: Option<Bytes>,
    flushed: bool,
}

impl futures_util::Stream for Half {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(half)));
        }
        if !self.flushed {
            // Pending once, so that the half is written before the error ends the connection.
            self.flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(std::io::ErrorKind::UnexpectedEof.into())))
    }
}
