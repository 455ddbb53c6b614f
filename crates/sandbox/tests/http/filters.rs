use crosswalk_sandbox::{Resource, SandboxConfig};
use serde_json::Value;

use crate::caller::Caller;

type Holds = Box<dyn Fn(&Value) -> bool>;

/// Key, operand and what it must mean.
fn cases(all: &[Value]) -> Vec<(String, String, Holds)> {
    let middle = all[120]["id"].as_u64().unwrap();
    let at = all[100]["updated-at"].as_str().unwrap().to_owned();
    let instant: jiff::Timestamp = at.parse().unwrap();
    let supplier = all[7]["supplier"]["id"].as_u64().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    vec![
        (
            "id[gt]".into(),
            middle.to_string(),
            Box::new(move |r| r["id"].as_u64().unwrap() > middle),
        ),
        (
            "id[lt_or_eq]".into(),
            middle.to_string(),
            Box::new(move |r| r["id"].as_u64().unwrap() <= middle),
        ),
        (
            "id[in]".into(),
            format!("{middle},1"),
            Box::new(move |r| r["id"] == middle),
        ),
        (
            "status".into(),
            "approved".into(),
            Box::new(|r| r["status"] == "approved"),
        ),
        (
            "status[not_in]".into(),
            "approved,draft".into(),
            Box::new(|r| r["status"] != "approved" && r["status"] != "draft"),
        ),
        (
            "exported".into(),
            "false".into(),
            Box::new(|r| r["exported"] == false),
        ),
        (
            "updated-at[gt_or_eq]".into(),
            at.clone(),
            Box::new(move |r| {
                r["updated-at"]
                    .as_str()
                    .unwrap()
                    .parse::<jiff::Timestamp>()
                    .unwrap()
                    >= instant
            }),
        ),
        (
            "updated_at[lt]".into(),
            at,
            Box::new(move |r| {
                r["updated-at"]
                    .as_str()
                    .unwrap()
                    .parse::<jiff::Timestamp>()
                    .unwrap()
                    < instant
            }),
        ),
        (
            "supplier[id]".into(),
            supplier.to_string(),
            Box::new(move |r| r["supplier"]["id"] == supplier),
        ),
        (
            "supplier[name][contains]".into(),
            "FJORD".into(),
            Box::new(move |r| text(&r["supplier"]["name"]).contains("Fjord")),
        ),
        (
            "document-type".into(),
            "Credit Note".into(),
            Box::new(|r| r["document-type"] == "Credit Note"),
        ),
        (
            "invoice_number[starts_with]".into(),
            "INV-".into(),
            Box::new(|r| r["invoice-number"].as_str().unwrap().starts_with("INV-")),
        ),
        (
            "gross_total[gt]".into(),
            "5000".into(),
            Box::new(|r| r["gross-total"].as_str().unwrap().parse::<f64>().unwrap() > 5000.0),
        ),
        (
            "net_due_date[blank]".into(),
            "true".into(),
            Box::new(|r| r["net-due-date"].is_null()),
        ),
        (
            "erp-document-number[blank]".into(),
            "true".into(),
            Box::new(|r| r.get("erp-document-number").is_none()),
        ),
    ]
}

#[tokio::test]
async fn filters_agree_with_looking_at_every_record() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let all = caller.all("invoices", "").await;
    for (key, operand, holds) in cases(&all) {
        let expected: Vec<u64> = all
            .iter()
            .filter(|r| holds(r))
            .map(|r| r["id"].as_u64().unwrap())
            .collect();
        let mut found = Vec::new();
        loop {
            let query = [
                (key.as_str(), operand.as_str()),
                ("fields", r#"["id"]"#),
                ("offset", &found.len().to_string()),
            ];
            let response = caller.ask("invoices").query(&query).send().await.unwrap();
            assert_eq!(response.status(), 200, "{key}={operand}");
            let page: Vec<Value> = response.json().await.unwrap();
            if page.is_empty() {
                break;
            }
            found.extend(page.iter().map(|record| record["id"].as_u64().unwrap()));
        }
        assert_eq!(found, expected, "{key}={operand}");
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "{key}={operand} says nothing"
        );
    }
}

#[tokio::test]
async fn conditions_are_anded_and_ranges_walk_the_ids() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    let ids = caller.sandbox.truth(Resource::Invoices).throughout;
    let range = format!(
        "invoices?id[gt]={}&id[lt_or_eq]={}&order_by=id&dir=asc",
        ids[10], ids[40]
    );
    assert_eq!(caller.ids(&range).await, ids[11..=40]);
    assert!(
        caller
            .ids(&format!("invoices?id[gt]={}&id[lt]={}", ids[10], ids[10]))
            .await
            .is_empty()
    );
    assert!(
        caller
            .ids(&format!("invoices?id[gt]={}", ids.last().unwrap()))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn order_by_any_field_in_either_direction() {
    let caller = Caller::start(SandboxConfig::for_tests().with(Resource::PurchaseOrders, 47)).await;
    let ids = caller.sandbox.truth(Resource::PurchaseOrders).throughout;
    let reversed: Vec<u64> = ids.iter().rev().copied().collect();
    assert_eq!(caller.ids("purchase_orders?dir=desc").await, reversed);
    assert_eq!(
        caller
            .ids("purchase_orders?order_by=created_at&dir=desc")
            .await,
        reversed
    );
    let instants = |records: &[Value], field: &str| -> Vec<jiff::Timestamp> {
        records
            .iter()
            .map(|record| record[field].as_str().unwrap().parse().unwrap())
            .collect()
    };
    let records = caller.list("purchase_orders?order_by=updated_at").await;
    assert_eq!(records.len(), 47);
    assert!(instants(&records, "updated-at").is_sorted());
    assert_ne!(
        records
            .iter()
            .map(|record| record["id"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        ids
    );
    let records = caller
        .list("purchase_orders?order-by=updated-at&dir=desc")
        .await;
    assert!(instants(&records, "updated-at").iter().rev().is_sorted());
    let totals: Vec<f64> = caller
        .list("purchase_orders?order_by=total")
        .await
        .iter()
        .map(|record| record["total"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(totals.is_sorted());
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let caller = Caller::start(SandboxConfig::for_tests()).await;
    for query in [
        "filter=my_filter",
        "no_such_field=1",
        "supplier[name",
        "updated-at[gt]=2026-01-01T00:00:00+02:00",
        "updated-at[contains]=2026",
        "limit=all",
        "limit=0",
        "offset=-1",
        "dir=sideways",
        "order_by=nothing",
    ] {
        let response = caller.get(&format!("invoices?{query}")).await;
        assert_eq!(response.status(), 400, "{query}");
        let body: Value = response.json().await.unwrap();
        assert!(
            body["errors"]["base"][0].as_str().unwrap().len() > 10,
            "{query}: {body}"
        );
    }
    assert_eq!(caller.get("suppliers?exported=false").await.status(), 400);
    assert_eq!(caller.get("currencies?status=active").await.status(), 400);
}
