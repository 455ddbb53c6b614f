#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Budgets, Lane, Limit, Share, Signal, Window};

/// The provider of the benchmark: 25 calls a second, 20 at once.
fn limit() -> Limit {
    Limit {
        windows: vec![Window {
            calls: 25.0,
            per: Duration::from_secs(1),
            burst: Some(20.0),
        }],
        concurrency: None,
    }
}

/// A provider's leaky bucket, as strict as one can be: it counts each call when it arrives.
#[derive(Clone)]
struct Provider(Arc<Mutex<(f64, Instant, u32)>>);

impl Provider {
    fn new() -> Self {
        Self(Arc::new(Mutex::new((0.0, Instant::now(), 0))))
    }

    /// Whether the call is let in.
    fn arrive(&self) -> bool {
        let mut state = self.0.lock().unwrap();
        let now = Instant::now();
        let level = (state.0 - (now - state.1).as_secs_f64() * 25.0).max(0.0);
        let fits = level + 1.0 <= 20.0 + 1e-9;
        *state = (
            if fits { level + 1.0 } else { level },
            now,
            state.2 + u32::from(!fits),
        );
        fits
    }

    fn refusals(&self) -> u32 {
        self.0.lock().unwrap().2
    }
}

/// Makes `calls` calls as fast as the lane lets them, each taking `there` to arrive and `back` to return.
async fn run(
    lane: &Lane,
    provider: &Provider,
    calls: u64,
    there: impl Fn(u64) -> u64 + Send + Sync + 'static,
    back: u64,
) -> Duration {
    let started = Instant::now();
    let there = Arc::new(there);
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..calls {
        let (lane, provider, there) = (lane.clone(), provider.clone(), there.clone());
        tasks.spawn(async move {
            let mut permit = lane.acquire().await.unwrap();
            sleep(Duration::from_millis(there(index))).await;
            let let_in = provider.arrive();
            sleep(Duration::from_millis(back)).await;
            if let_in {
                permit.succeeded(Signal::default());
            } else {
                permit.refused(Signal::default());
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    started.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_hundred_calls_use_the_limit_and_never_pass_it() {
    let lane = Budgets::new()
        .budget("a", &limit())
        .lane("one", Share::WHOLE);
    let provider = Provider::new();
    let took = run(&lane, &provider, 100, |_| 0, 200).await;
    assert_eq!(provider.refusals(), 0);
    // 18 at once and 82 at 24.75 a second, and 0.2 s for the last answer: 3.51 s, where the limit itself allows 3.4 s.
    assert!(took < Duration::from_millis(3_550), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn calls_that_arrive_bunched_are_no_more_than_the_provider_takes() {
    let lane = Budgets::new()
        .budget("a", &limit())
        .lane("one", Share::WHOLE);
    let provider = Provider::new();
    // The first calls need 75 ms, later ones go over warm connections.
    run(
        &lane,
        &provider,
        100,
        |index| if index < 30 { 75 } else { index * 7 % 20 },
        100,
    )
    .await;
    assert_eq!(provider.refusals(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_long_latency_does_not_starve_the_rate() {
    let lane = Budgets::new()
        .budget("a", &limit())
        .lane("one", Share::WHOLE);
    let took = run(&lane, &Provider::new(), 200, |_| 10, 1_500).await;
    assert!(took < Duration::from_secs(9), "{took:?}");
    assert!(lane.useful_workers() >= 18 + 37);
}

#[tokio::test(start_paused = true)]
async fn a_production_share_leaves_room_for_a_neighbour() {
    let lane = Budgets::new()
        .budget("a", &limit())
        .lane("one", Share::PRODUCTION);
    let provider = Provider::new();
    let theirs = provider.clone();
    let neighbour = tokio::spawn(async move {
        for _ in 0..150 {
            theirs.arrive();
            sleep(Duration::from_millis(1_000 / 15)).await;
        }
    });
    let took = run(&lane, &provider, 60, |_| 20, 100).await;
    neighbour.await.unwrap();
    assert_eq!(provider.refusals(), 0);
    assert!(
        took > Duration::from_secs(8) && took < Duration::from_secs(10),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn accounts_of_one_instance_share_it_fairly_and_others_are_not_slowed() {
    let budgets = Budgets::new();
    let (one, two) = (
        budgets.budget("a", &limit()).lane("one", Share::WHOLE),
        budgets.budget("a", &limit()).lane("two", Share::WHOLE),
    );
    let other = budgets.budget("b", &limit()).lane("three", Share::WHOLE);
    let provider = Provider::new();
    let elsewhere = Provider::new();
    let (first, latecomer, untouched) = tokio::join!(
        run(&one, &provider, 200, |_| 0, 50),
        async {
            // One's queue is long before two asks.
            sleep(Duration::from_millis(500)).await;
            run(&two, &provider, 20, |_| 0, 50).await
        },
        run(&other, &elsewhere, 100, |_| 0, 200),
    );
    assert_eq!(provider.refusals() + elsewhere.refusals(), 0);
    assert!(
        latecomer < Duration::from_millis(1_900),
        "every second turn is two's: {latecomer:?}"
    );
    assert!(first < Duration::from_millis(8_400), "{first:?}");
    assert!(untouched < Duration::from_millis(3_550), "{untouched:?}");
    assert_eq!(budgets.snapshots().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_slows_everybody_down_and_recovers_slowly() {
    let budget = Budgets::new().budget("a", &limit());
    let (one, two) = (
        budget.lane("one", Share::WHOLE),
        budget.lane("two", Share::WHOLE),
    );
    let mut together = [
        one.acquire().await.unwrap(),
        one.acquire().await.unwrap(),
        two.acquire().await.unwrap(),
    ];
    sleep(Duration::from_millis(50)).await;
    // Refused together, they are one strike.
    let strikes: Vec<u32> = together
        .iter_mut()
        .map(|permit| permit.refused(Signal::default()))
        .collect();
    assert_eq!(strikes, [1, 1, 1]);
    drop(together);
    budget.pause(Duration::from_secs(2));
    let before = Instant::now();
    let mut permit = two.acquire().await.unwrap();
    assert!(before.elapsed() >= Duration::from_secs(2));
    let slowed = budget.snapshot().slowed_to;
    assert!((slowed - 0.7).abs() < 1e-9, "{slowed}");
    assert_eq!(permit.refused(Signal::default()), 2);
    drop(permit);
    sleep(Duration::from_secs(26)).await;
    let recovered = budget.snapshot().slowed_to;
    assert!(
        (recovered - 0.74).abs() < 1e-9,
        "0.49 and five steps of 0.05: {recovered}"
    );
    one.acquire().await.unwrap().succeeded(Signal::default());
    sleep(Duration::from_mins(1)).await;
    assert!((budget.snapshot().slowed_to - 1.0).abs() < 1e-9);
}

#[tokio::test(start_paused = true)]
async fn an_empty_window_holds_everybody_until_its_reset() {
    let budget = Budgets::new().budget("a", &Limit::default());
    let (one, two) = (
        budget.lane("one", Share::WHOLE),
        budget.lane("two", Share::WHOLE),
    );
    let empty = Signal {
        limit: Some(60.0),
        remaining: Some(0.0),
        reset: Some(Duration::from_secs(30)),
        retry_after: None,
    };
    one.acquire().await.unwrap().succeeded(empty);
    let snapshot = budget.snapshot();
    assert_eq!(
        (snapshot.headroom, snapshot.paused_for),
        (Some(0.0), Some(Duration::from_secs(30)))
    );
    let before = Instant::now();
    two.acquire().await.unwrap();
    assert_eq!(before.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_fails_waiting_calls_at_once_and_closes_by_itself() {
    let budget = Budgets::new().budget("a", &limit());
    let lane = budget.lane("one", Share::WHOLE);
    budget.pause(Duration::from_mins(10));
    let waiting = tokio::spawn({
        let lane = lane.clone();
        async move { lane.acquire().await.map(drop) }
    });
    sleep(Duration::from_secs(1)).await;
    let until = budget.open_circuit(Duration::from_mins(1));
    assert_eq!(waiting.await.unwrap(), Err(until));
    assert!(budget.snapshot().circuit_open);
    sleep(Duration::from_secs(700)).await;
    assert!(lane.acquire().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_call_given_up_frees_its_place() {
    let only_one = Limit {
        windows: Vec::new(),
        concurrency: Some(1),
    };
    let lane = Budgets::new()
        .budget("a", &only_one)
        .lane("one", Share::WHOLE);
    let held = lane.acquire().await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_secs(1), lane.acquire()).await;
    assert!(given_up.is_err());
    assert_eq!(lane.budget().snapshot().waiting, 0);
    drop(held);
    assert!(lane.acquire().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_more_latencies_differ_the_less_is_sent_at_once() {
    let budget = Budgets::new().budget("a", &limit());
    let lane = budget.lane("one", Share::WHOLE);
    assert_eq!(budget.snapshot().burst, Some(18.0));
    for latency in [100, 300] {
        let mut permit = lane.acquire().await.unwrap();
        sleep(Duration::from_millis(latency)).await;
        permit.succeeded(Signal::default());
    }
    let burst = budget.snapshot().burst.unwrap();
    assert!(
        (burst - 15.0).abs() < 1e-6,
        "room for 0.2 s at 25 a second: {burst}"
    );
    let mut permit = lane.acquire().await.unwrap();
    sleep(Duration::from_secs(3)).await;
    permit.succeeded(Signal::default());
    drop(permit);
    assert_eq!(budget.snapshot().burst, Some(10.0), "never less than half");
}

#[tokio::test(start_paused = true)]
async fn a_quota_used_up_until_tomorrow_is_said_at_once() {
    let budget = Budgets::new().budget("a", &Limit::default());
    let lane = budget.lane("one", Share::WHOLE);
    let hours = Some(Duration::from_hours(9));
    let empty = Signal {
        limit: Some(5_000.0),
        remaining: Some(0.0),
        reset: hours,
        retry_after: None,
    };
    lane.acquire().await.unwrap().succeeded(empty);
    let until = lane.acquire().await.map(drop).unwrap_err();
    // Looked at each hour: the nine may be a slip.
    assert_eq!(until - Instant::now(), Duration::from_hours(1));
}

#[tokio::test(start_paused = true)]
async fn after_an_open_circuit_one_call_goes_before_the_others() {
    let budget = Budgets::new().budget("a", &limit());
    let lane = budget.lane("one", Share::WHOLE);
    let until = budget.open_circuit(Duration::from_hours(24 * 365));
    assert_eq!(until - Instant::now(), Duration::from_hours(1));
    sleep(Duration::from_hours(1)).await;
    let mut probe = lane.acquire().await.unwrap();
    let other = tokio::spawn({
        let lane = lane.clone();
        async move { lane.acquire().await.map(drop) }
    });
    sleep(Duration::from_secs(5)).await;
    assert!(!other.is_finished());
    probe.refused(Signal::default());
    drop(probe);
    let until = budget.open_circuit(Duration::from_mins(1));
    assert_eq!(other.await.unwrap(), Err(until));

    sleep(Duration::from_secs(61)).await;
    // One that got no answer says nothing: the next is alone again.
    drop(lane.acquire().await.unwrap());
    let mut probe = lane.acquire().await.unwrap();
    let alone = tokio::time::timeout(Duration::from_secs(5), lane.acquire()).await;
    assert!(alone.is_err());
    probe.succeeded(Signal::default());
    drop(probe);
    let together = (lane.acquire().await, lane.acquire().await);
    assert!(together.0.is_ok() && together.1.is_ok());
}

#[tokio::test(start_paused = true)]
async fn nobody_is_paused_for_longer_than_an_hour() {
    let budget = Budgets::new().budget("a", &Limit::default());
    let lane = budget.lane("one", Share::WHOLE);
    budget.pause(Duration::from_hours(24 * 365));
    let before = Instant::now();
    drop(lane.acquire().await.unwrap());
    assert_eq!(before.elapsed(), Duration::from_hours(1));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whatever the calls' ways there do within the jitter allowed for, the provider refuses none.
        #[test]
        fn jitter_within_bounds_is_never_refused(ways in prop::collection::vec(0_u64..80, 60), back in 0_u64..400) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            let refusals = runtime.block_on(async {
                let lane = Budgets::new().budget("a", &limit()).lane("one", Share::WHOLE);
                let provider = Provider::new();
                let count = ways.len();
                let there = move |index: u64| ways[usize::try_from(index).unwrap() % count];
                run(&lane, &provider, 60, there, back).await;
                provider.refusals()
            });
            prop_assert_eq!(refusals, 0);
        }
    }
}
