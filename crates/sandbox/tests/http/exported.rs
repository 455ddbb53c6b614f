use crosswalk_sandbox::SandboxConfig;
use serde_json::Value;

use crate::caller::Caller;

async fn writer() -> Caller {
    Caller::start(SandboxConfig::for_tests().granting("core.invoice.write")).await
}

async fn put(caller: &Caller, path: &str, accept: &str) -> (u16, String) {
    let url = format!("{}/api/{path}", caller.sandbox.url());
    let response = caller
        .http
        .put(url)
        .bearer_auth(&caller.token)
        .header("Accept", accept)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_queue_of_unexported_records_empties_as_they_are_marked() {
    let caller = writer().await;
    let waiting = caller
        .ids("invoices?exported=false&status[in]=approved,voided&limit=50")
        .await;
    assert!(waiting.len() > 3, "{}", waiting.len());
    let path = format!(
        "invoices/{}?exported=true&fields=%5B%22id%22%2C%22exported%22%5D",
        waiting[0]
    );
    let (status, body) = put(&caller, &path, "application/json").await;
    assert_eq!(
        (status, body),
        (200, format!(r#"{{"id":{},"exported":true}}"#, waiting[0]))
    );
    assert_eq!(
        caller
            .ids("invoices?exported=false&status[in]=approved,voided&limit=50")
            .await[0],
        waiting[1]
    );
    let record: Value = caller
        .get(&format!("invoices/{}", waiting[0]))
        .await
        .json()
        .await
        .unwrap();
    assert!(record["last-exported-at"].is_string());
    let writes = caller.sandbox.stats().writes;
    assert_eq!(
        (writes.len(), writes[0].method.as_str(), writes[0].status),
        (1, "PUT", 200)
    );
}

#[tokio::test]
async fn marking_needs_the_write_scope() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let id = caller.ids("invoices?limit=1").await[0];
    assert_eq!(
        put(
            &caller,
            &format!("invoices/{id}?exported=true"),
            "application/json"
        )
        .await
        .0,
        403
    );
}

#[tokio::test]
async fn an_invalid_change_is_told_per_model_in_json_and_listed_in_xml() {
    let caller = writer().await;
    let id = caller.ids("invoices?limit=1").await[0];
    let (status, body) = put(
        &caller,
        &format!("invoices/{id}?exported=perhaps"),
        "application/json",
    )
    .await;
    assert_eq!(
        (status, body.as_str()),
        (
            400,
            r#"{"errors":{"invoice_header":["Exported must be true or false"]}}"#
        )
    );
    let (status, body) = put(&caller, &format!("invoices/{id}"), "application/xml").await;
    assert_eq!(status, 400);
    assert!(
        body.ends_with("<errors><error>Exported can&apos;t be blank</error></errors>")
            || body.contains("can't be blank")
    );
    let (status, _) = put(
        &caller,
        &format!("invoices/{id}?exported=true&status=draft"),
        "application/json",
    )
    .await;
    assert_eq!(status, 400);
    let (status, body) = put(
        &caller,
        &format!("invoices/{id}?exported=true&return_object=none"),
        "application/json",
    )
    .await;
    assert_eq!((status, body.as_str()), (200, ""));
    assert_eq!(
        put(&caller, "invoices/1?exported=true", "application/json")
            .await
            .0,
        404
    );
}
