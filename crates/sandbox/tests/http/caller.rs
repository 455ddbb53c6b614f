use crosswalk_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// A plain HTTP client of one instance, with a token of its own.
pub struct Caller {
    pub sandbox: RunningSandbox,
    pub http: reqwest::Client,
    pub token: String,
}

pub fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

impl Caller {
    pub async fn start(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let http = http();
        let response = token_request(&http, &sandbox, None).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let body: Value = response.json().await.unwrap();
        Self {
            sandbox,
            http,
            token: body["access_token"].as_str().unwrap().to_owned(),
        }
    }

    pub fn ask(&self, path_and_query: &str) -> RequestBuilder {
        self.http
            .get(format!("{}/api/{path_and_query}", self.sandbox.url()))
            .bearer_auth(&self.token)
            .header("Accept", "application/json")
    }

    pub async fn get(&self, path_and_query: &str) -> Response {
        self.ask(path_and_query).send().await.unwrap()
    }

    pub async fn list(&self, path_and_query: &str) -> Vec<Value> {
        let response = self.get(path_and_query).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{path_and_query}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn ids(&self, path_and_query: &str) -> Vec<u64> {
        self.list(path_and_query)
            .await
            .iter()
            .map(|record| record["id"].as_u64().unwrap())
            .collect()
    }

    /// Every record, page by page.
    pub async fn all(&self, resource: &str, query: &str) -> Vec<Value> {
        let mut records = Vec::new();
        loop {
            let page = self
                .list(&format!("{resource}?offset={}&{query}", records.len()))
                .await;
            if page.is_empty() {
                return records;
            }
            records.extend(page);
        }
    }
}

pub fn token_request(
    http: &reqwest::Client,
    sandbox: &RunningSandbox,
    scope: Option<&str>,
) -> RequestBuilder {
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_id", sandbox.client_id()),
        ("client_secret", sandbox.client_secret()),
    ];
    if let Some(scope) = scope {
        form.push(("scope", scope));
    }
    http.post(format!("{}/oauth2/token", sandbox.url()))
        .form(&form)
}
