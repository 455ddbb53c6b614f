//! One test for each way a secret could be sent elsewhere.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use crosswalk_client::{ClientError, Cursor, ListRequest, Position, Trust};
use crosswalk_connector::{Digest, GrantKind};
use serde_json::{Value, json};

use crate::rig::{Rig, definition, serve};

/// Everything a server was sent: method, path and the secrets that came with it.
pub type Seen = Arc<Mutex<Vec<String>>>;

/// A server that notes whatever it gets. Nothing must ever get here.
pub async fn stranger() -> (String, Seen) {
    let seen = Seen::default();
    let note = |State(seen): State<Seen>, request: Request| async move {
        seen.lock().unwrap().push(format!(
            "{} {} {:?}",
            request.method(),
            request.uri(),
            request.headers().get("authorization")
        ));
        Json(json!([{"id": 666}]))
    };
    (
        serve(Router::new().fallback(any(note)).with_state(seen.clone())).await,
        seen,
    )
}

fn keyed(members: Value) -> Value {
    let mut whole = json!({"auth": {"grants": [{"grant": "api_key", "header": "Authorization", "value": "Key {{credential.api_key}}"}]}});
    for (key, value) in members.as_object().unwrap() {
        whole[key] = value.clone();
    }
    whole
}

fn list(pagination: &Value) -> Value {
    json!({"list": {"label": "L", "id": "id", "operations": {"list": {"path": "/list"}}, "records": pagination["records"].as_str().unwrap_or(""),
        "pagination": pagination["how"]}})
}

pub fn plain_list() -> Value {
    list(&json!({"how": {"kind": "none"}}))
}

fn with_key(members: Value, url: &str) -> Rig {
    let mut rig = Rig::new(definition(keyed(members)), GrantKind::ApiKey, url);
    rig.secret("api_key", "key-canary-123");
    rig
}

pub fn client_credentials() -> Value {
    json!({
        "grants": [{"grant": "client_credentials", "client_auth": {"method": "body"}}],
        "token": {"url": "{{config.instance_url}}/token"},
    })
}

pub async fn first_page(rig: &Rig) -> ClientError {
    rig.client()
        .list_page("list", &ListRequest::default(), &rig.context())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_changed_definition_sends_nothing_until_it_is_approved() {
    let (url, seen) = stranger().await;
    let mut rig = Rig::new(
        definition(json!({"auth": client_credentials(), "resources": plain_list()})),
        GrantKind::ClientCredentials,
        &url,
    );
    rig.secret("client_id", "id");
    rig.secret("client_secret", "secret-canary");
    let approved = rig.trust().unwrap();
    rig.definition.trust_digest = Digest::parse(&"1".repeat(64)).unwrap();
    let mut profile = rig.profile();
    profile.trust = approved;
    assert_eq!(
        rig.client_of(profile).unwrap_err().code(),
        "definition_changed"
    );
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_changed_token_address_gets_nothing_even_under_the_same_digest() {
    let (home, _) = stranger().await;
    let (elsewhere, seen) = stranger().await;
    let mut rig = Rig::new(
        definition(json!({"auth": client_credentials(), "resources": plain_list()})),
        GrantKind::ClientCredentials,
        &home,
    );
    rig.secret("client_id", "id");
    rig.secret("client_secret", "secret-canary");
    let approved = rig.trust().unwrap();
    rig.url = elsewhere;
    let mut profile = rig.profile();
    profile.trust = approved;
    let client = rig.client_of(profile).unwrap();
    let error = client
        .list_page("list", &ListRequest::default(), &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "origin_not_approved");
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn redirects_are_refused_and_never_followed() {
    let (elsewhere, seen) = stranger().await;
    let target = format!("{elsewhere}/list?code=canary");
    for status in [
        StatusCode::FOUND,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ] {
        let location = HeaderValue::from_str(&target).unwrap();
        let url = serve(Router::new().route(
            "/list",
            get(move || async move { (status, [(header::LOCATION, location)]) }),
        ))
        .await;
        let error = first_page(&with_key(json!({"resources": plain_list()}), &url)).await;
        assert_eq!(error.code(), "redirect_refused");
        assert!(
            error.to_string().contains(&elsewhere) && !error.to_string().contains("canary"),
            "{error}"
        );
    }
    // The token endpoint may not redirect either, and its request holds the secret in the body.
    let url = serve(Router::new().route(
        "/token",
        any(move || async move { Redirect::temporary(&target) }),
    ))
    .await;
    let mut rig = Rig::new(
        definition(json!({"auth": client_credentials(), "resources": plain_list()})),
        GrantKind::ClientCredentials,
        &url,
    );
    rig.secret("client_id", "id");
    rig.secret("client_secret", "secret-canary");
    assert_eq!(first_page(&rig).await.code(), "redirect_refused");
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_next_address_on_another_origin_is_not_asked() {
    let (elsewhere, seen) = stranger().await;
    let next = format!("{elsewhere}/list?page=2");
    let in_body = json!({"items": [{"id": 1}], "next": next});
    let in_header = HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).unwrap();
    let page = json!({"size": 1, "max_size": 1});
    let by_body = list(
        &json!({"records": "/items", "how": {"kind": "next_url", "url": "/next", "page": page}}),
    );
    let by_header = list(&json!({"how": {"kind": "link_header", "page": page}}));
    let body_server = Router::new().route("/list", get(move || async move { Json(in_body) }));
    let header_server = Router::new().route(
        "/list",
        get(move || async move {
            let mut headers = HeaderMap::new();
            headers.insert(header::LINK, in_header);
            (headers, Json(json!([{"id": 1}]))).into_response()
        }),
    );
    for (server, resources) in [(body_server, by_body), (header_server, by_header)] {
        let rig = with_key(json!({"resources": resources}), &serve(server).await);
        let client = rig.client();
        let first = client
            .list_page("list", &ListRequest::default(), &rig.context())
            .await
            .unwrap();
        let request = ListRequest {
            cursor: first.next,
            ..ListRequest::default()
        };
        let error = client
            .list_page("list", &request, &rig.context())
            .await
            .unwrap_err();
        assert_eq!(error.code(), "origin_not_approved");
        for trick in [
            "//evil.example/x",
            "https://evil.example@127.0.0.1/",
            "http://127.0.0.1:1/x",
            "javascript:alert(1)",
        ] {
            let request = ListRequest {
                cursor: Some(Cursor::at(Position::Url(Some(trick.to_owned())))),
                ..ListRequest::default()
            };
            assert!(
                client
                    .list_page("list", &request, &rig.context())
                    .await
                    .is_err(),
                "{trick}"
            );
        }
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_pass_through_read_stays_on_the_origin() {
    let (url, home) = stranger().await;
    let (elsewhere, seen) = stranger().await;
    let rig = with_key(
        json!({"resources": {}, "base_url": "{{config.instance_url}}/api"}),
        &url,
    );
    let client = rig.client();
    let error = client
        .pass_through(&format!("{elsewhere}/list"), &[], &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "origin_not_approved");
    let other_host = elsewhere.trim_start_matches("http:");
    let paths = [
        other_host,
        "@evil.example/x",
        "\\\\evil.example/x",
        "/../../x",
        "list",
        &format!("{url}/api/x"),
    ];
    for path in paths {
        client
            .pass_through(path, &[], &rig.context())
            .await
            .unwrap();
    }
    assert!(seen.lock().unwrap().is_empty());
    assert_eq!(home.lock().unwrap().len(), paths.len());
}

#[tokio::test]
async fn only_declared_hosts_and_confirmed_ones_are_connected_to() {
    let trust = |url: &str, confirmed: &[&str]| {
        let mut rig = Rig::new(definition(json!({})), GrantKind::None, url);
        rig.confirmed_hosts = confirmed.iter().map(|host| (*host).to_owned()).collect();
        rig.trust().map_err(|error| error.code())
    };
    assert!(trust("https://a.stub.example", &[]).is_ok());
    assert!(trust("http://127.0.0.1:9", &[]).is_ok());
    assert!(trust("https://evil.example", &["evil.example"]).is_ok());
    assert_eq!(
        trust("https://evil.example", &[]).unwrap_err(),
        "host_not_declared"
    );
    assert_eq!(
        trust("https://a.stub.example:8443", &[]).unwrap_err(),
        "host_not_declared"
    );
    assert_eq!(
        trust("https://10.0.0.1", &[]).unwrap_err(),
        "host_not_declared"
    );
    assert_eq!(
        trust("http://a.stub.example", &[]).unwrap_err(),
        "invalid_setting"
    );
}

#[tokio::test]
async fn a_public_name_that_leads_to_a_private_address_is_refused() {
    // The one name every machine has besides localhost; in a container it leads to a private address.
    let name = std::fs::read_to_string("/etc/hostname")
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let found = tokio::net::lookup_host((name.as_str(), 0))
        .await
        .map(|mut found| found.next())
        .ok()
        .flatten();
    let Some(address) =
        found.filter(|address| crosswalk_connector::is_private_address(address.ip()))
    else {
        eprintln!("skipped: this machine's own name has no private address");
        return;
    };
    let mut rig = with_key(
        json!({"resources": plain_list(), "hosts": [name.clone()]}),
        &format!("https://{name}"),
    );
    let error = first_page(&rig).await;
    assert_eq!(error.code(), "private_address", "{error}");
    assert!(
        error.to_string().contains(&address.ip().to_string()),
        "{error}"
    );
    let steps = rig.client().diagnose().await;
    assert_eq!(
        (steps[0].name.as_str(), steps[0].code),
        ("dns", Some("private_address"))
    );
    // Confirmed, it is tried; nothing listens there.
    rig.confirmed_hosts = vec![name];
    assert_ne!(first_page(&rig).await.code(), "private_address");
}

#[tokio::test]
async fn no_secret_is_recorded_or_told() {
    let echo = |request: Request| async move {
        let all = format!(
            "{} {:?}",
            request.uri(),
            request.headers().get("authorization")
        );
        let mut headers = HeaderMap::new();
        headers.insert("x-echo", HeaderValue::from_str(&all).unwrap());
        headers.insert("set-cookie", HeaderValue::from_static("session=abc"));
        (
            StatusCode::BAD_REQUEST,
            headers,
            Json(json!({"error": all})),
        )
            .into_response()
    };
    let url = serve(Router::new().fallback(any(echo))).await;
    let in_query = json!({"auth": {"grants": [{"grant": "api_key", "query": "key"}]}, "resources": plain_list()});
    let mut rig = Rig::new(definition(in_query), GrantKind::ApiKey, &url);
    rig.secret("api_key", "key canary/123");
    let by_query = first_page(&rig).await;
    let by_header_rig = with_key(json!({"resources": plain_list()}), &url);
    let by_header = first_page(&by_header_rig).await;
    let passed = by_header_rig
        .client()
        .pass_through("/x", &[], &by_header_rig.context())
        .await
        .unwrap();
    let calls = (rig.calls.take(), by_header_rig.calls.take());
    let told = format!(
        "{by_query} {by_query:?} {by_header} {by_header:?} {:?} {calls:?} {:?}",
        passed.headers,
        rig.client()
    );
    for canary in [
        "key canary/123",
        "canary%2F123",
        "key-canary-123",
        "session=abc",
    ] {
        assert!(!told.contains(canary), "{canary} in {told}");
    }
    assert_eq!(calls.0.len() + calls.1.len(), 3);
}

#[tokio::test]
async fn a_token_that_a_provider_repeats_is_not_told() {
    // As it refuses it, in what is no data, and as the name of a member of a token answer.
    for (status, kind, code) in [
        (401, "application/json", "needs_reauth"),
        (200, "text/plain", "not_json"),
        (200, "application/xml", "xml_answer"),
        (400, "application/json", "invalid_request"),
    ] {
        let answer = move |request: Request| async move {
            let sent = request.headers()["authorization"]
                .to_str()
                .unwrap()
                .to_owned();
            let body = match kind {
                "application/json" => json!({"error": "no", "message": sent}).to_string(),
                "application/xml" => format!("<?xml version=\"1.0\"?><a>{sent}</a>"),
                _ => format!("you sent {sent}"),
            };
            let status = StatusCode::from_u16(status).unwrap();
            (status, [(header::CONTENT_TYPE, kind)], body)
        };
        let token = || async { Json(json!({"access_token": "t-canary-456", "expires_in": 60})) };
        let server = Router::new()
            .route("/token", any(token))
            .fallback(any(answer));
        let url = serve(server).await;
        let mut rig = Rig::new(
            definition(json!({"auth": client_credentials(), "resources": plain_list()})),
            GrantKind::ClientCredentials,
            &url,
        );
        rig.secret("client_id", "id");
        rig.secret("client_secret", "secret-canary");
        let error = first_page(&rig).await;
        assert_eq!(error.code(), code, "{error}");
        let told = format!("{error} {error:?} {:?}", rig.calls.take());
        assert!(!told.contains("canary") && told.contains('…'), "{told}");
    }
}

#[tokio::test]
async fn names_of_a_token_answer_are_told_without_secrets() {
    let token = |body: String| async move {
        let mut answer = serde_json::Map::new();
        answer.insert(body, 1.into());
        Json(Value::Object(answer))
    };
    let url = serve(Router::new().route("/token", any(token))).await;
    let mut rig = Rig::new(
        definition(json!({"auth": client_credentials(), "resources": plain_list()})),
        GrantKind::ClientCredentials,
        &url,
    );
    rig.secret("client_id", "id");
    rig.secret("client_secret", "secret-canary");
    let error = first_page(&rig).await;
    assert_eq!(error.code(), "token_answer", "{error}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
}

#[test]
fn what_was_approved_can_be_kept() {
    let rig = Rig::new(
        definition(json!({})),
        GrantKind::None,
        "https://a.stub.example",
    );
    let trust = rig.trust().unwrap();
    let kept = serde_json::to_string(&trust).unwrap();
    assert_eq!(serde_json::from_str::<Trust>(&kept).unwrap(), trust);
}
