//! A machine that wakes with five hundred tokens due.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use crosswalk_sandbox::Fault;
use crosswalk_workspace::alert;
use jiff::SignedDuration;

use super::rig::Rig;

const ACCOUNTS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_tokens_that_fell_due_while_asleep_are_renewed_once_with_one_notification() {
    let rig = Rig::with(ACCOUNTS).await;
    let mut runner = rig.runner();
    assert_eq!(rig.beat(&mut runner, 1).await, []);
    let before = rig.sandbox.stats().token_requests;
    // Twenty-one hours, one of them the last of a 28 February in a leap year, in which the program did not run.
    rig.clock.advance(SignedDuration::from_hours(21));
    let mut told = rig.beat(&mut runner, 61).await;
    for turn in 2..6 {
        rig.clock.advance(SignedDuration::from_mins(1));
        told.extend(rig.beat(&mut runner, 1 + 60 * turn).await);
    }
    assert_eq!(
        rig.sandbox.stats().token_requests - before,
        ACCOUNTS as u64,
        "each is renewed once"
    );
    assert!((1..=2).contains(&told.len()), "{told:#?}");
    let open = rig.open().await;
    let late: Vec<_> = open
        .iter()
        .filter(|alert| alert.state != alert::State::Upcoming || alert.due_at <= rig.console.now())
        .collect();
    assert!(late.is_empty(), "{late:#?}");
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_of_all_of_them_are_two_notifications_at_most() {
    let rig = Rig::with(60).await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    rig.sandbox.rotate_secret().unwrap();
    rig.clock.advance(SignedDuration::from_hours(21));
    let mut told = rig.beat(&mut runner, 61).await;
    for turn in 2..6 {
        rig.clock.advance(SignedDuration::from_mins(1));
        told.extend(rig.beat(&mut runner, 1 + 60 * turn).await);
    }
    assert!((1..=2).contains(&told.len()), "{told:#?}");
    for account in rig.console.accounts().await.unwrap() {
        assert_eq!(account.status, "needs_reauth");
    }
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_was_set_back_and_forth_renews_nothing_twice() {
    let rig = Rig::with(2).await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    let issued = || rig.sandbox.stats().token_requests;
    let before = issued();
    // Five hours back: tokens that seem to be of tomorrow were obtained under a clock that was wrong.
    rig.clock.advance(SignedDuration::from_hours(-5));
    rig.beat(&mut runner, 61).await;
    assert_eq!(issued() - before, 2);
    rig.beat(&mut runner, 121).await;
    assert_eq!(issued() - before, 2);
    // And forward again, to the right time: they are five hours old, and stay.
    rig.clock.advance(SignedDuration::from_hours(5));
    rig.beat(&mut runner, 181).await;
    assert_eq!(issued() - before, 2);
    // Closed for forty days: renewed once.
    rig.clock.advance(SignedDuration::from_hours(24 * 40));
    rig.beat(&mut runner, 241).await;
    rig.beat(&mut runner, 301).await;
    assert_eq!(issued() - before, 4);
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewal_that_failed_waits_from_then_and_not_from_when_the_turn_began() {
    let rig = Rig::with(2).await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    rig.clock.advance(SignedDuration::from_hours(21));
    runner.pace.at_one_instance = Duration::from_secs(1);
    let down = Fault::Status {
        status: 503,
        retry_after: None,
    };
    rig.sandbox.fail_next_token(50, &down);
    rig.beat(&mut runner, 61).await;
    let left = runner.next_try(Duration::from_secs(61)).unwrap();
    assert!(left >= Duration::from_secs(31), "{left:?}");
    runner.drain().await.unwrap();
}
