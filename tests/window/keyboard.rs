//! From the start to a compared record and the next one without a mouse.

use crosswalk_sandbox::{Resource, SandboxConfig};

use crate::support::{Customer, Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_record_is_compared_by_keyboard_alone() {
    let Some(stage) = Stage::set("keyboard") else {
        return;
    };
    let seed = stage.seed();
    let _instance = seed
        .customer(Customer {
            tenant: "acme",
            name: "Acme Manufacturing",
            account: "acme-test",
            kind: "sandbox",
            instance: SandboxConfig::for_tests().with(Resource::Invoices, 60),
        })
        .await;
    seed.sync("acme-test", "invoices", "test").await;
    play(&stage, |window| async move {
        window.sees("acme-test").await;
        window.chord("Ctrl+P").await;
        window.has_focus("input").await;
        window.types("acme").await;
        window.chord("Enter").await;
        window.arrives("/accounts/acme-test/").await;
        // It opens on the first resource that has records; on to their table.
        window.tab_to("[role=grid]").await;
        window.settles().await;
        window.chord("Enter").await;
        window.arrives("/accounts/acme-test/compare").await;
        window.sees("Unified").await;
        window.settles().await;
        let first = window.place().await;
        window
            .tab_to("[role=listbox][aria-label='Unified record']")
            .await;
        window.chord("Down").await;
        window.chord("Down").await;
        // The sources of the field under the cursor light up.
        window.finds("[role=treeitem][data-link=read]").await;
        window.chord("J").await;
        window.leaves(&first).await;
        window.chord("K").await;
        window.arrives(&first).await;
        window.chord("?").await;
        window.sees("Next record").await;
        window.chord("Escape").await;
    })
    .await;
}
