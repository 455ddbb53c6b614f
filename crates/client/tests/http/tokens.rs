//! Tokens: one for each account, kept, renewed in time, rested before use.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use crosswalk_client::{ClientError, Clock, ListRequest, Token, TokenStore};
use crosswalk_connector::GrantKind;
use crosswalk_sandbox::{Fault, Resource, Sandbox, SandboxConfig};
use crosswalk_vault::Secret;
use serde_json::json;

use crate::hands::Hands;
use crate::rig::{Rig, definition, serve};

async fn read(rig: &Rig) -> Result<crosswalk_client::Page, ClientError> {
    rig.client().read_probe("invoices", &rig.context()).await
}

#[tokio::test]
async fn one_token_serves_all_calls_and_clients() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests().with(Resource::Invoices, 10))
        .await
        .unwrap();
    let rig = Rig::on(&sandbox);
    let client = rig.client();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, context) = (client.clone(), rig.context());
        tasks.spawn(async move { client.read_probe("invoices", &context).await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(sandbox.stats().token_requests, 1);
    // Another process, as it were: the token is in the store.
    read(&rig).await.unwrap();
    assert_eq!(sandbox.stats().token_requests, 1);
    // Revoked while twenty calls are on their way: one new token.
    sandbox.revoke_tokens();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, context) = (client.clone(), rig.context());
        tasks.spawn(async move { client.read_probe("invoices", &context).await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(sandbox.stats().token_requests, 2);
}

#[tokio::test]
async fn a_token_is_renewed_at_the_connectors_age() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests().with(Resource::Invoices, 10))
        .await
        .unwrap();
    let clock = Hands::new();
    let mut rig = Rig::on(&sandbox);
    rig.clock = clock.clone();
    let client = rig.client();
    client.read_probe("invoices", &rig.context()).await.unwrap();
    let token = client.tokens().peek().await.unwrap().unwrap();
    let endpoint = rig.definition.connector.auth.token.clone().unwrap();
    assert_eq!(
        token.renew_at(&endpoint),
        Some("2026-11-21T18:00:00Z".parse().unwrap())
    );
    clock.turn(Duration::from_secs(20 * 3600 - 1));
    client.read_probe("invoices", &rig.context()).await.unwrap();
    assert_eq!(sandbox.stats().token_requests, 1);
    clock.turn(Duration::from_secs(1));
    // The provider is down for a moment, or a page for people is there: the old token still has four hours.
    let down = Fault::Status {
        status: 503,
        retry_after: None,
    };
    for (requests, fault) in [
        (3, down),
        (1, Fault::Html { status: 200 }),
        (3, Fault::Html { status: 502 }),
    ] {
        let before = sandbox.stats().token_requests;
        sandbox.fail_next_token(requests, &fault);
        // Not every call asks an endpoint that is down.
        for _ in 0..3 {
            client.read_probe("invoices", &rig.context()).await.unwrap();
        }
        assert_eq!(client.tokens().peek().await.unwrap().unwrap(), token);
        let asked = sandbox.stats().token_requests - before;
        assert_eq!(asked, requests as u64, "{fault:?}");
        clock.turn(Duration::from_mins(1));
    }
    client.read_probe("invoices", &rig.context()).await.unwrap();
    assert_ne!(client.tokens().peek().await.unwrap().unwrap(), token);
}

#[tokio::test]
async fn a_token_that_is_still_valid_serves_while_its_endpoint_is_out_of_reach() {
    let used = |headers: HeaderMap| async move {
        Json(json!([{"id": headers["authorization"].to_str().unwrap()}]))
    };
    let url = serve(Router::new().route("/list", get(used))).await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let members = json!({
        "config": [
            {"key": "instance_url", "label": "URL", "kind": "url"},
            {"key": "token_url", "label": "Tokens", "kind": "url"},
        ],
        "auth": {
            "grants": [{"grant": "client_credentials", "client_auth": {"method": "body"}}],
            "token": {"url": "{{config.token_url}}/token", "renew_at": "20h"},
        },
        "resources": {"list": {
            "label": "L", "id": "id", "operations": {"list": {"path": "/list"}}, "pagination": {"kind": "none"},
        }},
    });
    let clock = Hands::new();
    let mut rig = Rig::new(definition(members), GrantKind::ClientCredentials, &url);
    rig.config.insert("token_url".to_owned(), nobody);
    rig.secret("client_id", "id");
    rig.secret("client_secret", "secret");
    rig.clock = clock.clone();
    let token = Token {
        access_token: Secret::from("old".to_owned()),
        obtained_at: clock.now(),
        expires_at: clock.now().checked_add(Duration::from_hours(24)).ok(),
        no_expiry: false,
        scopes: None,
        refresh: None,
        kept: BTreeMap::new(),
    };
    rig.store.save("account-1", &token).await.unwrap();
    let read = || async {
        let client = rig.client();
        client
            .list_page("list", &ListRequest::default(), &rig.context())
            .await
    };
    clock.turn(Duration::from_hours(21));
    assert_eq!(read().await.unwrap().records[0].id, "Bearer old");
    clock.turn(Duration::from_hours(4));
    assert_eq!(read().await.unwrap_err().code(), "tcp_refused");
}

#[tokio::test]
async fn a_new_token_rests_before_its_first_use() {
    let config = SandboxConfig {
        settle: Duration::from_millis(150),
        ..SandboxConfig::for_tests().with(Resource::Invoices, 10)
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let mut rig = Rig::on(&sandbox);
    let settle = crosswalk_connector::Period::parse("200ms").unwrap();
    rig.definition.connector.auth.token.as_mut().unwrap().settle = Some(settle);
    let started = std::time::Instant::now();
    assert_eq!(read(&rig).await.unwrap().requests, 1, "no 401 on the way");
    assert!(started.elapsed() >= Duration::from_millis(200));
    let started = std::time::Instant::now();
    read(&rig).await.unwrap();
    assert!(
        started.elapsed() < Duration::from_millis(190),
        "an old token does not rest again"
    );
}
