//! Every filter of a model: those a provider is asked by, with the levels that say how, and those it is not.

use crosswalk_connector::{Definition, Mapping, Model, ModelFilter};
use crosswalk_mapping::EffectiveMapping;
use crosswalk_workspace::mapping_override::Side;
use indexmap::IndexSet;

use crate::mapping::level_entries::level_entries;
use crate::mapping::levels::Levels;
use crate::mapping::studio::words_of;
use crate::query::request_side::{RequestSide, winner};
use crate::query::unified_filter::UnifiedFilter;
use crate::views::FilterRow;
use crate::{Console, Fault};

/// The model's filters in the order of its fields, then those of the customer's own fields.
fn filters(model: &Model, effective: &EffectiveMapping) -> Vec<UnifiedFilter> {
    let fields = effective.fields.iter().map(|field| field.name.clone());
    let own = fields.filter(|name| !model.fields.contains_key(name));
    let names: IndexSet<String> = ModelFilter::names(model).into_iter().chain(own).collect();
    names
        .iter()
        .filter_map(|name| UnifiedFilter::of(model, effective, name).ok())
        .collect()
}

fn row(filter: UnifiedFilter, request: &RequestSide, levels: &Levels, resource: &str) -> FilterRow {
    let said = request.said(&filter.name);
    let won = winner(said);
    let present = said
        .into_iter()
        .filter_map(|(level, said)| Some((level, said?)));
    FilterRow {
        levels: level_entries(present, &filter.name, Side::Request, levels, resource),
        bound: filter.side().to_owned(),
        kind: filter.kind(),
        enum_values: words_of(&filter.shape),
        field: filter.field,
        expression: won.and_then(|(_, said)| said.expression.clone()),
        level: won.map(|(level, _)| level.to_string()),
        version: won.map(|(_, said)| said.version.clone()),
        name: filter.name,
    }
}

fn rows(
    definition: &Definition,
    mapping: &Mapping,
    levels: &Levels,
) -> Result<Vec<FilterRow>, Fault> {
    let Some(model) = definition.models.get(&mapping.model) else {
        return Ok(Vec::new());
    };
    let effective = levels.merged(definition, mapping)?;
    let request = RequestSide::of(definition, mapping, levels);
    Ok(filters(model, &effective)
        .into_iter()
        .map(|filter| row(filter, &request, levels, &mapping.resource))
        .collect())
}

impl Console {
    /// Every filter a model has for an account, with what each level says of it: also those that no level asks the
    /// provider by.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`.
    pub async fn filter_table(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<Vec<FilterRow>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let levels = self.levels(&account, &mapping.model).await?;
        rows(&definition, mapping, &levels)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crosswalk_connector::{FieldType, ScalarType, SharedTypes};
    use crosswalk_mapping::{Override, Overrides};
    use indexmap::IndexMap;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_model_has_the_filters_of_its_fields_and_of_the_customers() {
        let model: Model = serde_json::from_value(json!({
            "format": 1, "model": "m/x", "label": "X", "description": "x", "fields": {
                "id": {"type": "id"}, "tags": {"type": {"list": "string"}}, "updated_at": {"type": "timestamp"},
                "status": {"type": {"enum": ["open", "paid"]}}
            }
        }))
        .unwrap();
        let mapping = Mapping {
            format: 1,
            model: model.model.clone(),
            resource: "xs".to_owned(),
            notes: None,
            fields: IndexMap::new(),
            query: IndexMap::new(),
        };
        let shared = SharedTypes {
            format: 1,
            types: IndexMap::new(),
        };
        let said = |field_type: Option<FieldType>| Override {
            field_type,
            ..Override::new(Some("a".to_owned()), "1")
        };
        let text = FieldType::Scalar(ScalarType::String);
        let lists: FieldType = serde_json::from_value(json!({ "list": "string" })).unwrap();
        let account: Overrides = [
            ("custom_fields.lane".to_owned(), said(None)),
            ("lanes".to_owned(), said(Some(lists))),
            ("owner".to_owned(), said(Some(text))),
            ("unheard_of".to_owned(), said(None)),
        ]
        .into_iter()
        .collect();
        let none = Overrides::new();
        let effective =
            EffectiveMapping::merge(&model, &shared, &mapping, "1.0.0", &none, &account).unwrap();
        let found: Vec<(String, &str, String)> = filters(&model, &effective)
            .into_iter()
            .map(|filter| (filter.name.clone(), filter.side(), filter.kind()))
            .collect();
        let found: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|(name, side, kind)| (name.as_str(), *side, kind.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("id", "is", "id"),
                ("updated_at", "is", "instant"),
                ("updated_after", "after", "instant"),
                ("updated_before", "before", "instant"),
                ("status", "is", "one of a few texts"),
                ("custom_fields.lane", "is", "value"),
                ("owner", "is", "text"),
            ]
        );
    }
}
