//! Scheduled syncs that do not keep each other from beginning.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use crosswalk_workspace::alert::kind;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::Runner;
use super::rig::Rig;

/// A workspace with accounts whose tokens have rested, each with a schedule that is due.
async fn with_schedules(accounts: usize) -> Rig {
    let rig = Rig::with(accounts).await;
    rig.clock.advance(SignedDuration::from_secs(10));
    for number in 0..accounts {
        rig.console
            .set_schedule(&format!("a{number:03}"), "currencies", Some(("full", "6h")))
            .await
            .unwrap();
    }
    rig
}

/// Waits until the syncs on their way have ended.
async fn syncs_end(runner: &mut Runner) {
    while runner.syncs.are_under_way() {
        runner.sync_ended().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_begin_keeps_no_other_waiting_and_is_told_of() {
    let rig = with_schedules(3).await;
    let vault = rig.console.vault().await.unwrap();
    for id in ["a000", "a001"] {
        let account = rig.console.find_account(id).await.unwrap();
        vault.remove(&rig.console.entry_name(&account)).unwrap();
    }
    let mut runner = rig.runner();
    for ran in [1, 2] {
        rig.beat(&mut runner, ran).await;
        syncs_end(&mut runner).await;
    }
    let runs = rig.console.runs("a002", None, 10).await.unwrap();
    assert_eq!(runs.len(), 1, "{runs:#?}");
    let broken = rig.console.find_account("a000").await.unwrap().health;
    assert_eq!(broken.failed_runs, 1);
    assert_eq!(broken.last_error.unwrap().code, "vault_entry_missing");
    // Tried again after half a minute and then after a whole one, and told of after the third time.
    let mut told = Vec::new();
    for ran in [20, 40, 41, 80, 110, 111] {
        told.extend(rig.beat(&mut runner, ran).await);
        syncs_end(&mut runner).await;
    }
    let broken = rig.console.find_account("a000").await.unwrap().health;
    assert_eq!(broken.failed_runs, 3);
    let mut of: Vec<_> = told
        .iter()
        .filter(|notice| notice.kind == kind::FAILED_RUNS)
        .flat_map(|notice| notice.accounts.clone())
        .collect();
    of.sort();
    assert_eq!(of, ["a000", "a001"]);
    let alert = rig.alert(kind::FAILED_RUNS).await;
    assert!(alert.message.contains("cannot begin"), "{alert:#?}");
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_due_is_caught_up_with_and_the_next_is_waited_for() {
    let rig = with_schedules(5).await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    runner.catch_up(&CancellationToken::new()).await.unwrap();
    for number in 0..5 {
        let id = format!("a{number:03}");
        let runs = rig.console.runs(&id, None, 10).await.unwrap();
        let ended: Vec<&str> = runs.iter().map(|run| run.status.as_str()).collect();
        assert_eq!(ended, ["completed"], "{id}");
    }
    let rest = SignedDuration::from_secs(20);
    rig.clock.advance(SignedDuration::from_hours(6) - rest);
    assert_eq!(runner.sleep_for().await.unwrap(), Duration::from_secs(20));
    runner.drain().await.unwrap();
}
