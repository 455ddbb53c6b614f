use std::time::Duration;

use crosswalk_sandbox::{Credentials, Fault, Sandbox, SandboxConfig};
use serde_json::Value;

use crate::caller::{Caller, http, token_request};

async fn refused(form: &[(&str, &str)], url: &str) -> (u16, String) {
    let response = http()
        .post(format!("{url}/oauth2/token"))
        .form(form)
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert!(body["error_description"].as_str().unwrap().len() > 10);
    (status, body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn what_is_refused_says_why() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let (id, secret, url) = (sandbox.client_id(), sandbox.client_secret(), sandbox.url());
    let grant = ("grant_type", "client_credentials");
    for (form, status, code) in [
        (
            vec![grant, ("client_id", id), ("client_secret", "wrong")],
            401,
            "invalid_client",
        ),
        (vec![grant, ("client_id", id)], 401, "invalid_client"),
        (
            vec![grant, ("client_id", "nobody"), ("client_secret", secret)],
            401,
            "invalid_client",
        ),
        (
            vec![
                grant,
                ("client_id", id),
                ("client_secret", secret),
                ("scope", "core.invoicing.read"),
            ],
            400,
            "invalid_scope",
        ),
        (
            vec![
                grant,
                ("client_id", id),
                ("client_secret", secret),
                ("scope", "core.common.read core.invoice.write"),
            ],
            400,
            "invalid_scope",
        ),
        (
            vec![
                ("grant_type", "password"),
                ("client_id", id),
                ("client_secret", secret),
            ],
            400,
            "unsupported_grant_type",
        ),
        (
            vec![("client_id", id), ("client_secret", secret)],
            400,
            "invalid_request",
        ),
        (
            vec![
                ("grant_type", "refresh_token"),
                ("client_id", id),
                ("client_secret", secret),
                ("refresh_token", "x"),
            ],
            400,
            "invalid_grant",
        ),
    ] {
        assert_eq!(
            refused(&form, &url).await,
            (status, code.to_owned()),
            "{form:?}"
        );
    }
    let basic = http()
        .post(format!("{url}/oauth2/token"))
        .basic_auth(id, Some(secret))
        .form(&[grant])
        .send()
        .await
        .unwrap();
    assert_eq!(basic.status(), 401);
    let json = http()
        .post(format!("{url}/oauth2/token"))
        .json(&serde_json::json!({"grant_type": "client_credentials"}))
        .send()
        .await
        .unwrap();
    assert_eq!(json.status(), 400);
}

#[tokio::test]
async fn a_token_grows_with_its_scopes_and_never_brings_a_refresh_token() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let token = async |scope| -> Value {
        token_request(&http(), &sandbox, scope)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let one = token(Some("core.common.read")).await;
    let all = token(None).await;
    assert_eq!(one["scope"], "core.common.read");
    assert_eq!(one["expires_in"], 86_399);
    assert_eq!(one["token_type"], "bearer");
    let length = |body: &Value| body["access_token"].as_str().unwrap().len();
    assert!(length(&all) > length(&one) + 500);
    assert!(
        length(&all) > 2_560,
        "longer than a Windows credential: {}",
        length(&all)
    );
    assert_eq!(one["access_token"].as_str().unwrap().split('.').count(), 3);
    let offline = token(Some("core.common.read offline_access")).await;
    assert!(offline.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_token_settles_and_expires() {
    let config = SandboxConfig {
        settle: Duration::from_secs(5),
        now: Some("2026-11-20T10:00:00Z".parse().unwrap()),
        ..SandboxConfig::for_tests()
    };
    let caller = Caller::start(config).await;
    let status = async || caller.get("currencies?limit=1").await.status().as_u16();
    assert_eq!(status().await, 401);
    caller.sandbox.advance(Duration::from_millis(4_900));
    assert_eq!(status().await, 401);
    caller.sandbox.advance(Duration::from_millis(100));
    let response = caller.get("currencies?limit=1").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["date"], "Fri, 20 Nov 2026 10:00:05 GMT");
    caller.sandbox.advance(Duration::from_secs(86_399));
    assert_eq!(status().await, 401);
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    assert_eq!(caller.get("currencies").await.status(), 200);
    let url = format!("{}/oauth2/revoke", caller.sandbox.url());
    let form = [
        ("token", caller.token.as_str()),
        ("client_id", caller.sandbox.client_id()),
        ("client_secret", caller.sandbox.client_secret()),
    ];
    assert_eq!(
        caller
            .http
            .post(&url)
            .form(&form[..1])
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    assert_eq!(
        caller
            .http
            .post(&url)
            .form(&form)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let response = caller.get("currencies").await;
    assert_eq!(response.status(), 401);
    assert!(
        response.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .contains("invalid_token")
    );
}

#[tokio::test]
async fn credentials_differ_between_instances_and_can_be_kept() {
    let (one, two) = (
        Sandbox::start(SandboxConfig::for_tests()).await.unwrap(),
        Sandbox::start(SandboxConfig::for_tests()).await.unwrap(),
    );
    assert_ne!(one.client_secret(), two.client_secret());
    assert_ne!(one.url(), two.url());
    assert!(!format!("{one:?} {:?}", one.config()).contains(one.client_secret()));
    let rotated = two.rotate_secret().unwrap();
    assert_eq!(
        token_request(&http(), &two, None)
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", two.client_id()),
        ("client_secret", rotated.as_str()),
    ];
    let response = http()
        .post(format!("{}/oauth2/token", two.url()))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn the_token_endpoint_can_fail() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    sandbox.fail_next_token(
        1,
        &Fault::Status {
            status: 503,
            retry_after: None,
        },
    );
    sandbox.fail_next_token(1, &Fault::Reset);
    assert_eq!(
        token_request(&http(), &sandbox, None)
            .send()
            .await
            .unwrap()
            .status(),
        503
    );
    assert!(token_request(&http(), &sandbox, None).send().await.is_err());
    assert_eq!(
        token_request(&http(), &sandbox, None)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    assert_eq!(sandbox.stats().token_requests, 3);
}

#[tokio::test]
async fn the_port_in_use_is_named() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let port = sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::start(SandboxConfig {
        port,
        ..SandboxConfig::for_tests()
    })
    .await
    .unwrap_err();
    assert_eq!(error.code(), "sandbox_port_unavailable");
    assert!(error.to_string().contains(&port.to_string()));
    assert!(!error.hint().is_empty());
}

#[tokio::test]
async fn an_instance_comes_back_on_its_port_with_its_credentials() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let credentials = Credentials {
        client_id: caller.sandbox.client_id().to_owned(),
        client_secret: caller.sandbox.client_secret().to_owned(),
    };
    let url = caller.sandbox.url();
    assert_eq!(caller.get("currencies").await.status(), 200);
    caller.sandbox.stop().await;
    assert!(caller.http.get(&url).send().await.is_err());
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    let config = SandboxConfig {
        port,
        credentials: Some(credentials),
        ..SandboxConfig::for_tests()
    };
    let again = Sandbox::start(config).await.unwrap();
    assert_eq!(again.url(), url);
    assert_eq!(
        token_request(&http(), &again, None)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[test]
fn an_instance_lives_on_a_thread_of_its_own_until_it_is_dropped() {
    let sandbox = Sandbox::start_on_thread(SandboxConfig::for_tests()).unwrap();
    let address = sandbox.url().replace("http://", "");
    assert!(std::net::TcpStream::connect(&address).is_ok());
    drop(sandbox);
    assert!(std::net::TcpStream::connect(&address).is_err());
}
