//! What is recorded of an address: never what the provider made up to find its next page by.

use axum::extract::Query;
use axum::routing::get;
use axum::{Json, Router};
use crosswalk_client::ListRequest;
use crosswalk_connector::GrantKind;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::rig::{Rig, definition, serve};

type Params = Query<HashMap<String, String>>;

async fn by_token(Query(params): Params) -> Json<Value> {
    Json(if params.contains_key("after") {
        json!({"items": [{"id": 2}], "next": null})
    } else {
        json!({"items": [{"id": 1}], "next": "token-canary"})
    })
}

async fn by_address(Query(params): Params) -> Json<Value> {
    let next = "/address?view=full&limit=1&cursor=address-canary&customer=Canary+Ltd";
    Json(if params.contains_key("cursor") {
        json!({"items": [{"id": 2}], "next": null})
    } else {
        json!({"items": [{"id": 1}], "next": next})
    })
}

async fn by_name(Query(params): Params) -> Json<Value> {
    Json(if params.contains_key("name[gt]") {
        json!({"items": []})
    } else {
        json!({"items": [{"id": 1, "name": "Canary Ltd"}]})
    })
}

async fn by_id(Query(params): Params) -> Json<Value> {
    Json(if params.contains_key("id[gt]") {
        json!({"items": []})
    } else {
        json!({"items": [{"id": 17}]})
    })
}

fn resources() -> Value {
    let page = json!({"size": 1, "max_size": 1});
    let list = |path: &str, pagination: Value| {
        json!({"label": "L", "id": "id", "records": "/items", "pagination": pagination,
            "operations": {"list": {"path": path, "params": {"view": "full"}}}})
    };
    let by_key = |field: &str| {
        let keyset = json!({"field": field, "type": "string",
            "after": {(format!("{field}[gt]")): "{{range.after}}"}});
        let mut resource = list(
            &format!("/{field}"),
            json!({"kind": "keyset", "limit_param": "limit", "page": page}),
        );
        resource["keyset"] = keyset;
        resource
    };
    json!({
        "token": list("/token", json!({"kind": "cursor", "param": "after", "token": "/next", "size_param": "limit", "page": page})),
        "address": list("/address", json!({"kind": "next_url", "url": "/next", "size_param": "limit", "page": page})),
        "name": by_key("name"),
        "id": by_key("id"),
    })
}

#[tokio::test]
async fn tokens_next_addresses_and_keys_are_not_recorded() {
    let router = Router::new()
        .route("/token", get(by_token))
        .route("/address", get(by_address))
        .route("/name", get(by_name))
        .route("/id", get(by_id));
    let url = serve(router).await;
    let rig = Rig::new(
        definition(json!({"resources": resources()})),
        GrantKind::None,
        &url,
    );
    for (resource, expected) in [
        ("token", "/token?view=full&after=…&limit=1"),
        ("address", "/address?view=full&limit=1&cursor=…&customer=…"),
        ("name", "/name?view=full&name%5Bgt%5D=…&limit=1"),
        // Ids stand in clear everywhere.
        ("id", "/id?view=full&id%5Bgt%5D=17&limit=1"),
    ] {
        let client = rig.client();
        let first = client
            .list_page(resource, &ListRequest::default(), &rig.context())
            .await
            .unwrap();
        let request = ListRequest {
            cursor: first.next,
            ..ListRequest::default()
        };
        let second = client
            .list_page(resource, &request, &rig.context())
            .await
            .unwrap();
        assert!(second.next.is_none(), "{resource}");
        let calls = rig.calls.take();
        assert_eq!(calls[1].endpoint, format!("{url}{expected}"));
        assert!(
            !format!("{calls:?}").to_lowercase().contains("canary"),
            "{calls:?}"
        );
    }
}
