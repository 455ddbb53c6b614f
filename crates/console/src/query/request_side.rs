//! The request side of a mapping: which filters a unified list has, and whose expression says what a provider is asked for.

use std::sync::Arc;

use crosswalk_connector::{Definition, Field, FieldType, Mapping, Model, ScalarType, SharedTypes};
use crosswalk_mapping::{EffectiveMapping, Level, Override, Overrides};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::mapping_override::Side;
use indexmap::{IndexMap, IndexSet};

use crate::mapping::levels::Levels;
use crate::mapping::studio::words_of;
use crate::query::unified_filter::UnifiedFilter;
use crate::views::{FilterView, MappedField, MappingView};
use crate::{Console, Fault};

/// A filter with the expression that is in force.
pub(crate) struct InForce {
    pub(crate) filter: UnifiedFilter,
    pub(crate) expression: String,
    pub(crate) level: Level,
    pub(crate) version: String,
}

/// What each level says of a filter, lowest first.
type SaidOfFilter<'o> = [(Level, Option<&'o Override>); 3];

/// The level that says last what becomes of a filter.
pub(crate) fn winner(levels: SaidOfFilter<'_>) -> Option<(Level, &Override)> {
    let mut said = levels.into_iter().rev();
    said.find_map(|(level, said)| Some((level, said?)))
}

/// What the levels say of a mapping's filters.
pub(crate) struct RequestSide {
    own: Overrides,
    environment: Overrides,
    account: Overrides,
}

impl RequestSide {
    pub(crate) fn of(definition: &Definition, mapping: &Mapping, levels: &Levels) -> Self {
        let version = definition.connector.version.to_string();
        let own = mapping.query.iter().map(|(name, text)| {
            let said = Override::new(Some(text.clone()), &*version);
            (name.clone(), said)
        });
        Self {
            own: own.collect(),
            environment: levels.at(true, &mapping.resource, Side::Request),
            account: levels.at(false, &mapping.resource, Side::Request),
        }
    }

    /// Every filter that some level says anything of, the connector's own first.
    fn names(&self) -> IndexSet<&str> {
        let levels = [&self.own, &self.environment, &self.account];
        let names = levels.into_iter().flat_map(Overrides::keys);
        names.map(String::as_str).collect()
    }

    pub(crate) fn said(&self, name: &str) -> SaidOfFilter<'_> {
        [
            (Level::Connector, self.own.get(name)),
            (Level::Environment, self.environment.get(name)),
            (Level::Account, self.account.get(name)),
        ]
    }
}

/// The filters of one mapping with their levels. What an override says of a filter that is none is left alone.
fn in_force(
    definition: &Definition,
    mapping: &Mapping,
    levels: &Levels,
) -> Result<Vec<InForce>, Fault> {
    let Some(model) = definition.models.get(&mapping.model) else {
        return Ok(Vec::new());
    };
    let effective = levels.merged(definition, mapping)?;
    let request = RequestSide::of(definition, mapping, levels);
    let mut found = Vec::new();
    for name in request.names() {
        let (Some((level, said)), Ok(filter)) = (
            winner(request.said(name)),
            UnifiedFilter::of(model, &effective, name),
        ) else {
            continue;
        };
        if let Some(expression) = &said.expression {
            found.push(InForce {
                filter,
                expression: expression.clone(),
                level,
                version: said.version.clone(),
            });
        }
    }
    Ok(found)
}

/// The name under which [`as_mapping`] gives what a filter comes to.
pub(crate) fn place(index: usize) -> String {
    format!("f{index}")
}

/// The expressions of filters as a mapping of its own, so that they run where every expression runs.
pub(crate) fn as_mapping<'f>(
    asked: impl IntoIterator<Item = &'f InForce>,
    levels: &Levels,
) -> Result<EffectiveMapping, Fault> {
    let any = Field {
        field_type: FieldType::Scalar(ScalarType::Any),
        label: None,
        description: None,
        required: false,
    };
    let expressions: IndexMap<String, String> = asked
        .into_iter()
        .enumerate()
        .map(|(index, one)| (place(index), one.expression.clone()))
        .collect();
    let model = Model {
        format: 1,
        model: "query".to_owned(),
        label: String::new(),
        description: String::new(),
        fields: expressions
            .keys()
            .map(|name| (name.clone(), any.clone()))
            .collect(),
    };
    let mapping = Mapping {
        format: 1,
        model: model.model.clone(),
        resource: String::new(),
        notes: None,
        fields: expressions,
        query: IndexMap::new(),
    };
    let shared = SharedTypes {
        format: 1,
        types: IndexMap::new(),
    };
    let none = Overrides::new();
    let merged = EffectiveMapping::merge(&model, &shared, &mapping, "", &none, &none);
    let merged = merged.map_err(|error| {
        Fault::failed(
            "filter_failed",
            format!("The filters could not be translated: {error}."),
            "Please report this.",
        )
    })?;
    Ok(merged.with_tables(Arc::clone(&levels.tables)))
}

impl Console {
    pub(crate) async fn filters_in_force(
        &self,
        account: &Account,
        definition: &Definition,
        mapping: &Mapping,
    ) -> Result<(Vec<InForce>, Levels), Fault> {
        let levels = self.levels(account, &mapping.model).await?;
        Ok((in_force(definition, mapping, &levels)?, levels))
    }

    /// The filters a unified list of an account can be asked by, with the level that says how.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`.
    pub async fn model_filters(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<Vec<FilterView>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let (filters, _) = self
            .filters_in_force(&account, &definition, mapping)
            .await?;
        let views = filters.into_iter().map(|one| FilterView {
            bound: one.filter.side().to_owned(),
            kind: one.filter.kind(),
            enum_values: words_of(&one.filter.shape),
            field: one.filter.field,
            name: one.filter.name,
            expression: one.expression,
            level: one.level.to_string(),
            version: one.version,
        });
        Ok(views.collect())
    }

    /// The request side of a mapping in force: per filter its expression and the level that won.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`.
    pub async fn query_mapping(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<MappingView, Fault> {
        let held = self.find_account(account).await?;
        let definition = self.definition(&held.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let filters = self.model_filters(account, model, resource).await?;
        Ok(MappingView {
            model: mapping.model.clone(),
            resource: mapping.resource.clone(),
            fields: filters
                .into_iter()
                .map(|one| {
                    let field = MappedField {
                        expression: one.expression,
                        level: one.level,
                        version: Some(one.version),
                    };
                    (one.name, field)
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_level_that_says_anything_wins() {
        let said = |text: Option<&str>| Some(Override::new(text.map(str::to_owned), "1"));
        let levels = |all: &[Option<Override>; 3]| {
            let of = |at: usize| all[at].as_ref();
            let levels = [
                (Level::Connector, of(0)),
                (Level::Environment, of(1)),
                (Level::Account, of(2)),
            ];
            winner(levels).map(|(level, said)| (level, said.expression.clone()))
        };
        let text = |text: &str| Some(text.to_owned());
        for (all, won) in [
            ([None, None, None], None),
            (
                [said(Some("c")), None, None],
                Some((Level::Connector, text("c"))),
            ),
            (
                [said(Some("c")), said(Some("e")), None],
                Some((Level::Environment, text("e"))),
            ),
            (
                [said(Some("c")), said(Some("e")), said(None)],
                Some((Level::Account, None)),
            ),
        ] {
            assert_eq!(levels(&all), won);
        }
    }
}
