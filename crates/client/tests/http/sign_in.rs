//! Sign-ins by a person: authorization code with PKCE, and device code.

use std::collections::HashMap;
use std::sync::Arc;

use crosswalk_client::{
    AccountClient, ClientError, Exclusive, MemoryTokens, Stored, Token, TokenStore, TokenStoreError,
};
use crosswalk_connector::GrantKind;
use crosswalk_sandbox::{Resource, RunningSandbox, Sandbox, SandboxConfig};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::rig::Rig;

async fn rig(grant: GrantKind) -> (RunningSandbox, Rig) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests().with(Resource::Invoices, 10))
        .await
        .unwrap();
    let mut rig = Rig::on(&sandbox);
    rig.grant = grant;
    (sandbox, rig)
}

/// What a browser does: opens the address and reports where it is sent.
async fn browse(url: &str) -> String {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let answer = browser.get(url).send().await.unwrap();
    assert!(
        answer.status().is_redirection(),
        "{}",
        answer.text().await.unwrap()
    );
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn query_of(url: &str) -> HashMap<String, String> {
    url::Url::parse(url)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

#[tokio::test]
async fn a_sign_in_in_the_browser_brings_a_token_that_refreshes() {
    let (sandbox, rig) = rig(GrantKind::AuthorizationCode).await;
    let client = rig.client();
    let error = client
        .read_probe("invoices", &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "needs_reauth");
    let authorization = client.tokens().authorize(5_000).unwrap();
    let asked = query_of(authorization.url.as_str());
    assert_eq!(
        (
            asked["response_type"].as_str(),
            asked["code_challenge_method"].as_str()
        ),
        ("code", "S256")
    );
    assert!(
        asked["scope"].ends_with(" offline_access")
            && asked["state"].len() >= 16
            && asked["code_challenge"].len() == 43
    );
    assert_eq!(asked["redirect_uri"], authorization.redirect_uri.as_str());
    assert!(
        authorization
            .redirect_uri
            .as_str()
            .starts_with("http://127.0.0.1:")
    );
    let back = browse(authorization.url.as_str()).await;
    assert!(back.starts_with(authorization.redirect_uri.as_str()));
    let redirected = authorization
        .read(url::Url::parse(&back).unwrap().query().unwrap())
        .unwrap();
    let token = client
        .tokens()
        .exchange(&authorization, redirected, &rig.context())
        .await
        .unwrap();
    let first = token.refresh.clone().unwrap();
    client.read_probe("invoices", &rig.context()).await.unwrap();
    // Revoked on the way: refreshed, and the new refresh token is the one kept.
    sandbox.revoke_tokens();
    client.read_probe("invoices", &rig.context()).await.unwrap();
    let token = client.tokens().peek().await.unwrap().unwrap();
    assert_ne!(token.refresh.as_ref().unwrap().token, first.token);
    sandbox.revoke_tokens();
    sandbox.revoke_refresh_tokens();
    let error = client
        .read_probe("invoices", &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "needs_reauth");
    let told = format!("{authorization:?} {token:?} {:?}", rig.calls.take());
    for secret in [
        asked["state"].as_str(),
        token.access_token.expose(),
        first.token.expose(),
    ] {
        assert!(
            !told
                .replace(authorization.url.as_str(), "")
                .contains(secret)
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_not_to_this_sign_in_is_refused() {
    let (_sandbox, rig) = rig(GrantKind::AuthorizationCode).await;
    let client = rig.client();
    let (mine, other) = (
        client.tokens().authorize(5_000).unwrap(),
        client.tokens().authorize(5_000).unwrap(),
    );
    assert_ne!(
        query_of(mine.url.as_str())["code_challenge"],
        query_of(other.url.as_str())["code_challenge"]
    );
    let state = &query_of(mine.url.as_str())["state"];
    let code = |query: &str| match mine.read(query).unwrap_err() {
        ClientError::AuthRefused { error, .. } => error,
        other => other.code().to_owned(),
    };
    assert_eq!(
        code(&format!(
            "code=x&state={}",
            query_of(other.url.as_str())["state"]
        )),
        "state_mismatch"
    );
    assert_eq!(code("code=x"), "state_mismatch");
    // Whatever else is wrong with it: who does not know the state learns and ends nothing.
    for foreign in [
        "a=1&a=2".to_owned(),
        "error=access_denied".to_owned(),
        format!("code=x&state={state}&state={state}"),
        format!("code=x&state=other&state={state}"),
    ] {
        assert!(!mine.is_answered_by(&foreign), "{foreign}");
        assert_eq!(code(&foreign), "state_mismatch", "{foreign}");
    }
    assert!(mine.is_answered_by(&format!("?code=x&code=y&state={state}")));
    assert_eq!(
        code(&format!("code=x&code=y&state={state}")),
        "invalid_redirect"
    );
    assert_eq!(code(&format!("state={state}")), "invalid_redirect");
    assert_eq!(
        code(&format!(
            "error=access_denied&error_description=No&state={state}"
        )),
        "access_denied"
    );
    assert_eq!(
        code(&format!("error=invalid_scope&state={state}")),
        "scope_refused"
    );
    assert!(mine.read(&format!("?code=x&state={state}")).is_ok());
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier() {
    let (_sandbox, rig) = rig(GrantKind::AuthorizationCode).await;
    let client = rig.client();
    let (mine, other) = (
        client.tokens().authorize(5_000).unwrap(),
        client.tokens().authorize(5_000).unwrap(),
    );
    let back = browse(mine.url.as_str()).await;
    let stolen = mine
        .read(url::Url::parse(&back).unwrap().query().unwrap())
        .unwrap();
    let error = client
        .tokens()
        .exchange(&other, stolen, &rig.context())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "auth_refused", "{error}");
}

#[tokio::test]
async fn a_sign_in_on_another_device() {
    let (sandbox, rig) = rig(GrantKind::DeviceCode).await;
    let client = rig.client();
    let device = client.tokens().device_code(&rig.context()).await.unwrap();
    assert!(
        device.code.verification_uri.starts_with(&sandbox.url())
            && !device.code.user_code.is_empty()
    );
    assert!(sandbox.approve_device(&device.code.user_code));
    client
        .tokens()
        .await_device(&device, &rig.context())
        .await
        .unwrap();
    client.read_probe("invoices", &rig.context()).await.unwrap();
}

/// A store that begins to keep a token and waits.
#[derive(Default)]
struct Slow {
    kept: MemoryTokens,
    saving: Notify,
    go_on: Notify,
}

impl TokenStore for Slow {
    fn exclusive(&self, account: &str) -> BoxFuture<'_, Result<Exclusive, TokenStoreError>> {
        self.kept.exclusive(account)
    }

    fn load(&self, account: &str) -> BoxFuture<'_, Result<Stored, TokenStoreError>> {
        self.kept.load(account)
    }

    fn save(&self, account: &str, token: &Token) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        let (account, token) = (account.to_owned(), token.clone());
        Box::pin(async move {
            self.saving.notify_one();
            self.go_on.notified().await;
            self.kept.save(&account, &token).await
        })
    }

    fn refresh_started(
        &self,
        account: &str,
        at: Timestamp,
    ) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.kept.refresh_started(account, at)
    }

    fn refresh_ended(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.kept.refresh_ended(account)
    }

    fn forget(&self, account: &str) -> BoxFuture<'_, Result<(), TokenStoreError>> {
        self.kept.forget(account)
    }
}

#[tokio::test]
async fn a_token_received_is_stored_though_the_sign_in_is_given_up_meanwhile() {
    let (sandbox, rig) = rig(GrantKind::DeviceCode).await;
    let slow = Arc::new(Slow::default());
    let store: Arc<dyn TokenStore> = slow.clone();
    let (transport, clock) = (rig.transport(), rig.clock.clone());
    let client = AccountClient::new(rig.profile(), transport, &rig.budgets, store, clock).unwrap();
    let context = rig.context();
    let device = client.tokens().device_code(&context).await.unwrap();
    assert!(sandbox.approve_device(&device.code.user_code));
    tokio::select! {
        ended = client.tokens().await_device(&device, &context) => panic!("{ended:?}"),
        () = slow.saving.notified() => {}
    }
    slow.go_on.notify_one();
    assert!(client.tokens().peek().await.unwrap().is_some());
}
