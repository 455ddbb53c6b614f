use crosswalk_connector::{CompoundType, Field, FieldType, ScalarType, SharedTypes};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a unified value must be: a field's type with every shared type put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A value without parts.
    Scalar(ScalarType),
    /// One of these texts.
    Enum(Vec<String>),
    /// Any number of these, in order.
    List(Box<Shape>),
    /// An object with these members and no others.
    Object(IndexMap<String, Member>),
    /// An object with any keys, each holding one of these.
    Map(Box<Shape>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What it must be.
    pub shape: Shape,
    /// Whether the object is incomplete without it.
    pub required: bool,
}

/// A type that cannot be put in place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// The models' shared types have no such name.
    #[error("the type \"{name}\" is not among the shared types")]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// The type contains itself.
    #[error("the type \"{name}\" contains itself")]
    Endless {
        /// The name met a second time.
        name: String,
    },
}

impl ShapeError {
    /// A stable name for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "type_unknown",
            Self::Endless { .. } => "type_endless",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        "Correct the model or the shared types it uses."
    }
}

impl Shape {
    /// Puts the shared types in place.
    pub fn of(field_type: &FieldType, shared: &SharedTypes) -> Result<Self, ShapeError> {
        resolve(field_type, shared, &mut Vec::new())
    }

    /// How people call it: `decimal`, `list of object`.
    pub fn name(&self) -> String {
        match self {
            Self::Scalar(scalar) => scalar_name(*scalar).to_owned(),
            Self::Enum(_) => "one of a few texts".to_owned(),
            Self::List(items) => format!("list of {}", items.name()),
            Self::Object(_) | Self::Map(_) => "object".to_owned(),
        }
    }
}

/// How people call a scalar type.
pub(crate) fn scalar_name(scalar: ScalarType) -> &'static str {
    match scalar {
        ScalarType::String => "text",
        ScalarType::Id => "id",
        ScalarType::Integer => "whole number",
        ScalarType::Decimal => "decimal",
        ScalarType::Boolean => "true or false",
        ScalarType::Date => "date",
        ScalarType::Timestamp => "instant",
        ScalarType::Currency => "currency code",
        ScalarType::Country => "country code",
        ScalarType::Any => "value",
    }
}

fn resolve<'a>(
    field_type: &'a FieldType,
    shared: &'a SharedTypes,
    open: &mut Vec<&'a str>,
) -> Result<Shape, ShapeError> {
    Ok(match field_type {
        FieldType::Scalar(scalar) => Shape::Scalar(*scalar),
        FieldType::Named(name) => {
            if open.contains(&name.as_str()) {
                return Err(ShapeError::Endless { name: name.clone() });
            }
            let fields = shared
                .types
                .get(name)
                .ok_or_else(|| ShapeError::Unknown { name: name.clone() })?;
            open.push(name);
            let members = members(fields, shared, open)?;
            open.pop();
            Shape::Object(members)
        }
        FieldType::Compound(CompoundType::Enum(texts)) => Shape::Enum(texts.clone()),
        FieldType::Compound(CompoundType::List(items)) => {
            Shape::List(Box::new(resolve(items, shared, open)?))
        }
        FieldType::Compound(CompoundType::Object(fields)) => {
            Shape::Object(members(fields, shared, open)?)
        }
        FieldType::Compound(CompoundType::Map(values)) => {
            Shape::Map(Box::new(resolve(values, shared, open)?))
        }
    })
}

fn members<'a>(
    fields: &'a IndexMap<String, Field>,
    shared: &'a SharedTypes,
    open: &mut Vec<&'a str>,
) -> Result<IndexMap<String, Member>, ShapeError> {
    fields
        .iter()
        .map(|(name, field)| {
            let member = Member {
                shape: resolve(&field.field_type, shared, open)?,
                required: field.required,
            };
            Ok((name.clone(), member))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn shared(json: &str) -> SharedTypes {
        serde_json::from_str(json).unwrap()
    }

    fn shape(field_type: &str, shared: &SharedTypes) -> Result<Shape, ShapeError> {
        Shape::of(&serde_json::from_str(field_type).unwrap(), shared)
    }

    #[test]
    fn shared_types_are_put_in_place() {
        let shared = shared(
            r#"{"format":1,"types":{
                "Ref":{"id":{"type":"id","required":true},"name":{"type":"string"}},
                "Line":{"account":{"type":"Ref"},"amount":{"type":"decimal"}}}}"#,
        );
        let Shape::List(line) = shape(r#"{"list":"Line"}"#, &shared).unwrap() else {
            unreachable!("a list was asked for")
        };
        let Shape::Object(members) = *line else {
            unreachable!("a line is an object")
        };
        let Shape::Object(account) = &members["account"].shape else {
            unreachable!("an account is an object")
        };
        assert!(account["id"].required);
        assert_eq!(members["amount"].shape, Shape::Scalar(ScalarType::Decimal));
    }

    #[test]
    fn types_that_are_missing_or_endless_are_refused() {
        let shared =
            shared(r#"{"format":1,"types":{"Node":{"children":{"type":{"list":"Node"}}}}}"#);
        assert_eq!(
            shape("\"Nod\"", &shared),
            Err(ShapeError::Unknown { name: "Nod".into() })
        );
        assert_eq!(
            shape("\"Node\"", &shared),
            Err(ShapeError::Endless {
                name: "Node".into()
            })
        );
    }
}
