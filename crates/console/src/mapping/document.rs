//! The effective mapping of an account as one JSONata document for each model.

use std::collections::BTreeMap;

use crosswalk_mapping::{EffectiveMapping, Shape};
use crosswalk_workspace::audit::Subject;
use serde_json::{Value, json};

use crate::text::export_file::ExportedText;
use crate::{Console, Fault};

impl Console {
    /// Every model an account's connector maps, with the resource it is mapped from.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn mapped_models(
        &self,
        account: &str,
    ) -> Result<Vec<(String, Option<String>)>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mappings = definition.mappings.iter();
        Ok(mappings
            .map(|mapping| (mapping.model.clone(), Some(mapping.resource.clone())))
            .collect())
    }

    /// The effective mapping of an account as one JSONata document: an object with a member for each field, ready to be
    /// pasted into another platform, and the audit's head beside it. Crosswalk's own functions are named in a comment on
    /// top where it uses any.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`.
    pub async fn export_jsonata(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<ExportedText, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let effective = self.effective(&account, &definition, mapping).await?;
        let detail =
            json!({ "form": "jsonata", "model": mapping.model, "resource": mapping.resource });
        let subject = Some(Subject::from(&account));
        self.hand_out(document(&effective), "mapping:exported", subject, detail)
            .await
    }
}

/// A mapping as one JSONata document.
fn document(mapping: &EffectiveMapping) -> String {
    let mut own: Vec<&str> = Vec::new();
    let mut members: Vec<(String, String)> = Vec::new();
    let mut custom: BTreeMap<&str, &str> = BTreeMap::new();
    for field in &mapping.fields {
        let Some(expression) = field.expression.as_deref() else {
            continue;
        };
        own.extend(
            crosswalk_mapping::ADDED_FUNCTIONS
                .iter()
                .filter(|name| expression.contains(&format!("${name}"))),
        );
        match field.name.split_once('.') {
            Some((_, name)) => {
                custom.insert(name, expression);
            }
            None => members.push((field.name.clone(), format!("({expression})"))),
        }
    }
    if !custom.is_empty() {
        let listed = mapping
            .field(crosswalk_mapping::CUSTOM_FIELDS)
            .is_some_and(|field| matches!(field.shape, Shape::List(_)));
        let quoted = |text: &str| Value::from(text).to_string();
        let items: Vec<String> = custom
            .iter()
            .map(|(name, expression)| {
                if listed {
                    format!("{{ \"key\": {}, \"value\": ({expression}) }}", quoted(name))
                } else {
                    format!("{}: ({expression})", quoted(name))
                }
            })
            .collect();
        let all = members
            .iter_mut()
            .find(|(name, _)| name == crosswalk_mapping::CUSTOM_FIELDS);
        let text = items.join(",\n    ");
        match (listed, all) {
            (true, Some((_, held))) => *held = format!("$append({held}, [\n    {text}\n  ])"),
            (true, None) => {
                members.push(("custom_fields".to_owned(), format!("[\n    {text}\n  ]")));
            }
            (false, Some((_, held))) => *held = format!("$merge([{held}, {{\n    {text}\n  }}])"),
            (false, None) => {
                members.push(("custom_fields".to_owned(), format!("{{\n    {text}\n  }}")));
            }
        }
    }
    own.sort_unstable();
    own.dedup();
    let mut head = format!("/* {} from {}.", mapping.model, mapping.resource);
    if !own.is_empty() {
        let names: Vec<String> = own.iter().map(|name| format!("${name}")).collect();
        head.push_str(&format!(
            " Uses functions of Crosswalk that another platform has to be given: {}.",
            names.join(", ")
        ));
    }
    let members: Vec<String> = members
        .into_iter()
        .map(|(name, expression)| format!("  {}: {expression}", Value::from(name)))
        .collect();
    format!("{head} */\n{{\n{}\n}}\n", members.join(",\n"))
}
