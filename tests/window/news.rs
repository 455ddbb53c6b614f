//! What another program does to the workspace shows in the window by itself.

use crate::support::{Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn what_another_program_adds_shows_without_a_reload() {
    let Some(stage) = Stage::set("news") else {
        return;
    };
    let seed = stage.seed();
    seed.tenant("alder", "Alder Foods").await;
    seed.waiting_account("alder", "alder-test", "sandbox").await;
    play(&stage, |window| async move {
        window.sees("1 account of 1 tenant").await;
        seed.waiting_account("alder", "alder-prod", "production")
            .await;
        window.sees("2 accounts of 1 tenant").await;
        seed.tenant("basalt", "Basalt Works").await;
        window.sees("2 accounts of 2 tenants").await;
        window.go("/tenants").await;
        window.lists("Basalt Works").await;
        seed.tenant("cobalt", "Cobalt Health").await;
        window.lists("Cobalt Health").await;
    })
    .await;
}
