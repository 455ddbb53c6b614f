//! A field that only this customer has, from where it is found to a pinned version with a history: by keyboard, in a
//! minute.

use std::time::{Duration, Instant};

use crosswalk_sandbox::{Resource, RunningSandbox, SandboxConfig};
use serde_json::{Value, json};

use crate::support::{Customer, Stage, Window, play};

/// What a user was promised for the whole way.
const A_MINUTE: Duration = Duration::from_mins(1);

/// The raw field the keyboard is on.
async fn raw_field(window: &Window) -> String {
    let path = window
        .script(
            "const row = document.querySelector('[role=tree] [aria-selected=true]'); \
             return row === null ? '' : row.dataset.path",
            Vec::new(),
        )
        .await;
    path.as_str().unwrap_or_default().to_owned()
}

/// U until the keyboard is on the raw field that ends so.
async fn go_to_unread(window: &Window, end: &str) {
    let mut passed = Vec::new();
    for _ in 0..20 {
        let before = raw_field(window).await;
        window.chord("U").await;
        let asked = Instant::now();
        while raw_field(window).await == before && asked.elapsed() < Duration::from_secs(3) {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        let at = raw_field(window).await;
        if at.ends_with(end) {
            return;
        }
        passed.push(at);
    }
    panic!("U does not reach {end}, only {passed:?}");
}

/// A customer with a custom field that no mapping reads, of whose invoices a sample is stored.
async fn customer_with_an_unknown_field(stage: &Stage, invoices: u64) -> RunningSandbox {
    let seed = stage.seed();
    let instance = seed
        .customer(Customer {
            tenant: "acme",
            name: "Acme Manufacturing",
            account: "acme-test",
            kind: "sandbox",
            instance: SandboxConfig {
                extra_custom_fields: vec![("charge-to-project".to_owned(), "PX-4471".to_owned())],
                ..SandboxConfig::for_tests()
            }
            .with(Resource::Invoices, invoices),
        })
        .await;
    seed.sync("acme-test", "invoices", "test").await;
    instance
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn an_unknown_field_is_mapped_versioned_and_pinned_by_keyboard_in_a_minute() {
    let Some(stage) = Stage::set("authoring") else {
        return;
    };
    let _instance = customer_with_an_unknown_field(&stage, 60).await;
    play(&stage, |window| async move {
        window.sees("acme-test").await;
        window.watches_the_mouse().await;
        let begun = Instant::now();
        window.chord("Ctrl+P").await;
        window.has_focus("input").await;
        window.types("acme").await;
        window.chord("Enter").await;
        window.arrives("/accounts/acme-test/").await;
        window.tab_to("[role=grid]").await;
        window.settles().await;
        window.chord("Enter").await;
        window.arrives("/accounts/acme-test/compare").await;
        window.sees("custom field").await;
        window.settles().await;
        go_to_unread(&window, "charge-to-project").await;
        window.chord("M").await;
        window.sees("Map charge-to-project to").await;
        window.has_focus("[role=dialog] input").await;
        window.chord("Enter").await;
        window
            .has_focus("[aria-label='Expression of custom_fields.charge_to_project']")
            .await;
        // Its result on this record, live.
        window.sees("PX-4471").await;
        window.sees("fits value").await;
        window.chord("Tab").await;
        window
            .has_focus("[aria-label='Note on this version']")
            .await;
        window.types("asked for by AP").await;
        window.chord("Enter").await;
        window
            .sees("Version 1 of custom_fields.charge_to_project is in force")
            .await;
        // The keyboard is back where it came from.
        window.has_focus("[role=tree]").await;
        window.chord("Shift+P").await;
        window.sees("Pinned: later changes").await;
        window.chord("H").await;
        window.sees("asked for by AP").await;
        window.sees("in force").await;
        let took = begun.elapsed();
        println!("from the overview to the pinned version and its history: {took:?}");
        assert!(took < A_MINUTE, "{took:?}");
        assert_eq!(window.mouse().await, 0, "a mouse was needed");
        window.chord("Escape").await;
        window.has_focus("[role=tree]").await;
    })
    .await;
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_field_of_the_model_is_added_with_its_type_from_the_list_of_the_unread() {
    let Some(stage) = Stage::set("added-field") else {
        return;
    };
    let _instance = customer_with_an_unknown_field(&stage, 20).await;
    play(&stage, |window| async move {
        window.sees("acme-test").await;
        window.watches_the_mouse().await;
        window.go("/accounts/acme-test/mapping").await;
        window.sees("remote_status").await;
        window.settles().await;
        window.chord("U").await;
        window.has_focus("[aria-label='Filter raw fields']").await;
        window.types("charge-to").await;
        window.sees("custom-fields.charge-to-project").await;
        window.settles().await;
        window.chord("Enter").await;
        window.sees("Map charge-to-project to").await;
        window.has_focus("[aria-label='Unified field']").await;
        // A name of its own: a custom field, or one of the model.
        window.types("project_code").await;
        window.sees("new field, text").await;
        window.chord("Enter").await;
        window
            .has_focus("[aria-label='Expression of project_code']")
            .await;
        window.sees("fits text").await;
        window.chord("Ctrl+Enter").await;
        window.sees("Version 1 of project_code is in force").await;
        window.has_focus("[role=grid]").await;
        assert_eq!(window.mouse().await, 0, "a mouse was needed");
    })
    .await;
    let seed = stage.seed();
    let shown: Value = seed.unified("acme-test", "invoices").await;
    assert_eq!(shown["project_code"], json!("PX-4471"), "{shown}");
}
