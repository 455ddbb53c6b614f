//! A tenant on paper: the frame of a report holds what the workspace wrote, under the fences of the page around it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Stage, Window, play};

const FRAME: &str = "iframe[title='Report of the tenant']";

/// A name that is text wherever it stands.
const NAME: &str = "Acme <b>Manufacturing</b>";

/// Asks for a report by its command, and waits until its frame holds these words in the report's own style.
async fn shows(window: &Window, command: &str, words: &[&str]) {
    window.chord("Ctrl+K").await;
    window.types(command).await;
    window.sees(&format!("{command} of {NAME}")).await;
    window.chord("Enter").await;
    window.finds(FRAME).await;
    let started = Instant::now();
    loop {
        let page = window
            .script(
                "const page = document.querySelector(arguments[0])?.contentDocument; \
                 return page?.body ? [page.body.innerText, getComputedStyle(page.body).fontSize] : ['', '']",
                vec![json!(FRAME)],
            )
            .await;
        let text = page[0].as_str().unwrap();
        if words.iter().all(|word| text.contains(word)) {
            assert_eq!(page[1], "13px", "its style elements count");
            break;
        }
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "{command} holds {page}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    window
        .finds("button:not([disabled]) svg.lucide-printer")
        .await;
    window.press("Close").await;
    window
        .wait(
            "the report closing",
            "return document.querySelector(arguments[0]) === null",
            vec![json!(FRAME)],
        )
        .await;
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn the_reports_of_a_tenant_are_shown_to_be_printed() {
    let Some(stage) = Stage::set("reports") else {
        return;
    };
    let seed = stage.seed();
    seed.tenant("acme", NAME).await;
    seed.waiting_account("acme", "acme-test", "sandbox").await;
    drop(seed);
    play(&stage, |window| async move {
        window.go("/tenants/acme").await;
        window.sees("Connect account").await;
        shows(
            &window,
            "Report to print",
            &[NAME, "Onboarding", "acme-test"],
        )
        .await;
        let title = format!("Security of the connection to {NAME}");
        shows(&window, "Security report", &[&title, "acme-test"]).await;
    })
    .await;
}
