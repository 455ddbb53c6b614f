use crosswalk_sandbox::{Resource, Sandbox, demo_configs};
use serde_json::Value;

use crate::caller::{Caller, http, token_request};

#[tokio::test]
async fn the_demonstration_has_three_instances_of_their_own() {
    let instances = Sandbox::start_demo(1).await.unwrap();
    assert_eq!(
        instances.iter().map(|one| one.key).collect::<Vec<_>>(),
        ["alder", "basalt", "cobalt"]
    );
    let [one, two, three] = instances.as_slice() else {
        panic!("three")
    };
    assert_ne!(one.sandbox.url(), two.sandbox.url());
    assert_ne!(two.sandbox.client_secret(), three.sandbox.client_secret());
    let asked = "core.common.read core.contract.read";
    let refused = token_request(&http(), &two.sandbox, Some("core.nothing.read"))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    let given: Value = token_request(&http(), &three.sandbox, Some(asked))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        given["scope"], "core.common.read",
        "the missing scope is left out, not refused"
    );
}

#[tokio::test]
async fn the_broken_one_lacks_a_scope_and_has_custom_fields_of_its_own() {
    let [.., (_, _, _, config)] = demo_configs(1);
    let caller = Caller::start(crosswalk_sandbox::SandboxConfig {
        settle: std::time::Duration::ZERO,
        ..config
    })
    .await;
    assert_eq!(
        caller
            .get(&format!("{}?limit=1", Resource::Contracts.path()))
            .await
            .status(),
        403
    );
    let invoice = &caller.list("invoices?limit=1").await[0];
    assert_eq!(invoice["custom-fields"]["charge-to-project"], "PX-4471");
}
