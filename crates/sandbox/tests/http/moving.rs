use std::time::Duration;

use crosswalk_sandbox::{Resource, SandboxConfig};

use crate::caller::Caller;

#[tokio::test]
async fn records_come_go_and_change_while_the_instance_runs() {
    let config = SandboxConfig {
        now: Some("2026-11-20T10:00:00Z".parse().unwrap()),
        ..SandboxConfig::for_tests()
    };
    let caller = Caller::start(config).await;
    let sandbox = &caller.sandbox;
    let before = sandbox.truth(Resource::Invoices).throughout;
    let new = sandbox.insert_invoice();
    assert!(new > *before.last().unwrap());
    sandbox.advance(Duration::from_mins(1));
    assert!(sandbox.touch_record(Resource::Invoices, before[3]));
    assert!(sandbox.delete_record(Resource::Invoices, before[5]));
    assert!(!sandbox.delete_record(Resource::Invoices, before[5]));
    assert!(!sandbox.touch_record(Resource::Invoices, 1));

    let since = caller
        .list("invoices?updated-at[gt_or_eq]=2026-11-20T10:00:00Z&order_by=updated_at")
        .await;
    let ids: Vec<u64> = since
        .iter()
        .map(|record| record["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [new, before[3]]);
    assert_eq!(
        caller
            .get(&format!("invoices/{}", before[5]))
            .await
            .status(),
        404
    );
    assert_eq!(caller.get(&format!("invoices/{new}")).await.status(), 200);

    let all: Vec<u64> = caller
        .all("invoices", "")
        .await
        .iter()
        .map(|record| record["id"].as_u64().unwrap())
        .collect();
    let mut expected = before.clone();
    expected.remove(5);
    expected.push(new);
    assert_eq!(all, expected);
    assert_eq!(sandbox.count(Resource::Invoices), all.len() as u64);
    let by_update = caller.all("invoices", "order_by=updated_at").await;
    assert_eq!(by_update.len(), all.len());
    let truth = sandbox.truth(Resource::Invoices);
    assert_eq!(
        (truth.inserted, truth.deleted),
        (vec![new], vec![before[5]])
    );
    assert_eq!(truth.throughout.len(), before.len() - 1);
}

#[tokio::test]
async fn offsets_shift_when_a_record_goes() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let ids = caller.ids("invoices?limit=50").await;
    caller.sandbox.delete_record(Resource::Invoices, ids[0]);
    assert_eq!(caller.ids("invoices?limit=1&offset=10").await, [ids[11]]);
}
