use crosswalk_sandbox::{Resource, SandboxConfig};
use serde_json::Value;

use crate::caller::Caller;

fn million() -> SandboxConfig {
    SandboxConfig::for_tests()
        .with(Resource::Invoices, 1_000_000)
        .with(Resource::PurchaseOrders, 300_000)
}

#[tokio::test]
async fn a_million_records_are_paged_and_filtered_from_the_index() {
    let caller = Caller::start(million()).await;
    assert_eq!(caller.sandbox.count(Resource::Invoices), 1_000_000);
    let last = caller
        .ids("invoices?dir=desc&limit=1&fields=[\"id\"]")
        .await[0];
    assert_eq!(
        caller.ids("invoices?offset=999999&fields=[\"id\"]").await,
        [last]
    );
    assert_eq!(
        caller
            .ids(&format!("invoices?id[gt]={}&fields=[\"id\"]", last - 1))
            .await,
        [last]
    );
    let page = caller
        .list("invoices?order_by=updated_at&dir=desc&fields=[\"id\",\"updated_at\"]")
        .await;
    assert_eq!(page.len(), 50);
    let middle = last / 2 + 350_000;
    let page = caller
        .list(&format!(
            "invoices?id[gt]={middle}&exported=false&status[in]=approved,voided"
        ))
        .await;
    assert_eq!(page.len(), 50);
    assert_eq!(caller.get(&format!("invoices/{last}")).await.status(), 200);
}

#[tokio::test]
async fn what_would_need_every_record_built_is_refused_with_the_reason() {
    let caller = Caller::start(million()).await;
    for query in ["supplier[name][contains]=fjord", "order_by=gross_total"] {
        let response = caller.get(&format!("invoices?{query}")).await;
        assert_eq!(response.status(), 400, "{query}");
        let body: Value = response.json().await.unwrap();
        let reason = body["errors"]["base"][0].as_str().unwrap().to_owned();
        assert!(
            reason.contains("1000000") && reason.contains("every record built"),
            "{reason}"
        );
    }
    assert_eq!(
        caller.get("suppliers?name[contains]=fjord").await.status(),
        200
    );
}

#[tokio::test]
async fn ids_leave_gaps() {
    let caller = Caller::start(SandboxConfig::for_tests().with(Resource::Invoices, 2_500)).await;
    let ids = caller.sandbox.truth(Resource::Invoices).throughout;
    let steps: Vec<u64> = ids.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.iter().all(|step| (1..5_010).contains(step)));
    assert_eq!(steps.iter().filter(|step| **step > 4_000).count(), 2);
}
