use crosswalk_sandbox::{Resource, SandboxConfig};

use crate::caller::Caller;

#[tokio::test]
async fn xml_is_the_base_format_and_json_comes_on_request() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let url = format!("{}/api/purchase_orders?limit=2", caller.sandbox.url());
    let xml = caller
        .http
        .get(&url)
        .bearer_auth(&caller.token)
        .send()
        .await
        .unwrap();
    assert!(
        xml.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/xml")
    );
    let text = xml.text().await.unwrap();
    assert!(
        text.contains("<order-headers type=\"array\"><order-header><id type=\"integer\">"),
        "{}",
        &text[..200]
    );
    assert!(text.contains("<line-num>1</line-num>"));
    assert!(text.contains("type=\"decimal\""));
    let json = caller.get("purchase_orders?limit=2").await;
    assert!(
        json.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/json")
    );
    assert!(json.text().await.unwrap().starts_with("[{"));
}

#[tokio::test]
async fn nothing_found_has_two_faces() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let json = caller.get("invoices?id=1").await;
    assert_eq!(
        (json.status().as_u16(), json.text().await.unwrap()),
        (200, "[]".to_owned())
    );
    let url = format!("{}/api/invoices?id=1", caller.sandbox.url());
    let xml = caller
        .http
        .get(url)
        .bearer_auth(&caller.token)
        .send()
        .await
        .unwrap();
    assert_eq!(xml.status(), 404);
    let text = xml.text().await.unwrap();
    assert!(
        text.ends_with("<errors><error>No results match your search criteria.</error></errors>"),
        "{text}"
    );
}

#[tokio::test]
async fn a_missing_record_is_answered_with_what_is_not_json() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    for path in [
        "invoices/1",
        "no_such_thing",
        "no_such_thing/1",
        "custom_objects/9/object_instances",
    ] {
        let response = caller.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(
            serde_json::from_str::<serde_json::Value>(&response.text().await.unwrap()).is_err()
        );
    }
    let url = format!("{}/api/invoices/1", caller.sandbox.url());
    let xml = caller
        .http
        .get(url)
        .bearer_auth(&caller.token)
        .send()
        .await
        .unwrap();
    assert_eq!(xml.status(), 404);
    assert!(xml.text().await.unwrap().contains("<errors><error>"));
}

#[tokio::test]
async fn every_resource_needs_its_own_scope() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    for resource in Resource::ALL {
        assert_eq!(
            caller
                .get(&format!("{}?limit=1", resource.path()))
                .await
                .status(),
            200,
            "{resource:?}"
        );
    }
    for resource in Resource::ALL {
        let config = SandboxConfig::for_tests().without_scope(resource.read_scope());
        let caller = Caller::start(config).await;
        let response = caller.get(&format!("{}?limit=1", resource.path())).await;
        assert_eq!(response.status(), 403, "{resource:?}");
        let body: serde_json::Value = response.json().await.unwrap();
        assert!(body["errors"]["base"][0].is_string());
    }
}

#[tokio::test]
async fn only_the_fields_asked_for() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let fields = r#"["id","invoice_number",{"invoice-lines":["line_num",{"account":["code"]}]},{"custom_fields":{}}]"#;
    let response = caller
        .ask("invoices")
        .query(&[("fields", fields), ("limit", "20")])
        .send()
        .await
        .unwrap();
    let records: Vec<serde_json::Value> = response.json().await.unwrap();
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    for record in &records {
        assert_eq!(
            keys(record),
            ["id", "invoice-number", "invoice-lines", "custom-fields"]
        );
        for line in record["invoice-lines"].as_array().unwrap() {
            assert_eq!(keys(line), ["line-num", "account"]);
            assert!(line["account"].is_null() || keys(&line["account"]) == ["code"]);
        }
        assert!(record["custom-fields"]["sap-error"].is_string());
    }
    let whole = caller.list("invoices?limit=20").await;
    assert_eq!(whole[3]["custom-fields"], records[3]["custom-fields"]);
    assert_eq!(caller.get("invoices?fields=id").await.status(), 400);
}

#[tokio::test]
async fn smaller_objects_on_request() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let limited = caller.list("invoices?limit=1&return_object=limited").await;
    assert_eq!(limited[0].as_object().unwrap().len(), 1);
    let shallow = caller.list("invoices?limit=1&return_object=shallow").await;
    assert!(shallow[0]["gross-total"].is_string());
    assert!(shallow[0]["supplier"]["name"].is_string());
    assert!(shallow[0]["supplier"].get("primary-address").is_none());
    assert_eq!(
        shallow[0]["invoice-lines"][0].as_object().unwrap().len(),
        1,
        "lines are ids"
    );
    assert!(shallow[0]["custom-fields"].is_object());
    assert_eq!(
        caller.get("invoices?return_object=none").await.status(),
        400
    );
}

#[tokio::test]
async fn writing_is_not_for_readers() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let url = format!("{}/api/invoices", caller.sandbox.url());
    let post = caller
        .http
        .post(url)
        .bearer_auth(&caller.token)
        .header("Accept", "application/json")
        .send()
        .await
        .unwrap();
    assert_eq!(post.status(), 405);
    assert_eq!(caller.sandbox.stats().writes.len(), 1);
}
