//! Synthetic invoices and other records in the shape of the documented ones.

use serde_json::{Value, json};

/// A time a number of minutes after the start of 2026, at an offset as instances write it.
pub fn minute(number: i64) -> String {
    let start: jiff::Timestamp = "2026-01-01T08:00:00Z".parse().unwrap();
    let at = start + jiff::SignedDuration::from_mins(number);
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(-7)))
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// An invoice. Its amount has three decimals for every third, its second line is split over two accounts, and it carries a
/// custom field of each kind.
pub fn invoice(id: i64) -> Value {
    let cents = id * 137 % 100_000;
    let total = if id % 3 == 0 {
        format!("{}.{:03}", 10 + cents / 1000, cents % 1000)
    } else {
        format!("{}.{:02}", 10 + cents / 100, cents % 100)
    };
    let statuses = ["approved", "pending_approval", "draft", "voided", "on_hold"];
    let status = statuses[usize::try_from(id).unwrap() % statuses.len()];
    json!({
        "id": id,
        "created-at": minute(id),
        "updated-at": minute(id + 30),
        "invoice-number": format!("INV-{id:06}"),
        "document-type": if id % 10 == 7 { "Credit Note" } else { "Invoice" },
        "invoice-date": "2026-01-05T00:00:00-08:00",
        "net-due-date": null,
        "status": status,
        "paid": false,
        "exported": id % 2 == 0,
        "gross-total": total,
        "tax-amount": "0.00",
        "internal-note": format!("note of {id}"),
        "currency": { "id": 1, "code": "USD", "decimals": 2 },
        "supplier": { "id": 40 + id % 3, "name": format!("Supplier {}", id % 3), "number": null },
        "seg3default": "710",
        "custom-fields": { "cost-owner": format!("owner {}", id % 4), "po-exempt": id % 2 == 1 },
        "invoice-lines": [
            {
                "id": id * 10 + 1, "line-num": 1, "type": "InvoiceQuantityLine",
                "description": "Boxes \u{1F4E6} für Köln", "quantity": "2.0", "price": "2.50", "total": "5.00",
                "account": { "id": 26, "code": "01-410", "name": "Facilities" }, "account-allocations": [],
                "custom-fields": {}
            },
            {
                "id": id * 10 + 2, "line-num": 2, "type": "InvoiceAmountLine",
                "description": "Service", "quantity": null, "price": null, "total": "5.000",
                "account": null,
                "account-allocations": [
                    { "id": id * 100 + 1, "amount": "2.50", "pct": "50.0", "account": { "id": 26, "code": "01-410", "name": "Facilities" } },
                    { "id": id * 100 + 2, "amount": "2.50", "pct": "50.0", "account": { "id": 27, "code": "01-411", "name": "Travel" } }
                ],
                "custom-fields": {}
            }
        ]
    })
}

/// Invoices with ids 1 to `count`.
pub fn invoices(count: i64) -> Vec<Value> {
    (1..=count).map(invoice).collect()
}

/// A currency, which every connection test may read.
pub fn currency(id: i64, code: &str) -> Value {
    json!({ "id": id, "code": code, "name": code, "decimals": 2, "enabled-flag": true })
}

/// A supplier.
pub fn supplier(id: i64) -> Value {
    json!({
        "id": id, "created-at": minute(id), "updated-at": minute(id),
        "name": format!("Supplier {id}"), "number": format!("S-{id}"), "status": "active", "on-hold": id % 2 == 0,
        "tax-id": "12-3456789", "custom-fields": {}
    })
}
