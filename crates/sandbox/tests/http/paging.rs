use std::collections::BTreeSet;

use crosswalk_sandbox::{Resource, SandboxConfig};

use crate::caller::Caller;

#[tokio::test]
async fn pages_hold_at_most_fifty_and_together_every_record_once() {
    let caller = Caller::start(SandboxConfig::for_tests().with(Resource::Invoices, 131)).await;
    let first = caller.ids("invoices?limit=500").await;
    assert_eq!(first.len(), 50);
    assert!(first.is_sorted());
    assert_eq!(caller.ids("invoices?limit=3&offset=1").await, first[1..4]);
    let all = caller.all("invoices", "fields=[\"id\"]").await;
    assert_eq!(all.len(), 131);
    let ids: BTreeSet<u64> = all
        .iter()
        .map(|record| record["id"].as_u64().unwrap())
        .collect();
    assert_eq!(
        ids.into_iter().collect::<Vec<_>>(),
        caller.sandbox.truth(Resource::Invoices).throughout
    );
    assert!(caller.list("invoices?offset=131").await.is_empty());
}

#[tokio::test]
async fn a_record_is_the_same_alone_and_in_a_list() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    for resource in [
        "invoices",
        "purchase_orders",
        "purchase_order_lines",
        "suppliers",
    ] {
        for record in caller.list(&format!("{resource}?limit=5&offset=10")).await {
            let alone: serde_json::Value = caller
                .get(&format!("{resource}/{}", record["id"]))
                .await
                .json()
                .await
                .unwrap();
            assert_eq!(alone, record, "{resource}");
        }
    }
}
