//! The filters of a unified list: what each takes, what of a value is sent on, whether a record is what was asked for.

use crosswalk_connector::{Bound, Model, ModelFilter, ScalarType};
use crosswalk_mapping::{Decimal, EffectiveMapping, Shape};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::Fault;

/// A filter as a model, and an account's own fields, have it.
#[derive(Clone, Debug)]
pub(crate) struct UnifiedFilter {
    pub(crate) name: String,
    /// The unified field it is about.
    pub(crate) field: String,
    pub(crate) bound: Bound,
    pub(crate) shape: Shape,
}

/// A value that was asked for: as it goes to the expression, and as records are held against it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// A text, or `true` and `false`.
    pub(crate) value: Value,
}

impl UnifiedFilter {
    /// The filter of this name; fields the user added to the model, and `custom_fields.NAME`, are filters too.
    ///
    /// # Errors
    /// `filter_unknown`, naming those there are.
    pub(crate) fn of(
        model: &Model,
        effective: &EffectiveMapping,
        name: &str,
    ) -> Result<Self, Fault> {
        let known = ModelFilter::of(model, name);
        let (field, bound) = known.map_or((name, Bound::Is), |known| (known.field, known.bound));
        let shape = effective.field(field).map(|field| field.shape.clone());
        let beyond = !model.fields.contains_key(name);
        match shape {
            Some(shape) if known.is_some() || beyond && has_one_value(&shape) => Ok(Self {
                name: name.to_owned(),
                field: field.to_owned(),
                bound,
                shape,
            }),
            _ => Err(Fault::invalid(
                "filter_unknown",
                format!("{name} is no filter of {}.", model.model),
                format!("It may have: {}.", ModelFilter::names(model).join(", ")),
            )),
        }
    }

    /// What people type: `instant`, `true or false`, `one of a few texts`, `id`.
    pub(crate) fn kind(&self) -> String {
        match &self.shape {
            Shape::Object(_) => "id".to_owned(),
            other => other.name(),
        }
    }

    /// Which side of the value records are asked for: `is`, `after` or `before`.
    pub(crate) fn side(&self) -> &'static str {
        match self.bound {
            Bound::Is => "is",
            Bound::After => "after",
            Bound::Before => "before",
        }
    }

    /// Reads what was typed.
    ///
    /// # Errors
    /// `invalid_filter`.
    pub(crate) fn read(&self, typed: &str) -> Result<Wanted, Fault> {
        let typed = typed.trim();
        let wrong = |hint: String| {
            Fault::invalid(
                "invalid_filter",
                format!("{} cannot be {typed:?}.", self.name),
                hint,
            )
        };
        if typed.is_empty() {
            return Err(wrong("Give it a value.".to_owned()));
        }
        let text = || Value::String(typed.to_owned());
        let value = match &self.shape {
            Shape::Enum(words) if words.iter().any(|word| word == typed) => text(),
            Shape::Enum(words) => return Err(wrong(format!("Use {}.", words.join(", ")))),
            Shape::Scalar(ScalarType::Boolean) => match typed {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => return Err(wrong("Use true or false.".to_owned())),
            },
            Shape::Scalar(ScalarType::Integer) if typed.parse::<i64>().is_err() => {
                return Err(wrong("Use a whole number.".to_owned()));
            }
            Shape::Scalar(ScalarType::Decimal) if Decimal::parse(typed).is_none() => {
                return Err(wrong("Use a number such as 12.50.".to_owned()));
            }
            Shape::Scalar(ScalarType::Date) if typed.parse::<jiff::civil::Date>().is_err() => {
                return Err(wrong("Use a date such as 2026-01-31.".to_owned()));
            }
            Shape::Scalar(ScalarType::Timestamp) => {
                let instant = instant(typed).ok_or_else(|| {
                    wrong("Use a time such as 2026-01-31T12:00:00Z, or a date.".to_owned())
                })?;
                Value::String(instant.to_string())
            }
            _ => text(),
        };
        Ok(Wanted { value })
    }

    /// Whether a unified record is what was asked for; none where it has no value to tell by.
    pub(crate) fn holds(&self, wanted: &Wanted, unified: &Map<String, Value>) -> Option<bool> {
        let found = self.found(unified).filter(|value| !value.is_null())?;
        let of_text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (found, wanted) = (of_text(found), of_text(&wanted.value));
        Some(match (&self.shape, self.bound) {
            (Shape::Scalar(ScalarType::Timestamp), bound) => {
                let (found, wanted) = (instant(&found)?, instant(&wanted)?);
                match bound {
                    Bound::Is => found == wanted,
                    // A provider may only know "from" and "up to", or whole seconds.
                    Bound::After => found >= wanted,
                    Bound::Before => found <= wanted,
                }
            }
            // Dates are texts that sort as they follow each other.
            (_, Bound::After) => found > wanted,
            (_, Bound::Before) => found < wanted,
            (Shape::Scalar(ScalarType::Decimal | ScalarType::Integer), Bound::Is) => {
                Decimal::parse(&found)? == Decimal::parse(&wanted)?
            }
            (_, Bound::Is) => found.to_lowercase() == wanted.to_lowercase(),
        })
    }

    fn found<'u>(&self, unified: &'u Map<String, Value>) -> Option<&'u Value> {
        if let Some((container, key)) = self.field.split_once('.') {
            return match unified.get(container)? {
                Value::Object(members) => members.get(key),
                Value::Array(items) => items
                    .iter()
                    .find(|item| item.get("key").and_then(Value::as_str) == Some(key))?
                    .get("value"),
                _ => None,
            };
        }
        let value = unified.get(&self.field)?;
        match (&self.shape, value) {
            (Shape::Object(_), Value::Object(members)) => members.get("id"),
            _ => Some(value),
        }
    }
}

fn has_one_value(shape: &Shape) -> bool {
    matches!(shape, Shape::Scalar(_) | Shape::Enum(_) | Shape::Object(_))
}

/// An instant, or the midnight in UTC that a date begins with.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let date: jiff::civil::Date = text.parse().ok()?;
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn filter(name: &str, field: &str, bound: Bound, shape: Value) -> UnifiedFilter {
        UnifiedFilter {
            name: name.to_owned(),
            field: field.to_owned(),
            bound,
            shape: serde_json::from_value(shape).unwrap(),
        }
    }

    #[test]
    fn what_is_typed_is_read_as_the_field_wants_it() {
        let scalar = |word: &str| json!({ "scalar": word });
        for (shape, typed, read) in [
            (
                scalar("timestamp"),
                "2026-01-31",
                Some(json!("2026-01-31T00:00:00Z")),
            ),
            (
                scalar("timestamp"),
                " 2026-01-31T01:00:00+01:00 ",
                Some(json!("2026-01-31T00:00:00Z")),
            ),
            (scalar("timestamp"), "yesterday", None),
            (scalar("date"), "2026-02-30", None),
            (scalar("date"), "2026-02-28", Some(json!("2026-02-28"))),
            (scalar("boolean"), "true", Some(json!(true))),
            (scalar("boolean"), "yes", None),
            (scalar("integer"), "1.5", None),
            (scalar("decimal"), "1.50", Some(json!("1.50"))),
            (
                json!({"enum": ["open", "paid"]}),
                "paid",
                Some(json!("paid")),
            ),
            (json!({"enum": ["open", "paid"]}), "Paid", None),
            (scalar("string"), "a,b", Some(json!("a,b"))),
            (scalar("string"), "  ", None),
        ] {
            let read_as = filter("f", "f", Bound::Is, shape.clone()).read(typed);
            assert_eq!(
                read_as.ok().map(|wanted| wanted.value),
                read,
                "{typed:?} for {shape}"
            );
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn records_are_held_against_what_was_asked_for() {
        let object = json!({"object": {"id": {"shape": {"scalar": "id"}, "required": false}}});
        let time = json!({"scalar": "timestamp"});
        let unified = json!({
            "status": "paid", "vendor": {"id": "41"}, "updated_at": "2026-03-01T10:00:00.5Z", "due_date": "2026-03-05",
            "total": "12.50", "custom_fields": [{"key": "owner", "value": "Una"}], "number": null
        });
        let unified = unified.as_object().unwrap();
        for (filter, wanted, holds) in [
            (
                filter(
                    "status",
                    "status",
                    Bound::Is,
                    json!({"enum": ["paid", "open"]}),
                ),
                "paid",
                Some(true),
            ),
            (
                filter(
                    "status",
                    "status",
                    Bound::Is,
                    json!({"enum": ["paid", "open"]}),
                ),
                "open",
                Some(false),
            ),
            (
                filter("vendor", "vendor", Bound::Is, object.clone()),
                "41",
                Some(true),
            ),
            (
                filter("vendor", "vendor", Bound::Is, object),
                "4",
                Some(false),
            ),
            (
                filter("updated_after", "updated_at", Bound::After, time.clone()),
                "2026-03-01T10:00:00Z",
                Some(true),
            ),
            (
                filter("updated_after", "updated_at", Bound::After, time.clone()),
                "2026-03-02",
                Some(false),
            ),
            (
                filter("updated_before", "updated_at", Bound::Before, time),
                "2026-03-02",
                Some(true),
            ),
            (
                filter(
                    "due_after",
                    "due_date",
                    Bound::After,
                    json!({"scalar": "date"}),
                ),
                "2026-03-05",
                Some(false),
            ),
            (
                filter(
                    "due_before",
                    "due_date",
                    Bound::Before,
                    json!({"scalar": "date"}),
                ),
                "2026-03-06",
                Some(true),
            ),
            (
                filter("total", "total", Bound::Is, json!({"scalar": "decimal"})),
                "12.5",
                Some(true),
            ),
            (
                filter("number", "number", Bound::Is, json!({"scalar": "string"})),
                "x",
                None,
            ),
            (
                filter(
                    "custom_fields.owner",
                    "custom_fields.owner",
                    Bound::Is,
                    json!({"scalar": "any"}),
                ),
                "una",
                Some(true),
            ),
            (
                filter(
                    "custom_fields.x",
                    "custom_fields.x",
                    Bound::Is,
                    json!({"scalar": "any"}),
                ),
                "una",
                None,
            ),
        ] {
            let read = filter.read(wanted).unwrap();
            assert_eq!(
                filter.holds(&read, unified),
                holds,
                "{} {wanted}",
                filter.name
            );
        }
    }
}
