//! The filters of a unified list: what a list of a model can be asked for, told from the model's own fields.

use crate::{CompoundType, FieldType, Model, ScalarType};

/// Which side of the value records are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The field is the value.
    Is,
    /// The field is later than the value.
    After,
    /// The field is earlier than the value.
    Before,
}

/// A filter of a unified list. `status` is the field `status`; `updated_after` and `updated_before` are about
/// `updated_at`, `due_after` and `due_before` about `due_date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFilter<'m> {
    /// The field it is about.
    pub field: &'m str,
    /// Which side of the value.
    pub bound: Bound,
    /// What the value is. A field that refers to another record is asked for by that record's id.
    pub field_type: &'m FieldType,
}

impl<'m> ModelFilter<'m> {
    /// The filter of this name; `None` if the model has no field for it, or one with several values.
    pub fn of(model: &'m Model, name: &str) -> Option<Self> {
        if let Some((field, held)) = model.fields.get_key_value(name) {
            let one_value = match &held.field_type {
                FieldType::Scalar(_)
                | FieldType::Named(_)
                | FieldType::Compound(CompoundType::Enum(_)) => true,
                FieldType::Compound(_) => false,
            };
            return one_value.then_some(Self {
                field,
                bound: Bound::Is,
                field_type: &held.field_type,
            });
        }
        let (stem, bound) = match (name.strip_suffix("_after"), name.strip_suffix("_before")) {
            (Some(stem), _) => (stem, Bound::After),
            (None, Some(stem)) => (stem, Bound::Before),
            (None, None) => return None,
        };
        ["_at", "_date"].into_iter().find_map(|ending| {
            let (field, held) = model.fields.get_key_value(&format!("{stem}{ending}"))?;
            let timed = matches!(
                held.field_type,
                FieldType::Scalar(ScalarType::Timestamp | ScalarType::Date)
            );
            timed.then_some(Self {
                field,
                bound,
                field_type: &held.field_type,
            })
        })
    }

    /// The name of every filter a model may have, in the order of its fields.
    pub fn names(model: &'m Model) -> Vec<String> {
        let mut names = Vec::new();
        for name in model.fields.keys() {
            if Self::of(model, name).is_some() {
                names.push(name.clone());
            }
            let stem = name
                .strip_suffix("_at")
                .or_else(|| name.strip_suffix("_date"));
            for ending in ["_after", "_before"] {
                let bounded = stem.map(|stem| format!("{stem}{ending}"));
                names.extend(bounded.filter(|name| Self::of(model, name).is_some()));
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn filters_are_told_from_the_fields() {
        let model: Model = serde_json::from_value(serde_json::json!({
            "format": 1, "model": "m/x", "label": "X", "description": "x", "fields": {
                "id": {"type": "id"}, "vendor": {"type": "Ref"}, "tags": {"type": {"list": "string"}},
                "status": {"type": {"enum": ["open", "paid"]}}, "due_date": {"type": "date"},
                "updated_at": {"type": "timestamp"}, "stated_at": {"type": "string"}
            }
        }))
        .unwrap();
        for (name, found) in [
            ("id", Some(("id", Bound::Is))),
            ("vendor", Some(("vendor", Bound::Is))),
            ("status", Some(("status", Bound::Is))),
            ("due_date", Some(("due_date", Bound::Is))),
            ("due_after", Some(("due_date", Bound::After))),
            ("updated_before", Some(("updated_at", Bound::Before))),
            ("updated_at", Some(("updated_at", Bound::Is))),
            ("stated_after", None),
            ("tags", None),
            ("vendor_after", None),
            ("updated", None),
        ] {
            let filter = ModelFilter::of(&model, name).map(|one| (one.field, one.bound));
            assert_eq!(filter, found, "{name}");
        }
        assert_eq!(
            ModelFilter::names(&model),
            [
                "id",
                "vendor",
                "status",
                "due_date",
                "due_after",
                "due_before",
                "updated_at",
                "updated_after",
                "updated_before",
                "stated_at"
            ]
        );
    }
}
