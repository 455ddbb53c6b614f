//! A stand-in for a Coupa instance, on its own port, holding its records in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_rustls::rustls::ServerConfig;

use super::answer::{self, Answer};
use super::list;
use super::listener::{Listener, serve};
use super::manners::Manners;
use super::request::{Request, decode};
use super::scope;
use super::sign_in::SignIns;
use super::token::{self, Token};

type Fault = Box<dyn Fn(&Request) -> Option<Answer> + Send + Sync>;

#[derive(Default)]
struct Held {
    lists: BTreeMap<String, Vec<Value>>,
    tokens: Vec<Token>,
    requests: Vec<Request>,
    faults: Vec<Arc<Fault>>,
    bucket: Option<(f64, Instant)>,
    sign_ins: SignIns,
    /// Secrets beside the one it began with.
    secrets: Vec<String>,
}

struct Shared {
    manners: Manners,
    held: Mutex<Held>,
    /// Of which path requests wait from which number on.
    gate: watch::Sender<Option<(String, usize)>>,
}

/// A stand-in for a Coupa instance. Ends when dropped.
pub struct Instance {
    shared: Arc<Shared>,
    listener: Listener,
    secure: bool,
}

impl Instance {
    /// An instance with the documented manners and a few currencies.
    pub fn start() -> Self {
        Self::with(Manners::default())
    }

    pub fn with(manners: Manners) -> Self {
        Self::over(manners, None)
    }

    /// Over TLS if there is a configuration for it.
    pub fn over(manners: Manners, tls: Option<Arc<ServerConfig>>) -> Self {
        let (date, secure) = (manners.date, tls.is_some());
        let shared = Arc::new(Shared {
            manners,
            held: Mutex::default(),
            gate: watch::Sender::new(None),
        });
        let router = Router::new()
            .fallback(received)
            .with_state(Arc::clone(&shared));
        let instance = Self {
            shared,
            listener: serve(router, tls, date),
            secure,
        };
        let currencies = ["USD", "EUR", "GBP"].iter().zip(1..);
        instance.put(
            "currencies",
            currencies
                .map(|(code, id)| super::invoice::currency(id, code))
                .collect(),
        );
        instance
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.shared.held.lock().unwrap()
    }

    /// What `instance_url` is to be set to.
    pub fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.listener.address)
    }

    pub fn manners(&self) -> &Manners {
        &self.shared.manners
    }

    /// Replaces the records of a list such as `invoices`.
    pub fn put(&self, list: &str, records: Vec<Value>) {
        self.held().lists.insert(list.to_owned(), records);
    }

    /// The records of a list as they are now.
    pub fn truth(&self, list: &str) -> Vec<Value> {
        self.held().lists.get(list).cloned().unwrap_or_default()
    }

    /// Changes one record.
    pub fn change(&self, list: &str, id: i64, change: impl FnOnce(&mut Value)) {
        let mut held = self.held();
        let records = held.lists.get_mut(list).unwrap();
        change(
            records
                .iter_mut()
                .find(|record| record["id"] == id)
                .unwrap(),
        );
    }

    /// Answers what the closure gives instead; the last fault added goes first.
    pub fn fault(&self, fault: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) {
        self.held().faults.insert(0, Arc::new(Box::new(fault)));
    }

    /// Back to the instance's good behaviour.
    pub fn heal(&self) {
        self.held().faults.clear();
    }

    /// Lets requests of a path after its `nth` wait for their answers until [`Self::release`].
    pub fn hold_after(&self, path: &str, nth: usize) {
        self.shared.gate.send_replace(Some((path.to_owned(), nth)));
    }

    /// Answers what waits, and everything after it at once.
    pub fn release(&self) {
        self.shared.gate.send_replace(None);
    }

    /// Refuses all tokens issued so far.
    pub fn revoke_tokens(&self) {
        self.held()
            .tokens
            .iter_mut()
            .for_each(|token| token.revoked = true);
    }

    /// Sign-ins bring no refresh tokens from now on.
    pub fn without_refresh_tokens(&self) {
        self.held().sign_ins.no_refresh_tokens = true;
    }

    /// The client has this secret too from now on.
    pub fn accept_secret(&self, secret: &str) {
        self.held().secrets.push(secret.to_owned());
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.held().requests.clone()
    }

    /// The requests of one path so far.
    pub fn requests_of(&self, path: &str) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.path == path);
        requests
    }

    /// How many tokens were issued.
    pub fn tokens_issued(&self) -> usize {
        self.held().tokens.len()
    }

    /// The text of the newest token.
    pub fn newest_token(&self) -> String {
        self.held().tokens.last().unwrap().text.clone()
    }

    /// Waits until a path was asked so many times.
    pub fn wait_for(&self, path: &str, times: usize) {
        let begun = Instant::now();
        while self.requests_of(path).len() < times {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "{path} was not asked {times} times"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

async fn received(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> Answer {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let request = {
        let mut held = shared.held.lock().unwrap();
        let path = head.uri.path().to_owned();
        let request = Request {
            method: head.method.to_string(),
            nth: 1 + held
                .requests
                .iter()
                .filter(|earlier| earlier.path == path)
                .count(),
            path,
            query: decode(head.uri.query().unwrap_or_default()),
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            at: Instant::now(),
        };
        held.requests.push(request.clone());
        request
    };
    // Not ended by a client that goes away: a provider carries out what it has received.
    tokio::spawn(answered(shared, request)).await.unwrap()
}

async fn answered(shared: Arc<Shared>, request: Request) -> Answer {
    if request.is_read() && !shared.manners.latency.is_zero() {
        tokio::time::sleep(shared.manners.latency).await;
    }
    let waits = |gate: &Option<(String, usize)>| match gate {
        Some((path, nth)) => *path == request.path && request.nth > *nth,
        None => false,
    };
    let mut gate = shared.gate.subscribe();
    let _ = gate.wait_for(|gate| !waits(gate)).await;
    let faults = shared.held.lock().unwrap().faults.clone();
    if let Some(answer) = faults.iter().find_map(|fault| fault(&request)) {
        return answer;
    }
    let mut held = shared.held.lock().unwrap();
    if request.path == "/oauth2/authorizations/new" {
        return held.sign_ins.authorize(&request);
    }
    if request.path == "/oauth2/device_authorizations" {
        return held.sign_ins.device(&request);
    }
    if request.path == "/oauth2/revoke" {
        return answer::text(200, "text/plain", "");
    }
    if request.path == "/oauth2/token" {
        let number = held.tokens.len();
        let mut manners = shared.manners.clone();
        if let Some(secret) = held.secrets.iter().find(|secret| {
            let sent = ("client_secret".to_owned(), (*secret).clone());
            request.form().contains(&sent)
        }) {
            manners.client_secret.clone_from(secret);
        }
        let person = held.sign_ins.issue(&manners, &request, number);
        let issued = person.unwrap_or_else(|| token::issue(&manners, &request, number));
        return match issued {
            Ok((token, answer)) => {
                held.tokens.push(token);
                answer
            }
            Err(answer) => answer,
        };
    }
    match request.path.strip_prefix("/api/") {
        Some(path) => resource(&shared.manners, &mut held, &request, path),
        None => answer::html(404, "Not found"),
    }
}

/// Takes a request out of the bucket, which fills with the time.
fn over_the_limit(manners: &Manners, held: &mut Held) -> bool {
    let Some((rate, burst)) = manners.limit else {
        return false;
    };
    let now = Instant::now();
    let (left, since) = held.bucket.unwrap_or((burst, now));
    let left = (left + now.duration_since(since).as_secs_f64() * rate).min(burst);
    let over = left < 1.0;
    held.bucket = Some((if over { left } else { left - 1.0 }, now));
    over
}

fn resource(manners: &Manners, held: &mut Held, request: &Request, path: &str) -> Answer {
    let authorization = request.header("authorization");
    let now = Instant::now();
    let token = held.tokens.iter().find(|token| {
        authorization.strip_prefix("Bearer ") == Some(token.text.as_str())
            && !token.revoked
            && now.duration_since(token.issued) >= manners.settle
    });
    let Some(token) = token.cloned() else {
        return answer::json(
            401,
            &json!({ "errors": { "token": ["is invalid or expired"] } }),
        );
    };
    let last = path.rsplit('/').next().unwrap_or_default();
    let id = last.parse::<i64>().ok();
    let list = if id.is_some() {
        path.trim_end_matches(last).trim_end_matches('/')
    } else {
        path
    };
    let Some(read) = scope::of_list(list) else {
        return answer::html(404, "Not found");
    };
    let writes = request.method != "GET";
    let needed = if writes {
        read.replace(".read", ".write")
    } else {
        read.to_owned()
    };
    if !token.scopes.contains(&needed) {
        return answer::json(403, &json!({ "error": "insufficient_scope" }));
    }
    if over_the_limit(manners, held) {
        return answer::text(429, "text/plain", "Too many requests");
    }
    let records = held.lists.entry(list.to_owned()).or_default();
    let Some(id) = id else {
        return list::answer(records, manners, request);
    };
    let Some(record) = records.iter_mut().find(|record| record["id"] == id) else {
        return answer::text(404, "text/plain", "Not found");
    };
    if writes {
        let (Some(exported), "PUT") = (request.param("exported"), request.method.as_str()) else {
            return answer::text(405, "text/plain", "Method not allowed");
        };
        record["exported"] = Value::from(exported == "true");
    }
    match list::shown(record, manners, request) {
        Ok(shown) => answer::json(200, &shown),
        Err(answer) => answer,
    }
}
