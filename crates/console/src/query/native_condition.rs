//! The provider's own conditions, as the expressions of filters give them.

use crosswalk_connector::Definition;
use serde_json::Value;

use crate::Fault;
use crate::views::ProviderFilter;

/// Reads `{ FIELD: { OPERATOR: VALUE } }`. A list of values becomes one text with commas between.
///
/// # Errors
/// `filter_untranslated` where the expression gives no condition, or one that cannot be sent.
pub(crate) fn conditions(filter: &str, translated: &Value) -> Result<Vec<ProviderFilter>, Fault> {
    let mut found = Vec::new();
    let odd = |what: &str| {
        Fault::invalid(
            "filter_untranslated",
            format!("The expression of the filter {filter} gives {what}."),
            "It has to give the provider's conditions, such as { \"status\": { \"eq\": \"issued\" } }.",
        )
    };
    let Value::Object(fields) = translated else {
        return Err(odd("no object"));
    };
    for (field, operators) in fields {
        let Value::Object(operators) = operators else {
            return Err(odd("a field without an operator"));
        };
        for (operator, value) in operators {
            let text = text(value).ok_or_else(|| odd("a value that is neither text nor number"))?;
            found.push(ProviderFilter {
                field: field.clone(),
                operator: operator.clone(),
                value: text,
            });
        }
    }
    Ok(found)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(text).collect();
            items.map(|items| items.join(","))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// Conditions of several filters together.
///
/// # Errors
/// `filters_collide` where two ask for different values of the same field by the same operator: one would hide the other.
pub(crate) fn together(
    conditions: impl IntoIterator<Item = (String, ProviderFilter)>,
) -> Result<Vec<ProviderFilter>, Fault> {
    let mut kept: Vec<(String, ProviderFilter)> = Vec::new();
    for (filter, condition) in conditions {
        let same = kept
            .iter()
            .find(|(_, held)| held.field == condition.field && held.operator == condition.operator);
        match same {
            Some((_, held)) if held.value == condition.value => {}
            Some((other, held)) => {
                return Err(Fault::invalid(
                    "filters_collide",
                    format!(
                        "{other} and {filter} ask for different values of {} by the same operator.",
                        held.field
                    ),
                    "Ask for one of them.",
                ));
            }
            None => kept.push((filter, condition)),
        }
    }
    Ok(kept.into_iter().map(|(_, condition)| condition).collect())
}

/// How a condition is written in a request, encoding left out: `status[in]=issued`.
pub(crate) fn written(definition: &Definition, condition: &ProviderFilter) -> String {
    let filters = &definition.connector.filters;
    let template = filters.operators.get(&condition.operator);
    let name = template.map_or_else(
        || format!("{}[{}]", condition.field, condition.operator),
        |template| {
            let field = filters.case.apply(&condition.field);
            template.as_str().replace("{{filter.field}}", &field)
        },
    );
    format!("{name}={}", condition.value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn an_expression_gives_conditions() {
        for (value, found) in [
            (
                json!({"status": {"eq": "issued"}}),
                Some(vec!["status eq issued"]),
            ),
            (
                json!({"paid": {"eq": false}, "status": {"in": ["a", 2]}}),
                Some(vec!["paid eq false", "status in a,2"]),
            ),
            (json!({}), Some(vec![])),
            (json!({"status": {}}), Some(vec![])),
            (json!({"status": "issued"}), None),
            (json!({"status": {"eq": null}}), None),
            (json!({"status": {"eq": {"a": 1}}}), None),
            (json!("status=issued"), None),
        ] {
            let read = conditions("f", &value).ok().map(|all| {
                all.into_iter()
                    .map(|one| format!("{} {} {}", one.field, one.operator, one.value))
                    .collect::<Vec<_>>()
            });
            let found = found.map(|all| all.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(read, found, "{value}");
        }
    }

    #[test]
    fn two_filters_do_not_hide_each_other() {
        let condition = |filter: &str, operator: &str, value: &str| {
            let condition = ProviderFilter {
                field: "status".to_owned(),
                operator: operator.to_owned(),
                value: value.to_owned(),
            };
            (filter.to_owned(), condition)
        };
        let same = together([condition("a", "eq", "x"), condition("b", "eq", "x")]);
        assert_eq!(same.unwrap().len(), 1);
        let both = together([condition("a", "eq", "x"), condition("b", "in", "y")]);
        assert_eq!(both.unwrap().len(), 2);
        let fault = together([condition("a", "eq", "x"), condition("b", "eq", "y")]);
        assert_eq!(fault.unwrap_err().code, "filters_collide");
    }
}
