//! The mapping in force for an account: the connector's own under the overrides of its environment and its own.

use std::sync::Arc;

use crosswalk_connector::{Definition, Mapping};
use crosswalk_mapping::EffectiveMapping;
use crosswalk_workspace::account::Account;
use indexmap::IndexMap;

use crate::views::{MappedField, MappingView};
use crate::{Console, Fault};

/// The mapping of a resource to a model.
///
/// # Errors
/// `no_model` where the connector maps the resource to none.
pub(crate) fn mapping_of<'d>(
    definition: &'d Definition,
    resource: &str,
) -> Result<&'d Mapping, Fault> {
    definition.mapping_of(resource).ok_or_else(|| {
        let mapped: Vec<&str> = definition
            .mappings
            .iter()
            .map(|mapping| mapping.resource.as_str())
            .collect();
        Fault::invalid(
            "no_model",
            format!("{resource} is not mapped to a model."),
            format!(
                "Use --format raw, or one of the mapped resources: {}.",
                mapped.join(", ")
            ),
        )
    })
}

/// The resource of a connector, or the sentence that lists those there are.
pub(crate) fn require_resource(definition: &Definition, resource: &str) -> Result<(), Fault> {
    if definition.connector.resources.contains_key(resource) {
        return Ok(());
    }
    let known: Vec<&str> = definition
        .connector
        .resources
        .keys()
        .map(String::as_str)
        .collect();
    Err(Fault::invalid(
        "not_found",
        format!("{} has no resource {resource}.", definition.connector.label),
        format!("It has: {}.", known.join(", ")),
    ))
}

impl Console {
    /// Resolves the levels of one mapping for an account.
    pub(crate) async fn effective(
        &self,
        account: &Account,
        definition: &Definition,
        mapping: &Mapping,
    ) -> Result<Arc<EffectiveMapping>, Fault> {
        let levels = self.levels(account, &mapping.model).await?;
        Ok(Arc::new(levels.merged(definition, mapping)?))
    }

    /// Picks the mapping to a model, from one resource where there are several.
    pub(crate) fn choose_mapping<'d>(
        definition: &'d Definition,
        model: &str,
        resource: Option<&str>,
    ) -> Result<&'d Mapping, Fault> {
        let candidates: Vec<&Mapping> = definition.mappings_to(model).collect();
        if candidates.is_empty() {
            let mut known: Vec<&str> = definition
                .mappings
                .iter()
                .map(|mapping| mapping.model.as_str())
                .collect();
            known.sort_unstable();
            known.dedup();
            return Err(Fault::invalid(
                "no_model",
                format!("Nothing is mapped to {model}."),
                format!("There are: {}.", known.join(", ")),
            ));
        }
        let resources: Vec<&str> = candidates
            .iter()
            .map(|mapping| mapping.resource.as_str())
            .collect();
        match resource {
            Some(resource) => candidates
                .iter()
                .find(|mapping| mapping.resource == resource)
                .copied()
                .ok_or_else(|| {
                    Fault::invalid(
                        "no_model",
                        format!("{resource} is not mapped to {model}."),
                        format!("{model} is mapped from: {}.", resources.join(", ")),
                    )
                }),
            None if candidates.len() > 1 => Err(Fault::invalid(
                "ambiguous_resource",
                format!(
                    "{model} is mapped from several resources: {}.",
                    resources.join(", ")
                ),
                "Name one: --resource R.",
            )),
            None => Ok(candidates[0]),
        }
    }

    /// The mapping in force: per field its expression and the level that won. A field removed at a level is left out.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`.
    pub async fn mapping(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<MappingView, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let effective = self.effective(&account, &definition, mapping).await?;
        let fields: IndexMap<String, MappedField> = effective
            .fields
            .iter()
            .filter_map(|field| {
                Some((
                    field.name.clone(),
                    MappedField {
                        expression: field.expression.clone()?,
                        level: field.level?.to_string(),
                        version: field.version.clone(),
                    },
                ))
            })
            .collect();
        Ok(MappingView {
            model: effective.model.clone(),
            resource: effective.resource.clone(),
            fields,
        })
    }
}
