//! The built-in mappings on their own samples: what comes out, what is read, what has to be fetched for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crosswalk_connector::{Catalogue, Definition, Mapping, RawPath};
use crosswalk_mapping::{
    EffectiveMapping, Lineage, Overrides, Pool, RawRecord, Selection, Status, WorkerCommand,
    check_mapping,
};
use serde_json::{Value, json};

fn definition() -> &'static Definition {
    Catalogue::builtin().catalogue.get("coupa").unwrap()
}

fn effective(mapping: &Mapping) -> Arc<EffectiveMapping> {
    let models = &definition().models;
    let none = Overrides::new();
    let model = models.get(&mapping.model).unwrap();
    let merged = EffectiveMapping::merge(
        model,
        &models.shared_types(),
        mapping,
        "1.0.0",
        &none,
        &none,
    );
    Arc::new(merged.unwrap().with_known_fields(known_fields(mapping)))
}

/// The root keys the provider documents.
fn known_fields(mapping: &Mapping) -> BTreeSet<String> {
    let resource = &definition().connector.resources[&mapping.resource];
    resource.known_fields.iter().cloned().collect()
}

/// The samples of a resource, one record after the other.
fn samples(resource: &str) -> Vec<Value> {
    definition()
        .samples
        .iter()
        .filter(|sample| sample.resource == resource)
        .flat_map(
            |sample| match serde_json::from_slice(&sample.json).unwrap() {
                Value::Array(records) => records,
                record => vec![record],
            },
        )
        .collect()
}

/// Maps records; each comes out as its unified object and what is to be said of its fields.
async fn map(
    mapping: &Arc<EffectiveMapping>,
    records: &[Value],
) -> Vec<(Value, BTreeMap<String, String>)> {
    let pool = Pool::new(
        WorkerCommand::new(env!("CARGO_BIN_EXE_crosswalk-worker"), []),
        1,
    );
    let records = records
        .iter()
        .map(|record| RawRecord {
            key: record["id"].to_string(),
            raw: record.to_string().into_bytes(),
            selection: None,
        })
        .collect();
    let results = pool.evaluate(records, mapping).await.unwrap();
    results
        .into_iter()
        .map(|result| {
            let said = mapping
                .fields
                .iter()
                .zip(&result.fields)
                .filter(|(_, result)| !matches!(result.status, Status::Ok | Status::Empty))
                .map(|(field, result)| {
                    let message = result.message.clone().unwrap_or_default();
                    (
                        field.name.clone(),
                        format!("{}: {message}", result.status.as_str()),
                    )
                })
                .collect();
            (
                serde_json::from_str(&result.unified.unwrap()).unwrap(),
                said,
            )
        })
        .collect()
}

/// A unified object without its empty members, so that a snapshot shows what is there.
fn filled(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key, filled(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(filled).collect()),
        other => other,
    }
}

#[tokio::test]
async fn every_sample_gives_its_unified_record() {
    assert_eq!(definition().mappings.len(), 17);
    for mapping in &definition().mappings {
        let effective = effective(mapping);
        assert_eq!(check_mapping(&effective), [], "{}", mapping.model);
        let records = samples(&mapping.resource);
        assert!(
            records.len() >= 2,
            "{} has too few samples",
            mapping.resource
        );
        let results: Vec<Value> = map(&effective, &records)
            .await
            .into_iter()
            .map(|(unified, said)| {
                let mut shown = json!({ "unified": filled(unified) });
                if !said.is_empty() {
                    shown["said"] = json!(said);
                }
                shown
            })
            .collect();
        insta::assert_json_snapshot!(mapping.resource.clone(), results);
    }
}

/// The values at a path of keys; lists are transparent.
fn values_at<'v>(value: &'v Value, keys: &[String]) -> Vec<&'v Value> {
    if let Value::Array(items) = value {
        return items
            .iter()
            .flat_map(|item| values_at(item, keys))
            .collect();
    }
    match keys.split_first() {
        None => vec![value],
        Some((key, rest)) => value
            .get(key)
            .map_or_else(Vec::new, |value| values_at(value, rest)),
    }
}

/// A selection asks for leaves, not for objects with all that is below them, or a sync carries 50 times too much.
#[test]
fn only_custom_fields_are_read_as_whole_objects() {
    for mapping in &definition().mappings {
        let records = samples(&mapping.resource);
        for (field, expression) in &mapping.fields {
            let lineage = Lineage::of(expression).unwrap();
            let place = format!("{} {field}", mapping.resource);
            assert!(!lineage.is_whole_record(), "{place} reads the whole record");
            for path in lineage.paths() {
                // The country of an address is an object or a word.
                if matches!(
                    path.last().map(String::as_str),
                    Some("custom-fields" | "country")
                ) {
                    continue;
                }
                let mut values = records.iter().flat_map(|record| values_at(record, path));
                assert!(
                    !values.any(Value::is_object),
                    "{place} reads all of {}",
                    path.join(".")
                );
            }
        }
    }
}

/// What is left of a record when only `selection` is asked for.
fn fetched(value: &Value, selection: &Selection) -> Value {
    let Selection::Fields(parts) = selection else {
        return value.clone();
    };
    match value {
        Value::Array(items) => items.iter().map(|item| fetched(item, selection)).collect(),
        Value::Object(members) => {
            let kept = members
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), fetched(value, parts.get(key)?))));
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn what_a_mapping_reads_is_all_it_needs() {
    for mapping in &definition().mappings {
        let effective = effective(mapping);
        let lineage = effective
            .fields
            .iter()
            .fold(Lineage::default(), |all, field| all.union(&field.lineage));
        let whole = samples(&mapping.resource);
        // A sync asks for the root keys it has seen and the connector does not know, whatever is mapped.
        let known = known_fields(mapping);
        let roots = whole.iter().filter_map(Value::as_object).flatten();
        let unknown: Vec<RawPath> = roots
            .filter(|(key, _)| !known.contains(*key))
            .map(|(key, _)| RawPath::parse(key).unwrap())
            .collect();
        let mut selection = Selection::empty();
        for path in lineage.raw_paths().iter().chain(&unknown) {
            selection.add(&path.keys());
        }
        assert_eq!(lineage.missing_from(&selection), None);
        assert!(!lineage.is_whole_record());
        let part: Vec<Value> = whole
            .iter()
            .map(|record| fetched(record, &selection))
            .collect();
        let sizes = (
            json!(whole).to_string().len(),
            json!(part).to_string().len(),
        );
        assert!(sizes.1 < sizes.0, "{}: {sizes:?}", mapping.resource);
        assert_eq!(
            map(&effective, &whole).await,
            map(&effective, &part).await,
            "{}",
            mapping.resource
        );
    }
}

/// Every amount in a unified record is one of the record's own texts, digit for digit, unless it was added up.
#[tokio::test]
async fn money_keeps_its_digits() {
    for (resource, field, raw) in [
        (
            "invoices",
            "/line_items/0/unit_price",
            "/invoice-lines/0/price",
        ),
        ("invoices", "/total", "/total-with-taxes"),
        ("invoices", "/shipping_amount", "/shipping-amount"),
        (
            "purchase_orders",
            "/line_items/0/received",
            "/order-lines/0/received",
        ),
        ("exchange_rates", "/rate", "/rate"),
    ] {
        let mapping = definition().mapping_of(resource).unwrap();
        let records = samples(resource);
        for (record, (unified, _)) in records.iter().zip(map(&effective(mapping), &records).await) {
            if let Some(text) = record
                .pointer(raw)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
            {
                assert_eq!(
                    unified.pointer(field),
                    Some(&json!(text)),
                    "{resource} {field}"
                );
            }
        }
    }
}
