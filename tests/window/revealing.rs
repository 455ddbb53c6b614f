//! A masked value is revealed and copied, and leaves the clipboard by itself.

use std::time::{Duration, Instant};

use crosswalk_sandbox::{Resource, SandboxConfig};
use serde_json::Value;

use crate::support::{Customer, Stage, Window, play};

const ROW: &str = "//*[@role='treeitem'][starts-with(normalize-space(.), 'tax-id')]";

/// What another program would paste.
async fn clipboard(window: &Window) -> Value {
    window
        .answer("navigator.clipboard.readText().then(arguments[0], error => arguments[0](String(error)))")
        .await
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_revealed_value_leaves_the_clipboard() {
    let Some(stage) = Stage::set("revealing") else {
        return;
    };
    let seed = stage.seed();
    let instance = seed
        .customer(Customer {
            tenant: "acme",
            name: "Acme Manufacturing",
            account: "acme-test",
            kind: "sandbox",
            instance: SandboxConfig::for_tests().with(Resource::Suppliers, 5),
        })
        .await;
    seed.sync("acme-test", "suppliers", "test").await;
    drop(seed);
    play(&stage, |window| async move {
        window
            .go("/accounts/acme-test/compare?resource=suppliers")
            .await;
        window.finds("[role=tree]").await;
        window.scrolls_to(ROW, "[role=tree]").await;
        window.click(ROW).await;
        window
            .click("//*[@role='menuitem'][contains(., 'Reveal value')]")
            .await;
        window
            .click(&format!("{ROW}[not(contains(., 'masked'))]"))
            .await;
        window
            .click("//*[@role='menuitem'][starts-with(normalize-space(.), 'Copy value')]")
            .await;
        window.sees("it leaves the clipboard after 30 s").await;
        let copied = Instant::now();
        let held = clipboard(&window).await;
        let held = held.as_str().unwrap();
        assert!(
            held.chars().filter(char::is_ascii_digit).count() >= 8,
            "{held}"
        );
        while clipboard(&window).await == held {
            assert!(copied.elapsed() < Duration::from_mins(1), "it stays");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        assert!(copied.elapsed() >= Duration::from_secs(20));
        assert_eq!(clipboard(&window).await, "");
    })
    .await;
    drop(instance);
}
