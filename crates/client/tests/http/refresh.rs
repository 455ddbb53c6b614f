//! Refresh tokens: marked, rotated, stored, and explained when they end.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use crosswalk_client::{
    Clock, Exclusive, ListRequest, Refresh, Stored, Token, TokenStore, TokenStoreError,
};
use crosswalk_connector::GrantKind;
use crosswalk_vault::Secret;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;

use crate::hands::Hands;
use crate::issuer::{Issuer, stub, token_at};
use crate::rig::serve;

/// A store that keeps a diary.
#[derive(Default)]
struct Diary {
    stored: Mutex<Stored>,
    entries: Arc<Mutex<Vec<String>>>,
}

impl TokenStore for Diary {
    fn exclusive(&self, _: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>> {
        Box::pin(async { Ok(Box::new(()) as Exclusive) })
    }

    fn load(&self, _: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        let stored = self.stored.lock().unwrap().clone();
        Box::pin(async move { Ok(stored) })
    }

    fn save(&self, _: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let refresh = token
            .refresh
            .as_ref()
            .map(|refresh| refresh.token.expose().to_owned());
        self.entries
            .lock()
            .unwrap()
            .push(format!("saved {}", refresh.unwrap_or_default()));
        *self.stored.lock().unwrap() = Stored {
            token: Some(token.clone()),
            refresh_started: None,
        };
        Box::pin(async { Ok(()) })
    }

    fn refresh_started(
        &self,
        _: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.entries
            .lock()
            .unwrap()
            .push("refresh started".to_owned());
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

fn signed_in(obtained_at: Timestamp) -> Token {
    Token {
        access_token: Secret::from("old".to_owned()),
        obtained_at,
        expires_at: obtained_at.checked_add(Duration::from_mins(1)).ok(),
        no_expiry: false,
        scopes: None,
        refresh: Some(Refresh {
            token: Secret::from("r1".to_owned()),
            obtained_at,
        }),
        kept: BTreeMap::from([("realm".to_owned(), "42".to_owned())]),
    }
}

#[tokio::test]
async fn a_refresh_is_marked_before_it_is_sent_and_its_token_stored_before_it_is_used() {
    let diary = Arc::new(Diary::default());
    let entries = diary.entries.clone();
    let asked = Arc::new(AtomicUsize::new(0));
    let token = {
        let (entries, asked) = (entries.clone(), asked.clone());
        move |Form(form): Form<HashMap<String, String>>| async move {
            entries.lock().unwrap().push(format!(
                "asked with {} {}",
                form["grant_type"], form["refresh_token"]
            ));
            match asked.fetch_add(1, Ordering::SeqCst) {
                0 => Json(json!({"access_token": "new", "refresh_token": "r2", "expires_in": 60}))
                    .into_response(),
                // Some providers give no new refresh token: the old one stays.
                1 => Json(json!({"access_token": "newer", "expires_in": 60})).into_response(),
                _ => (
                    StatusCode::BAD_REQUEST,
                    Json(json!({"error": "invalid_grant"})),
                )
                    .into_response(),
            }
        }
    };
    let note = entries.clone();
    let used = move |request: Request| async move {
        note.lock().unwrap().push(format!(
            "used {}",
            request.headers()["authorization"].to_str().unwrap()
        ));
        Json(json!([{"id": 1}]))
    };
    let url = serve(
        Router::new()
            .route("/token", post(token))
            .route("/list", get(used)),
    )
    .await;
    let auth = json!({"token": token_at(json!({"keep": {"realm": {"from": "redirect", "param": "realm"}}, "refresh": {"rotates": true}})), "grants": [
        {"grant": "authorization_code", "client_auth": {"method": "public"}, "authorize_url": "{{config.instance_url}}/authorize"}]});
    let clock = Hands::new();
    let mut rig = stub(auth, &url, GrantKind::AuthorizationCode);
    rig.clock = clock.clone();
    diary.stored.lock().unwrap().token = Some(signed_in(clock.now()));
    let transport = crosswalk_client::Transport::new(rig.settings.clone()).unwrap();
    let open = || {
        crosswalk_client::AccountClient::new(
            rig.profile(),
            &transport,
            &rig.budgets,
            diary.clone(),
            clock.clone(),
        )
        .unwrap()
    };
    let client = open();
    let read = |client: crosswalk_client::AccountClient| {
        let context = rig.context();
        async move {
            client
                .list_page("list", &ListRequest::default(), &context)
                .await
        }
    };
    clock.turn(Duration::from_secs(50));
    let (one, two) = tokio::join!(read(client.clone()), read(client.clone()));
    assert!(one.is_ok() && two.is_ok());
    let told = std::mem::take(&mut *entries.lock().unwrap());
    assert_eq!(
        told,
        [
            "refresh started",
            "asked with refresh_token r1",
            "saved r2",
            "used Bearer new",
            "used Bearer new"
        ]
    );
    assert_eq!(
        client.tokens().peek().await.unwrap().unwrap().kept["realm"],
        "42"
    );

    clock.turn(Duration::from_secs(50));
    read(client.clone()).await.unwrap();
    let told = std::mem::take(&mut *entries.lock().unwrap());
    assert_eq!(
        told,
        [
            "refresh started",
            "asked with refresh_token r2",
            "saved r2",
            "used Bearer newer"
        ]
    );

    clock.turn(Duration::from_secs(50));
    let error = read(client).await.unwrap_err();
    assert_eq!(error.code(), "needs_reauth");
    // A refusal is an end: nothing is left open by it.
    assert_eq!(diary.stored.lock().unwrap().refresh_started, None);
    // A process died in the middle of a refresh: the old token is tried once, and the reason said.
    diary.stored.lock().unwrap().refresh_started = Some(clock.now());
    let error = read(open()).await.unwrap_err();
    assert!(error.to_string().contains("interrupted"), "{error}");
    assert_eq!(
        entries
            .lock()
            .unwrap()
            .iter()
            .filter(|entry| entry.starts_with("asked"))
            .count(),
        2
    );
}

/// A rig on a token endpoint that answers the n-th request, counted from 1, when it was let go, with the refresh token
/// `r<n + 1>`.
async fn slow_endpoint() -> (
    crate::rig::Rig,
    Arc<Diary>,
    Arc<Hands>,
    Arc<tokio::sync::Semaphore>,
    Arc<AtomicUsize>,
) {
    let (gate, asked) = (
        Arc::new(tokio::sync::Semaphore::new(0)),
        Arc::new(AtomicUsize::new(0)),
    );
    let (let_go, count) = (gate.clone(), asked.clone());
    let token = move |Form(form): Form<HashMap<String, String>>| async move {
        let number = 1 + count.fetch_add(1, Ordering::SeqCst);
        let_go.acquire().await.unwrap().forget();
        if form["refresh_token"] != format!("r{number}") {
            return (
                StatusCode::BAD_REQUEST,
                Json(json!({"error": "invalid_grant"})),
            )
                .into_response();
        }
        let answer = json!({"access_token": format!("a{number}"), "refresh_token": format!("r{}", number + 1), "expires_in": 60});
        Json(answer).into_response()
    };
    let url = serve(Router::new().route("/token", post(token))).await;
    let auth = json!({"token": token_at(json!({"refresh": {"rotates": true}})), "grants": [
        {"grant": "authorization_code", "client_auth": {"method": "public"}, "authorize_url": "{{config.instance_url}}/authorize"}]});
    let clock = Hands::new();
    let mut rig = stub(auth, &url, GrantKind::AuthorizationCode);
    rig.clock = clock.clone();
    let diary = Arc::new(Diary::default());
    diary.stored.lock().unwrap().token = Some(signed_in(clock.now()));
    (rig, diary, clock, gate, asked)
}

#[tokio::test]
async fn a_refresh_whose_caller_gave_up_is_carried_out_and_its_token_kept() {
    let (rig, diary, clock, gate, asked) = slow_endpoint().await;
    let transport = crosswalk_client::Transport::new(rig.settings.clone()).unwrap();
    let client = crosswalk_client::AccountClient::new(
        rig.profile(),
        &transport,
        &rig.budgets,
        diary.clone(),
        clock.clone(),
    )
    .unwrap();
    let context = rig.context();
    let tokens = client.tokens();
    tokio::select! {
        _ = tokens.renew(&context) => panic!("it was let go by nobody"),
        () = async { while asked.load(Ordering::SeqCst) == 0 { tokio::task::yield_now().await } } => {}
    }
    gate.add_permits(1);
    // What the program does before it ends.
    transport.settle().await;
    let kept = diary.stored.lock().unwrap().clone();
    let refresh = kept.token.and_then(|token| token.refresh).unwrap();
    assert_eq!(refresh.token.expose(), "r2");
    assert_eq!(kept.refresh_started, None);
}

#[tokio::test]
async fn renewals_asked_for_while_one_is_on_its_way_share_it_and_a_later_one_does_not() {
    let (rig, diary, clock, gate, asked) = slow_endpoint().await;
    let store = Arc::new(OneAtATime {
        diary,
        turn: Arc::default(),
        waiting: AtomicUsize::new(0),
    });
    let transport = crosswalk_client::Transport::new(rig.settings.clone()).unwrap();
    // Four clients of one store, as four processes are.
    let open = || {
        crosswalk_client::AccountClient::new(
            rig.profile(),
            &transport,
            &rig.budgets,
            store.clone(),
            clock.clone(),
        )
        .unwrap()
    };
    let clients: Vec<_> = (0..4).map(|_| open()).collect();
    let context = rig.context();
    let renewals = clients.iter().map(|client| client.tokens().renew(&context));
    let everybody_waits = async {
        while store.waiting.load(Ordering::SeqCst) < 4 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(1);
    };
    let (renewed, ()) = tokio::join!(futures_util::future::join_all(renewals), everybody_waits);
    for token in renewed {
        assert_eq!(token.unwrap().access_token.expose(), "a1");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    gate.add_permits(2);
    let known = clock.now();
    let later = open().tokens().renew(&context).await.unwrap();
    assert_eq!(later.access_token.expose(), "a2");
    // The runner renews the token it saw fall due, and no other.
    clock.turn(Duration::from_secs(1));
    let due = open().tokens().renew_since(known, &context).await.unwrap();
    assert_eq!(due.access_token.expose(), "a3");
    let replaced = open().tokens().renew_since(known, &context).await.unwrap();
    assert_eq!(replaced.access_token.expose(), "a3");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

/// A client of an account that was signed in to, at a token endpoint.
async fn client_of(
    issuer: &Issuer,
    diary: &Arc<Diary>,
    clock: &Arc<Hands>,
) -> (crosswalk_client::AccountClient, crate::rig::Rig) {
    let auth = json!({"token": token_at(json!({"refresh": {"rotates": true}})), "grants": [
        {"grant": "authorization_code", "client_auth": {"method": "public"}, "authorize_url": "{{config.instance_url}}/authorize"}]});
    let mut rig = stub(auth, &issuer.serve().await, GrantKind::AuthorizationCode);
    rig.clock = clock.clone();
    let transport = crosswalk_client::Transport::new(rig.settings.clone()).unwrap();
    let client = crosswalk_client::AccountClient::new(
        rig.profile(),
        &transport,
        &rig.budgets,
        diary.clone(),
        clock.clone(),
    )
    .unwrap();
    (client, rig)
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_is_as_old_as_it_was() {
    for (answered, is_new) in [(Some("r1"), false), (Some("r2"), true), (None, false)] {
        let mut answer = json!({"access_token": "new", "expires_in": 60});
        if let Some(answered) = answered {
            answer["refresh_token"] = json!(answered);
        }
        let issuer = Issuer::answering(200, answer);
        let (diary, clock) = (Arc::new(Diary::default()), Hands::new());
        let (client, rig) = client_of(&issuer, &diary, &clock).await;
        let first = clock.now();
        diary.stored.lock().unwrap().token = Some(signed_in(first));
        clock.turn(Duration::from_secs(50));
        let token = client.tokens().renew(&rig.context()).await.unwrap();
        let since = token.refresh.as_ref().unwrap().obtained_at;
        let expected = if is_new { clock.now() } else { first };
        assert_eq!(since, expected, "{answered:?}");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_is_said_to_have_ended_only_when_it_has() {
    let issuer = Issuer::answering(500, json!({}));
    let (diary, clock) = (Arc::new(Diary::default()), Hands::new());
    let (client, rig) = client_of(&issuer, &diary, &clock).await;
    diary.stored.lock().unwrap().token = Some(Token {
        refresh: None,
        ..signed_in(clock.now())
    });
    for (passes, ended) in [(50, false), (20, true)] {
        clock.turn(Duration::from_secs(passes));
        let error = client.tokens().renew(&rig.context()).await.unwrap_err();
        assert_eq!(error.code(), "needs_reauth");
        assert_eq!(error.to_string().contains("has ended"), ended, "{error}");
    }
}

/// A diary that one at a time writes in.
struct OneAtATime {
    diary: Arc<Diary>,
    turn: Arc<tokio::sync::Mutex<()>>,
    waiting: AtomicUsize,
}

impl TokenStore for OneAtATime {
    fn exclusive(&self, _: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let turn = Arc::clone(&self.turn);
        Box::pin(async move { Ok(Box::new(turn.lock_owned().await) as Exclusive) })
    }

    fn load(&self, account: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        self.diary.load(account)
    }

    fn save(&self, account: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.diary.save(account, token)
    }

    fn refresh_started(
        &self,
        account: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.diary.refresh_started(account, at)
    }

    fn refresh_ended(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.diary.refresh_ended(account)
    }

    fn forget(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.diary.forget(account)
    }
}
