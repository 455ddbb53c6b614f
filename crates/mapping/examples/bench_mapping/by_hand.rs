//! The invoice mapping as somebody would write it in Rust over `serde_json::Value`.

use std::collections::HashSet;

use crosswalk_mapping::Decimal;
use serde_json::{Map, Value, json};

/// The unified invoice as JSON text.
///
/// `documented` are the root keys the provider documents; others are older custom fields.
pub fn unified(raw: &[u8], documented: &HashSet<&str>) -> Vec<u8> {
    let raw: Value = serde_json::from_slice(raw).unwrap();
    serde_json::to_vec(&invoice(&raw, documented)).unwrap()
}

fn invoice(raw: &Value, documented: &HashSet<&str>) -> Value {
    let none = Vec::new();
    let lines = raw["invoice-lines"].as_array().unwrap_or(&none);
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("id", id(&raw["id"]));
    put("number", raw["invoice-number"].clone());
    let credit = raw["document-type"] == "Credit Note" || raw["is-credit-note"] == true;
    put("type", json!(if credit { "credit_note" } else { "bill" }));
    put("status", status(raw));
    put("remote_status", raw["status"].clone());
    put(
        "vendor",
        reference(&raw["supplier"], &[("number", "number"), ("name", "name")]),
    );
    put("invoice_date", date(&raw["invoice-date"]));
    put("due_date", date(&raw["net-due-date"]));
    put(
        "payment_term",
        reference(
            &raw["payment-term"],
            &[("code", "code"), ("name", "description")],
        ),
    );
    put("paid", raw["paid"].clone());
    put("paid_on_date", date(&raw["payment-date"]));
    put("currency", raw["currency"]["code"].clone());
    put("exchange_rate", raw["exchange-rate"].clone());
    put("sub_total", sub_total(lines));
    for (name, key) in [
        ("tax_total", "tax-amount"),
        ("shipping_amount", "shipping-amount"),
        ("handling_amount", "handling-amount"),
        ("misc_amount", "misc-amount"),
        ("discount_amount", "discount-amount"),
    ] {
        let amount = &raw[key];
        put(
            name,
            if amount == "" {
                Value::Null
            } else {
                amount.clone()
            },
        );
    }
    put(
        "total",
        either(&raw["gross-total"], &raw["total-with-taxes"]),
    );
    put("purchase_orders", orders(lines));
    put(
        "contract",
        reference(&raw["contract"], &[("number", "number"), ("name", "name")]),
    );
    put("bill_to", address(&raw["bill-to-address"], true));
    put("ship_to", address(&raw["ship-to-address"], true));
    let remit = &raw["remit-to-address"];
    let remit = if remit["id"].is_null() {
        &raw["supplier-remit-to"]
    } else {
        remit
    };
    put("remit_to", address(remit, false));
    let person = &raw["requested-by"];
    let mut requested = reference(person, &[("number", "employee-number")]);
    if let Value::Object(requested) = &mut requested {
        put_some(
            requested,
            "name",
            either(&person["fullname"], &person["login"]),
        );
    }
    put("requested_by", requested);
    put("memo", raw["internal-note"].clone());
    put("exported", raw["exported"].clone());
    put("exported_at", instant(&raw["last-exported-at"]));
    put("line_items", lines.iter().map(line).collect());
    put("tax_lines", list(&raw["tax-lines"], tax_line));
    put("attachments", list(&raw["attachments"], attachment));
    put(
        "payments",
        list(
            &raw["payments"],
            |payment| json!({"id": id(&payment["id"])}),
        ),
    );
    let mut fields: Vec<Value> = custom(&raw["custom-fields"]).collect();
    let root = raw.as_object().into_iter().flatten();
    let older = root.filter(|(key, _)| !documented.contains(key.as_str()));
    fields.extend(
        older.map(|(key, value)| json!({"key": key, "value": value, "namespace": "global"})),
    );
    put("custom_fields", Value::Array(fields));
    put("created_at", instant(&raw["created-at"]));
    put("updated_at", instant(&raw["updated-at"]));
    Value::Object(out)
}

fn id(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        other => other.clone(),
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(truthy),
        Value::Object(entries) => !entries.is_empty(),
    }
}

fn either(first: &Value, second: &Value) -> Value {
    if truthy(first) { first } else { second }.clone()
}

/// As JSONata: what is absent stays absent, what is null stays null.
fn put_from(out: &mut Map<String, Value>, name: &str, from: &Value, key: &str) {
    if let Some(value) = from.get(key) {
        out.insert(name.to_owned(), value.clone());
    }
}

/// A decimal: an empty text is no value.
fn put_decimal(out: &mut Map<String, Value>, name: &str, from: &Value, key: &str) {
    if let Some(value) = from.get(key) {
        let value = if value == "" {
            Value::Null
        } else {
            value.clone()
        };
        out.insert(name.to_owned(), value);
    }
}

fn put_some(out: &mut Map<String, Value>, name: &str, value: Value) {
    if !value.is_null() {
        out.insert(name.to_owned(), value);
    }
}

fn reference(raw: &Value, members: &[(&str, &str)]) -> Value {
    if !truthy(&raw["id"]) {
        return Value::Null;
    }
    let mut out = Map::new();
    out.insert("id".to_owned(), id(&raw["id"]));
    for (name, key) in members {
        put_from(&mut out, name, raw, key);
    }
    Value::Object(out)
}

fn status(raw: &Value) -> Value {
    if raw["paid"] == true {
        return json!("paid");
    }
    match raw["status"].as_str() {
        Some("approved") => json!("approved"),
        Some("pending_approval" | "pending_action" | "pending_receipt") => {
            json!("pending_approval")
        }
        Some("new" | "draft") => json!("draft"),
        Some("ap_hold" | "on_hold" | "booking_hold") => json!("on_hold"),
        Some("voided" | "abandoned") => json!("voided"),
        Some("rejected" | "invalid") => json!("rejected"),
        Some("processing" | "payable_adjustment") => json!("other"),
        _ => raw["status"].clone(),
    }
}

fn date(value: &Value) -> Value {
    match value.as_str() {
        Some(text) if text.len() >= 10 => json!(&text[..10]),
        _ => Value::Null,
    }
}

fn instant(value: &Value) -> Value {
    match value
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok())
    {
        Some(instant) => json!(instant.to_string()),
        None => Value::Null,
    }
}

fn sub_total(lines: &[Value]) -> Value {
    let amounts: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["total"].as_str())
        .filter(|text| !text.is_empty())
        .collect();
    if amounts.is_empty() {
        return Value::Null;
    }
    let sum = amounts.iter().fold(Decimal::zero(), |sum, text| {
        sum.add(&Decimal::parse(text).unwrap())
    });
    json!(sum.to_string())
}

fn orders(lines: &[Value]) -> Value {
    let mut seen: Vec<Value> = Vec::new();
    for line in lines {
        let number = either(&line["po-number"], &line["order-header-num"]);
        if !number.is_null() && !seen.contains(&number) {
            seen.push(number);
        }
    }
    seen.into_iter()
        .map(|number| json!({"number": number}))
        .collect()
}

fn address(raw: &Value, attention: bool) -> Value {
    let mut address = reference(raw, &[("name", "name")]);
    let Value::Object(out) = &mut address else {
        return Value::Null;
    };
    let street: Vec<Value> = ["street1", "street2", "street3", "street4"]
        .iter()
        .map(|key| raw[key].clone())
        .filter(truthy)
        .collect();
    if !street.is_empty() {
        out.insert("street".to_owned(), Value::Array(street));
    }
    put_from(out, "city", raw, "city");
    put_from(out, "state", raw, "state");
    put_from(out, "postal_code", raw, "postal-code");
    put_from(out, "country", &raw["country"], "code");
    let country = &raw["country"];
    if !country.is_null() {
        out.insert("country_name".to_owned(), either(&country["name"], country));
    }
    if attention {
        put_from(out, "attention", raw, "attention");
    }
    address
}

fn list(raw: &Value, map: fn(&Value) -> Value) -> Value {
    raw.as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter(|item| !item["id"].is_null())
        .map(map)
        .collect()
}

fn custom(raw: &Value) -> impl Iterator<Item = Value> {
    let entries = raw.as_object().into_iter().flatten();
    entries.map(|(key, value)| json!({"key": key, "value": value, "namespace": "custom"}))
}

fn line(raw: &Value) -> Value {
    let mut out = Map::new();
    out.insert("id".to_owned(), id(&raw["id"]));
    let number = match &raw["line-num"] {
        Value::String(text) => text.parse::<i64>().map_or(Value::Null, Value::from),
        other => other.clone(),
    };
    put_some(&mut out, "line_number", number);
    let amount = raw["type"] == "InvoiceAmountLine";
    out.insert(
        "type".to_owned(),
        json!(if amount { "amount" } else { "quantity" }),
    );
    put_from(&mut out, "description", raw, "description");
    put_some(
        &mut out,
        "item",
        reference(&raw["item"], &[("number", "item-number"), ("name", "name")]),
    );
    put_decimal(&mut out, "quantity", raw, "quantity");
    put_from(&mut out, "uom", &raw["uom"], "code");
    put_decimal(&mut out, "unit_price", raw, "price");
    put_decimal(&mut out, "total", raw, "total");
    put_decimal(&mut out, "tax_amount", raw, "tax-amount");
    put_some(
        &mut out,
        "tax_code",
        reference(
            &raw["tax-code"],
            &[("code", "code"), ("name", "description")],
        ),
    );
    put_some(
        &mut out,
        "account",
        reference(&raw["account"], &[("code", "code"), ("name", "name")]),
    );
    let allocations = raw["account-allocations"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let allocations = allocations.iter().map(|part| {
        let mut out = Map::new();
        put_some(
            &mut out,
            "account",
            reference(&part["account"], &[("code", "code"), ("name", "name")]),
        );
        put_decimal(&mut out, "amount", part, "amount");
        put_decimal(&mut out, "percent", part, "pct");
        Value::Object(out)
    });
    out.insert("allocations".to_owned(), allocations.collect());
    if truthy(&raw["po-number"]) {
        out.insert(
            "purchase_order".to_owned(),
            json!({"number": raw["po-number"]}),
        );
    }
    put_from(&mut out, "po_line_number", raw, "order-line-num");
    put_some(
        &mut out,
        "commodity",
        reference(&raw["commodity"], &[("name", "name")]),
    );
    if truthy(&raw["custom-fields"]) {
        out.insert(
            "custom_fields".to_owned(),
            custom(&raw["custom-fields"]).collect(),
        );
    }
    Value::Object(out)
}

fn tax_line(raw: &Value) -> Value {
    let mut out = Map::new();
    out.insert("id".to_owned(), id(&raw["id"]));
    put_some(
        &mut out,
        "tax_code",
        reference(
            &raw["tax-code"],
            &[("code", "code"), ("name", "description")],
        ),
    );
    put_from(&mut out, "description", raw, "description");
    put_decimal(&mut out, "rate", raw, "rate");
    put_decimal(&mut out, "taxable_amount", raw, "taxable-amount");
    put_decimal(&mut out, "amount", raw, "amount");
    Value::Object(out)
}

fn attachment(raw: &Value) -> Value {
    let mut out = Map::new();
    out.insert("id".to_owned(), id(&raw["id"]));
    put_from(&mut out, "file_name", raw, "file");
    put_some(&mut out, "url", either(&raw["file-url"], &raw["url"]));
    put_from(&mut out, "intent", raw, "intent");
    Value::Object(out)
}
