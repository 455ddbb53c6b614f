//! Runs against the stand-in instance over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod rig;

use std::sync::Arc;
use std::time::Duration;

use crosswalk_sandbox::{Latency, Resource, SandboxConfig};
use crosswalk_sync::{Mode, Status};
use rig::Rig;

fn invoices(count: u64) -> SandboxConfig {
    SandboxConfig::for_tests().with(Resource::Invoices, count)
}

#[tokio::test]
async fn a_full_run_stores_every_record_once_in_full_pages() {
    let rig = Rig::new(invoices(1234)).await;
    let summary = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(summary.status, Status::Completed, "{summary:?}");
    assert_eq!(
        (
            summary.stored,
            summary.duplicates,
            summary.errors,
            summary.fetched
        ),
        (1234, 0, 0, 1234)
    );
    assert_eq!(summary.checkpoint, None);
    assert_eq!(
        rig.ids("invoices").await,
        rig.sandbox.truth(Resource::Invoices).throughout
    );
    // 25 pages of records, one for what was added meanwhile, and little for sharing them out.
    assert!(summary.requests <= 40, "{} requests", summary.requests);
    assert_eq!(rig.sandbox.stats().requests, summary.requests);
}

#[tokio::test]
async fn a_test_run_reads_four_pages_of_whole_objects_and_writes_nothing() {
    let rig = Rig::new(invoices(900)).await;
    let summary = rig.sync("invoices", Mode::Test).await.unwrap();
    assert_eq!(
        (summary.status, summary.requests),
        (Status::Completed, 4),
        "{summary:?}"
    );
    assert!(summary.stored > 50 && summary.stored <= 200, "{summary:?}");
    assert!(rig.sandbox.stats().writes.is_empty());
    let newest = *rig
        .sandbox
        .truth(Resource::Invoices)
        .throughout
        .last()
        .unwrap();
    let stored = rig.stored("invoices").await;
    assert!(String::from_utf8_lossy(&stored[&newest.to_string()]).contains("\"invoice-lines\""));
}

#[tokio::test]
async fn a_second_full_run_confirms_and_marks_what_vanished() {
    let rig = Rig::new(invoices(300)).await;
    rig.sync("invoices", Mode::Full).await.unwrap();
    let ids = rig.sandbox.truth(Resource::Invoices).throughout;
    rig.sandbox.delete_record(Resource::Invoices, ids[17]);
    let added = rig.sandbox.insert_invoice();
    let summary = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!(
        (summary.stored, summary.created, summary.vanished),
        (300, 1, 1),
        "{summary:?}"
    );
    let stored = rig.ids("invoices").await;
    assert!(stored.contains(&added) && !stored.contains(&ids[17]));
}

#[tokio::test]
async fn a_small_resource_costs_two_requests() {
    let rig = Rig::new(SandboxConfig::for_tests()).await;
    let summary = rig.sync("currencies", Mode::Full).await.unwrap();
    assert_eq!((summary.stored, summary.duplicates), (10, 0), "{summary:?}");
    assert_eq!(summary.requests, 2);
}

#[tokio::test]
async fn an_incremental_run_reads_what_changed_since() {
    let rig = Rig::new(invoices(400)).await;
    rig.sync("invoices", Mode::Full).await.unwrap();
    let ids = rig.sandbox.truth(Resource::Invoices).throughout;
    rig.sandbox.touch_record(Resource::Invoices, ids[3]);
    rig.sandbox.touch_record(Resource::Invoices, ids[333]);
    let added = rig.sandbox.insert_invoice();
    let summary = rig.sync("invoices", Mode::Incremental).await.unwrap();
    assert_eq!(summary.status, Status::Completed, "{summary:?}");
    assert_eq!((summary.stored, summary.created), (3, 1), "{summary:?}");
    assert_eq!(summary.vanished, 0);
    assert!(rig.ids("invoices").await.contains(&added));
}

#[tokio::test]
async fn what_must_never_be_stored_is_not_and_the_rest_is_as_received() {
    let mut rig = Rig::new(invoices(60)).await;
    let whole = rig.sync_all("invoices").await;
    assert_eq!(whole.status, Status::Completed, "{whole:?}");
    let received = rig.stored("invoices").await;
    let mut strict = (*rig.definition).clone();
    let paths = ["invoice-number", "invoice-lines[].description", "supplier"];
    let resource = strict.connector.resources.get_mut("invoices").unwrap();
    resource.never_store = paths
        .map(|path| crosswalk_connector::RawPath::parse(path).unwrap())
        .to_vec();
    rig.definition = Arc::new(strict);
    rig.sync_all("invoices").await;
    let stored = rig.stored("invoices").await;
    assert_eq!(stored.len(), 60);
    for (id, body) in &stored {
        let value: serde_json::Value = serde_json::from_slice(body).unwrap();
        assert!(value.get("invoice-number").is_none() && value.get("supplier").is_none());
        for line in value["invoice-lines"].as_array().unwrap() {
            assert!(line.get("description").is_none());
        }
        let expected =
            crosswalk_sync::cut(&received[id].clone().into(), &resource_paths(&paths)).unwrap();
        assert_eq!(*body, expected, "{id}");
    }
}

fn resource_paths(paths: &[&str]) -> Vec<crosswalk_connector::RawPath> {
    paths
        .iter()
        .map(|path| crosswalk_connector::RawPath::parse(path).unwrap())
        .collect()
}

#[tokio::test]
async fn the_newest_are_whole_and_stay_so_and_the_others_hold_what_was_asked_for() {
    let rig = Rig::new(invoices(200)).await;
    rig.sync("invoices", Mode::Full).await.unwrap();
    let ids = rig.sandbox.truth(Resource::Invoices).throughout;
    // Fifty more: what was newest is walked with fewer fields now.
    let first = rig.stored("invoices").await;
    for _ in 0..50 {
        rig.sandbox.insert_invoice();
    }
    let again = rig.sync("invoices", Mode::Full).await.unwrap();
    assert_eq!((again.stored, again.created), (250, 50), "{again:?}");
    let stored = rig.stored("invoices").await;
    let size = |id: u64| stored[&id.to_string()].len();
    assert!(
        size(ids[190]) > 2 * size(ids[10]),
        "{} {}",
        size(ids[190]),
        size(ids[10])
    );
    for id in &ids[150..] {
        assert!(
            stored[&id.to_string()] == first[&id.to_string()],
            "{id} was replaced by less"
        );
    }
    let text = String::from_utf8_lossy(&stored[&ids[10].to_string()]).into_owned();
    for asked in [
        "\"id\"",
        "\"updated-at\"",
        "\"exported\"",
        "\"custom-fields\"",
    ] {
        assert!(text.contains(asked), "{asked} in {text}");
    }
}

#[tokio::test]
async fn unexported_records_are_read_and_marked_at_the_provider() {
    let config = invoices(300).granting("core.invoice.write");
    let rig = Rig::new(config).await;
    rig::allow_writing(&rig);
    let request = crosswalk_sync::SyncRequest {
        mark_exported: Some(crosswalk_sync::Marking {
            typed: "acme".to_owned(),
        }),
        ..rig::request("invoices", Mode::Unexported)
    };
    let before = rig
        .run(rig::request("invoices", Mode::Unexported))
        .await
        .unwrap();
    assert!(before.stored > 0 && before.stored < 300, "{before:?}");
    assert!(rig.sandbox.stats().writes.is_empty());
    let marked = rig.run(request).await.unwrap();
    assert_eq!(
        (marked.status, marked.stored),
        (Status::Completed, before.stored),
        "{marked:?}"
    );
    let writes = rig.sandbox.stats().writes;
    assert_eq!(writes.len() as u64, before.stored);
    assert!(
        writes
            .iter()
            .all(|write| write.method == "PUT" && write.status == 200)
    );
    let after = rig
        .run(rig::request("invoices", Mode::Unexported))
        .await
        .unwrap();
    assert_eq!(
        (after.status, after.stored),
        (Status::Completed, 0),
        "{after:?}"
    );
}

#[tokio::test]
async fn every_call_is_in_the_audit_also_those_given_up() {
    let config = SandboxConfig {
        latency: Some(Latency::of(Duration::from_millis(60))),
        ..invoices(900)
    };
    let rig = Rig::new(config).await;
    let cancel = tokio_util::sync::CancellationToken::new();
    let stopper = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(210)).await;
        stopper.cancel();
    });
    let context = rig.context("invoices");
    let summary = crosswalk_sync::run(rig::request("invoices", Mode::Full), context, None, cancel)
        .await
        .unwrap();
    assert_eq!(summary.status, Status::Cancelled, "{summary:?}");
    // The stand-in counts what it answered; others were given up on their way.
    assert!(
        summary.requests >= rig.sandbox.stats().requests && summary.requests > 0,
        "{summary:?}"
    );
    let run = summary.run;
    let filter = crosswalk_workspace::audit::Filter {
        run: Some(run),
        ..Default::default()
    };
    let rows = rig
        .workspace
        .read(move |tx| crosswalk_workspace::audit::list(tx, &filter, 1_000))
        .await
        .unwrap();
    let calls = rows
        .iter()
        .filter(|row| row.method.as_deref() == Some("GET"))
        .count();
    assert_eq!(calls as u64, summary.requests);
    assert!(
        rows.iter().any(|row| row.method.as_deref() == Some("POST")),
        "the call for the token"
    );
}
