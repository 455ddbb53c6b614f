use std::time::Duration;

use crosswalk_sandbox::{Latency, RateLimit, SandboxConfig};
use futures_util::future::join_all;

use crate::caller::Caller;

#[tokio::test]
async fn a_burst_passes_and_the_rest_is_refused_and_counted() {
    // So slow a leak that hardly anything leaks while the test runs.
    let limit = Some(RateLimit {
        per_second: 1,
        burst: 20,
    });
    let caller = Caller::start(SandboxConfig {
        limit,
        ..SandboxConfig::for_tests()
    })
    .await;
    let answers = join_all((0..30).map(|_| caller.get("currencies?limit=1"))).await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status() == 429)
        .collect();
    assert!((9..=10).contains(&refused.len()), "{}", refused.len());
    assert!(
        refused[0].headers().get("retry-after").is_none(),
        "no Retry-After is documented"
    );
    let stats = caller.sandbox.stats();
    assert_eq!(stats.rate_limited, refused.len() as u64);
    assert_eq!(
        stats.by_client[caller.sandbox.client_id()].rate_limited,
        refused.len() as u64
    );
    assert_eq!(stats.requests, 30);
    caller.sandbox.set_limit(None);
    assert_eq!(caller.get("currencies?limit=1").await.status(), 200);
}

#[tokio::test]
async fn answers_take_their_time_and_those_in_flight_are_counted() {
    let latency = Some(Latency::of(Duration::from_millis(60)));
    let caller = Caller::start(SandboxConfig {
        latency,
        ..SandboxConfig::for_tests()
    })
    .await;
    let began = std::time::Instant::now();
    join_all((0..8).map(|_| caller.get("currencies?limit=1"))).await;
    assert!(began.elapsed() >= Duration::from_millis(60));
    assert_eq!(caller.sandbox.stats().max_in_flight, 8);
    assert_eq!(caller.sandbox.in_flight(), 0);
}

#[tokio::test]
async fn clients_of_one_instance_share_its_limit_and_are_told_apart() {
    let limit = Some(RateLimit {
        per_second: 1,
        burst: 5,
    });
    let caller = Caller::start(SandboxConfig {
        limit,
        ..SandboxConfig::for_tests()
    })
    .await;
    let other = caller.sandbox.add_client(&["core.common.read"]).unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", other.client_id.as_str()),
        ("client_secret", other.client_secret.as_str()),
    ];
    let url = format!("{}/oauth2/token", caller.sandbox.url());
    let body: serde_json::Value = caller
        .http
        .post(url)
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    for _ in 0..5 {
        assert_eq!(caller.get("currencies?limit=1").await.status(), 200);
    }
    let url = format!("{}/api/currencies?limit=1", caller.sandbox.url());
    let answer = caller
        .http
        .get(url)
        .bearer_auth(body["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 429);
    let stats = caller.sandbox.stats();
    assert_eq!(stats.by_client[&other.client_id].rate_limited, 1);
    assert_eq!(stats.by_client[caller.sandbox.client_id()].rate_limited, 0);
}
