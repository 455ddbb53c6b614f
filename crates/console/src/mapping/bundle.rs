//! Bundles: the overrides and tables of one level as a YAML file that reads well in a repository, and back.

use std::collections::BTreeMap;

use crosswalk_connector::{Definition, ModelFilter};
use crosswalk_workspace::mapping_override::{self, Action, Side, Target, Version};
use crosswalk_workspace::table;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy};

use crate::mapping::levels::Holder;
use crate::mapping::views::{ChangeReport, Unfit};
use crate::overrides::apply::Wanted;
use crate::overrides::check_known;
use crate::overrides::decide::{Said, draft_version};
use crate::text::export_file::ExportedText;
use crate::{Console, Fault, counted};

/// A bundle's file. Keys stand in a fixed order, so that two exports of the same state are the same text.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundle {
    /// The version of this format; 1.
    format: u32,
    /// The connector it was written for.
    connector: String,
    connector_version: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    models: BTreeMap<String, BTreeMap<String, Entry>>,
    /// The request side: what filters ask the provider for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    filters: BTreeMap<String, BTreeMap<String, Entry>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tables: BTreeMap<String, BTreeMap<String, String>>,
}

/// One override. The key is the field, with `@resource` behind it where it holds for one resource alone.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Null takes the field away.
    expression: Option<String>,
    /// For a field that was added to the model.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    field_type: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// What to do with a bundle.
#[derive(Clone, Debug)]
pub struct ImportInput {
    /// `environment` or `account`.
    pub level: String,
    pub scope: String,
    /// The bundle's text.
    pub text: String,
    pub dry_run: bool,
    /// Bring in what fits although something does not.
    pub partial: bool,
    pub note: Option<String>,
}

/// The parser's own budget holds (250,000 nodes, 64 deep, aliases bounded). An error quotes nothing of the file: its
/// tables may hold values of records.
fn reading() -> serde_saphyr::Options {
    serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
    }
}

fn key_of(target: &Target) -> String {
    match &target.resource {
        Some(resource) => format!("{}@{resource}", target.field),
        None => target.field.clone(),
    }
}

fn target_of(side: Side, model: &str, key: &str) -> Target {
    let (field, resource) = match key.split_once('@') {
        Some((field, resource)) => (field, Some(resource.to_owned())),
        None => (key, None),
    };
    Target {
        side,
        model: model.to_owned(),
        resource,
        field: field.to_owned(),
    }
}

fn not_a_bundle(why: impl std::fmt::Display) -> Fault {
    Fault::invalid(
        "not_a_bundle",
        format!("The file is no bundle of overrides: {why}."),
        "`xwalk map export` writes one; look at it beside yours.",
    )
}

fn entry(version: &Version) -> Option<Entry> {
    let expression = match &version.action {
        Action::Set(expression) => Some(expression.clone()),
        Action::Remove => None,
        Action::Inherit => return None,
    };
    Some(Entry {
        expression,
        field_type: version
            .added_type
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok()),
        note: version.note.clone(),
    })
}

/// Why an override does not fit a connector; none if it does.
pub(crate) fn misfit(definition: &Definition, version: &Version) -> Option<String> {
    let target = &version.target;
    if definition.mappings_to(&target.model).next().is_none() {
        return Some("the connector maps nothing to this model".to_owned());
    }
    if let Some(resource) = target.resource.as_deref()
        && !definition
            .mappings_to(&target.model)
            .any(|mapping| mapping.resource == resource)
    {
        return Some(format!("{resource} is not mapped to this model"));
    }
    if let Action::Set(expression) = &version.action
        && let Err(error) = crosswalk_mapping::Lineage::of(expression)
    {
        return Some(format!("the expression does not compile: {error}"));
    }
    let mapping = definition.mappings_to(&target.model).find(|mapping| {
        let of = target.resource.as_deref();
        of.is_none_or(|of| of == mapping.resource)
    })?;
    if target.side == Side::Request {
        let model = definition.models.get(&target.model)?;
        // A custom field, or one the user added, is known where it is mapped: what is no filter there is passed over.
        let own = target.field.starts_with("custom_fields.");
        let known = own || ModelFilter::of(model, &target.field).is_some();
        return (!known).then(|| format!("{} is no filter of the model", target.field));
    }
    let levels = crate::mapping::levels::Levels::default().with(version.clone());
    match levels.merged(definition, mapping) {
        Err(fault) => Some(fault.message),
        Ok(merged) => check_known(&merged, &target.field)
            .err()
            .map(|fault| fault.message),
    }
}

impl Console {
    /// The overrides and tables of one level as YAML, and the audit's head beside it.
    ///
    /// # Errors
    /// `not_found`, `no_accounts`, and what keeps the vault from opening where an account has tables.
    pub async fn export_bundle(
        &self,
        level: &str,
        scope: &str,
        model: Option<&str>,
    ) -> Result<ExportedText, Fault> {
        let holder = self.holder(level, scope).await?;
        let of = holder.scope;
        let (versions, tables) = self
            .workspace()
            .read(move |tx| Ok((mapping_override::of_scope(tx, of)?, table::list(tx, of)?)))
            .await?;
        let definition = self.definition_of(&holder)?;
        let mut bundle = Bundle {
            format: 1,
            connector: definition.connector.name.clone(),
            connector_version: definition.connector.version.to_string(),
            models: BTreeMap::new(),
            filters: BTreeMap::new(),
            tables: BTreeMap::new(),
        };
        for version in &versions {
            let wanted = model.is_none_or(|model| model == version.target.model);
            if let (true, Some(entry)) = (wanted, entry(version)) {
                let side = match version.target.side {
                    Side::Response => &mut bundle.models,
                    Side::Request => &mut bundle.filters,
                };
                let fields = side.entry(version.target.model.clone()).or_default();
                fields.insert(key_of(&version.target), entry);
            }
        }
        if model.is_none() {
            for version in tables {
                let account = holder.accounts.first();
                let entries = self
                    .table_entries(of, account, &version.name, version.version)
                    .await?;
                bundle.tables.insert(version.name, (*entries).clone());
            }
        }
        let text = serde_saphyr::to_string(&bundle).map_err(|error| {
            Fault::failed(
                "bundle_not_written",
                format!("The bundle could not be written: {error}."),
                "Please report this.",
            )
        })?;
        let detail = json!({ "form": "bundle", "level": holder.level(), "scope": holder.slug, "model": model });
        self.hand_out(text, "mapping:exported", holder.subject(), detail)
            .await
    }

    /// Brings a bundle in: a version for each override and table it changes, or with a dry run only what would change,
    /// for which accounts and how many of their records.
    ///
    /// # Errors
    /// `not_a_bundle`, `not_found`, `bundle_does_not_fit` unless `partial`.
    pub async fn import_bundle(&self, input: ImportInput) -> Result<ChangeReport, Fault> {
        let holder = self.holder(&input.level, &input.scope).await?;
        let bundle: Bundle =
            serde_saphyr::from_str_with_options(&input.text, reading()).map_err(not_a_bundle)?;
        if bundle.format != 1 {
            return Err(not_a_bundle(format!(
                "its format is {}, and this version reads 1",
                bundle.format
            )));
        }
        let definition = self.definition_of(&holder)?;
        let mut wanted = Wanted::default();
        let mut unfit = Vec::new();
        if bundle.connector != definition.connector.name {
            unfit.push(Unfit {
                model: "*".to_owned(),
                field: "*".to_owned(),
                reason: format!(
                    "it was written for {}, and this is {}",
                    bundle.connector, definition.connector.name
                ),
            });
        }
        let fields = bundle.models.into_iter().map(|one| (Side::Response, one));
        let filters = bundle.filters.into_iter().map(|one| (Side::Request, one));
        for (side, (model, entries)) in fields.chain(filters) {
            for (key, entry) in entries {
                let target = target_of(side, &model, &key);
                let said = Said {
                    action: entry.expression.map_or(Action::Remove, Action::Set),
                    added_type: entry.field_type.map(|value| value.to_string()),
                    restored: None,
                };
                let version = Version {
                    note: entry.note.or_else(|| input.note.clone()),
                    ..draft_version(holder.scope, &target, &said)
                };
                match misfit(&definition, &version) {
                    Some(reason) => unfit.push(Unfit {
                        model: model.clone(),
                        field: key,
                        reason,
                    }),
                    None => wanted.versions.push(version),
                }
            }
        }
        for (name, entries) in bundle.tables {
            wanted.tables.push((holder.clone(), name, entries));
        }
        if !unfit.is_empty() && !input.dry_run && !input.partial {
            let first: Vec<String> = unfit
                .iter()
                .take(5)
                .map(|one| format!("{} {}: {}", one.model, one.field, one.reason))
                .collect();
            return Err(Fault::invalid(
                "bundle_does_not_fit",
                format!(
                    "{}: {}.",
                    counted(unfit.len(), "entry does not fit", "entries do not fit"),
                    first.join("; ")
                ),
                "Look at all of it with --dry-run; --partial brings in what fits.",
            ));
        }
        let mut report = self
            .apply(vec![holder], wanted, input.dry_run, input.note.as_deref())
            .await?;
        report.unfit = unfit;
        report.written_for = Some(format!("{} {}", bundle.connector, bundle.connector_version));
        report.present = Some(format!(
            "{} {}",
            definition.connector.name, definition.connector.version
        ));
        Ok(report)
    }

    /// The definition a holder's overrides are for: its accounts' first.
    pub(crate) fn definition_of(
        &self,
        holder: &Holder,
    ) -> Result<std::sync::Arc<Definition>, Fault> {
        let account = holder.accounts.first().ok_or_else(|| {
            Fault::invalid(
                "no_accounts",
                format!("No account is in the environment {}.", holder.slug),
                "Add one with --environment first.",
            )
        })?;
        self.definition(&account.connector)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_bundle_comes_back_as_it_was() {
        let text = "format: 1\nconnector: standin\nconnector_version: 1.0.0\nmodels:\n  m/x:\n    f@xs:\n      expression: |-\n        a\n        & b\n      note: 'why: so'\n    g:\n      expression: null\nfilters:\n  m/x:\n    status:\n      expression: '{}'\ntables:\n  t:\n    '007': x\n    'null': y\n";
        let bundle: Bundle = serde_saphyr::from_str(text).unwrap();
        assert_eq!(
            bundle.models["m/x"]["f@xs"].expression.as_deref(),
            Some("a\n& b")
        );
        assert_eq!(
            target_of(Side::Response, "m/x", "f@xs").resource.as_deref(),
            Some("xs")
        );
        let written = serde_saphyr::to_string(&bundle).unwrap();
        let again: Bundle = serde_saphyr::from_str(&written).unwrap();
        assert_eq!(
            serde_json::to_value(&again).unwrap(),
            serde_json::to_value(&bundle).unwrap(),
            "{written}"
        );
        assert!(
            serde_saphyr::from_str::<Bundle>(
                "format: 1\nconnector: x\nconnector_version: 1\nfeilds: {}\n"
            )
            .is_err()
        );
    }
}
