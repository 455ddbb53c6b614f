//! The resources of an account: what is stored of each, and what the provider's own list can be asked by.

use std::collections::HashMap;

use crosswalk_connector::{Definition, Resource};
use crosswalk_workspace::{record, run};
use serde_json::Value;

use crate::sync::runs;
use crate::views::{ResourceFilter, ResourceRow};
use crate::{Console, Fault};

/// What a value is to whoever types one to compare with.
fn kind_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        Value::String(text) => Some(if is_time(text) { "time" } else { "text" }),
        Value::Null => Some("text"),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_time(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok() && text.len() >= 10
        || text.parse::<jiff::Timestamp>().is_ok()
}

/// The root fields of a resource by which its list can be asked, with the provider's operators: those of the
/// connector's samples, else the documented ones. Which of them the provider really filters by, only it knows.
fn filters(definition: &Definition, key: &str, resource: &Resource) -> Vec<ResourceFilter> {
    let operators: Vec<String> = definition
        .connector
        .filters
        .operators
        .keys()
        .cloned()
        .collect();
    if operators.is_empty() || resource.operations.list.is_none() {
        return Vec::new();
    }
    let mut kinds: indexmap::IndexMap<String, &'static str> = indexmap::IndexMap::new();
    let samples = definition
        .samples
        .iter()
        .filter(|sample| sample.resource == key);
    for sample in samples {
        let Ok(value) = serde_json::from_slice::<Value>(&sample.json) else {
            continue;
        };
        let records = match &value {
            Value::Array(records) => records.as_slice(),
            one => std::slice::from_ref(one),
        };
        for (field, value) in records.iter().filter_map(Value::as_object).flatten() {
            if let Some(kind) = kind_of(value) {
                let known = kinds.entry(field.clone()).or_insert(kind);
                if *known == "text" && !value.is_null() {
                    *known = kind;
                }
            }
        }
    }
    if kinds.is_empty() {
        for field in &resource.known_fields {
            kinds.insert(field.clone(), "text");
        }
    }
    let masked = |field: &str| resource.mask.iter().any(|path| path.as_str() == field);
    kinds
        .into_iter()
        .filter(|(field, _)| !masked(field))
        .map(|(field, kind)| ResourceFilter {
            field,
            operators: operators.clone(),
            kind: kind.to_owned(),
        })
        .collect()
}

impl Console {
    /// The resources of an account's connector, in its order.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn resources(&self, account: &str) -> Result<Vec<ResourceRow>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let uuid = account.uuid;
        let names: Vec<String> = definition.connector.resources.keys().cloned().collect();
        let (stored, newest) = self
            .workspace()
            .read(move |tx| {
                let stored: HashMap<String, u64> =
                    record::present_by_resource(tx, uuid)?.into_iter().collect();
                let mut newest = HashMap::new();
                for name in names {
                    if stored.contains_key(&name)
                        && let Some(run) = run::list(tx, uuid, Some(&name), 1)?.pop()
                    {
                        newest.insert(name, run);
                    }
                }
                Ok((stored, newest))
            })
            .await?;
        let granted = account.scopes_granted.as_ref();
        let rows = definition
            .connector
            .resources
            .iter()
            .map(|(key, resource)| {
                let models: Vec<String> = definition
                    .mappings
                    .iter()
                    .filter(|mapping| mapping.resource == *key)
                    .map(|mapping| mapping.model.clone())
                    .collect();
                ResourceRow {
                    key: key.clone(),
                    label: resource.label.clone(),
                    model: definition
                        .mapping_of(key)
                        .map(|mapping| mapping.model.clone()),
                    models,
                    stored: stored.get(key).copied().unwrap_or(0),
                    last_run: newest.get(key).map(runs::view),
                    scope: Some(resource.scopes.join(" ")).filter(|scopes| !scopes.is_empty()),
                    granted: granted
                        .map(|granted| resource.scopes.iter().all(|scope| granted.contains(scope))),
                    filters: filters(&definition, key, resource),
                }
            });
        Ok(rows.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_tell_what_is_typed() {
        for (value, kind) in [
            (json!(true), Some("boolean")),
            (json!(1.5), Some("number")),
            (json!("draft"), Some("text")),
            (json!("12"), Some("text")),
            (json!("2024-05-01"), Some("time")),
            (json!("2024-05-01T10:00:00+02:00"), Some("time")),
            (json!(null), Some("text")),
            (json!([]), None),
            (json!({}), None),
        ] {
            assert_eq!(kind_of(&value), kind, "{value}");
        }
    }
}
