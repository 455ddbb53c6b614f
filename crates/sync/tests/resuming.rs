//! One run taken up again, and no other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod rig;

use std::time::Duration;

use crosswalk_sandbox::{Latency, Resource, SandboxConfig};
use crosswalk_sync::{Fields, Marking, Mode, RunSummary, Status, SyncRequest, Terms};
use crosswalk_workspace::run;
use rig::{Rig, request};
use tokio_util::sync::CancellationToken;

async fn slow(invoices: u64) -> Rig {
    Rig::new(SandboxConfig {
        latency: Some(Latency::of(Duration::from_millis(20))),
        ..SandboxConfig::for_tests()
            .with(Resource::Invoices, invoices)
            .granting("core.invoice.write")
    })
    .await
}

/// A run that is stopped once it stored something.
async fn stopped(rig: &Rig, request: SyncRequest) -> RunSummary {
    let cancel = CancellationToken::new();
    let (to, mut seen) = tokio::sync::watch::channel(crosswalk_sync::Progress::default());
    let stopper = cancel.clone();
    tokio::spawn(async move {
        while seen.changed().await.is_ok() {
            if seen.borrow().records > 0 {
                stopper.cancel();
            }
        }
    });
    let context = rig.context(&request.resource);
    let summary = crosswalk_sync::run(request, context, Some(to), cancel)
        .await
        .unwrap();
    assert_eq!(summary.status, Status::Cancelled, "{summary:?}");
    summary
}

fn terms(summary: &RunSummary) -> Terms {
    Terms::kept(summary.checkpoint.as_ref().unwrap()).unwrap()
}

#[tokio::test]
async fn a_run_of_whole_objects_is_taken_up_as_such_or_not_at_all() {
    let rig = slow(1_500).await;
    let whole = SyncRequest {
        fields: Fields::All,
        budget_percent: Some(10),
        ..request("invoices", Mode::Full)
    };
    let before = stopped(&rig, whole.clone()).await;
    assert_eq!(
        terms(&before),
        Terms {
            pages: None,
            marks: false,
            budget_percent: Some(10)
        }
    );
    // What asks for other fields, or reads otherwise, is another run.
    for other in [
        request("invoices", Mode::Full),
        request("invoices", Mode::Test),
    ] {
        let resume = SyncRequest {
            resume: Some(before.run),
            ..other
        };
        let refused = rig.run(resume).await.unwrap_err();
        assert_eq!(refused.code(), "run_not_resumable", "{refused}");
    }
    let id = before.run;
    let held = rig.workspace.read(move |tx| run::get(tx, id)).await;
    assert_eq!(held.unwrap().status, Status::Cancelled);
    let resume = SyncRequest {
        resume: Some(before.run),
        ..whole
    };
    let after = rig.run(resume.clone()).await.unwrap();
    assert_eq!(
        (after.run, after.status, after.stored, after.resumed),
        (before.run, Status::Completed, 1_500, 1),
        "{after:?}"
    );
    // It is over.
    let refused = rig.run(resume).await.unwrap_err();
    assert_eq!(refused.code(), "run_not_resumable");
}

#[tokio::test]
async fn a_test_remembers_how_many_pages_it_was_asked_for() {
    let rig = slow(1_500).await;
    let before = stopped(
        &rig,
        SyncRequest {
            pages: Some(8),
            ..request("invoices", Mode::Test)
        },
    )
    .await;
    let kept = terms(&before);
    assert_eq!(kept.pages, Some(8));
    let after = rig
        .run(SyncRequest {
            pages: kept.pages,
            resume: Some(before.run),
            ..request("invoices", Mode::Test)
        })
        .await
        .unwrap();
    assert_eq!(
        (after.run, after.status),
        (before.run, Status::Completed),
        "{after:?}"
    );
    // Each page is a request, and four are the usual.
    assert!(after.requests >= 8, "{after:?}");
}

#[tokio::test]
async fn a_run_that_marks_is_guarded_anew_when_it_is_taken_up() {
    let rig = slow(60).await;
    rig::allow_writing(&rig);
    let marking = |typed: &str| SyncRequest {
        mark_exported: Some(Marking {
            typed: typed.to_owned(),
        }),
        ..request("invoices", Mode::Unexported)
    };
    let before = stopped(&rig, marking("acme")).await;
    assert!(terms(&before).marks);
    let resume = |typed: &str| SyncRequest {
        resume: Some(before.run),
        ..marking(typed)
    };
    let refused = rig.run(resume("")).await.unwrap_err();
    assert_eq!(refused.code(), "marking_refused");
    let after = rig.run(resume("acme")).await.unwrap();
    assert_eq!(
        (after.run, after.status),
        (before.run, Status::Completed),
        "{after:?}"
    );
    let mut marked: Vec<String> = rig
        .sandbox
        .stats()
        .writes
        .iter()
        .map(|write| write.path.clone())
        .collect();
    marked.sort();
    marked.dedup();
    assert_eq!(marked.len() as u64, after.stored);
}

#[tokio::test]
async fn a_run_that_another_overtook_is_not_taken_up() {
    let rig = slow(1_500).await;
    let first = stopped(&rig, request("invoices", Mode::Full)).await;
    let second = rig.sync("invoices", Mode::Incremental).await.unwrap();
    assert_eq!(second.status, Status::Completed);
    let refused = rig
        .run(SyncRequest {
            resume: Some(first.run),
            ..request("invoices", Mode::Full)
        })
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "run_not_resumable");
}
