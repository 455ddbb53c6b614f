//! Opening the window.

use crate::support::{Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn an_empty_workspace_says_what_to_do_first() {
    let Some(stage) = Stage::set("empty") else {
        return;
    };
    play(&stage, |window| async move {
        window.sees("Overview").await;
        window.sees("first").await;
    })
    .await;
}
