//! Mappings.

use super::under;
use crate::load::Parsed;
use crate::problem::{Problem, ProblemCode, suggestion};
use crate::{Connector, Mapping, Model, ModelFilter, Models};

/// Everything in a mapping that does not fit the connector and the models. `name` is the file's, below `mappings/` and without `.yaml`.
pub(crate) fn mapping(
    parsed: &Parsed<Mapping>,
    name: &str,
    connector: Option<&Connector>,
    models: &Models,
    problems: &mut Vec<Problem>,
) {
    let (document, mapping) = (&parsed.document, &parsed.value);
    let due = format!("{}.{}", mapping.model, mapping.resource);
    if name != due {
        let message = format!(
            "the file maps `{}` to `{}` and is called `{name}.yaml`",
            mapping.resource, mapping.model
        );
        let hint = Some(format!("call it mappings/{due}.yaml"));
        problems.push(document.problem("", ProblemCode::Misplaced, message, hint));
    }
    if let Some(connector) = connector
        && !connector.resources.contains_key(&mapping.resource)
    {
        let message = format!("the connector has no resource `{}`", mapping.resource);
        let hint = suggestion(
            &mapping.resource,
            connector.resources.keys().map(String::as_str),
        );
        problems.push(document.problem("/resource", ProblemCode::UnknownResource, message, hint));
    }
    let Some(model) = models.get(&mapping.model) else {
        let hint = suggestion(&mapping.model, models.models.keys().map(String::as_str));
        let message = format!("there is no model `{}`", mapping.model);
        problems.push(document.problem("/model", ProblemCode::UnknownModel, message, hint));
        return;
    };
    for (field, expression) in &mapping.fields {
        let pointer = under("/fields", field);
        if !model.fields.contains_key(field) {
            let message = format!("the model `{}` has no field `{field}`", mapping.model);
            let hint = suggestion(field, model.fields.keys().map(String::as_str));
            problems.push(document.key_problem(&pointer, ProblemCode::UnknownField, message, hint));
        }
        if expression.trim().is_empty() {
            let hint = Some("write an expression, or leave the field out".to_owned());
            problems.push(document.problem(
                &pointer,
                ProblemCode::Malformed,
                format!("`{field}` has no expression"),
                hint,
            ));
        }
    }
    query(parsed, connector, model, problems);
    for (field, _) in model.fields.iter().filter(|(_, field)| field.required) {
        if !mapping.fields.contains_key(field) {
            let message = format!("the model requires `{field}`, which is not mapped");
            problems.push(document.problem("/fields", ProblemCode::MissingKey, message, None));
        }
    }
}

/// The request side: filters that the model has, over a provider whose lists can be asked.
fn query(
    parsed: &Parsed<Mapping>,
    connector: Option<&Connector>,
    model: &Model,
    problems: &mut Vec<Problem>,
) {
    let (document, mapping) = (&parsed.document, &parsed.value);
    if !mapping.query.is_empty()
        && connector.is_some_and(|connector| connector.filters.operators.is_empty())
    {
        let hint =
            Some("say in connector.yaml how filters are written: filters.operators".to_owned());
        let message = "the connector has no operators to filter by".to_owned();
        problems.push(document.key_problem("/query", ProblemCode::Contradiction, message, hint));
    }
    for (name, expression) in &mapping.query {
        let pointer = under("/query", name);
        if ModelFilter::of(model, name).is_none() {
            let names = ModelFilter::names(model);
            let hint = suggestion(name, names.iter().map(String::as_str));
            let message = format!(
                "`{name}` is no filter of `{}`: a filter is a field with one value, or `X_after` and `X_before` of `X_at` or `X_date`",
                mapping.model
            );
            problems.push(document.key_problem(&pointer, ProblemCode::UnknownField, message, hint));
        }
        if expression.trim().is_empty() {
            let hint = Some("write an expression, or leave the filter out".to_owned());
            let message = format!("`{name}` has no expression");
            problems.push(document.problem(&pointer, ProblemCode::Malformed, message, hint));
        }
    }
}
