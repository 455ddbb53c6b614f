//! A token endpoint of the test's own, and accounts that use it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use crosswalk_client::{ClientError, ListRequest};
use crosswalk_connector::GrantKind;
use serde_json::{Value, json};

use crate::rig::{Rig, definition, serve};

/// Headers and form of a token request.
pub type Asked = (HeaderMap, HashMap<String, String>);

/// A token endpoint that answers as told and notes what it was asked.
#[derive(Clone, Default)]
pub struct Issuer {
    answer: Arc<Mutex<(u16, Value)>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Issuer {
    pub fn answering(status: u16, body: Value) -> Self {
        let issuer = Self::default();
        issuer.answer(status, body);
        issuer
    }

    pub fn answer(&self, status: u16, body: Value) {
        *self.answer.lock().unwrap() = (status, body);
    }

    pub fn last(&self) -> Asked {
        self.asked.lock().unwrap().last().unwrap().clone()
    }

    pub async fn serve(&self) -> String {
        let token = |State(issuer): State<Issuer>,
                     headers: HeaderMap,
                     Form(form): Form<HashMap<String, String>>| async move {
            issuer.asked.lock().unwrap().push((headers, form));
            let (status, body) = issuer.answer.lock().unwrap().clone();
            (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
        };
        let list = |headers: HeaderMap| async move {
            let header = |name: &str| {
                headers
                    .get(name)
                    .map(|value| value.to_str().unwrap().to_owned())
            };
            Json(json!([{"id": header("authorization"), "key": header("apikey")}]))
        };
        serve(
            Router::new()
                .route("/token", post(token))
                .route("/list", get(list))
                .with_state(self.clone()),
        )
        .await
    }
}

pub fn stub(auth: Value, url: &str, grant: GrantKind) -> Rig {
    let resources = json!({"list": {"label": "L", "id": "id", "operations": {"list": {"path": "/list"}}, "pagination": {"kind": "none"}}});
    let mut rig = Rig::new(
        definition(json!({"auth": auth, "resources": resources})),
        grant,
        url,
    );
    rig.secret("client_id", "the client");
    rig.secret("client_secret", "s/cret");
    rig.scopes = vec!["a.read".to_owned(), "b.read".to_owned()];
    rig
}

pub async fn list(rig: &Rig) -> Result<String, ClientError> {
    let page = rig
        .client()
        .list_page("list", &ListRequest::default(), &rig.context())
        .await?;
    Ok(page.records[0].id.clone())
}

pub fn token_at(members: Value) -> Value {
    let mut token = json!({"url": "{{config.instance_url}}/token"});
    for (key, value) in members.as_object().unwrap() {
        token[key] = value.clone();
    }
    token
}
