//! An instance address that comes with the token: declared, approved once, and held to.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::any;
use axum::{Json, Router};
use crosswalk_client::ListRequest;
use crosswalk_connector::{ApprovedOrigins, GrantKind};
use serde_json::json;

use crate::rig::{Rig, definition, serve};
use crate::secrets::{client_credentials, first_page, plain_list, stranger};

#[tokio::test]
async fn an_instance_address_that_comes_with_a_token_must_be_declared() {
    let (elsewhere, seen) = stranger().await;
    let answers = Arc::new(Mutex::new(String::new()));
    let token = |State(answers): State<Arc<Mutex<String>>>| async move {
        Json(
            json!({"access_token": "t-canary", "expires_in": 60, "instance": *answers.lock().unwrap()}),
        )
    };
    let url = serve(
        Router::new()
            .route("/token", any(token))
            .with_state(answers.clone()),
    )
    .await;
    let mut auth = client_credentials();
    auth["token"]["keep"] =
        json!({"instance_url": {"from": "token_response", "pointer": "/instance"}});
    let members =
        json!({"auth": auth, "base_url": "{{token.instance_url}}/api", "resources": plain_list()});
    let mut rig = Rig::new(definition(members), GrantKind::ClientCredentials, &url);
    rig.secret("client_id", "id");
    rig.secret("client_secret", "secret");
    for (instance, code) in [
        ("https://evil.example", "host_not_declared"),
        ("http://a.stub.example", "invalid_setting"),
        ("https://a.stub.example.evil.example", "host_not_declared"),
        ("https://a.stub.example@evil.example", "invalid_setting"),
        ("", "invalid_setting"),
    ] {
        instance.clone_into(&mut answers.lock().unwrap());
        let error = first_page(&rig).await;
        assert_eq!(error.code(), code, "{instance}: {error}");
        let kept = crosswalk_client::TokenStore::load(&*rig.store, "account-1")
            .await
            .unwrap();
        assert!(
            kept.token.is_none(),
            "a token that leads astray is not kept"
        );
    }
    // Tokens that came from this machine may lead to it, as in a rehearsal, once that was approved.
    elsewhere.clone_into(&mut answers.lock().unwrap());
    assert_eq!(first_page(&rig).await.code(), "origin_not_approved");
    assert!(seen.lock().unwrap().is_empty());
    let origin = rig.client().unapproved_instance().await.unwrap().unwrap();
    assert_eq!(origin.to_string(), elsewhere);
    let approved = || {
        let mut profile = rig.profile();
        let origins = profile.trust.origins.iter().cloned();
        profile.trust.origins = ApprovedOrigins::new(origins.chain([origin.clone()]));
        rig.client_of(profile).unwrap()
    };
    let page = approved()
        .list_page("list", &ListRequest::default(), &rig.context())
        .await
        .unwrap();
    assert_eq!(page.records[0].id, "666");
    assert_eq!(
        seen.lock().unwrap().as_slice(),
        ["GET /api/list Some(Sensitive)"].map(|it| it.replace("Sensitive", "\"Bearer t-canary\""))
    );
    // Another token that leads to another instance, declared or not, is not followed there.
    let (another, untouched) = stranger().await;
    another.clone_into(&mut answers.lock().unwrap());
    let client = approved();
    client.tokens().renew(&rig.context()).await.unwrap();
    let error = client
        .list_page("list", &ListRequest::default(), &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "origin_not_approved");
    assert!(
        error.hint().contains("test the connection"),
        "{}",
        error.hint()
    );
    assert_eq!(client.unapproved_instance().await.unwrap(), None);
    assert!(untouched.lock().unwrap().is_empty());
}
