//! Scheduled syncs while somebody watches.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::time::Duration;

use crosswalk_sandbox::Latency;
use tokio::sync::mpsc;

use super::rig::Rig;
use crate::views::{ResumeOptions, RunProgress};

/// How a run ended, once it did.
async fn end(told: &mut mpsc::UnboundedReceiver<(String, RunProgress)>) -> RunProgress {
    loop {
        let (_, progress) = told.recv().await.unwrap();
        if progress.status != "running" {
            return progress;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scheduled_sync_is_told_of_paused_and_taken_up_again_like_any_other() {
    let rig = Rig::with(1).await;
    let console = &rig.console;
    console
        .set_schedule("a000", "currencies", Some(("full", "6h")))
        .await
        .unwrap();
    // So that there is something to be paused.
    rig.sandbox
        .set_latency(Latency::of(Duration::from_millis(300)));
    let (to, mut told) = mpsc::unbounded_channel();
    let watcher = to.clone();
    let mut runner =
        rig.runner()
            .watched_by(Arc::new(move |tenant: &str, progress: &RunProgress| {
                let _ = watcher.send((tenant.to_owned(), progress.clone()));
            }));
    rig.beat(&mut runner, 1).await;
    let (tenant, first) = told.recv().await.unwrap();
    assert_eq!(
        (
            tenant.as_str(),
            first.account.as_str(),
            first.status.as_str()
        ),
        ("acme", "a000", "running")
    );
    console.pause_sync(&first.run).await.unwrap();
    let paused = end(&mut told).await;
    assert_eq!(
        (&paused.run, paused.status.as_str()),
        (&first.run, "paused")
    );
    // The next turn does not begin again what somebody just stopped.
    rig.beat(&mut runner, 61).await;
    assert!(told.try_recv().is_err());

    rig.sandbox.set_latency(Latency::NONE);
    let again = console
        .resume_sync(
            &first.run,
            ResumeOptions::default(),
            Arc::new(move |progress: &RunProgress| {
                let _ = to.send((String::new(), progress.clone()));
            }),
        )
        .await
        .unwrap();
    assert_eq!(again, first.run);
    assert_eq!(end(&mut told).await.status, "completed");
    let runs = console.runs("a000", Some("currencies"), 10).await.unwrap();
    assert_eq!(runs.len(), 1, "{runs:#?}");
    runner.drain().await.unwrap();
}
