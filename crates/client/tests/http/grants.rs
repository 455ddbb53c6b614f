//! The grants a machine carries out alone, as the definition words them.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use crosswalk_client::{ListRequest, TokenStore};
use crosswalk_connector::GrantKind;
use serde_json::{Value, json};

use crate::issuer::{Issuer, list, stub, token_at};
use crate::rig::serve;

#[tokio::test]
async fn client_credentials_in_the_body_and_as_basic() {
    let issuer = Issuer::answering(
        200,
        json!({"access_token": "abc", "token_type": "Bearer", "expires_in": "60", "scope": "a.read,b.read"}),
    );
    let url = issuer.serve().await;
    let auth = json!({"grants": [{"grant": "client_credentials", "client_auth": {"method": "body"}, "params": {"audience": "{{config.instance_url}}"}}],
        "token": token_at(json!({}))});
    let rig = stub(auth, &url, GrantKind::ClientCredentials);
    assert_eq!(list(&rig).await.unwrap(), "Bearer abc");
    let (headers, form) = issuer.last();
    assert!(!headers.contains_key("authorization"));
    let form: BTreeMap<_, _> = form.into_iter().collect();
    let expected = [
        ("audience", url.as_str()),
        ("client_id", "the client"),
        ("client_secret", "s/cret"),
        ("grant_type", "client_credentials"),
        ("scope", "a.read b.read"),
    ];
    assert_eq!(
        form,
        expected
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    );
    let kept = rig.store.load("account-1").await.unwrap().token.unwrap();
    assert_eq!(
        kept.scopes,
        Some(vec!["a.read".to_owned(), "b.read".to_owned()])
    );
    assert!(!kept.no_expiry);

    // Another word for the grant, the client as Basic, a second key on every call, scopes not sent, a token elsewhere in the answer.
    issuer.answer(200, json!({"data": {"jwt": "xyz"}}));
    let auth = json!({
        "grants": [{"grant": "client_credentials", "client_auth": {"method": "basic"}, "grant_type": "openapi_2lo"}],
        "headers": {"apiKey": "{{credential.application_key}}", "X-Optional": "{{credential.absent}}"},
        "access": {"header": "Authorization", "value": "JWT {{token.access_token}}"},
        "token": token_at(json!({"scope_param": null, "access_token": "/data/jwt", "headers": {"X-Key": "{{credential.application_key}}"}})),
    });
    let mut rig = stub(auth, &url, GrantKind::ClientCredentials);
    rig.secret("application_key", "app-key");
    let page = rig
        .client()
        .list_page("list", &ListRequest::default(), &rig.context())
        .await
        .unwrap();
    assert_eq!(
        page.records[0].raw.as_ref(),
        br#"{"id":"JWT xyz","key":"app-key"}"#
    );
    let (headers, form) = issuer.last();
    // RFC 6749, 2.3.1: both halves are form-encoded before they are joined.
    assert_eq!(
        headers["authorization"],
        "Basic dGhlK2NsaWVudDpzJTJGY3JldA=="
    );
    assert_eq!(headers["x-key"], "app-key");
    assert_eq!(
        form,
        HashMap::from([("grant_type".to_owned(), "openapi_2lo".to_owned())])
    );
    let kept = rig.store.load("account-1").await.unwrap().token.unwrap();
    assert!(kept.no_expiry && kept.expires_at.is_none());
}

#[tokio::test]
async fn a_signed_assertion_in_place_of_a_secret() {
    let issuer = Issuer::answering(200, json!({"access_token": "abc", "expires_in": 60}));
    let url = issuer.serve().await;
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let auth = json!({"token": token_at(json!({})), "grants": [{"grant": "client_credentials", "client_auth": {"method": "jwt_assertion",
        "algorithms": ["PS256", "ES256"], "claims": {"iss": "{{credential.client_id}}", "aud": "{{config.instance_url}}/token"},
        "scope_claim": "scope", "headers": {"kid": "{{credential.key_id}}"}, "lifetime": "5m"}}]});
    let mut rig = stub(auth, &url, GrantKind::ClientCredentials);
    rig.secret("private_key", &pair.serialize_pem());
    rig.secret("key_id", "k-1");
    list(&rig).await.unwrap();
    let (_, form) = issuer.last();
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert!(!form.contains_key("client_secret"));
    let mut checks = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    checks.set_audience(&[format!("{url}/token")]);
    checks.set_issuer(&["the client"]);
    let key = jsonwebtoken::DecodingKey::from_ec_pem(pair.public_key_pem().as_bytes()).unwrap();
    let signed = jsonwebtoken::decode::<Value>(&form["client_assertion"], &key, &checks).unwrap();
    assert_eq!(
        (
            signed.header.kid.as_deref(),
            signed.claims["scope"].as_str()
        ),
        (Some("k-1"), Some("a.read b.read"))
    );
    assert_eq!(
        signed.claims["exp"].as_i64().unwrap() - signed.claims["iat"].as_i64().unwrap(),
        300
    );
    assert!(signed.claims["jti"].is_string());
    rig.secret("private_key", "no key");
    rig.store.forget("account-1").await.unwrap();
    assert_eq!(list(&rig).await.unwrap_err().code(), "signing");
}

#[tokio::test]
async fn the_first_algorithm_that_fits_an_rsa_key_signs() {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::signature::KeyPair as _;
    use base64::Engine;
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let encoded = |der: &[u8]| base64::engine::general_purpose::STANDARD.encode(der);
    let private = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        encoded(pair.as_der().unwrap().as_ref())
    );
    let public = pair.public_key().as_der().unwrap();
    let public = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        encoded(public.as_ref())
    );
    for (algorithms, used) in [
        (["ES256", "PS256"], jsonwebtoken::Algorithm::PS256),
        (["RS256", "PS256"], jsonwebtoken::Algorithm::RS256),
    ] {
        let issuer = Issuer::answering(200, json!({"access_token": "abc", "expires_in": 60}));
        let url = issuer.serve().await;
        let auth = json!({"token": token_at(json!({})), "grants": [{"grant": "client_credentials", "client_auth": {"method": "jwt_assertion",
            "algorithms": algorithms, "claims": {"iss": "{{credential.client_id}}"}, "lifetime": "5m", "param": "assertion"}}]});
        let mut rig = stub(auth, &url, GrantKind::ClientCredentials);
        rig.secret("private_key", &private);
        list(&rig).await.unwrap();
        let (_, form) = issuer.last();
        assert!(
            !form.contains_key("client_assertion_type"),
            "the provider has its own parameter"
        );
        let key = jsonwebtoken::DecodingKey::from_rsa_pem(public.as_bytes()).unwrap();
        let mut checks = jsonwebtoken::Validation::new(used);
        checks.validate_aud = false;
        jsonwebtoken::decode::<Value>(&form["assertion"], &key, &checks).unwrap();
    }
}

#[tokio::test]
async fn grants_without_a_token() {
    let url = Issuer::default().serve().await;
    let header = json!({"grants": [{"grant": "api_key", "header": "Authorization", "value": "Key {{credential.api_key}}"}]});
    let mut rig = stub(header, &url, GrantKind::ApiKey);
    rig.secret("api_key", "k");
    assert_eq!(list(&rig).await.unwrap(), "Key k");
    assert!(!rig.client().tokens().uses_tokens());
    let basic = json!({"grants": [{"grant": "basic", "user": "{{credential.email}}/token", "password": "{{credential.api_key}}", "credentials": []}]});
    let mut rig = stub(basic, &url, GrantKind::Basic);
    rig.secret("email", "a@b.example");
    rig.secret("api_key", "k");
    assert_eq!(
        list(&rig).await.unwrap(),
        "Basic YUBiLmV4YW1wbGUvdG9rZW46aw=="
    );
    rig.credential.shift_remove("email");
    assert_eq!(list(&rig).await.unwrap_err().code(), "missing_setting");
    // A refused key is nothing a new token could mend.
    let refusing = serve(Router::new().fallback(any(|| async { StatusCode::UNAUTHORIZED }))).await;
    let mut rig = stub(
        json!({"grants": [{"grant": "api_key", "header": "X-Key"}]}),
        &refusing,
        GrantKind::ApiKey,
    );
    rig.secret("api_key", "k");
    assert_eq!(list(&rig).await.unwrap_err().code(), "needs_reauth");
    assert_eq!(rig.calls.take().len(), 1);
}

#[tokio::test]
async fn answers_that_are_no_token_are_named() {
    let issuer = Issuer::default();
    let url = issuer.serve().await;
    let auth = json!({"grants": [{"grant": "client_credentials", "client_auth": {"method": "body"}}], "token": token_at(json!({}))});
    let rig = stub(auth, &url, GrantKind::ClientCredentials);
    let table = [
        (
            400,
            json!({"error": "invalid_client", "error_description": "no such client, s/cret"}),
            "auth_refused",
        ),
        (401, json!({"error": "unauthorized_client"}), "auth_refused"),
        (
            400,
            json!({"error": "invalid_scope", "error_description": "a.read"}),
            "scope_refused",
        ),
        (200, json!({"error": "invalid_scope"}), "scope_refused"),
        (401, json!({"message": "who are you"}), "auth_refused"),
        (200, json!({"token": "x"}), "token_answer"),
        (200, json!([]), "token_answer"),
        (418, json!({}), "token_answer"),
        (
            503,
            json!({"error": "temporarily_unavailable"}),
            "server_error",
        ),
        (500, json!({}), "server_error"),
        (429, json!({}), "rate_limited"),
    ];
    for (status, body, code) in table {
        issuer.answer(status, body.clone());
        let error = list(&rig).await.unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}: {error}");
    }
}
