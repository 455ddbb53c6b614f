//! Records on their way out of the program with what the connector says is sensitive replaced, or as they were received
//! and with a row of the audit that says so.

use std::sync::Arc;

use crosswalk_connector::Definition;
use crosswalk_mapping::{CUSTOM_FIELDS, EffectiveMapping, RecordResult};
use crosswalk_workspace::setting;
use serde_json::{Map, Value, json};

use super::{RecordFormat, RecordQuery, RecordStream, not_shown};
use crate::raw::marks::{Marks, Rules};
use crate::raw::rows::{MASK, RawView};
use crate::raw::tree::RawTree;
use crate::settings::MASK_EXPORTS;
use crate::{Console, Fault};

/// What becomes of sensitive values in records that are printed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sensitive {
    /// What the setting `mask_exports` says: shown as received, unless it is on.
    #[default]
    AsSet,
    /// Replaced.
    Masked,
    /// Shown, whatever the setting says.
    Revealed,
}

/// What becomes of one resource's records on their way out.
pub(crate) enum Outgoing {
    /// The connector says nothing of them is sensitive.
    Harmless,
    /// What is sensitive is replaced.
    Masked(Masking),
    /// They go as they are: the audit has to say so first.
    Revealed,
}

/// Replaces the sensitive values of one resource's records.
#[derive(Clone)]
pub(crate) struct Masking {
    definition: Arc<Definition>,
    resource: String,
}

impl Masking {
    fn rules(&self) -> Rules<'_> {
        Rules::of(self.definition.connector.resources.get(&self.resource))
    }

    /// A record as received but for what is sensitive.
    pub(super) fn raw(&self, raw: &[u8]) -> Result<Vec<u8>, Fault> {
        let tree = RawTree::read(raw)
            .map_err(|fault| not_shown(format!("it is no JSON at byte {}", fault.offset)))?;
        let marks = Marks::new(&tree, &self.rules(), None);
        let view = RawView {
            bytes: raw,
            tree: &tree,
            marks: &marks,
        };
        Ok(view.shown(0, false).into_bytes())
    }

    /// What a mapping made of a record, without what it made of sensitive values.
    pub(crate) fn result(
        &self,
        result: &mut RecordResult,
        mapping: &EffectiveMapping,
    ) -> Result<(), Fault> {
        let rules = self.rules();
        let hidden: Vec<usize> = mapping
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| rules.shows_masked(&field.lineage))
            .map(|(at, _)| at)
            .collect();
        if hidden.is_empty() {
            return Ok(());
        }
        let mut unified: Option<Map<String, Value>> = result
            .unified
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(not_shown)?;
        for at in hidden {
            if let Some(found) = result
                .fields
                .get_mut(at)
                .filter(|found| found.message.is_some())
            {
                found.message = Some("What is wrong would quote a masked value.".to_owned());
            }
            if let (Some(members), Some(field)) = (&mut unified, mapping.fields.get(at)) {
                hide(members, &field.name);
            }
        }
        result.unified = unified
            .map(|members| serde_json::to_string(&members))
            .transpose()
            .map_err(not_shown)?;
        Ok(())
    }
}

/// Replaces the value of a unified field, one of the custom fields included.
fn hide(members: &mut Map<String, Value>, field: &str) {
    let replace = |value: &mut Value| {
        if !value.is_null() {
            *value = MASK.into();
        }
    };
    if let Some(value) = members.get_mut(field) {
        replace(value);
        return;
    }
    let custom = field
        .strip_prefix(CUSTOM_FIELDS)
        .and_then(|name| name.strip_prefix('.'));
    let Some(name) = custom else { return };
    match members.get_mut(CUSTOM_FIELDS) {
        Some(Value::Object(fields)) => {
            if let Some(value) = fields.get_mut(name) {
                replace(value);
            }
        }
        Some(Value::Array(items)) => {
            for item in items.iter_mut().filter(|item| item["key"] == name) {
                if let Some(value) = item.get_mut("value") {
                    replace(value);
                }
            }
        }
        _ => {}
    }
}

impl Console {
    /// Stored records for somebody outside the program, by native id. Where sensitive values are in them as received,
    /// the audit says so before the first one is handed out.
    ///
    /// # Errors
    /// As [`Console::records`].
    pub async fn records_to_print(
        &self,
        query: RecordQuery,
        sensitive: Sensitive,
    ) -> Result<RecordStream, Fault> {
        let account = self.find_account(&query.account).await?;
        let definition = self.definition(&account.connector)?;
        let resource = query.resource.clone();
        let detail = json!({
            "resource": resource,
            "record": query.native_id,
            "limit": query.limit,
            "printed": match query.format {
                RecordFormat::Raw => "raw",
                RecordFormat::Unified => "unified",
                RecordFormat::Both => "both",
            },
        });
        let mut stream = self.records(query).await?;
        match self.outgoing(&definition, &resource, sensitive).await? {
            Outgoing::Harmless => {}
            Outgoing::Masked(masking) => stream.masking = Some(masking),
            Outgoing::Revealed => self.note_reveal(&account, detail).await?,
        }
        Ok(stream)
    }

    /// What becomes of the sensitive values in a resource's records.
    pub(crate) async fn outgoing(
        &self,
        definition: &Arc<Definition>,
        resource: &str,
        sensitive: Sensitive,
    ) -> Result<Outgoing, Fault> {
        let has_any = definition
            .connector
            .resources
            .get(resource)
            .is_some_and(|resource| !resource.mask.is_empty());
        if !has_any {
            return Ok(Outgoing::Harmless);
        }
        let masked = match sensitive {
            Sensitive::Masked => true,
            Sensitive::Revealed => false,
            Sensitive::AsSet => self.masks_exports().await?,
        };
        Ok(if masked {
            Outgoing::Masked(Masking {
                definition: Arc::clone(definition),
                resource: resource.to_owned(),
            })
        } else {
            Outgoing::Revealed
        })
    }

    async fn masks_exports(&self) -> Result<bool, Fault> {
        let value = self
            .workspace()
            .read(|tx| setting::get(tx, &setting::Level::Workspace, MASK_EXPORTS))
            .await?;
        Ok(value.is_some_and(|value| value == "on"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn hidden_fields_lose_their_values_and_nothing_else() {
        let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        for (before, field, after) in [
            (r#"{"a":1,"b":2}"#, "a", r#"{"a":"••••••","b":2}"#),
            (r#"{"a":null}"#, "a", r#"{"a":null}"#),
            (
                r#"{"custom_fields":{"x":1,"y":2}}"#,
                "custom_fields.x",
                r#"{"custom_fields":{"x":"••••••","y":2}}"#,
            ),
            (
                r#"{"custom_fields":[{"key":"x","value":1},{"key":"y","value":2}]}"#,
                "custom_fields.x",
                r#"{"custom_fields":[{"key":"x","value":"••••••"},{"key":"y","value":2}]}"#,
            ),
            (r#"{"a":1}"#, "b", r#"{"a":1}"#),
        ] {
            let mut members = object(before);
            hide(&mut members, field);
            assert_eq!(members, object(after), "{field}");
        }
    }
}
