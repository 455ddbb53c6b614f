use std::collections::{BTreeMap, BTreeSet};

use crosswalk_sandbox::{Resource, SandboxConfig};
use serde_json::Value;

use crate::caller::Caller;

/// Enough to meet every trap, few enough to read whole in a debug build.
fn some() -> SandboxConfig {
    SandboxConfig::for_tests()
        .with(Resource::Invoices, 120)
        .with(Resource::PurchaseOrders, 40)
        .with(Resource::ReceivingTransactions, 30)
        .with(Resource::Requisitions, 40)
        .with(Resource::ExpenseReports, 20)
        .with(Resource::IntegrationHistoryRecords, 20)
}

async fn everything(caller: &Caller) -> BTreeMap<Resource, Vec<Value>> {
    let mut all = BTreeMap::new();
    for resource in Resource::ALL {
        let records = caller.all(resource.path(), "").await;
        assert_eq!(
            records.len() as u64,
            caller.sandbox.count(resource),
            "{resource:?}"
        );
        assert!(!records.is_empty(), "{resource:?}");
        all.insert(resource, records);
    }
    all
}

fn visit(value: &Value, path: &str, with: &mut dyn FnMut(&str, &Value)) {
    with(path, value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, path, with)),
        Value::Object(members) => {
            for (key, member) in members {
                visit(member, &format!("{path}/{key}"), with);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn what_a_record_refers_to_exists() {
    let caller = Caller::start(some()).await;
    let all = everything(&caller).await;
    let ids: BTreeMap<Resource, BTreeSet<u64>> = all
        .iter()
        .map(|(resource, records)| {
            (
                *resource,
                records
                    .iter()
                    .map(|record| record["id"].as_u64().unwrap())
                    .collect(),
            )
        })
        .collect();
    let mut checked = 0;
    for (resource, records) in &all {
        for record in records {
            visit(record, "", &mut |path, value| {
                let key = path.rsplit('/').next().unwrap_or_default();
                let target = match key {
                    "supplier" | "payee" => Resource::Suppliers,
                    "created-by" | "updated-by" | "requested-by" | "requester" | "expensed-by"
                    | "contract-owner" | "manager" | "approver" | "owner" | "users"
                    | "ship-to-user" => Resource::Users,
                    "currency"
                    | "accounting-total-currency"
                    | "from-currency"
                    | "to-currency"
                    | "foreign-currency"
                    | "pay-to-currency"
                    | "default-currency" => Resource::Currencies,
                    "account" | "default-account" => Resource::Accounts,
                    "department" => Resource::Departments,
                    "payment-term" => Resource::PaymentTerms,
                    "item" => Resource::Items,
                    "requisition-header" => Resource::Requisitions,
                    "order-line" => Resource::PurchaseOrderLines,
                    "ship-to-address" | "bill-to-address" | "default-address" => {
                        Resource::Addresses
                    }
                    "integration" => Resource::Integrations,
                    "integration-run" => Resource::IntegrationRuns,
                    "payments" => Resource::Payments,
                    _ => return,
                };
                for value in value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice)
                {
                    if let Some(id) = value.get("id").and_then(Value::as_u64) {
                        assert!(ids[&target].contains(&id), "{resource:?} {path} {id}");
                        checked += 1;
                    }
                }
            });
        }
    }
    assert!(checked > 10_000, "{checked}");
    for invoice in &all[&Resource::Invoices] {
        for line in invoice["invoice-lines"].as_array().unwrap() {
            assert!(
                ids[&Resource::PurchaseOrderLines]
                    .contains(&line["order-line-id"].as_u64().unwrap())
            );
            let order: u64 = line["po-number"].as_str().unwrap().parse().unwrap();
            assert!(ids[&Resource::PurchaseOrders].contains(&order));
        }
    }
    for payment in &all[&Resource::Payments] {
        let detail = &payment["payment-details"][0];
        let invoice = all[&Resource::Invoices]
            .iter()
            .find(|invoice| invoice["id"] == detail["source-transaction-id"])
            .expect("the paid invoice");
        assert_eq!(
            invoice["invoice-number"],
            detail["source-transaction-reference"]
        );
        assert_eq!(
            (&invoice["paid"], &invoice["status"]),
            (&Value::from(true), &Value::from("approved"))
        );
        assert_eq!(invoice["payments"][0]["id"], payment["id"]);
        assert_eq!(invoice["supplier"]["id"], payment["payee"]["id"]);
    }
}

/// Hundredths; every amount here has at most two decimals that are not zero.
fn hundredths(value: &Value) -> i64 {
    let text = value.as_str().unwrap();
    let (whole, rest) = text.split_once('.').unwrap();
    let rest: String = rest.chars().chain("00".chars()).take(2).collect();
    let size =
        whole.trim_start_matches('-').parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap();
    if text.starts_with('-') { -size } else { size }
}

#[tokio::test]
async fn amounts_add_up() {
    let caller = Caller::start(some()).await;
    for invoice in caller.all("invoices", "").await {
        let lines = invoice["invoice-lines"].as_array().unwrap();
        let net: i64 = lines.iter().map(|line| hundredths(&line["total"])).sum();
        let extras: i64 = ["tax-amount", "shipping-amount", "handling-amount"]
            .iter()
            .map(|field| hundredths(&invoice[field]))
            .sum();
        assert_eq!(
            net + extras,
            hundredths(&invoice["gross-total"]),
            "{}",
            invoice["id"]
        );
        for line in lines.iter().filter(|line| line["account"].is_null()) {
            let allocations = line["account-allocations"].as_array().unwrap();
            let split: i64 = allocations
                .iter()
                .map(|part| hundredths(&part["amount"]))
                .sum();
            assert_eq!(split, hundredths(&line["total"]));
        }
    }
    for order in caller.all("purchase_orders", "").await {
        let net: i64 = order["order-lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| hundredths(&line["total"]))
            .sum();
        assert_eq!(net, hundredths(&order["total"]));
    }
}

#[tokio::test]
async fn the_traps_are_set() {
    let caller = Caller::start(some()).await;
    let invoices = caller.all("invoices", "").await;
    let orders = caller.all("purchase_orders", "").await;
    let suppliers = caller.all("suppliers", "").await;
    let any = |records: &[Value], holds: &dyn Fn(&Value) -> bool| records.iter().any(holds);
    let lines: Vec<Value> = invoices
        .iter()
        .flat_map(|invoice| invoice["invoice-lines"].as_array().unwrap().clone())
        .collect();

    assert!(any(&invoices, &|r| r["document-type"] == "Credit Note"
        && r["gross-total"].as_str().unwrap().starts_with('-')));
    assert!(
        any(&invoices, &|r| r.get("erp-document-number").is_none())
            && any(&invoices, &|r| r["erp-document-number"].is_string())
    );
    assert!(
        any(&invoices, &|r| r["payment-date"].is_null())
            && any(&invoices, &|r| r["payment-date"] == "")
    );
    assert!(any(&invoices, &|r| r["custom-fields"]["prepayment-type"]
        .is_object()));
    assert!(any(&invoices, &|r| r["created-at"]
        .as_str()
        .unwrap()
        .ends_with("-07:00")));
    assert!(any(&invoices, &|r| r["created-at"]
        .as_str()
        .unwrap()
        .ends_with("+02:00")));
    assert!(any(&invoices, &|r| r["bill-to-address"]["country"].is_string()));
    assert!(any(&invoices, &|r| r["bill-to-address"]["country"].is_object()));
    assert!(any(&lines, &|r| r["account"].is_null()
        && !r["account-allocations"].as_array().unwrap().is_empty()));
    assert!(any(&lines, &|r| r["account"].is_object()
        && r["account-allocations"].as_array().unwrap().is_empty()));
    assert!(
        any(&lines, &|r| r["line-num"].is_u64())
            && any(&lines, &|r| r["created-by"]["custom-fields"].is_object())
    );
    assert!(any(&lines, &|r| r["uom"].is_null()) && any(&lines, &|r| r["item"].is_null()));
    assert!(any(&orders, &|r| r["order-lines"][0]["line-num"] == "1"));
    assert!(
        any(&orders, &|r| r["supplier"]["number"].is_null())
            && any(&orders, &|r| r["supplier"]["number"] == "")
    );
    assert!(any(&orders, &|r| r["requisition-header"].is_null()));
    assert!(any(&suppliers, &|r| r["tax-id"]
        .as_str()
        .is_some_and(|id| id.len() > 8)));
    assert!(any(&suppliers, &|r| r["custom-fields"]["iban"].is_string()));
    assert!(
        any(&suppliers, &|r| r["cxml-secret"].is_string())
            && any(&suppliers, &|r| r["cxml-secret"].is_null())
    );
    let scales: BTreeSet<usize> = invoices
        .iter()
        .map(|r| {
            r["gross-total"]
                .as_str()
                .unwrap()
                .split_once('.')
                .unwrap()
                .1
                .len()
        })
        .collect();
    assert!(scales.len() > 2, "{scales:?}");
    let statuses: BTreeSet<&str> = invoices
        .iter()
        .map(|r| r["status"].as_str().unwrap())
        .collect();
    assert!(statuses.len() > 8, "{statuses:?}");
}

#[tokio::test]
async fn a_whole_invoice_is_as_big_as_a_real_one() {
    let caller = Caller::start(some()).await;
    let mut sizes: Vec<usize> = caller
        .all("invoices", "")
        .await
        .iter()
        .map(|record| serde_json::to_vec(record).unwrap().len())
        .collect();
    sizes.sort_unstable();
    let (least, median, most) = (sizes[0], sizes[sizes.len() / 2], sizes[sizes.len() - 1]);
    assert!(
        least > 9_000 && (12_000..30_000).contains(&median) && most < 60_000,
        "{least} {median} {most}"
    );
}

#[tokio::test]
async fn the_seed_decides_everything() {
    let body = async |seed| {
        let caller = Caller::start(SandboxConfig {
            seed,
            ..SandboxConfig::for_tests()
        })
        .await;
        caller.get("invoices?limit=20").await.bytes().await.unwrap()
    };
    let one = body(1).await;
    assert_eq!(one, body(1).await);
    assert_ne!(one, body(2).await);
}
