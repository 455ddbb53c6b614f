//! The `fields` parameter: `["id","invoice_number",{"invoice_lines":["id"]},{"custom_fields":{}}]`.

use serde_json::{Map, Value};

fn cut(value: &Value, wanted: &Value) -> Value {
    match (value, wanted) {
        (Value::Array(items), wanted) => items.iter().map(|item| cut(item, wanted)).collect(),
        (Value::Object(_), Value::Array(wanted)) if !wanted.is_empty() => select(value, wanted),
        (other, _) => other.clone(),
    }
}

/// The parts of a record that were asked for; names are asked for with underscores or hyphens.
pub fn select(record: &Value, wanted: &[Value]) -> Value {
    let mut kept = Map::new();
    let mut keep = |name: &str, inner: &Value| {
        // A few keys of old have underscores in answers too.
        for key in [name.replace('_', "-"), name.to_owned()] {
            if let Some(value) = record.get(&key) {
                kept.insert(key, cut(value, inner));
                return;
            }
        }
    };
    for one in wanted {
        match one {
            Value::String(name) => keep(name, &Value::Null),
            Value::Object(nested) => nested.iter().for_each(|(name, inner)| keep(name, inner)),
            _ => {}
        }
    }
    Value::Object(kept)
}
