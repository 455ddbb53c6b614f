//! Tokens: one for each account, kept, renewed in time, rested before use.

use std::time::Duration;

use crosswalk_client::ClientError;
use crosswalk_sandbox::{Fault, Resource, Sandbox, SandboxConfig};

use crate::hands::Hands;
use crate::rig::Rig;

async fn read(rig: &Rig) -> Result<crosswalk_client::Page, ClientError> {
    rig.client().read_probe("invoices", &rig.context()).await
}

#[tokio::test]
async fn one_token_serves_all_calls_and_clients() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests().with(Resource::Invoices, 10))
        .await
        .unwrap();
    let rig = Rig::on(&sandbox);
    let client = rig.client();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, context) = (client.clone(), rig.context());
        tasks.spawn(async move { client.read_probe("invoices", &context).await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(sandbox.stats().token_requests, 1);
    // Another process, as it were: the token is in the store.
    read(&rig).await.unwrap();
    assert_eq!(sandbox.stats().token_requests, 1);
    // Revoked while twenty calls are on their way: one new token.
    sandbox.revoke_tokens();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, context) = (client.clone(), rig.context());
        tasks.spawn(async move { client.read_probe("invoices", &context).await.map(drop) });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    assert_eq!(sandbox.stats().token_requests, 2);
}

#[tokio::test]
async fn a_token_is_renewed_at_the_connectors_age() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests().with(Resource::Invoices, 10))
        .await
        .unwrap();
    let clock = Hands::new();
    let mut rig = Rig::on(&sandbox);
    rig.clock = clock.clone();
    let client = rig.client();
    client.read_probe("invoices", &rig.context()).await.unwrap();
    let token = client.tokens().peek().await.unwrap().unwrap();
    let endpoint = rig.definition.connector.auth.token.clone().unwrap();
    assert_eq!(
        token.renew_at(&endpoint),
        Some("2026-11-21T18:00:00Z".parse().unwrap())
    );
    clock.turn(Duration::from_secs(20 * 3600 - 1));
    client.read_probe("invoices", &rig.context()).await.unwrap();
    assert_eq!(sandbox.stats().token_requests, 1);
    clock.turn(Duration::from_secs(1));
    // The provider is down for a moment: the old token still has four hours.
    sandbox.fail_next_token(
        4,
        &Fault::Status {
            status: 503,
            retry_after: None,
        },
    );
    client.read_probe("invoices", &rig.context()).await.unwrap();
    assert_eq!(client.tokens().peek().await.unwrap().unwrap(), token);
    client.read_probe("invoices", &rig.context()).await.unwrap();
    assert_ne!(client.tokens().peek().await.unwrap().unwrap(), token);
}

#[tokio::test]
async fn a_new_token_rests_before_its_first_use() {
    let config = SandboxConfig {
        settle: Duration::from_millis(150),
        ..SandboxConfig::for_tests().with(Resource::Invoices, 10)
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let mut rig = Rig::on(&sandbox);
    let settle = crosswalk_connector::Period::parse("200ms").unwrap();
    rig.definition.connector.auth.token.as_mut().unwrap().settle = Some(settle);
    let started = std::time::Instant::now();
    assert_eq!(read(&rig).await.unwrap().requests, 1, "no 401 on the way");
    assert!(started.elapsed() >= Duration::from_millis(200));
    let started = std::time::Instant::now();
    read(&rig).await.unwrap();
    assert!(
        started.elapsed() < Duration::from_millis(190),
        "an old token does not rest again"
    );
}
