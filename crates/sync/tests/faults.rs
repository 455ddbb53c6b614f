//! Runs against a stand-in instance on which things go wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod rig;

use std::collections::BTreeSet;
use std::time::Duration;

use crosswalk_sandbox::{Fault, FaultRates, Latency, Resource, SandboxConfig};
use crosswalk_sync::{Mode, RunSummary, Status, SyncError};
use crosswalk_workspace::{account, alert, run};
use rig::{Rig, request};
use tokio_util::sync::CancellationToken;

fn invoices(count: u64) -> SandboxConfig {
    SandboxConfig::for_tests().with(Resource::Invoices, count)
}

async fn until_completed(rig: &Rig) -> RunSummary {
    for _ in 0..20 {
        let summary = rig.sync("invoices", Mode::Full).await.unwrap();
        if summary.status == Status::Completed {
            return summary;
        }
        assert!(summary.checkpoint.is_some(), "{summary:?}");
    }
    panic!("the run does not complete");
}

#[tokio::test]
async fn on_a_hostile_instance_nothing_is_lost_or_doubled() {
    let config = SandboxConfig {
        // Thrice as hostile as the profile of that name, but for refusals, whose waits would take real seconds.
        faults: Some(FaultRates {
            server_error: 60,
            reset: 40,
            truncated: 40,
            html_error: 30,
            html_ok: 20,
            xml: 10,
            rate_limited: 0,
            rate_limited_with_hint: 0,
            revoke_every: 40,
            churn_every: 5,
        }),
        ..invoices(2_500)
    };
    let mut rig = Rig::new(config).await;
    rig::impatient(&mut rig.definition);
    let summary = until_completed(&rig).await;
    assert_eq!(
        summary.fetched,
        summary.stored + summary.duplicates + summary.errors,
        "{summary:?}"
    );
    assert_eq!((summary.duplicates, summary.errors), (0, 0), "{summary:?}");
    assert!(summary.retries > 0, "{summary:?}");
    let truth = rig.sandbox.truth(Resource::Invoices);
    let stored: BTreeSet<u64> = rig.ids("invoices").await.into_iter().collect();
    for id in &truth.throughout {
        assert!(stored.contains(id), "{id} is missing");
    }
    let ever: BTreeSet<u64> = [&truth.throughout, &truth.inserted, &truth.deleted]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    assert!(stored.is_subset(&ever));
    assert!(
        rig.sandbox.stats().faults.len() >= 4,
        "{:?}",
        rig.sandbox.stats().faults
    );
}

#[tokio::test]
async fn broken_records_cost_only_themselves() {
    for (fault, cause, errors, duplicates) in [
        (Fault::NotAnObject, "record_not_an_object", 1, 0),
        (Fault::MissingId, "record_without_id", 1, 0),
        (Fault::InvalidUtf8, "record_not_utf8", 1, 0),
        (Fault::DuplicateId, "", 0, 1),
    ] {
        let rig = Rig::new(invoices(30)).await;
        rig.sandbox.fail_next(1, &fault);
        let summary = rig
            .run(crosswalk_sync::SyncRequest {
                pages: Some(1),
                ..request("invoices", Mode::Test)
            })
            .await
            .unwrap();
        assert_eq!(summary.status, Status::Completed, "{fault:?} {summary:?}");
        assert_eq!(
            (summary.errors, summary.duplicates),
            (errors, duplicates),
            "{fault:?} {summary:?}"
        );
        let id = summary.run;
        let causes = rig
            .workspace
            .read(move |tx| run::errors(tx, id))
            .await
            .unwrap();
        let causes: Vec<&str> = causes.iter().map(|error| error.cause.as_str()).collect();
        let log = rig
            .workspace
            .read(move |tx| run::log_lines(tx, id))
            .await
            .unwrap();
        let said = log.iter().any(|line| {
            line.message.starts_with("1 record whose id is not known")
                && line.message.contains(cause)
        });
        assert_eq!(said, errors == 1, "{fault:?} {log:?}");
        assert_eq!(
            causes,
            if cause.is_empty() {
                vec![]
            } else {
                vec![cause]
            },
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_record_of_a_hundred_megabytes_costs_only_itself() {
    let rig = Rig::new(invoices(3)).await;
    // The page of newest records, the same in smaller pieces, and the record alone.
    rig.sandbox
        .fail_next(3, &Fault::HugeField(70 * 1024 * 1024));
    let summary = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(summary.status, Status::Completed, "{summary:?}");
    assert_eq!(summary.stored + summary.errors, 3, "{summary:?}");
}

#[tokio::test]
async fn a_broken_record_keeps_others_from_being_marked_as_deleted() {
    let rig = Rig::new(invoices(30)).await;
    rig.sync("invoices", Mode::Full).await.unwrap();
    rig.sandbox.fail_next(2, &Fault::MissingId);
    let summary = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(
        (summary.status, summary.vanished),
        (Status::Completed, 0),
        "{summary:?}"
    );
    assert!(summary.errors > 0);
    assert_eq!(rig.ids("invoices").await.len(), 30);
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named_and_leaves_the_account_as_it_is() {
    let rig = Rig::new(invoices(30).without_scope("core.invoice.read")).await;
    let summary = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(summary.status, Status::Failed);
    assert_eq!(summary.error.as_ref().unwrap().code, "forbidden");
    let account = rig
        .workspace
        .read(|tx| account::get(tx, "acme-sandbox"))
        .await
        .unwrap();
    let forbidden = account.health.last_forbidden.unwrap();
    assert_eq!(forbidden.scope.as_deref(), Some("core.invoice.read"));
    assert_ne!(account.status, account::Status::NeedsReauth);
    let hint = account.health.last_error.unwrap().hint.unwrap();
    assert!(hint.contains("core.invoice.read"), "{hint}");
}

#[tokio::test]
async fn a_refusal_is_over_once_its_resource_was_read() {
    let rig = Rig::new(invoices(30)).await;
    let id = rig.account.uuid;
    for (refused, left) in [("contracts", Some("contracts")), ("invoices", None)] {
        rig.workspace
            .write(move |tx| account::record_forbidden(tx, id, None, Some(refused)))
            .await
            .unwrap();
        let summary = rig.sync("invoices", Mode::Full).await.unwrap();
        assert_eq!(summary.status, Status::Completed, "{summary:?}");
        let account = rig
            .workspace
            .read(|tx| account::get(tx, "acme-sandbox"))
            .await
            .unwrap();
        let forbidden = account.health.last_forbidden;
        let resource = forbidden.and_then(|forbidden| forbidden.resource);
        assert_eq!(resource.as_deref(), left);
    }
}

#[tokio::test]
async fn refused_credentials_need_a_person_and_success_ends_that() {
    let rig = Rig::new(invoices(30)).await;
    let door = rig.door();
    let rotated = rig.sandbox.rotate_secret().unwrap();
    let old = rig::client(&rig.definition, &door, &rig.budgets, rig.share);
    let context = rig::context(&rig.workspace, &rig.keys, &rig.definition, old, "invoices");
    let summary = crosswalk_sync::run(
        request("invoices", Mode::Full),
        context,
        None,
        CancellationToken::new(),
    )
    .await
    .unwrap();
    assert_eq!(
        (summary.status, summary.requests),
        (Status::Failed, 0),
        "{summary:?}"
    );
    assert_eq!(summary.error.unwrap().code, "needs_reauth");
    let status = || async {
        rig.workspace
            .read(|tx| account::get(tx, "acme-sandbox"))
            .await
            .unwrap()
            .status
    };
    assert_eq!(status().await, account::Status::NeedsReauth);

    let new = rig::Door {
        client_secret: rotated,
        ..door
    };
    let client = rig::client(&rig.definition, &new, &rig.budgets, rig.share);
    let context = rig::context(
        &rig.workspace,
        &rig.keys,
        &rig.definition,
        client,
        "invoices",
    );
    let again = crosswalk_sync::run(
        request("invoices", Mode::Full),
        context,
        None,
        CancellationToken::new(),
    )
    .await
    .unwrap();
    assert_eq!(
        (again.status, again.run),
        (Status::Completed, summary.run),
        "{again:?}"
    );
    assert_eq!(status().await, account::Status::Active);
}

#[tokio::test]
async fn a_run_that_completes_makes_an_account_active_whatever_a_test_said() {
    use account::Status::{Active, NeedsReauth, PostInstallError, ValidationError};
    let rig = Rig::new(invoices(30)).await;
    let id = rig.account.uuid;
    for before in [NeedsReauth, ValidationError, PostInstallError] {
        rig.workspace
            .write(move |tx| account::set_status(tx, id, before, None))
            .await
            .unwrap();
        let summary = rig.sync("invoices", Mode::Full).await.unwrap();
        assert_eq!(summary.status, Status::Completed, "{summary:?}");
        let (account, alerts) = rig
            .workspace
            .read(move |tx| Ok((account::by_id(tx, id)?, alert::open(tx)?)))
            .await
            .unwrap();
        assert_eq!(account.status, Active, "{before}");
        assert!(alerts.is_empty(), "{alerts:?}");
    }
}

#[tokio::test]
async fn three_failed_runs_in_a_row_raise_an_alert() {
    let mut rig = Rig::new(invoices(30)).await;
    rig::impatient(&mut rig.definition);
    let kinds = || async {
        let alerts = rig.workspace.read(alert::open).await.unwrap();
        alerts
            .into_iter()
            .map(|alert| alert.kind)
            .collect::<Vec<_>>()
    };
    for _ in 0..3 {
        assert!(kinds().await.is_empty());
        rig.sandbox.fail_next(
            100,
            &Fault::Status {
                status: 503,
                retry_after: None,
            },
        );
        let summary = rig.sync("invoices", Mode::Full).await.unwrap();
        assert_eq!(
            (summary.status, summary.error.unwrap().code.as_str()),
            (Status::Failed, "server_error")
        );
        rig.sandbox.fail_next(0, &Fault::Reset);
        rig::drain(&rig).await;
    }
    assert_eq!(kinds().await, ["failed_runs"]);
    assert_eq!(
        rig.sync("invoices", Mode::Full).await.unwrap().status,
        Status::Completed
    );
    assert!(kinds().await.is_empty());
}

#[tokio::test]
async fn a_cancelled_run_is_taken_up_again_where_it_stopped() {
    let config = SandboxConfig {
        latency: Some(Latency::of(Duration::from_millis(20))),
        ..invoices(1_500)
    };
    let rig = Rig::new(config).await;
    let cancel = CancellationToken::new();
    let (to, mut seen) = tokio::sync::watch::channel(crosswalk_sync::Progress::default());
    let stopper = cancel.clone();
    tokio::spawn(async move {
        while seen.changed().await.is_ok() {
            if seen.borrow().records >= 200 {
                stopper.cancel();
            }
        }
    });
    let context = rig.context("invoices");
    let summary = crosswalk_sync::run(request("invoices", Mode::Full), context, Some(to), cancel)
        .await
        .unwrap();
    assert_eq!(summary.status, Status::Cancelled, "{summary:?}");
    assert!(summary.checkpoint.is_some());
    assert!(
        summary.stored >= 200 && summary.stored < 1_500,
        "{summary:?}"
    );
    assert_eq!(rig.ids("invoices").await.len() as u64, summary.stored);

    let again = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(
        (again.run, again.status, again.resumed),
        (summary.run, Status::Completed, 1)
    );
    assert_eq!((again.stored, again.duplicates), (1_500, 0), "{again:?}");
    assert_eq!(rig.ids("invoices").await.len(), 1_500);
}

#[tokio::test]
async fn another_kind_of_run_begins_anew() {
    let mut rig = Rig::new(invoices(300)).await;
    rig::impatient(&mut rig.definition);
    // Both requests a run opens with, whichever is first.
    rig.sandbox.fail_next(
        2,
        &Fault::Status {
            status: 403,
            retry_after: None,
        },
    );
    let failed = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(failed.status, Status::Failed, "{failed:?}");
    rig::drain(&rig).await;
    let test = rig.sync("invoices", Mode::Test).await.unwrap();
    let full = rig.sync("invoices", Mode::Full).await.unwrap();
    assert!(failed.run != test.run && failed.run != full.run);
    assert_eq!(
        (full.status, full.stored, full.resumed),
        (Status::Completed, 300, 0),
        "{full:?}"
    );
    let anew = rig
        .run(crosswalk_sync::SyncRequest {
            restart: true,
            ..request("invoices", Mode::Full)
        })
        .await
        .unwrap();
    assert_ne!(anew.run, full.run);
}

#[tokio::test]
async fn a_second_run_of_the_same_resource_is_refused() {
    let config = SandboxConfig {
        latency: Some(Latency::of(Duration::from_millis(100))),
        ..invoices(300)
    };
    let rig = Rig::new(config).await;
    let (one, other) = tokio::join!(
        rig.sync("invoices", Mode::Full),
        rig.sync("invoices", Mode::Full)
    );
    let refused = match (&one, &other) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
        both => panic!("{both:?}"),
    };
    assert_eq!(refused.code(), "run_in_progress");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let rig = Rig::new(SandboxConfig::for_tests()).await;
    let unknown = rig.sync("nothing", Mode::Full).await.unwrap_err();
    assert!(matches!(unknown, SyncError::UnknownResource { .. }));
    let unmarked = rig.sync("currencies", Mode::Unexported).await.unwrap_err();
    assert_eq!(unmarked.code(), "mode_unavailable");
    assert_eq!(rig.sandbox.stats().requests, 0);
}
