//! A draft of what a filter asks for, tried with a value: what the provider would be asked, without asking it.

use crosswalk_mapping::Level;
use crosswalk_workspace::mapping_override::Action;

use crate::overrides::OverrideChange;
use crate::overrides::decide::{Said, decide};
use crate::overrides::filter::warnings;
use crate::query::native_condition::written;
use crate::query::request_side::InForce;
use crate::query::unified_filter::UnifiedFilter;
use crate::views::FilterTried;
use crate::{Console, Fault};

/// A filter's expression to be tried.
#[derive(Clone, Debug)]
pub struct FilterDraft {
    pub account: String,
    pub model: String,
    /// `None` where the model comes from one resource.
    pub resource: Option<String>,
    pub filter: String,
    pub expression: String,
    /// What somebody who asks by the filter would type.
    pub value: String,
}

/// The expression a draft would put in force.
fn expression_of(said: &Said, filter: &str) -> Result<String, Fault> {
    match &said.action {
        Action::Set(expression) => Ok(expression.clone()),
        Action::Remove | Action::Inherit => Err(Fault::invalid(
            "filter_unknown",
            format!("The provider would not be asked by {filter}: null takes the filter away."),
            "Write what the provider is to be asked for.",
        )),
    }
}

impl Console {
    /// What a draft would ask the provider for with a value, as [`Console::query_unified`] would; nothing is sent.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`; `filter_unknown`, `invalid_filter`, `expression_syntax`,
    /// `expression_unsupported`, `filter_untranslated`, `filters_collide`, `unknown_operator`, and what the expression
    /// fails with.
    pub async fn try_filter(&self, draft: FilterDraft) -> Result<FilterTried, Fault> {
        let account = self.find_account(&draft.account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, &draft.model, draft.resource.as_deref())?;
        let levels = self.levels(&account, &mapping.model).await?;
        let effective = levels.merged(&definition, mapping)?;
        let model = definition.models.get(&mapping.model).ok_or_else(|| {
            Fault::failed(
                "mapping_broken",
                format!("The model {} is missing.", mapping.model),
                "Check the connector: xwalk connector check PATH.",
            )
        })?;
        let filter = UnifiedFilter::of(model, &effective, &draft.filter)?;
        let change = OverrideChange::Set {
            expression: draft.expression,
            field_type: None,
        };
        let said = decide(&change, &[], &draft.filter)?;
        let expression = expression_of(&said, &draft.filter)?;
        let wanted = filter.read(&draft.value)?;
        let drafted = InForce {
            filter,
            expression,
            // Where it would be saved makes no difference to what it asks for.
            level: Level::Account,
            version: "0".to_owned(),
        };
        let conditions = self
            .conditions_for(&[(&drafted, wanted)], Vec::new(), &levels, &definition)
            .await?;
        Ok(FilterTried {
            asked: conditions
                .iter()
                .map(|condition| written(&definition, condition))
                .collect(),
            warnings: warnings(&draft.filter, &said),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_that_takes_the_filter_away_asks_for_nothing() {
        for (typed, outcome) in [
            (
                "{ \"s\": { \"eq\": status } }",
                Ok("{ \"s\": { \"eq\": status } }"),
            ),
            ("null", Err("filter_unknown")),
            (" null ", Err("filter_unknown")),
            ("{ \"s\"", Err("expression_syntax")),
        ] {
            let change = OverrideChange::Set {
                expression: typed.to_owned(),
                field_type: None,
            };
            let said = decide(&change, &[], "status");
            let found = said.and_then(|said| expression_of(&said, "status"));
            let found = found.map_err(|fault| fault.code);
            assert_eq!(
                found,
                outcome.map(str::to_owned).map_err(str::to_owned),
                "{typed}"
            );
        }
    }
}
