use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crosswalk_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::caller::http;

const REDIRECT: &str = "http://127.0.0.1:47823/callback";
const VERIFIER: &str = "a-verifier-that-is-at-least-43-characters-long-for-sure";

/// Where the authorization page sends the browser.
async fn authorize(sandbox: &RunningSandbox, scope: &str, redirect_uri: &str) -> Url {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let response = http()
        .get(format!("{}/oauth2/authorizations/new", sandbox.url()))
        .query(&[
            ("client_id", sandbox.client_id()),
            ("response_type", "code"),
            ("scope", scope),
            ("redirect_uri", redirect_uri),
            ("state", "xyz"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 302);
    response.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

async fn token(sandbox: &RunningSandbox, extra: &[(&str, &str)]) -> (u16, Value) {
    let mut form = vec![
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
    ];
    form.extend_from_slice(extra);
    let response = http()
        .post(format!("{}/oauth2/token", sandbox.url()))
        .form(&form)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn redeem(sandbox: &RunningSandbox, code: &str, verifier: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", verifier),
    ];
    token(sandbox, &form).await
}

#[tokio::test]
async fn a_code_is_exchanged_once_with_its_verifier() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let back = authorize(&sandbox, "core.common.read", REDIRECT).await;
    assert!(back.as_str().starts_with(REDIRECT));
    assert_eq!(parameter(&back, "state").unwrap(), "xyz");
    let code = parameter(&back, "code").unwrap();
    let (status, body) = redeem(&sandbox, &code, VERIFIER).await;
    assert_eq!(
        (status, &body["scope"]),
        (200, &Value::from("core.common.read"))
    );
    assert!(
        body.get("refresh_token").is_none(),
        "no refresh token without offline_access"
    );
    assert_eq!(
        redeem(&sandbox, &code, VERIFIER).await.1["error"],
        "invalid_grant"
    );
    let code = parameter(
        &authorize(&sandbox, "core.common.read", REDIRECT).await,
        "code",
    )
    .unwrap();
    assert_eq!(
        redeem(&sandbox, &code, "another verifier").await.1["error"],
        "invalid_grant"
    );
}

#[tokio::test]
async fn a_refresh_token_comes_with_offline_access_rotates_and_expires() {
    let config = SandboxConfig {
        now: Some("2026-11-20T10:00:00Z".parse().unwrap()),
        ..SandboxConfig::for_tests()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let back = authorize(&sandbox, "core.common.read offline_access", REDIRECT).await;
    let (_, body) = redeem(&sandbox, &parameter(&back, "code").unwrap(), VERIFIER).await;
    let first = body["refresh_token"].as_str().unwrap().to_owned();
    let refresh = async |refresh_token: &str| {
        token(
            &sandbox,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token),
            ],
        )
        .await
    };
    let (status, body) = refresh(&first).await;
    assert_eq!(status, 200);
    let second = body["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    assert_eq!(
        refresh(&first).await.1["error"],
        "invalid_grant",
        "a rotated token is used up"
    );
    sandbox.advance(Duration::from_hours(2160));
    assert_eq!(
        refresh(&second).await.1["error"],
        "invalid_grant",
        "90 days are over"
    );
}

#[tokio::test]
async fn an_instance_may_keep_its_refresh_tokens() {
    let config = SandboxConfig {
        rotate_refresh_tokens: false,
        ..SandboxConfig::for_tests()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let back = authorize(&sandbox, "core.common.read offline_access", REDIRECT).await;
    let (_, body) = redeem(&sandbox, &parameter(&back, "code").unwrap(), VERIFIER).await;
    let first = body["refresh_token"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        let (status, body) = token(
            &sandbox,
            &[("grant_type", "refresh_token"), ("refresh_token", &first)],
        )
        .await;
        assert_eq!(
            (status, body["refresh_token"].as_str()),
            (200, Some(first.as_str()))
        );
    }
    sandbox.revoke_refresh_tokens();
    let (status, _) = token(
        &sandbox,
        &[("grant_type", "refresh_token"), ("refresh_token", &first)],
    )
    .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn what_cannot_be_trusted_is_not_redirected_to() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let ask = async |client: &str, redirect: &str| {
        let query = [
            ("client_id", client),
            ("response_type", "code"),
            ("redirect_uri", redirect),
        ];
        let url = format!("{}/oauth2/authorizations/new", sandbox.url());
        http()
            .get(url)
            .query(&query)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(
        ask(sandbox.client_id(), "https://elsewhere.example.com/").await,
        400
    );
    assert_eq!(ask("nobody", REDIRECT).await, 401);
    assert_eq!(ask(sandbox.client_id(), "http://localhost:9/x").await, 302);
}

#[tokio::test]
async fn the_user_may_say_no_and_a_scope_may_be_missing() {
    let config = SandboxConfig {
        approve_authorizations: false,
        ..SandboxConfig::for_tests()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let back = authorize(&sandbox, "core.common.read", REDIRECT).await;
    assert_eq!(parameter(&back, "error").unwrap(), "access_denied");
    let config = SandboxConfig {
        redirect_uris: vec![REDIRECT.to_owned()],
        ..SandboxConfig::for_tests()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let back = authorize(&sandbox, "core.nothing.read", REDIRECT).await;
    assert_eq!(parameter(&back, "error").unwrap(), "invalid_scope");
}

#[tokio::test]
async fn a_device_waits_for_its_user() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let body: Value = http()
        .post(format!("{}/oauth2/device_authorizations", sandbox.url()))
        .form(&[
            ("client_id", sandbox.client_id()),
            ("scope", "core.common.read offline_access"),
        ])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", body["device_code"].as_str().unwrap()),
    ];
    assert_eq!(
        token(&sandbox, &form).await.1["error"],
        "authorization_pending"
    );
    let page = body["verification_uri_complete"].as_str().unwrap();
    assert_eq!(http().get(page).send().await.unwrap().status(), 200);
    let (status, body) = token(&sandbox, &form).await;
    assert_eq!(status, 200);
    assert!(body["refresh_token"].is_string());
    assert_eq!(token(&sandbox, &form).await.1["error"], "invalid_grant");
}
