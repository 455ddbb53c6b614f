//! A large workspace stays light: rows are virtualised, and no screen holds more elements than WebKitGTK draws
//! without lagging.

use crate::support::{MOST_NODES, Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn five_hundred_accounts_are_listed_and_few_are_drawn() {
    let Some(stage) = Stage::set("many-accounts") else {
        return;
    };
    stage.seed().crowd().await;
    play(&stage, |window| async move {
        window.sees("500 accounts of 100 tenants").await;
        window.sees("tenant-000-").await;
        let rows = window.count("[role=row]").await;
        assert!((5..80).contains(&rows), "{rows} rows are drawn");
        // Accounts at work have rings for their tokens, and all of that stays light.
        let rings = window.count("[role=row] circle").await;
        assert!(rings > 10, "{rings} rings are drawn");
        // To the other end, by keyboard.
        let accounts = "[role=grid][aria-label=Accounts]";
        let (first, last) = (
            "[role=row][aria-rowindex='2']",
            "[role=row][aria-rowindex='501']",
        );
        assert_eq!(window.count(&format!("{accounts} {first}")).await, 1);
        let end = window.ends_at(accounts, last).await;
        assert!(end.contains("tenant-"), "{end}");
        assert_eq!(window.count(&format!("{accounts} {first}")).await, 0);
        window.fill("Filter accounts", "tenant-099").await;
        window.sees("tenant-099-train").await;
        window.misses("tenant-000-").await;
        for place in [
            "/",
            "/tenants",
            "/tenants/tenant-042",
            "/connectors",
            "/runs",
            "/alerts",
        ] {
            window.go(place).await;
            window.settles().await;
            let nodes = window.nodes().await;
            assert!(nodes < MOST_NODES, "{place}: {nodes} elements");
        }
    })
    .await;
}
