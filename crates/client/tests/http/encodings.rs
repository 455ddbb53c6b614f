//! Answers with a byte order mark or with bytes that are not UTF-8: what follows a page is found all the same.

use axum::Router;
use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::get;
use crosswalk_client::{ClientError, ListRequest};
use crosswalk_connector::GrantKind;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::rig::{Rig, definition, serve};

type Params = Query<HashMap<String, String>>;

const MARK: &[u8] = b"\xef\xbb\xbf";

fn marked(body: &str) -> Body {
    Body::from([MARK, body.as_bytes()].concat())
}

/// A record beside a broken one, and the next token.
async fn by_token(Query(params): Params) -> Body {
    match params.get("after").map(String::as_str) {
        None => {
            Body::from(&b"{\"items\":[{\"id\":1},{\"id\":9,\"n\":\"\xff\"}],\"next\":\"t2\"}"[..])
        }
        Some("t2") => marked("{\"items\":[{\"id\":2}],\"next\":\"t3\"}"),
        _ => marked("{\"items\":[{\"id\":3}],\"next\":null}"),
    }
}

async fn by_address(Query(params): Params) -> Body {
    match params.get("from").map(String::as_str) {
        None => marked("{\"items\":[{\"id\":1}],\"next\":\"?from=2\"}"),
        Some("2") => {
            Body::from(&b"{\"items\":[{\"id\":2,\"n\":\"\xff\"}],\"next\":\"?from=3\"}"[..])
        }
        _ => marked("{\"items\":[{\"id\":3}]}"),
    }
}

async fn by_flag(Query(params): Params) -> Body {
    match params.get("page").map(String::as_str) {
        Some("1") => marked("{\"items\":[{\"id\":1}],\"more\":true}"),
        Some("2") => Body::from(&b"{\"items\":[{\"id\":2},\"\xff\"],\"more\":true}"[..]),
        _ => marked("{\"items\":[{\"id\":3}],\"more\":false}"),
    }
}

async fn by_link(Query(params): Params) -> (HeaderMap, Body) {
    let mut headers = HeaderMap::new();
    if !params.contains_key("from") {
        let link = b"<?from=2>; title=\"n\xe4chste\"; rel=\"next\"";
        headers.insert("link", HeaderValue::from_bytes(link).unwrap());
    }
    let id = params.get("from").map_or("1", String::as_str);
    (headers, marked(&format!("{{\"items\":[{{\"id\":{id}}}]}}")))
}

async fn broken_token() -> Body {
    Body::from(&b"{\"items\":[{\"id\":1}],\"next\":\"t\xff\"}"[..])
}

async fn one() -> Body {
    marked("{\"id\":7,\"whole\":true}")
}

fn list(path: &str, pagination: Value) -> Value {
    json!({"label": "L", "id": "id", "records": "/items", "pagination": pagination,
        "operations": {"list": {"path": path}, "get": {"path": "/one"}}})
}

async fn rig() -> Rig {
    let router = Router::new()
        .route("/token", get(by_token))
        .route("/address", get(by_address))
        .route("/flag", get(by_flag))
        .route("/link", get(by_link))
        .route("/broken", get(broken_token))
        .route("/one", get(one));
    let url = serve(router).await;
    let page = json!({"size": 50, "max_size": 50});
    let token = json!({"kind": "cursor", "param": "after", "token": "/next", "page": page});
    let resources = json!({
        "token": list("/token", token.clone()),
        "broken": list("/broken", token),
        "address": list("/address", json!({"kind": "next_url", "url": "/next", "page": page})),
        "flag": list("/flag", json!({"kind": "page", "page_param": "page", "page": page,
            "more": {"pointer": "/more", "more_when": true}})),
        "link": list("/link", json!({"kind": "link_header", "page": page})),
    });
    Rig::new(
        definition(json!({"resources": resources})),
        GrantKind::None,
        &url,
    )
}

/// The ids of a list read to its end, and how many records were broken.
async fn walk(rig: &Rig, resource: &str) -> Result<(Vec<String>, usize), ClientError> {
    let (mut ids, mut broken) = (Vec::new(), 0);
    let mut request = ListRequest::default();
    for _ in 0..5 {
        let page = rig
            .client()
            .list_page(resource, &request, &rig.context())
            .await?;
        assert_eq!(page.listed, page.records.len() + page.errors.len());
        ids.extend(page.records.into_iter().map(|record| record.id));
        broken += page.errors.len();
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return Ok((ids, broken)),
        }
    }
    panic!("{resource} does not end");
}

#[tokio::test]
async fn no_list_ends_early_for_what_is_no_utf_8() {
    let rig = rig().await;
    for (resource, ids, broken) in [
        ("token", &["1", "2", "3"][..], 1),
        ("address", &["1", "3"][..], 1),
        ("flag", &["1", "2", "3"][..], 1),
        ("link", &["1", "2"][..], 0),
    ] {
        let (found, errors) = walk(&rig, resource).await.unwrap();
        assert_eq!(
            (found.as_slice(), errors),
            (owned(ids).as_slice(), broken),
            "{resource}"
        );
    }
}

fn owned(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_not_one_that_is_missing() {
    let rig = rig().await;
    let error = walk(&rig, "broken").await.unwrap_err();
    assert_eq!(error.code(), "not_json");
    assert!(error.to_string().contains("next page"), "{error}");
}

#[tokio::test]
async fn a_single_record_may_have_a_mark_before_it() {
    let rig = rig().await;
    let record = rig
        .client()
        .get_one("token", "7", &rig.context())
        .await
        .unwrap();
    assert_eq!(record.raw.as_ref(), b"{\"id\":7,\"whole\":true}");
}
