use std::collections::BTreeMap;
use std::sync::Arc;

use crosswalk_connector::ScalarType;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::decimal::Decimal;
use crate::effective::{EffectiveField, EffectiveMapping};
use crate::pool::Pool;
use crate::process::PoolError;
use crate::result::{FieldResult, RawRecord, RecordResult};
use crate::shape::Shape;
use crate::status::Status;
use crate::syntax;

/// Two mappings of the same resource to the same model, ready to be held against each other over records. Only the
/// fields in which they may differ are evaluated, both in one pass where they read the same tables.
#[derive(Debug, Clone)]
pub struct Comparison {
    fields: Vec<ComparedField>,
    plans: Plans,
}

#[derive(Debug, Clone)]
enum Plans {
    /// Before and after of every field, one behind the other.
    Together(Arc<EffectiveMapping>),
    /// The tables differ, so each side needs its own.
    Apart(Arc<EffectiveMapping>, Arc<EffectiveMapping>),
}

/// A field in which two mappings may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedField {
    /// The unified field.
    pub name: String,
    /// What the model wants; the later mapping's word counts.
    pub shape: Shape,
    /// Whether the model requires a value.
    pub required: bool,
}

/// One field of one record, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Which of the comparison's fields.
    pub field: usize,
    /// How it came out before.
    pub before: FieldResult,
    /// How it comes out after.
    pub after: FieldResult,
    /// The value before, as JSON text; `None` is no value.
    pub value_before: Option<String>,
    /// The value after.
    pub value_after: Option<String>,
    /// Whether the value is another one; decimals are compared as numbers.
    pub changed: bool,
}

impl Compared {
    /// Whether it reads what was not fetched, before or after: nothing can be said then.
    pub fn is_not_fetched(&self) -> bool {
        self.before.status == Status::NotFetched || self.after.status == Status::NotFetched
    }

    /// Whether it fails now and did not before.
    pub fn newly_fails(&self) -> bool {
        fails(self.after.status) && !fails(self.before.status)
    }

    /// Whether it fails now.
    pub fn fails(&self) -> bool {
        fails(self.after.status)
    }
}

/// An error, a value of the wrong type, a required one missing. A text that is no word of the enum is kept, and is
/// not counted.
fn fails(status: Status) -> bool {
    matches!(status, Status::Error | Status::WrongType | Status::Missing)
}

impl Comparison {
    /// What `after` does otherwise than `before`.
    pub fn new(before: &EffectiveMapping, after: &EffectiveMapping) -> Self {
        Self::over(before, after, |_, differs| differs)
    }

    /// One field before and after, whether or not it may differ.
    pub fn of_field(before: &EffectiveMapping, after: &EffectiveMapping, field: &str) -> Self {
        Self::over(before, after, |name, _| name == field)
    }

    fn over(
        before: &EffectiveMapping,
        after: &EffectiveMapping,
        wanted: impl Fn(&str, bool) -> bool,
    ) -> Self {
        let tables_differ =
            !Arc::ptr_eq(&before.tables, &after.tables) && before.tables != after.tables;
        let mut names: Vec<&str> = after
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        names.extend(
            before
                .fields
                .iter()
                .map(|field| field.name.as_str())
                .filter(|name| after.field(name).is_none()),
        );
        let mut fields = Vec::new();
        let (mut befores, mut afters) = (Vec::new(), Vec::new());
        for name in names {
            let (old, new) = (before.field(name), after.field(name));
            let of =
                |field: Option<&EffectiveField>| field.and_then(|field| field.expression.clone());
            let typed = |field: Option<&EffectiveField>| field.map(|field| field.shape.clone());
            let reads_tables = |field: Option<&EffectiveField>| {
                of(field).is_some_and(|expression| calls_table(&expression))
            };
            let retyped = old.is_some() && new.is_some() && typed(old) != typed(new);
            let differs = of(old) != of(new)
                || retyped
                || tables_differ && (reads_tables(old) || reads_tables(new));
            let Some(model) = new.or(old).filter(|_| wanted(name, differs)) else {
                continue;
            };
            let index = fields.len();
            let side = |field: Option<&EffectiveField>, letter: char| EffectiveField {
                name: format!("{letter}{index}"),
                ..field.cloned().unwrap_or_else(|| model.unmapped())
            };
            befores.push(side(old, 'b'));
            afters.push(side(new, 'a'));
            fields.push(ComparedField {
                name: name.to_owned(),
                shape: model.shape.clone(),
                required: model.required,
            });
        }
        let plans = if tables_differ {
            Plans::Apart(Arc::new(before.only(befores)), Arc::new(after.only(afters)))
        } else {
            let both = befores.into_iter().chain(afters).collect();
            Plans::Together(Arc::new(after.only(both)))
        };
        Self { fields, plans }
    }

    /// The fields that may differ.
    pub fn fields(&self) -> &[ComparedField] {
        &self.fields
    }

    /// Evaluates both sides; one answer for each record, with every field. A record that cannot be read has none.
    ///
    /// # Errors
    /// Only if no worker can be had.
    pub async fn evaluate(
        &self,
        pool: &Pool,
        records: Vec<RawRecord>,
    ) -> Result<Vec<(String, Vec<Compared>)>, PoolError> {
        if self.fields.is_empty() {
            return Ok(records
                .into_iter()
                .map(|record| (record.key, Vec::new()))
                .collect());
        }
        let count = self.fields.len();
        match &self.plans {
            Plans::Together(both) => {
                let results = pool.evaluate(records, both).await?;
                Ok(results
                    .into_iter()
                    .map(|result| {
                        let values = values(&result);
                        let compared = self.pair(&result, 0, &values, &result, count, &values);
                        (result.key, compared)
                    })
                    .collect())
            }
            Plans::Apart(before, after) => {
                let (before, after) = futures_util::try_join!(
                    pool.evaluate(records.clone(), before),
                    pool.evaluate(records, after)
                )?;
                Ok(before
                    .into_iter()
                    .zip(after)
                    .map(|(before, after)| {
                        let compared =
                            self.pair(&before, 0, &values(&before), &after, 0, &values(&after));
                        (after.key, compared)
                    })
                    .collect())
            }
        }
    }

    fn pair(
        &self,
        before: &RecordResult,
        before_from: usize,
        before_values: &BTreeMap<String, String>,
        after: &RecordResult,
        after_from: usize,
        after_values: &BTreeMap<String, String>,
    ) -> Vec<Compared> {
        if before.error.is_some() || after.error.is_some() {
            return Vec::new();
        }
        let fields = self.fields.iter().enumerate();
        fields
            .filter_map(|(index, field)| {
                let old = before.fields.get(before_from + index)?.clone();
                let new = after.fields.get(after_from + index)?.clone();
                let value_before = before_values.get(&format!("b{index}")).cloned();
                let value_after = after_values.get(&format!("a{index}")).cloned();
                let mut compared = Compared {
                    field: index,
                    before: old,
                    after: new,
                    changed: false,
                    value_before,
                    value_after,
                };
                compared.changed = !compared.is_not_fetched()
                    && !same_text(
                        &field.shape,
                        compared.value_before.as_deref(),
                        compared.value_after.as_deref(),
                    );
                Some(compared)
            })
            .collect()
    }
}

/// The members of a unified object that hold something, as they are written.
fn values(result: &RecordResult) -> BTreeMap<String, String> {
    let text = result.unified.as_deref().unwrap_or("{}");
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    members
        .into_iter()
        .filter(|(_, value)| value.get() != "null")
        .map(|(name, value)| (name, value.get().to_owned()))
        .collect()
}

fn calls_table(expression: &str) -> bool {
    expression.contains("table")
        && syntax::parse(expression)
            .is_ok_and(|ast| syntax::names_any(&ast, |name| name == "table" || name == "eval"))
}

fn same_text(shape: &Shape, left: Option<&str>, right: Option<&str>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) if left == right => true,
        (Some(left), Some(right)) => {
            match (serde_json::from_str(left), serde_json::from_str(right)) {
                (Ok(left), Ok(right)) => same_value(shape, &left, &right),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether two unified values say the same: `12.5` and `12.50` do where the model wants a decimal, and a member that is
/// absent and one that is `null` do everywhere.
pub fn same_value(shape: &Shape, left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    match (shape, left, right) {
        (Shape::Scalar(ScalarType::Decimal), _, _) => {
            let decimal = |value: &Value| match value {
                Value::String(text) => Decimal::parse(text),
                Value::Number(number) => Decimal::parse(&number.to_string()),
                _ => None,
            };
            matches!((decimal(left), decimal(right)), (Some(left), Some(right)) if left == right)
        }
        (Shape::List(items), Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same_value(items, left, right))
        }
        (Shape::Object(members), Value::Object(left), Value::Object(right)) => {
            members.iter().all(|(name, member)| {
                let of = |object: &serde_json::Map<String, Value>| {
                    object.get(name).cloned().unwrap_or_default()
                };
                same_value(&member.shape, &of(left), &of(right))
            })
        }
        (Shape::Map(values), Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| {
                    right
                        .get(name)
                        .is_some_and(|other| same_value(values, value, other))
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;
    use crate::level::{Override, Overrides};
    use crate::tables::Tables;

    fn shape(text: &str) -> Shape {
        let shared = serde_json::from_value(json!({"format": 1, "types": {}})).unwrap();
        Shape::of(&serde_json::from_str(text).unwrap(), &shared).unwrap()
    }

    #[test]
    fn decimals_are_compared_as_numbers_and_nothing_else_is() {
        let line = r#"{"list":{"object":{"amount":{"type":"decimal"},"code":{"type":"string"}}}}"#;
        for (kind, left, right, same) in [
            ("\"decimal\"", json!("2.5"), json!("2.50"), true),
            ("\"decimal\"", json!("2.5"), json!("2.51"), false),
            ("\"decimal\"", json!("-0"), json!("0.00"), true),
            ("\"string\"", json!("2.5"), json!("2.50"), false),
            (
                line,
                json!([{"amount": "1"}]),
                json!([{"amount": "1.0", "code": null}]),
                true,
            ),
            (
                line,
                json!([{"amount": "1", "code": "a"}]),
                json!([{"amount": "1", "code": "b"}]),
                false,
            ),
            (line, json!([]), json!([{"amount": "1"}]), false),
            (
                r#"{"map":"decimal"}"#,
                json!({"a": "1"}),
                json!({"a": "1.00"}),
                true,
            ),
            (
                "\"any\"",
                json!({"a": 1, "b": 2}),
                json!({"b": 2, "a": 1}),
                true,
            ),
        ] {
            assert_eq!(
                same_value(&shape(kind), &left, &right),
                same,
                "{left} {right}"
            );
        }
    }

    fn mapping(account: &Overrides, tables: &[(&str, &str)]) -> EffectiveMapping {
        let model = serde_json::from_value(
            json!({"format": 1, "model": "m/x", "label": "X", "description": "x",
            "fields": {"id": {"type": "id", "required": true}, "unit": {"type": "string"}}}),
        )
        .unwrap();
        let own = serde_json::from_value(json!({"format": 1, "model": "m/x", "resource": "xs",
            "fields": {"id": "id", "unit": "$table('units', u)"}}))
        .unwrap();
        let shared = serde_json::from_value(json!({"format": 1, "types": {}})).unwrap();
        let units = tables
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let tables = Tables::from([("units".to_owned(), units)]);
        EffectiveMapping::merge(&model, &shared, &own, "1", &Overrides::new(), account)
            .unwrap()
            .with_tables(Arc::new(tables))
    }

    #[test]
    fn only_fields_that_may_differ_are_compared() {
        let names = |before: &EffectiveMapping, after: &EffectiveMapping| -> Vec<String> {
            let comparison = Comparison::new(before, after);
            let fields = comparison.fields.iter();
            fields.map(|field| field.name.clone()).collect()
        };
        let plain = mapping(&Overrides::new(), &[("EA", "each")]);
        assert!(names(&plain, &plain.clone()).is_empty());
        let draft = [("id".to_owned(), Override::new(Some("nr".to_owned()), "d"))].into();
        assert_eq!(names(&plain, &mapping(&draft, &[("EA", "each")])), ["id"]);
        let edited = mapping(&Overrides::new(), &[("EA", "piece")]);
        assert_eq!(names(&plain, &edited), ["unit"]);
        let added = [(
            "custom_fields.x".to_owned(),
            Override::new(Some("x".to_owned()), "d"),
        )]
        .into();
        let added = mapping(&added, &[("EA", "each")]);
        assert_eq!(names(&plain, &added), ["custom_fields.x"]);
        assert_eq!(names(&added, &plain), ["custom_fields.x"]);
    }
}
