//! How close to a provider's limit the client comes. Takes real seconds: run with `cargo test -p crosswalk-client --test http speed -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use crosswalk_client::{Cursor, ListRequest, Position, Selection, Share};
use crosswalk_connector::RawPath;
use crosswalk_sandbox::{Latency, RateLimit, Resource, Sandbox, SandboxConfig};

use crate::rig::Rig;

/// A hundred pages of fifty, all asked for as fast as the budget lets them.
async fn hundred_pages(rig: &Rig) -> Duration {
    let client = rig.client();
    client.tokens().current(&rig.context()).await.unwrap();
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for page in 0..100 {
        let (client, context) = (client.clone(), rig.context());
        tasks.spawn(async move {
            let request = ListRequest {
                cursor: Some(Cursor::at(Position::Offset(page * 50))),
                selection: Some(Selection {
                    paths: vec![RawPath::parse("id").unwrap()],
                    custom_fields: false,
                }),
                ..ListRequest::default()
            };
            client
                .list_page("invoices", &request, &context)
                .await
                .unwrap()
                .records
                .len()
        });
    }
    let mut records = 0;
    while let Some(done) = tasks.join_next().await {
        records += done.unwrap();
    }
    assert_eq!(records, 5_000);
    started.elapsed()
}

fn instance() -> SandboxConfig {
    SandboxConfig {
        limit: Some(RateLimit {
            per_second: 25,
            burst: 20,
        }),
        latency: Some(Latency::of(Duration::from_millis(200))),
        ..SandboxConfig::for_tests().with(Resource::Invoices, 5_000)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes four seconds"]
async fn a_hundred_pages_at_the_limit_without_a_refusal() {
    let sandbox = tokio::task::spawn_blocking(|| Sandbox::start_on_thread(instance()).unwrap())
        .await
        .unwrap();
    let took = hundred_pages(&Rig::on(&sandbox)).await;
    println!(
        "100 pages at 25/s, burst 20, latency 200 ms: {took:?}, refused {}",
        sandbox.stats().rate_limited
    );
    assert_eq!(sandbox.stats().rate_limited, 0);
    assert!(took < Duration::from_millis(3_800), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes sixteen seconds"]
async fn a_neighbour_at_sixty_percent_is_not_refused() {
    let sandbox = tokio::task::spawn_blocking(|| Sandbox::start_on_thread(instance()).unwrap())
        .await
        .unwrap();
    let neighbour = sandbox
        .add_client(&["core.invoice.read", "core.common.read"])
        .unwrap();
    let mut theirs = Rig::on(&sandbox);
    theirs.secret("client_id", &neighbour.client_id);
    theirs.secret("client_secret", &neighbour.client_secret);
    theirs.share = Share::percent(60).unwrap();
    let mut ours = Rig::on(&sandbox);
    ours.share = Share::PRODUCTION;
    let (slow, fast) = tokio::join!(hundred_pages(&ours), hundred_pages(&theirs));
    println!(
        "25 % share: {slow:?}; neighbour at 60 %: {fast:?}; refused {}",
        sandbox.stats().rate_limited
    );
    assert_eq!(sandbox.stats().rate_limited, 0);
}
