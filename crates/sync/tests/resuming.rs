//! One run taken up again, and no other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use crosswalk_client::Page;
use crosswalk_sandbox::{Latency, Resource, SandboxConfig};
use crosswalk_sync::{
    Fields, Keeping, Marking, Mode, RunSummary, Status, SyncRequest, Terms, Trigger,
};
use crosswalk_workspace::run::{self, NewRun, Run};
use crosswalk_workspace::selection::{self, Selection};
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

/// A single read as it stands where its program was killed.
async fn killed_read(rig: &Rig) -> Run {
    let account = rig.account.uuid;
    rig.workspace
        .write(move |tx| {
            let selection = selection::intern(tx, &Selection::Whole)?;
            run::start(
                tx,
                &NewRun {
                    account,
                    resource: "invoices".to_owned(),
                    mode: Mode::Test,
                    trigger: Trigger::Manual,
                    selection,
                    definition_digest: String::new(),
                },
            )
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_single_read_that_was_killed_is_ended_by_the_next_read_or_sync() {
    let rig = Rig::new(SandboxConfig::for_tests().with(Resource::Invoices, 60)).await;
    let status = async |killed: &Run| {
        let id = killed.uuid;
        let held = rig.workspace.read(move |tx| run::get(tx, id)).await;
        held.unwrap().status
    };
    let killed = killed_read(&rig).await;
    assert_eq!(status(&killed).await, Status::Running);
    let keeping = Keeping {
        workspace: rig.workspace.clone(),
        definition: Arc::clone(&rig.definition),
        account: rig.account.clone(),
        keys: rig.keys.clone(),
        resource: "invoices".to_owned(),
        line: "Nothing was read, beside every sync.".to_owned(),
    };
    let nothing = Page {
        bytes: 0,
        records: Vec::new(),
        errors: Vec::new(),
        listed: 0,
        next: None,
        server_date: None,
        requests: 0,
        rate_limited: 0,
    };
    let kept = crosswalk_sync::keep(keeping, nothing, Vec::new()).await;
    assert_eq!(kept.unwrap().status, Status::Completed);
    assert_eq!(status(&killed).await, Status::Cancelled);
    let killed = killed_read(&rig).await;
    let test = SyncRequest {
        pages: Some(1),
        ..request("invoices", Mode::Test)
    };
    let synced = rig.run(test).await.unwrap();
    assert_eq!(status(&killed).await, Status::Cancelled);
    let id = synced.run;
    let lines = rig.workspace.read(move |tx| run::log_lines(tx, id)).await;
    let first = &lines.unwrap()[0].message;
    assert!(first.starts_with("A test: at most 1 page of"), "{first}");
}
