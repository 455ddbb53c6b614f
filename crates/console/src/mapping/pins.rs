//! Pins: unified results that later mappings are held against. A pin keeps a masked copy of the record, so that it says
//! the same when the record is gone, and never more than a screen may show.

use std::sync::Arc;

use crosswalk_connector::{Mapping, RawPath, RawStep, Resource};
use crosswalk_mapping::{EffectiveMapping, RawRecord, Selection, Shape, same_value};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::pin::{self, Pin, Target};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::mapping::in_force::require_resource;
use crate::mapping::views::{BrokenPin, PinCheck, PinView, count};
use crate::overrides::mappings_to;
use crate::{Console, Fault};

/// What a pin holds.
#[derive(Serialize, Deserialize)]
struct Pinned {
    raw: Value,
    selection: Option<Selection>,
    /// The unified object.
    expected: Map<String, Value>,
}

/// Replaces what the connector wants masked: texts by dots of the same length, so that a length still tells something
/// is there, numbers by 0.
fn masked(mut record: Value, paths: &[RawPath]) -> Value {
    for path in paths {
        mask(&mut record, path.steps());
    }
    record
}

fn mask(value: &mut Value, steps: &[RawStep]) {
    match (steps, value) {
        ([RawStep::Key(key), rest @ ..], Value::Object(members)) => {
            if let Some(member) = members.get_mut(key) {
                mask(member, rest);
            }
        }
        ([RawStep::Each, rest @ ..], Value::Array(items)) => {
            for item in items {
                mask(item, rest);
            }
        }
        // Lists are transparent to paths spelled without `[]`.
        ([RawStep::Key(_), ..], Value::Array(items)) => {
            for item in items {
                mask(item, steps);
            }
        }
        ([RawStep::Each, rest @ ..], other) => mask(other, rest),
        ([], Value::String(text)) => *text = "•".repeat(text.chars().count().min(40)),
        ([], Value::Number(number)) => *number = 0.into(),
        ([], Value::Object(members)) => {
            for (_, member) in members {
                mask(member, &[]);
            }
        }
        ([], Value::Array(items)) => {
            for item in items {
                mask(item, &[]);
            }
        }
        _ => {}
    }
}

fn not_pinned(error: impl std::fmt::Display) -> Fault {
    Fault::failed(
        "pin_unreadable",
        format!("A pin cannot be read: {error}."),
        "Unpin the record and pin it again.",
    )
}

fn view(pin: Pin, account: &Account) -> PinView {
    PinView {
        account: account.slug.clone(),
        model: pin.target.model,
        resource: pin.target.resource,
        id: pin.target.native_id,
        note: pin.note,
        actor: pin.actor,
        at: pin.at,
    }
}

/// The fields in which two unified objects differ. A field that only the later mapping has is no fault of it.
fn broken(
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    mapping: &EffectiveMapping,
) -> Vec<(String, Value, Value)> {
    expected
        .iter()
        .filter_map(|(name, wanted)| {
            let found = actual.get(name).unwrap_or(&Value::Null);
            let any = Shape::Scalar(crosswalk_connector::ScalarType::Any);
            let shape = mapping.field(name).map_or(&any, |field| &field.shape);
            let grown = name == crosswalk_mapping::CUSTOM_FIELDS && holds_all(found, wanted);
            let same = grown || same_value(shape, wanted, found);
            (!same).then(|| (name.clone(), wanted.clone(), found.clone()))
        })
        .collect()
}

/// Whether a list or an object of custom fields holds every one of another, and perhaps more.
fn holds_all(all: &Value, some: &Value) -> bool {
    match (all, some) {
        (Value::Array(all), Value::Array(some)) => some.iter().all(|item| all.contains(item)),
        (Value::Object(all), Value::Object(some)) => {
            some.iter().all(|(key, value)| all.get(key) == Some(value))
        }
        (_, Value::Null) => true,
        _ => false,
    }
}

impl Console {
    /// Pins what a mapping makes of a stored record now.
    ///
    /// # Errors
    /// `not_found`, `no_model`, and what keeps the vault from opening.
    pub async fn pin(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
        id: &str,
        note: Option<&str>,
    ) -> Result<PinView, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        require_resource(&definition, &mapping.resource)?;
        let record = self.stored_record(&account, &mapping.resource, id).await?;
        let mask = definition
            .connector
            .resources
            .get(&mapping.resource)
            .map(|resource: &Resource| resource.mask.clone())
            .unwrap_or_default();
        let raw = masked(
            serde_json::from_slice(&record.raw).map_err(not_pinned)?,
            &mask,
        );
        let effective = self.effective(&account, &definition, mapping).await?;
        let selection = record.selection.as_deref().cloned();
        let expected = self
            .unified(id, &raw, selection.clone(), &effective)
            .await?
            .ok_or_else(|| not_pinned("the record cannot be mapped at all"))?;
        let pinned = Pinned {
            raw,
            selection,
            expected,
        };
        let target = Target {
            model: model.to_owned(),
            resource: mapping.resource.clone(),
            native_id: id.to_owned(),
        };
        let keys = self.entry(&account).await?.keys;
        let plain = serde_json::to_vec(&pinned).map_err(not_pinned)?;
        let sealed = pin::seal(&keys, account.uuid, &target, &plain)?;
        let (held, note) = (account.clone(), note.map(str::to_owned));
        let pins = self
            .workspace()
            .write(move |tx| {
                pin::put(tx, &held, &target, &sealed, note.as_deref())?;
                let pins = pin::list(tx, held.uuid, Some(&target.model))?;
                Ok(pins.into_iter().find(|pin| pin.target == target))
            })
            .await?;
        pins.map(|pin| view(pin, &account))
            .ok_or_else(|| not_pinned("it was not written"))
    }

    /// Takes a pin away.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn unpin(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
        id: &str,
    ) -> Result<PinView, Fault> {
        let account = self.find_account(account).await?;
        let (held, model) = (account.clone(), model.to_owned());
        let (id, resource) = (id.to_owned(), resource.map(str::to_owned));
        let removed = self
            .workspace()
            .write(move |tx| {
                let pins = pin::list(tx, held.uuid, Some(&model))?;
                let found = pins.into_iter().find(|pin| {
                    pin.target.native_id == id
                        && resource
                            .as_ref()
                            .is_none_or(|resource| *resource == pin.target.resource)
                });
                match found {
                    Some(found) => {
                        pin::remove(tx, &held, &found.target)?;
                        Ok(found)
                    }
                    None => Err(crosswalk_workspace::Error::NotFound { noun: "pin", id }),
                }
            })
            .await?;
        Ok(view(removed, &account))
    }

    /// An account's pins, of one model or of all.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn pins(&self, account: &str, model: Option<&str>) -> Result<Vec<PinView>, Fault> {
        let account = self.find_account(account).await?;
        let (uuid, model) = (account.uuid, model.map(str::to_owned));
        let pins = self
            .workspace()
            .read(move |tx| pin::list(tx, uuid, model.as_deref()))
            .await?;
        Ok(pins.into_iter().map(|pin| view(pin, &account)).collect())
    }

    /// Holds an account's pins against the mappings in force.
    ///
    /// # Errors
    /// `not_found`, `no_model`, and what keeps the vault from opening.
    pub async fn check_pins(&self, account: &str, model: Option<&str>) -> Result<PinCheck, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mappings: Vec<&Mapping> = match model {
            Some(model) => mappings_to(&definition, model, None)?,
            None => definition.mappings.iter().collect(),
        };
        let mut check = PinCheck::default();
        for mapping in mappings {
            let effective = self.effective(&account, &definition, mapping).await?;
            let one = self.check_pins_with(&account, mapping, &effective).await?;
            check.checked += one.checked;
            check.broken.extend(one.broken);
        }
        Ok(check)
    }

    /// Holds the pins of one mapping against another mapping, such as a draft. Opens the vault only where there are any.
    pub(crate) async fn check_pins_with(
        &self,
        account: &Account,
        mapping: &Mapping,
        effective: &EffectiveMapping,
    ) -> Result<PinCheck, Fault> {
        let (uuid, model) = (account.uuid, mapping.model.clone());
        let pins = self
            .workspace()
            .read(move |tx| pin::list(tx, uuid, Some(&model)))
            .await?;
        let pins: Vec<Pin> = pins
            .into_iter()
            .filter(|pin| pin.target.resource == mapping.resource)
            .collect();
        let mut check = PinCheck {
            checked: count(pins.len()),
            broken: Vec::new(),
        };
        if pins.is_empty() {
            return Ok(check);
        }
        let keys = self.entry(account).await?.keys;
        for pin in pins {
            let plain = pin.open(&keys, account.uuid)?;
            let held: Pinned = serde_json::from_slice(&plain).map_err(not_pinned)?;
            let id = &pin.target.native_id;
            let found = self
                .unified(id, &held.raw, held.selection, effective)
                .await?;
            let actual = found.unwrap_or_default();
            let differences = broken(&held.expected, &actual, effective);
            check
                .broken
                .extend(
                    differences
                        .into_iter()
                        .map(|(field, expected, actual)| BrokenPin {
                            id: id.clone(),
                            model: mapping.model.clone(),
                            resource: mapping.resource.clone(),
                            field,
                            expected,
                            actual,
                            message: pin.note.clone(),
                        }),
                );
        }
        Ok(check)
    }

    /// What a mapping makes of a record; none if it cannot be read at all.
    async fn unified(
        &self,
        id: &str,
        raw: &Value,
        selection: Option<Selection>,
        mapping: &EffectiveMapping,
    ) -> Result<Option<Map<String, Value>>, Fault> {
        let record = RawRecord {
            key: id.to_owned(),
            raw: serde_json::to_vec(raw).map_err(not_pinned)?,
            selection: selection.map(Arc::new),
        };
        let results = self
            .pool()?
            .evaluate(vec![record], &Arc::new(mapping.clone()))
            .await?;
        let unified = results.into_iter().next().and_then(|result| result.unified);
        unified
            .map(|text| serde_json::from_str(&text).map_err(not_pinned))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_copy_holds_nothing_that_is_masked() {
        let paths = ["bank", "lines[].iban", "tax.ids", "absent.x"]
            .map(|path| RawPath::parse(path).unwrap());
        let record = json!({"id": 1, "bank": {"name": "Ada", "no": 5}, "lines": [{"iban": "DE1", "n": 2}, {}],
            "tax": {"ids": ["a", 7, null]}});
        assert_eq!(
            masked(record, &paths),
            json!({"id": 1, "bank": {"name": "•••", "no": 0}, "lines": [{"iban": "•••", "n": 2}, {}],
                "tax": {"ids": ["•", 0, null]}})
        );
    }

    #[test]
    fn custom_fields_may_grow() {
        let one = json!([{"key": "a", "value": 1}]);
        let two = json!([{"key": "b", "value": 2}, {"key": "a", "value": 1}]);
        assert!(holds_all(&two, &one));
        assert!(!holds_all(&one, &two));
        assert!(holds_all(&json!({"a": 1, "b": 2}), &json!({"a": 1})));
    }
}
