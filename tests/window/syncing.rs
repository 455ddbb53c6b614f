//! A sync that is paused, resumed, cancelled and begun again loses nothing and stores nothing twice.

use std::time::Duration;

use crosswalk_sandbox::{Latency, Resource, SandboxConfig};

use crate::support::{Customer, Stage, play};

const RECORDS: u64 = 600;

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_sync_is_stopped_and_taken_up_again() {
    let Some(stage) = Stage::set("syncing") else {
        return;
    };
    let seed = stage.seed();
    let instance = SandboxConfig {
        latency: Some(Latency::of(Duration::from_millis(400))),
        ..SandboxConfig::for_tests()
    };
    let _instance = seed
        .customer(Customer {
            tenant: "acme",
            name: "Acme Manufacturing",
            account: "acme-test",
            kind: "sandbox",
            instance: instance.with(Resource::Invoices, RECORDS),
        })
        .await;
    play(&stage, |window| async move {
        window
            .go("/accounts/acme-test/sync?resource=invoices")
            .await;
        window.click("//label[.//input[@value='full']]").await;
        // Slow enough to be stopped: two or three requests a second.
        window.fill("Budget in percent", "10").await;
        let start = "//button[starts-with(normalize-space(.), 'Start full sync')]";
        window.click(start).await;
        window.press("Pause").await;
        window.press("Resume").await;
        window.press("Cancel").await;
        window.lists("cancelled").await;
        window.fill("Budget in percent", "100").await;
        window.click(start).await;
        window.lists("completed").await;
    })
    .await;
    let runs = seed.runs("acme-test", "invoices").await;
    let done = runs.iter().find(|run| run.status == "completed").unwrap();
    assert_eq!(done.stored, RECORDS, "{done:?}");
    assert_eq!(seed.stored("acme-test", "invoices").await, RECORDS);
}
