//! Conditions of a list: `status=approved`, `id[gt]=5`, `updated_at[lt_or_eq]=…`, `supplier[name][in]=a,b`.

use std::cmp::Ordering;

use serde_json::Value;

/// Parameters of a list that are no conditions.
const NOT_CONDITIONS: [&str; 7] = [
    "limit",
    "offset",
    "order_by",
    "dir",
    "fields",
    "return_object",
    "filter",
];

/// A condition on a record.
#[derive(Debug)]
pub struct Condition {
    path: Vec<String>,
    operator: String,
    value: String,
}

const OPERATORS: [&str; 11] = [
    "contains",
    "starts_with",
    "ends_with",
    "gt",
    "lt",
    "gt_or_eq",
    "lt_or_eq",
    "not_eq",
    "in",
    "not_in",
    "blank",
];

impl Condition {
    /// Reads a parameter; none if it is no condition.
    pub fn read(name: &str, value: &str) -> Option<Self> {
        if NOT_CONDITIONS.contains(&name) {
            return None;
        }
        let mut path: Vec<String> = name
            .split('[')
            .map(|part| part.trim_end_matches(']').replace('_', "-"))
            .collect();
        let last = path
            .last()
            .map(|part| part.replace('-', "_"))
            .unwrap_or_default();
        let operator = if path.len() > 1 && OPERATORS.contains(&last.as_str()) {
            path.pop();
            last
        } else {
            "eq".to_owned()
        };
        Some(Self {
            path,
            operator,
            value: value.to_owned(),
        })
    }

    /// Whether a record meets it; an error says what is wrong with the condition.
    pub fn holds(&self, record: &Value) -> Result<bool, String> {
        let found = self
            .path
            .iter()
            .try_fold(record, |value, key| value.get(key));
        let text = match found {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let order = || compare(&text, &self.value);
        Ok(match self.operator.as_str() {
            "eq" => text == self.value,
            "not_eq" => text != self.value,
            "gt" => order()? == Ordering::Greater,
            "gt_or_eq" => order()? != Ordering::Less,
            "lt" => order()? == Ordering::Less,
            "lt_or_eq" => order()? != Ordering::Greater,
            "in" => self.value.split(',').any(|one| one == text),
            "not_in" => self.value.split(',').all(|one| one != text),
            "contains" => text.contains(&self.value),
            "starts_with" => text.starts_with(&self.value),
            "ends_with" => text.ends_with(&self.value),
            _ => text.is_empty() == (self.value == "true"),
        })
    }
}

/// Numbers as numbers, times as instants, everything else as text.
fn compare(text: &str, with: &str) -> Result<Ordering, String> {
    if let (Ok(a), Ok(b)) = (text.parse::<i128>(), with.parse::<i128>()) {
        return Ok(a.cmp(&b));
    }
    if let Ok(a) = text.parse::<jiff::Timestamp>() {
        let b: jiff::Timestamp = with.parse().map_err(|_| format!("{with} is no time"))?;
        return Ok(a.cmp(&b));
    }
    Ok(text.cmp(with))
}
