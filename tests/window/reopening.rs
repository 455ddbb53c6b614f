//! The window reopens where it was.

use crate::support::{Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn the_window_reopens_where_it_was() {
    let Some(stage) = Stage::set("reopening") else {
        return;
    };
    let seed = stage.seed();
    seed.tenant("acme", "Acme Manufacturing").await;
    seed.waiting_account("acme", "acme-test", "sandbox").await;
    drop(seed);
    play(&stage, |window| async move {
        window.sees("acme-test").await;
        window.go("/tenants/acme").await;
        window.sees("Acme Manufacturing").await;
        window.go("/connect?connector=coupa&tenant=acme").await;
        window
            .fill("Instance URL", "https://acme-draft.coupahost.com")
            .await;
        // What is remembered is written a moment after the last change.
        window.remembers("acme-draft").await;
    })
    .await;
    play(&stage, |window| async move {
        window.sees("Connect an account").await;
        assert!(window.place().await.starts_with("/connect"));
        window
            .holds("Instance URL", "https://acme-draft.coupahost.com")
            .await;
    })
    .await;
}
