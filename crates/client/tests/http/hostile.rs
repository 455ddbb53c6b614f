//! Answers of a token endpoint and of a list that are broken at random: an error or a result, in time, and no secret told.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use crosswalk_client::ListRequest;
use crosswalk_connector::GrantKind;
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::mutation::{bounded, mutated};
use crate::rig::{Rig, definition, serve};

const SECRET: &str = "secret-canary-of-this-test";
const TOKEN: &str = "token-canary-of-this-test";

/// What the server is to answer: at the token endpoint if there is something, and elsewhere.
#[derive(Default)]
struct Script {
    token: Option<(u16, Vec<u8>)>,
    list: (u16, Vec<u8>),
}

static SERVER: LazyLock<(Runtime, String, Arc<Mutex<Script>>)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let script = Arc::new(Mutex::new(Script::default()));
    let router = Router::new()
        .fallback(any(answer))
        .with_state(Arc::clone(&script));
    let url = runtime.block_on(serve(router));
    (runtime, url, script)
});

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let script = script.lock().unwrap();
    let usual = || {
        json!({"access_token": TOKEN, "expires_in": 60})
            .to_string()
            .into_bytes()
    };
    let (status, mut body) = if request.uri().path() == "/token" {
        script.token.clone().unwrap_or_else(|| (200, usual()))
    } else {
        script.list.clone()
    };
    // Somewhere in the answer the request comes back.
    if let Some(sent) = request.headers().get("authorization") {
        let at = body.len() / 2;
        body.splice(at..at, sent.as_bytes().iter().copied());
    }
    let kind = HeaderValue::from_static("application/json");
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

fn corpus(what: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(what)
}

fn rig() -> Rig {
    let members = json!({
        "auth": {
            "grants": [{"grant": "client_credentials", "client_auth": {"method": "body"}}],
            "token": {"url": "{{config.instance_url}}/token"},
        },
        "resources": {"list": {
            "label": "L", "id": "id", "operations": {"list": {"path": "/list"}}, "records": "",
            "pagination": {"kind": "none"},
        }},
    });
    let mut rig = Rig::new(definition(members), GrantKind::ClientCredentials, &SERVER.1);
    rig.secret("client_id", "id");
    rig.secret("client_secret", SECRET);
    rig
}

/// Reads a page, and looks at what is told of a failure.
fn read(script: Script) {
    *SERVER.2.lock().unwrap() = script;
    let rig = rig();
    let page = bounded(|| {
        SERVER.0.block_on(async {
            rig.client()
                .list_page("list", &ListRequest::default(), &rig.context())
                .await
        })
    });
    let told = match &page {
        Ok(page) => format!("{:?}", page.errors),
        Err(error) => {
            assert!(!error.code().is_empty());
            format!("{error} {error:?} {}", error.hint())
        }
    };
    let told = format!("{told} {:?}", rig.calls.take());
    assert!(told.len() < 20_000, "{} bytes are told", told.len());
    for canary in [SECRET, TOKEN] {
        assert!(!told.contains(canary), "{canary} in {told}");
    }
}

const STATUSES: [u16; 12] = [200, 201, 204, 302, 400, 401, 403, 404, 422, 429, 500, 503];

/// One at a time: they share the server.
static TURN: Mutex<()> = Mutex::new(());

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_token_answer(body in mutated(&corpus("tokens")), status in prop::sample::select(&STATUSES[..])) {
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        read(Script { token: Some((status, body)), list: (200, b"[]".to_vec()) });
    }

    #[test]
    fn any_body_of_an_error(body in mutated(&corpus("errors")), status in prop::sample::select(&STATUSES[..])) {
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        read(Script { token: None, list: (status, body) });
    }
}
