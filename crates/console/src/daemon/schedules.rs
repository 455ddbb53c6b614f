//! Scheduled syncs that do not keep each other from beginning.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crosswalk_sandbox::{Fault, Latency};
use crosswalk_workspace::alert::{Alert, kind};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::Runner;
use super::rig::Rig;
use crate::views::{RunProgress, SyncOptions};

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

/// Keeps syncs of a resource from beginning until the folder is removed: nobody can lock one.
async fn jam(rig: &Rig, id: &str, resource: &str) -> PathBuf {
    let account = rig.console.find_account(id).await.unwrap();
    let leases = rig.console.workspace().folder().leases();
    let lock = leases.join(format!("{}-{resource}.lock", account.uuid));
    std::fs::create_dir(&lock).unwrap();
    lock
}

async fn stuck(rig: &Rig) -> Vec<Alert> {
    let mut open = rig.open().await;
    open.retain(|alert| alert.kind == kind::SCHEDULE_STUCK);
    open
}

/// Catches up with what is due. What is due again and again would keep it for ever.
async fn catch_up(runner: &mut Runner) {
    let interrupted = CancellationToken::new();
    let caught_up = runner.catch_up(&interrupted);
    let caught_up = tokio::time::timeout(Duration::from_mins(1), caught_up).await;
    caught_up.unwrap().unwrap();
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
        .filter(|notice| notice.kind == kind::SCHEDULE_STUCK)
        .flat_map(|notice| notice.accounts.clone())
        .collect();
    of.sort();
    assert_eq!(of, ["a000", "a001"]);
    let alert = rig.alert(kind::SCHEDULE_STUCK).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_again_once_taken_up_again_waits_a_whole_period_too() {
    let rig = with_schedules(1).await;
    let mut runner = rig.runner();
    for failed in 1..=3 {
        // Both requests a run opens with, whichever is first.
        let fault = Fault::Status {
            status: 403,
            retry_after: None,
        };
        rig.sandbox.fail_next(2, &fault);
        catch_up(&mut runner).await;
        let runs = rig.console.runs("a000", None, 10).await.unwrap();
        assert_eq!(runs.len(), 1, "{runs:#?}");
        assert_eq!(runs[0].status, "failed");
        let health = rig.console.find_account("a000").await.unwrap().health;
        assert_eq!(health.failed_runs, failed);
        let due = rig.console.due_syncs(rig.console.now()).await.unwrap();
        assert!(due.is_empty(), "{due:#?}");
        rig.clock.advance(SignedDuration::from_hours(6));
    }
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_runs_for_longer_than_a_period_is_waited_for_and_not_counted() {
    let rig = with_schedules(1).await;
    let mut runner = rig.runner();
    rig.sandbox
        .set_latency(Latency::of(Duration::from_secs(10)));
    let options = SyncOptions {
        mode: "full".to_owned(),
        pages: None,
        budget: None,
        fields: None,
        restart: false,
        mark_exported: false,
        confirm: None,
    };
    let by_hand = rig
        .console
        .start_sync(
            "a000",
            "currencies",
            options,
            Arc::new(|_: &RunProgress| {}),
        )
        .await
        .unwrap();
    rig.clock.advance(SignedDuration::from_hours(7));
    for ran in [1, 2] {
        rig.beat(&mut runner, ran).await;
        assert_eq!(runner.syncs.are_under_way(), ran == 1);
        syncs_end(&mut runner).await;
    }
    let health = rig.console.find_account("a000").await.unwrap().health;
    assert_eq!(health.failed_runs, 0, "{health:#?}");
    rig.console.cancel_sync(&by_hand).await.unwrap();
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_resource_that_cannot_begin_is_told_of_once_whatever_becomes_of_another() {
    let rig = with_schedules(1).await;
    let console = &rig.console;
    console
        .set_schedule("a000", "suppliers", Some(("full", "5m")))
        .await
        .unwrap();
    let lock = jam(&rig, "a000", "suppliers").await;
    let mut runner = rig.runner();
    let mut told = Vec::new();
    for ran in [1, 2, 40, 41, 110, 111, 240, 241] {
        told.extend(rig.beat(&mut runner, ran).await);
        syncs_end(&mut runner).await;
        // The other one begins, and goes well, each time.
        console
            .set_schedule("a000", "currencies", Some(("full", "5m")))
            .await
            .unwrap();
        rig.clock.advance(SignedDuration::from_mins(5));
    }
    told.retain(|notice| notice.kind == kind::SCHEDULE_STUCK);
    assert_eq!(told.len(), 1, "{told:#?}");
    let alerts = stuck(&rig).await;
    assert_eq!(alerts.len(), 1);
    assert!(alerts[0].message.contains("suppliers"), "{alerts:#?}");
    assert!(!alerts[0].message.contains("currencies"), "{alerts:#?}");
    // Nor is it told of anew after a restart.
    runner.drain().await.unwrap();
    let mut runner = rig.runner();
    for ran in [1, 2] {
        rig.beat(&mut runner, ran).await;
        syncs_end(&mut runner).await;
    }
    let still = stuck(&rig).await;
    assert_eq!(still.len(), 1);
    assert_eq!(still[0].uuid, alerts[0].uuid);
    // Begun, it is no longer told of.
    std::fs::remove_dir(lock).unwrap();
    for ran in [3000, 3001] {
        rig.beat(&mut runner, ran).await;
        syncs_end(&mut runner).await;
    }
    assert_eq!(stuck(&rig).await, []);
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_begin_is_tried_at_once_after_a_wake_and_is_no_alert_once_it_is_not_planned() {
    let rig = with_schedules(1).await;
    jam(&rig, "a000", "currencies").await;
    let mut runner = rig.runner();
    for ran in [1, 2] {
        rig.beat(&mut runner, ran).await;
        syncs_end(&mut runner).await;
    }
    rig.beat(&mut runner, 3).await;
    assert!(!runner.syncs.are_under_way());
    for ran in [4, 6] {
        rig.clock.advance(SignedDuration::from_hours(1));
        rig.beat(&mut runner, ran).await;
        assert!(runner.syncs.are_under_way(), "after a wake");
        syncs_end(&mut runner).await;
        rig.beat(&mut runner, ran + 1).await;
    }
    assert_eq!(stuck(&rig).await.len(), 1);
    let planned = rig.console.set_schedule("a000", "currencies", None).await;
    assert_eq!(planned.unwrap(), []);
    assert_eq!(stuck(&rig).await, []);
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_begin_is_tried_once_in_catching_up() {
    let rig = with_schedules(1).await;
    jam(&rig, "a000", "currencies").await;
    let mut runner = rig.runner();
    catch_up(&mut runner).await;
    // As if another one had taken so long.
    runner.begun = runner.begun.checked_sub(Duration::from_mins(1)).unwrap();
    catch_up(&mut runner).await;
    let health = rig.console.find_account("a000").await.unwrap().health;
    assert_eq!(health.failed_runs, 1);
    runner.drain().await.unwrap();
}
