//! Tokens that cannot be stored, or whose answer is no good otherwise: none is lost.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use crosswalk_client::{
    AccountClient, Clock, Exclusive, Refresh, Stored, Token, TokenStore, TokenStoreError, Transport,
};
use crosswalk_connector::GrantKind;
use crosswalk_vault::Secret;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::hands::Hands;
use crate::issuer::token_at;
use crate::rig::{Rig, definition, serve};

/// A store on a disk that is full at times.
#[derive(Default)]
struct Disk {
    stored: Mutex<Stored>,
    full: AtomicBool,
    /// Whether its account was forgotten.
    forgotten: AtomicBool,
}

impl Disk {
    fn fill(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }

    fn refresh_token(&self) -> String {
        let stored = self.stored.lock().unwrap();
        let refresh = stored.token.as_ref().unwrap().refresh.as_ref().unwrap();
        refresh.token.expose().to_owned()
    }

    fn access_token(&self) -> String {
        let stored = self.stored.lock().unwrap();
        let token = stored.token.as_ref().unwrap();
        token.access_token.expose().to_owned()
    }
}

impl TokenStore for Disk {
    fn exclusive(&self, _: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>> {
        Box::pin(async { Ok(Box::new(()) as Exclusive) })
    }

    fn load(&self, _: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        let stored = self.stored.lock().unwrap().clone();
        Box::pin(async move { Ok(stored) })
    }

    fn save(&self, _: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        if self.full.load(Ordering::SeqCst) {
            return Box::pin(async { Err(TokenStoreError("the disk is full".to_owned())) });
        }
        *self.stored.lock().unwrap() = Stored {
            token: Some(token.clone()),
            refresh_started: None,
        };
        Box::pin(async { Ok(()) })
    }

    fn keeps(&self, _: &str) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(!self.forgotten.load(Ordering::SeqCst)))
    }

    fn refresh_started(
        &self,
        _: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.stored.lock().unwrap().refresh_started = Some(at);
        Box::pin(async { Ok(()) })
    }

    fn refresh_ended(&self, _: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.stored.lock().unwrap().refresh_started = None;
        Box::pin(async { Ok(()) })
    }

    fn forget(&self, _: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        *self.stored.lock().unwrap() = Stored::default();
        Box::pin(async { Ok(()) })
    }
}

/// An account that somebody signed in to, at a token endpoint that rotates refresh tokens and answers with what it is told besides.
struct Bench {
    rig: Rig,
    transport: Transport,
    disk: Arc<Disk>,
    clock: Arc<Hands>,
    asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<Value>>,
    /// What the provider was told to end.
    ended: Arc<Mutex<Vec<String>>>,
}

impl Bench {
    async fn new() -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let answer = Arc::new(Mutex::new(json!({})));
        let (count, told) = (Arc::clone(&asked), Arc::clone(&answer));
        let token = move |Form(form): Form<HashMap<String, String>>| async move {
            let number = 1 + count.fetch_add(1, Ordering::SeqCst);
            if form["refresh_token"] != format!("r,{number}=") {
                let refused = json!({"error": "invalid_grant"});
                return (StatusCode::BAD_REQUEST, Json(refused)).into_response();
            }
            let mut answer = json!({
                "access_token": format!("a{number}"), "expires_in": 60,
                "refresh_token": format!("r,{}=", number + 1), "realm": "7",
            });
            for (name, value) in told.lock().unwrap().as_object().unwrap() {
                answer[name] = value.clone();
            }
            Json(answer).into_response()
        };
        let ended = Arc::new(Mutex::new(Vec::new()));
        let told_to_end = Arc::clone(&ended);
        let revoke = move |Form(form): Form<HashMap<String, String>>| async move {
            told_to_end.lock().unwrap().push(form["token"].clone());
            Json(json!({}))
        };
        let router = Router::new().route("/token", post(token));
        let url = serve(router.route("/revoke", post(revoke))).await;
        let keep = |pointer: &str| json!({"from": "token_response", "pointer": pointer});
        let members = json!({
            "auth": {
                "grants": [{"grant": "authorization_code", "client_auth": {"method": "public"},
                    "authorize_url": "{{config.instance_url}}/authorize"}],
                "token": token_at(json!({"refresh": {"rotates": true},
                    "revoke_url": "{{config.instance_url}}/revoke",
                    "keep": {"realm": keep("/realm"), "instance": keep("/instance")}})),
            },
            "base_url": "{{token.instance}}/api",
        });
        let clock = Hands::new();
        let mut rig = Rig::new(definition(members), GrantKind::AuthorizationCode, &url);
        rig.secret("client_id", "id");
        rig.clock = clock.clone();
        let disk = Arc::new(Disk::default());
        disk.stored.lock().unwrap().token = Some(Token {
            access_token: Secret::from("old".to_owned()),
            obtained_at: clock.now(),
            expires_at: clock.now().checked_add(Duration::from_mins(1)).ok(),
            no_expiry: false,
            scopes: None,
            refresh: Some(Refresh {
                token: Secret::from("r,1=".to_owned()),
                obtained_at: clock.now(),
            }),
            kept: BTreeMap::from([("instance".to_owned(), url)]),
        });
        let transport = Transport::new(rig.settings.clone()).unwrap();
        Self {
            rig,
            transport,
            disk,
            clock,
            asked,
            answer,
            ended,
        }
    }

    /// Each operation of the product has a client of its own.
    fn client(&self) -> AccountClient {
        AccountClient::new(
            self.rig.profile(),
            &self.transport,
            &self.rig.budgets,
            self.disk.clone(),
            self.clock.clone(),
        )
        .unwrap()
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_stored_is_stored_before_another_is_asked_for() {
    let bench = Bench::new().await;
    let context = bench.rig.context();
    bench.clock.turn(Duration::from_secs(50));
    bench.disk.fill(true);
    // The old one is valid for ten more seconds.
    let used = bench.client().tokens().current(&context).await.unwrap();
    assert_eq!(used.unwrap().access_token.expose(), "old");
    let error = bench.client().tokens().renew(&context).await.unwrap_err();
    assert_eq!((error.code(), bench.asked()), ("token_store", 1));
    assert_eq!(bench.disk.refresh_token(), "r,1=");

    bench.disk.fill(false);
    let rescued = bench.client().tokens().current(&context).await.unwrap();
    assert_eq!(rescued.unwrap().access_token.expose(), "a1");
    assert_eq!(
        (bench.disk.refresh_token(), bench.asked()),
        ("r,2=".to_owned(), 1)
    );
    assert_eq!(bench.disk.stored.lock().unwrap().refresh_started, None);
    // And the next is asked for with it.
    bench.client().tokens().renew(&context).await.unwrap();
    assert_eq!(
        (bench.disk.refresh_token(), bench.asked()),
        ("r,3=".to_owned(), 2)
    );
}

#[tokio::test]
async fn a_token_that_waits_to_be_stored_takes_no_newer_ones_place() {
    let bench = Bench::new().await;
    let context = bench.rig.context();
    bench.disk.fill(true);
    bench.client().tokens().renew(&context).await.unwrap_err();
    bench.disk.fill(false);
    // Somebody signs in again, through another program.
    bench.clock.turn(Duration::from_secs(1));
    let mut anew = bench.disk.stored.lock().unwrap().token.clone().unwrap();
    anew.access_token = Secret::from("anew".to_owned());
    anew.obtained_at = bench.clock.now();
    bench.disk.save("account-1", &anew).await.unwrap();
    let used = bench.client().tokens().current(&context).await.unwrap();
    assert_eq!(used.unwrap().access_token.expose(), "anew");
    assert_eq!(bench.disk.access_token(), "anew");

    // What was forgotten does not come back either.
    let bench = Bench::new().await;
    bench.disk.fill(true);
    bench.client().tokens().renew(&context).await.unwrap_err();
    bench.disk.fill(false);
    bench.client().tokens().forget().await.unwrap();
    let error = bench.client().tokens().current(&context).await.unwrap_err();
    assert_eq!(error.code(), "needs_reauth");
}

#[tokio::test]
async fn a_token_received_for_a_forgotten_account_is_ended_at_the_provider() {
    let bench = Bench::new().await;
    let context = bench.rig.context();
    bench.disk.fill(true);
    bench.disk.forgotten.store(true, Ordering::SeqCst);
    let error = bench.client().tokens().renew(&context).await.unwrap_err();
    assert_eq!((error.code(), bench.asked()), ("token_store", 1));
    assert_eq!(*bench.ended.lock().unwrap(), ["r,2=", "a1"]);
    let calls = bench.rig.calls.take();
    let told = calls
        .iter()
        .filter(|call| call.endpoint.ends_with("/revoke"));
    assert_eq!(told.count(), 2, "{calls:?}");

    // Nor does it wait for credentials that come later.
    bench.disk.fill(false);
    bench.disk.forgotten.store(false, Ordering::SeqCst);
    let used = bench.client().tokens().current(&context).await.unwrap();
    assert_eq!(used.unwrap().access_token.expose(), "old");
}

#[tokio::test]
async fn a_refresh_token_is_kept_whatever_is_wrong_with_its_answer() {
    for (answer, code) in [
        (json!({"access_token": null}), "token_answer"),
        (json!({"access_token": 7}), "token_answer"),
        (json!({"realm": null}), "token_answer"),
        (
            json!({"instance": "https://evil.example"}),
            "host_not_declared",
        ),
        (
            json!({"instance": "http://a.stub.example"}),
            "invalid_setting",
        ),
    ] {
        let bench = Bench::new().await;
        let context = bench.rig.context();
        *bench.answer.lock().unwrap() = answer.clone();
        let error = bench.client().tokens().renew(&context).await.unwrap_err();
        assert_eq!(error.code(), code, "{answer}: {error}");
        assert_eq!(
            (bench.disk.refresh_token(), bench.disk.access_token()),
            ("r,2=".to_owned(), "old".to_owned()),
            "{answer}"
        );
        assert_eq!(bench.disk.stored.lock().unwrap().refresh_started, None);
        // Mended, it goes on from there.
        *bench.answer.lock().unwrap() = json!({});
        let renewed = bench.client().tokens().renew(&context).await.unwrap();
        assert_eq!(renewed.access_token.expose(), "a2", "{answer}");
        assert_eq!(bench.disk.refresh_token(), "r,3=");
    }
}
