//! Every kind of paging, read to its end.

use axum::Json;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use crosswalk_client::{Cursor, KeyRange, ListRequest, Position, Selection};
use crosswalk_connector::{GrantKind, RawPath};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::rig::{Rig, definition, serve};

type Params = Query<HashMap<String, String>>;

fn number(params: &HashMap<String, String>, name: &str, usual: usize) -> usize {
    params.get(name).map_or(usual, |text| text.parse().unwrap())
}

/// Seven records, `from` and up to `size` of them.
fn records(from: usize, size: usize) -> Vec<Value> {
    (1..=7)
        .skip(from)
        .take(size)
        .map(|id| json!({"id": id}))
        .collect()
}

async fn by_offset(Query(params): Params) -> Json<Value> {
    Json(json!(records(
        number(&params, "offset", 0),
        number(&params, "limit", 3)
    )))
}

async fn by_number(Query(params): Params) -> Json<Value> {
    let page = number(&params, "page", 1);
    Json(json!({"Items": records((page - 1) * 3, 3), "hasMore": page < 3}))
}

/// Refuses a token beside other parameters, as some providers do.
async fn by_token(Query(params): Params) -> impl IntoResponse {
    if params.contains_key("after") && params.len() > 1 {
        return (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!({"error": "cursor must stand alone"})),
        );
    }
    let from = params
        .get("after")
        .map_or(0, |token| token.trim_start_matches("t+").parse().unwrap());
    let next = if from + 3 < 7 {
        json!(format!("t+{}", from + 3))
    } else {
        json!("")
    };
    (
        StatusCode::OK,
        Json(json!({"results": records(from, 3), "paging": {"next": {"after": next}}})),
    )
}

async fn by_address(uri: Uri, Query(params): Params) -> Json<Value> {
    let from = number(&params, "from", 0);
    let next = (from + 3 < 7).then(|| format!("{}?from={}", uri.path(), from + 3));
    Json(json!({"records": records(from, 3), "next": next, "done": from + 3 >= 7}))
}

async fn by_link(Query(params): Params) -> impl IntoResponse {
    let from = number(&params, "from", 0);
    let mut headers = HeaderMap::new();
    if from + 3 < 7 {
        let link = format!(
            "</first>; rel=\"first\", <?from={}>; rel=\"next\"",
            from + 3
        );
        headers.insert("link", HeaderValue::from_str(&link).unwrap());
    }
    (headers, Json(json!(records(from, 3))))
}

async fn by_query(Json(body): Json<Value>) -> Json<Value> {
    let words: Vec<&str> = body["q"].as_str().unwrap().split_whitespace().collect();
    let after = |word: &str| {
        words[words.iter().position(|it| *it == word).unwrap() + 1]
            .parse::<usize>()
            .unwrap()
    };
    assert!(words.contains(&"id,total"), "{words:?}");
    Json(
        json!({"QueryResponse": {"Bill": records(after("STARTPOSITION") - 1, after("MAXRESULTS"))}}),
    )
}

/// Answers `id[gt]`, `id[lt_or_eq]`, `limit` and `offset`, in order.
async fn by_key(Query(params): Params) -> Json<Value> {
    let (after, up_to) = (
        number(&params, "id[gt]", 0),
        number(&params, "id[lt_or_eq]", 7),
    );
    let matching: Vec<Value> = (1..=7)
        .filter(|id| *id > after && *id <= up_to)
        .map(|id| json!({"id": id}))
        .collect();
    let page = matching
        .into_iter()
        .skip(number(&params, "offset", 0))
        .take(number(&params, "limit", 3));
    Json(page.collect())
}

async fn ids_only() -> Json<Value> {
    Json(json!({"items": [{"id": "a", "links": []}, {"id": "gone"}, {"id": "b c"}]}))
}

async fn one(axum::extract::Path(id): axum::extract::Path<String>) -> impl IntoResponse {
    match id.as_str() {
        "gone" => StatusCode::NOT_FOUND.into_response(),
        id => Json(json!({"id": id, "whole": true})).into_response(),
    }
}

async fn xml() -> &'static str {
    "<?xml version=\"1.0\"?><orders type=\"array\"><order><id type=\"integer\">1</id></order><order><id>2</id></order></orders>"
}

fn router() -> Router {
    Router::new()
        .route("/offset", get(by_offset))
        .route("/number", get(by_number))
        .route("/token", get(by_token))
        .route("/address", get(by_address))
        .route("/link", get(by_link))
        .route("/query", post(by_query))
        .route("/key", get(by_key))
        .route("/whole", get(|| async { Json(json!(records(0, 7))) }))
        .route("/ids", get(ids_only))
        .route("/ids/{id}", get(one))
        .route("/xml", get(xml))
}

fn page() -> Value {
    json!({"size": 3, "max_size": 3})
}

fn keyset() -> Value {
    json!({"field": "id", "type": "integer", "after": {"id[gt]": "{{range.after}}"}, "up_to": {"id[lt_or_eq]": "{{range.up_to}}"}})
}

fn resources() -> Value {
    let list = |path: &str| json!({"list": {"path": path}});
    json!({
        "offset": {"label": "O", "id": "id", "operations": list("/offset"), "keyset": keyset(),
            "pagination": {"kind": "offset", "offset_param": "offset", "limit_param": "limit", "page": page()}},
        "number": {"label": "N", "id": "id", "operations": list("/number"), "records": "/Items",
            "pagination": {"kind": "page", "page_param": "page", "size_param": "n", "page": page(),
                "more": {"pointer": "/hasMore", "more_when": true}}},
        "token": {"label": "T", "id": "id", "operations": {"list": {"path": "/token", "params": {"properties": "a"}}}, "records": "/results",
            "pagination": {"kind": "cursor", "param": "after", "token": "/paging/next/after", "drop_other_params": true, "size_param": "limit", "page": page()}},
        "address": {"label": "A", "id": "id", "operations": list("/address"), "records": "/records",
            "pagination": {"kind": "next_url", "url": "/next", "more": {"pointer": "/done", "more_when": false}, "page": page()}},
        "link": {"label": "L", "id": "id", "operations": list("/link"), "pagination": {"kind": "link_header", "page": page()}},
        "query": {"label": "Q", "id": "id", "records": "/QueryResponse/Bill",
            "operations": {"list": {"method": "POST", "path": "/query", "body": {"json":
                {"q": "select {{selection.fields}} from Bill {{watermark.clause}} STARTPOSITION {{page.start}} MAXRESULTS {{page.size}}"}}}},
            "watermark": {"field": "at", "clause": "where at >= '{{watermark.value}}'", "format": "rfc3339"},
            "selection": {"style": "comma"},
            "pagination": {"kind": "query_language", "page": page()}},
        "key": {"label": "K", "id": "id", "operations": list("/key"), "keyset": keyset(),
            "pagination": {"kind": "keyset", "limit_param": "limit", "page": page()}},
        "ranged": {"label": "R", "id": "id", "operations": list("/key"), "keyset": keyset(),
            "pagination": {"kind": "offset", "offset_param": "offset", "limit_param": "limit", "page": page()}},
        "whole": {"label": "W", "id": "id", "operations": list("/whole"), "pagination": {"kind": "none"}},
        "ids": {"label": "I", "id": "id", "records": "/items", "pagination": {"kind": "none"},
            "operations": {"list": {"path": "/ids", "ids_only": true}, "get": {"path": "/ids/{{record.id}}"}}},
        "xml": {"label": "X", "id": "id", "operations": list("/xml"), "pagination": {"kind": "none"}},
    })
}

async fn rig() -> Rig {
    let url = serve(router()).await;
    Rig::new(
        definition(json!({"resources": resources(), "formats": {"on_xml": "convert"}})),
        GrantKind::None,
        &url,
    )
}

/// Reads a list to its end: the ids, and how many pages it took.
async fn walk(rig: &Rig, resource: &str, mut request: ListRequest) -> (Vec<String>, usize) {
    let client = rig.client();
    let (mut ids, mut pages) = (Vec::new(), 0);
    loop {
        let page = client
            .list_page(resource, &request, &rig.context())
            .await
            .unwrap();
        pages += 1;
        assert!(page.errors.is_empty() && pages < 10);
        ids.extend(page.records.iter().map(|record| record.id.clone()));
        // A place in a list survives being kept.
        let Some(next) = page.next else {
            return (ids, pages);
        };
        let kept = serde_json::to_string(&next).unwrap();
        request.cursor = Some(serde_json::from_str::<Cursor>(&kept).unwrap());
    }
}

fn all() -> Vec<String> {
    (1..=7).map(|id| id.to_string()).collect()
}

#[tokio::test]
async fn every_kind_is_read_to_its_end_once() {
    let rig = rig().await;
    for (resource, pages) in [
        ("offset", 3),
        ("number", 3),
        ("token", 3),
        ("address", 3),
        ("link", 3),
        ("key", 3),
        ("whole", 1),
    ] {
        assert_eq!(
            walk(&rig, resource, ListRequest::default()).await,
            (all(), pages),
            "{resource}"
        );
    }
    let selection = Selection {
        paths: ["id", "total"]
            .map(|path| RawPath::parse(path).unwrap())
            .to_vec(),
        custom_fields: false,
    };
    let request = ListRequest {
        selection: Some(selection),
        ..ListRequest::default()
    };
    assert_eq!(walk(&rig, "query", request).await, (all(), 3));
}

#[tokio::test]
async fn a_range_of_a_list_paged_by_offset_is_walked_by_key() {
    let rig = rig().await;
    let range = |after: &str, up_to: Option<&str>, skip| KeyRange {
        after: Some(after.to_owned()),
        up_to: up_to.map(str::to_owned),
        skip,
    };
    let request = |range| ListRequest {
        range: Some(range),
        ..ListRequest::default()
    };
    let ids = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>();
    assert_eq!(
        walk(&rig, "ranged", request(range("1", Some("6"), 0))).await,
        (ids(&[2, 3, 4, 5, 6]), 2)
    );
    assert_eq!(
        walk(&rig, "ranged", request(range("5", None, 0))).await.0,
        ids(&[6, 7])
    );
    let ahead = rig
        .client()
        .list_page("ranged", &request(range("1", None, 3)), &rig.context())
        .await
        .unwrap();
    assert_eq!(ahead.records[0].id, "5");
    assert_eq!(
        ahead.next.unwrap().position,
        Position::Key(Some("7".to_owned()))
    );
}

#[tokio::test]
async fn a_list_of_ids_is_filled_by_reading_each() {
    let rig = rig().await;
    let page = rig
        .client()
        .list_page("ids", &ListRequest::default(), &rig.context())
        .await
        .unwrap();
    let ids: Vec<&str> = page
        .records
        .iter()
        .map(|record| record.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b c"], "one went in between");
    assert_eq!(page.listed, 3, "and the page is as full as it was");
    assert!(
        page.records
            .iter()
            .all(|record| record.raw.ends_with(b"\"whole\":true}"))
    );
    assert_eq!(page.requests, 4);
}

#[tokio::test]
async fn xml_is_converted_where_the_definition_says_so() {
    let rig = rig().await;
    assert_eq!(
        walk(&rig, "xml", ListRequest::default()).await.0,
        ["1", "2"]
    );
}

#[tokio::test]
async fn a_provider_that_ignores_the_place_is_caught() {
    let stuck = Router::new().route("/offset", get(|| async { Json(json!(records(0, 3))) }));
    let rig = Rig::new(
        definition(json!({"resources": resources()})),
        GrantKind::None,
        &serve(stuck).await,
    );
    let client = rig.client();
    let first = client
        .list_page("offset", &ListRequest::default(), &rig.context())
        .await
        .unwrap();
    let request = ListRequest {
        cursor: first.next,
        ..ListRequest::default()
    };
    let error = client
        .list_page("offset", &request, &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "loop_detected");
}

#[tokio::test]
async fn what_is_asked_reaches_the_provider_as_the_definition_writes_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = |State(seen): State<Arc<Mutex<Vec<String>>>>, uri: Uri, headers: HeaderMap| async move {
        let since = headers
            .get("if-modified-since")
            .map(|value| value.to_str().unwrap().to_owned());
        seen.lock()
            .unwrap()
            .push(format!("{uri} {}", since.unwrap_or_default()));
        Json(json!([]))
    };
    let url = serve(
        Router::new()
            .route("/list/{kind}", get(record))
            .with_state(seen.clone()),
    )
    .await;
    let members = json!({
        "filters": {"case": "underscore", "operators": {"gt": "{{filter.field}}[gt]"}},
        "config": [{"key": "instance_url", "label": "URL", "kind": "url"}, {"key": "kind", "label": "Kind", "kind": "text", "default": "a/b"}],
        "resources": {"list": {"label": "L", "id": "id",
            "operations": {"list": {"path": "/list/{{config.kind}}", "params": {"view": "full"}}},
            "keyset": keyset(),
            "watermark": {"field": "updated-at", "params": {"updated-at[gt]": "{{watermark.value}}"},
                "headers": {"If-Modified-Since": "{{watermark.value}}"}, "format": "http_date"},
            "exported": {"field": "exported", "params": {"exported": "false"}},
            "sample_by": {"field": "status", "params": {"status": "{{sample.value}}"}, "values": ["new"]},
            "newest_first": {"order_by": "id", "dir": "desc"},
            "selection": {"param": "fields", "style": "json_tree", "case": "underscore", "whole": {"view": "whole"}},
            "pagination": {"kind": "offset", "offset_param": "offset", "limit_param": "limit", "page": page()}}},
    });
    let rig = Rig::new(definition(members), GrantKind::None, &url);
    let client = rig.client();
    let request = ListRequest {
        limit: Some(500),
        filters: vec![crosswalk_client::Filter {
            field: "updated-by".into(),
            operator: "gt".into(),
            value: "a+b c".into(),
        }],
        newest_first: true,
        unexported: true,
        since: Some("2026-11-20T22:00:00Z".parse().unwrap()),
        sample: Some("new".to_owned()),
        selection: Some(Selection {
            paths: vec![RawPath::parse("line-num").unwrap()],
            custom_fields: false,
        }),
        ..ListRequest::default()
    };
    client
        .list_page("list", &request, &rig.context())
        .await
        .unwrap();
    client
        .list_page("list", &ListRequest::default(), &rig.context())
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen[0],
        "/list/a%2Fb?view=full&order_by=id&dir=desc&exported=false&updated-at%5Bgt%5D=Fri%2C%2020%20Nov%202026%2022%3A00%3A00%20GMT\
         &status=new&updated_by%5Bgt%5D=a%2Bb%20c&fields=%5B%22line_num%22%5D&offset=0&limit=3 Fri, 20 Nov 2026 22:00:00 GMT"
    );
    assert_eq!(seen[1], "/list/a%2Fb?view=whole&offset=0&limit=3 ");
}
