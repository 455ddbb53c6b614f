use std::rc::Rc;
use std::time::Duration;

use jsonata_core::value::JValue;

use crate::conform::{Verdict, conform};
use crate::effective::{CUSTOM_FIELDS, custom_name};
use crate::engine::{Engine, ExpressionError, Value};
use crate::jsonata::{Compiled, Jsonata};
use crate::last_words;
use crate::limits::{TIME_AFTER_LATE_FIELD, TIME_PER_RECORD};
use crate::lineage::Lineage;
use crate::protocol::{Answer, Note, Plan, PlanField};
use crate::raw::{self, RecordError};
use crate::scalar;
use crate::shape::Shape;
use crate::status::Status;
use crate::wanted::Wanted;

/// A plan made ready for an engine.
pub(crate) struct Prepared {
    fields: Vec<PreparedField>,
    /// Names of `custom_fields.NAME` fields, which win over the same key of the `custom_fields` field.
    custom: Vec<String>,
    /// What the expressions read.
    wanted: Wanted,
    /// Whether the model's custom fields are a list.
    listed: bool,
    /// Whether an element of that list says which name space it is from.
    spaced: bool,
}

struct PreparedField {
    field: PlanField,
    compiled: Option<Result<Compiled, ExpressionError>>,
}

impl Prepared {
    pub(crate) fn new(engine: &mut Jsonata, plan: Plan) -> Self {
        engine.set_tables(Rc::new(plan.tables));
        let documented = plan.known.clone();
        engine.set_known_fields(plan.known);
        engine.take_misses();
        let fields: Vec<PreparedField> = plan
            .fields
            .into_iter()
            .map(|field| PreparedField {
                compiled: field.expression.as_deref().map(|text| engine.compile(text)),
                field,
            })
            .collect();
        let compiled = fields
            .iter()
            .filter_map(|field: &PreparedField| field.compiled.as_ref());
        let lineage = compiled
            .flatten()
            .map(|compiled| Lineage::of_tree(compiled.ast()))
            .fold(Lineage::default(), |all, one| all.union(&one));
        let custom = fields
            .iter()
            .filter_map(|prepared| custom_name(&prepared.field.name))
            .map(str::to_owned)
            .collect();
        let shape = fields
            .iter()
            .find(|prepared| prepared.field.name == CUSTOM_FIELDS)
            .map(|prepared| &prepared.field.shape);
        let element = match shape {
            Some(Shape::List(element)) => Some(&**element),
            _ => None,
        };
        Self {
            listed: element.is_some(),
            spaced: matches!(element, Some(Shape::Object(members)) if members.contains_key("namespace")),
            wanted: Wanted::of(&lineage, documented.as_ref()),
            fields,
            custom,
        }
    }

    /// Maps one record: the answer, and the unified object in `out`.
    ///
    /// All fields together get [`TIME_PER_RECORD`]; the one that uses it up ends with an error, and the fields after it
    /// get a short while more, so that an error stays in its field.
    pub(crate) fn map(
        &self,
        engine: &mut Jsonata,
        raw: &[u8],
        skip: &[usize],
        out: &mut Vec<u8>,
    ) -> Result<Answer, RecordError> {
        out.clear();
        let record = Value(raw::read(raw, &self.wanted)?);
        let mut mapping = Mapped {
            prepared: self,
            out,
            custom: Vec::new(),
            statuses: Vec::with_capacity(self.fields.len()),
            messages: Vec::new(),
        };
        mapping.out.push(b'{');
        let mut limit = TIME_PER_RECORD;
        while mapping.statuses.len() < self.fields.len() {
            engine.within(limit, |engine| {
                while let Some(prepared) = self.fields.get(mapping.statuses.len()) {
                    let index = mapping.statuses.len();
                    let result = if skip.contains(&index) {
                        Ok(None)
                    } else {
                        last_words::evaluating(Some(index));
                        evaluate(engine, prepared, &record)
                    };
                    let late = matches!(result, Err(ExpressionError::Time));
                    mapping.take(index, result);
                    if late {
                        return;
                    }
                }
            });
            limit = if limit == TIME_PER_RECORD {
                TIME_AFTER_LATE_FIELD
            } else {
                Duration::ZERO
            };
        }
        last_words::evaluating(None);
        mapping.finish();
        let (statuses, messages) = (mapping.statuses, mapping.messages);
        Ok(Answer::Record {
            statuses,
            messages,
            misses: engine.take_misses(),
        })
    }
}

fn evaluate(
    engine: &mut Jsonata,
    prepared: &PreparedField,
    record: &Value,
) -> Result<Option<JValue>, ExpressionError> {
    match &prepared.compiled {
        None => Ok(None),
        Some(Err(error)) => Err(error.clone()),
        Some(Ok(compiled)) => Ok(engine.evaluate(compiled, record)?.map(|value| value.0)),
    }
}

/// A record on its way through the plan.
struct Mapped<'a> {
    prepared: &'a Prepared,
    out: &'a mut Vec<u8>,
    /// The members of `custom_fields`, already as JSON.
    custom: Vec<u8>,
    statuses: Vec<Status>,
    messages: Vec<(usize, Note)>,
}

impl Mapped<'_> {
    fn take(&mut self, index: usize, result: Result<Option<JValue>, ExpressionError>) {
        let field = &self.prepared.fields[index].field;
        let (value, error) = match result {
            Ok(value) => (value, None),
            Err(error) => (None, Some(error)),
        };
        let verdict = if let Some(name) = custom_name(&field.name) {
            self.custom_member(name, value.as_ref(), field)
        } else if field.name == CUSTOM_FIELDS && !self.prepared.custom.is_empty() {
            self.custom_object(value, field)
        } else {
            member(&field.name, self.out, |out| {
                conform(value.as_ref(), &field.shape, field.required, out)
            })
        };
        let (status, note) = match error {
            Some(error) => {
                let note = Note {
                    code: Some(error.code().to_owned()),
                    message: error.to_string(),
                };
                (Status::Error, Some(note))
            }
            None => (
                verdict.status,
                verdict.message.map(|message| Note {
                    code: None,
                    message,
                }),
            ),
        };
        self.statuses.push(status);
        self.messages.extend(note.map(|note| (index, note)));
    }

    /// One `custom_fields.NAME`.
    fn custom_member(&mut self, name: &str, value: Option<&JValue>, field: &PlanField) -> Verdict {
        if !self.prepared.listed {
            return member(name, &mut self.custom, |out| {
                conform(value, &field.shape, field.required, out)
            });
        }
        if !self.custom.is_empty() {
            self.custom.push(b',');
        }
        self.custom.extend_from_slice(b"{\"key\":");
        scalar::write_text(name, &mut self.custom);
        let verdict = member("value", &mut self.custom, |out| {
            conform(value, &field.shape, field.required, out)
        });
        if self.prepared.spaced {
            self.custom.extend_from_slice(b",\"namespace\":\"mapped\"");
        }
        self.custom.push(b'}');
        verdict
    }

    /// The `custom_fields` field itself, without the keys that fields of their own say something of.
    fn custom_object(&mut self, value: Option<JValue>, field: &PlanField) -> Verdict {
        let value = match value {
            Some(JValue::Object(entries)) => {
                let kept = entries
                    .iter()
                    .filter(|(name, _)| !self.prepared.custom.contains(name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                Some(JValue::object(kept))
            }
            Some(JValue::Array(items)) => {
                let is_mapped = |item: &JValue| {
                    let key = item.as_object().and_then(|entries| entries.get("key"));
                    key.and_then(JValue::as_str)
                        .is_some_and(|key| self.prepared.custom.iter().any(|name| name == key))
                };
                let kept = items.iter().filter(|item| !is_mapped(item)).cloned();
                Some(JValue::array(kept.collect()))
            }
            other => other,
        };
        let mut object = Vec::new();
        let verdict = conform(value.as_ref(), &field.shape, field.required, &mut object);
        if let [b'{' | b'[', members @ .., b'}' | b']'] = object.as_slice()
            && !members.is_empty()
        {
            self.custom.extend_from_slice(members);
        }
        verdict
    }

    fn finish(&mut self) {
        if !self.prepared.custom.is_empty() {
            let custom = std::mem::take(&mut self.custom);
            let (open, close) = if self.prepared.listed {
                (b'[', b']')
            } else {
                (b'{', b'}')
            };
            member(CUSTOM_FIELDS, self.out, |out| {
                out.push(open);
                out.extend_from_slice(&custom);
                out.push(close);
            });
        }
        self.out.push(b'}');
    }
}

/// Writes `"name":` and what `write` writes, after a comma unless it is the first.
fn member<T>(name: &str, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    if !matches!(out.last(), None | Some(b'{')) {
        out.push(b',');
    }
    scalar::write_text(name, out);
    out.push(b':');
    write(out)
}
