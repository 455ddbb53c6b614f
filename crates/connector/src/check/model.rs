//! Models and shared types.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::under;
use crate::document::Document;
use crate::load::Parsed;
use crate::problem::{Problem, ProblemCode, suggestion};
use crate::{CompoundType, Field, FieldType, Model, Models};

/// Everything in a model that does not fit.
pub(crate) fn model(parsed: &Parsed<Model>, models: &Models, problems: &mut Vec<Problem>) {
    if parsed.value.fields.is_empty() {
        let message = "the model has no fields".to_owned();
        problems.push(
            parsed
                .document
                .problem("/fields", ProblemCode::MissingKey, message, None),
        );
    }
    fields(
        &parsed.document,
        "/fields",
        &parsed.value.fields,
        models,
        problems,
    );
}

/// Everything in the fields of a model or a shared type that does not fit. A type that contains itself is refused, so that a value's depth is
/// known beforehand.
pub(crate) fn fields(
    document: &Document,
    pointer: &str,
    fields: &IndexMap<String, Field>,
    models: &Models,
    problems: &mut Vec<Problem>,
) {
    for (name, field) in fields {
        let pointer = under(pointer, name);
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !is_name {
            let hint = Some("use lower-case letters, digits and `_`".to_owned());
            let message = format!("`{name}` cannot be the name of a field");
            problems.push(document.key_problem(&pointer, ProblemCode::Malformed, message, hint));
        }
        field_type(
            document,
            &under(&pointer, "type"),
            &field.field_type,
            models,
            problems,
        );
    }
    if let Some(own) = pointer.strip_prefix("/types/")
        && models.used_by(fields).contains(&own)
    {
        let message = format!("the type `{own}` contains itself");
        let hint = Some("use `Ref`, or a type of its own, for the inner one".to_owned());
        problems.push(document.problem(pointer, ProblemCode::Contradiction, message, hint));
    }
}

fn field_type(
    document: &Document,
    pointer: &str,
    field_type_: &FieldType,
    models: &Models,
    problems: &mut Vec<Problem>,
) {
    match field_type_ {
        FieldType::Scalar(_) => {}
        FieldType::Named(name) => {
            if models.shared_type(name).is_none() {
                let scalars = [
                    "string",
                    "id",
                    "integer",
                    "decimal",
                    "boolean",
                    "date",
                    "timestamp",
                    "currency",
                    "country",
                    "any",
                ];
                let known = scalars
                    .into_iter()
                    .chain(models.shared.keys().map(String::as_str));
                let message = format!("there is no type `{name}`");
                problems.push(document.problem(
                    pointer,
                    ProblemCode::UnknownType,
                    message,
                    suggestion(name, known),
                ));
            }
        }
        FieldType::Compound(CompoundType::Enum(words)) => {
            let mut seen = HashSet::new();
            if words.is_empty() || !words.iter().all(|word| seen.insert(word)) {
                let message = "an enum is a list of different words".to_owned();
                problems.push(document.problem(pointer, ProblemCode::Malformed, message, None));
            }
        }
        FieldType::Compound(CompoundType::List(item)) => {
            field_type(document, &under(pointer, "list"), item, models, problems);
        }
        FieldType::Compound(CompoundType::Map(value)) => {
            field_type(document, &under(pointer, "map"), value, models, problems);
        }
        FieldType::Compound(CompoundType::Object(members)) => {
            fields(
                document,
                &under(pointer, "object"),
                members,
                models,
                problems,
            );
        }
    }
}
