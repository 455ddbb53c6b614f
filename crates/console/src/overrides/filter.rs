//! Overriding the request side: what a unified filter asks a provider for. Versions like any other override's.

use crosswalk_mapping::Lineage;
use crosswalk_workspace::mapping_override::{self, Action};

use crate::mapping::levels::Holder;
use crate::mapping::views::OverrideVersion;
use crate::overrides::decide::{Said, decide, only_over};
use crate::overrides::{OverrideChange, OverrideInput, mappings_to};
use crate::query::unified_filter::UnifiedFilter;
use crate::{Console, Fault};

/// What to look at in a filter's expression.
pub(crate) fn warnings(filter: &str, said: &Said) -> Vec<String> {
    let Action::Set(expression) = &said.action else {
        return Vec::new();
    };
    let keys: Vec<&str> = filter.split('.').collect();
    let whole: &[&str] = &[filter];
    let reads = Lineage::of(expression)
        .is_ok_and(|lineage| lineage.touches(&keys) || lineage.touches(whole));
    if reads {
        return Vec::new();
    }
    vec![format!(
        "{filter}: the expression does not read {filter}, so every value asks for the same."
    )]
}

impl Console {
    /// Changes what a filter asks the provider for: a new version.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `filter_unknown`, `expression_syntax`, `expression_unsupported`, `invalid_type`,
    /// `nothing_changed`, `override_changed`.
    pub(crate) async fn override_filter(
        &self,
        input: OverrideInput,
        holder: Holder,
    ) -> Result<OverrideVersion, Fault> {
        let target = input.target.target();
        if let OverrideChange::Set {
            field_type: Some(_),
            ..
        } = &input.change
        {
            return Err(Fault::invalid(
                "invalid_type",
                "A filter has the type of its field.",
                "Leave --type away.",
            ));
        }
        let mut digest = None;
        for (definition, accounts) in self.definitions_of(&holder, &target.model)? {
            digest.get_or_insert_with(|| definition.digest.as_str().to_owned());
            for mapping in mappings_to(&definition, &target.model, target.resource.as_deref())? {
                let Some(model) = definition.models.get(&mapping.model) else {
                    continue;
                };
                for account in &accounts {
                    let levels = self.levels(account, &target.model).await?;
                    let effective = levels.merged(&definition, mapping)?;
                    UnifiedFilter::of(model, &effective, &target.field)?;
                }
            }
        }
        let (scope, held) = (holder.scope, target.clone());
        let history = self
            .workspace()
            .read(move |tx| mapping_override::history(tx, scope, &held))
            .await?;
        let said = decide(&input.change, &history, &target.field)?;
        let warnings = warnings(&target.field, &said);
        let over = only_over(&input.change, &history);
        let new = said.version_of(holder.scope, target, digest, input.note);
        self.write_override(&holder, new, over, warnings).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_that_ignores_its_filter_is_pointed_at() {
        for (filter, expression, clean) in [
            ("status", r#"{ "status": { "eq": status } }"#, true),
            (
                "status",
                r#"$lookup({ "open": { "s": { "eq": "o" } } }, status)"#,
                true,
            ),
            ("status", r#"{ "status": { "eq": "issued" } }"#, false),
            (
                "custom_fields.x",
                r#"{ "x": { "eq": `custom_fields.x` } }"#,
                true,
            ),
        ] {
            let said = Said {
                action: Action::Set(expression.to_owned()),
                added_type: None,
                restored: None,
            };
            assert_eq!(warnings(filter, &said).is_empty(), clean, "{expression}");
        }
    }
}
