//! What an editor of expressions offers: what can be typed next, and what to look at.

use crosswalk_connector::{RawPath, RawStep, Resource};
use crosswalk_mapping::{
    EffectiveMapping, FUNCTIONS, Level, RawLeaves, Severity, check_mapping, fix_of,
};
use crosswalk_workspace::mapping_override::{Action, Scope, Side, Target};
use serde::Serialize;
use specta::Type;

use crate::mapping::studio::{place, words_of};
use crate::mapping::views::{Place, count};
use crate::overrides::decide::{Said, draft_version, read_type};
use crate::{Console, Fault};

/// Records looked at for what can be typed next: enough to meet a rare field, few enough to be there at once.
const LOOKED_AT: usize = 512;

/// A raw path that can be typed.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PathHint {
    pub path: String,
    /// How an expression names it.
    pub expression: String,
    /// JSON, cut; null where it is masked.
    pub example: Option<String>,
    pub masked: bool,
    pub custom: bool,
    /// Whether the mapping reads it.
    pub read: bool,
    pub filled: u32,
    pub of: u32,
}

/// A function that can be typed.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FunctionHint {
    pub name: String,
    pub signature: String,
    pub help: String,
    /// Whether it is one of Crosswalk's own.
    pub added: bool,
}

/// The words of a field.
#[derive(Clone, Debug, Serialize, Type)]
pub struct EnumHint {
    pub field: String,
    pub values: Vec<String>,
}

/// What can be typed next.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Completions {
    pub paths: Vec<PathHint>,
    pub functions: Vec<FunctionHint>,
    pub enums: Vec<EnumHint>,
    pub tables: Vec<String>,
}

/// A change that takes a finding away.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LintFix {
    pub title: String,
    pub expression: String,
}

/// What to look at in an expression.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Lint {
    pub code: String,
    /// `error` or `warning`.
    pub severity: String,
    pub message: String,
    pub hint: String,
    pub position: Option<Place>,
    pub fix: Option<LintFix>,
}

/// Keys as an expression names them: between backticks where they are no plain names.
pub(crate) fn expression_of(keys: &[String]) -> String {
    keys.iter()
        .map(|key| {
            let mut letters = key.chars();
            let plain = letters
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !["and", "or", "in", "true", "false", "null", "function"]
                    .contains(&key.as_str());
            if plain {
                key.clone()
            } else {
                format!("`{key}`")
            }
        })
        .collect::<Vec<_>>()
        .join(".")
}

/// The keys of a path, lists left out.
fn keys_of(path: &RawPath) -> Vec<&str> {
    path.steps()
        .iter()
        .filter_map(|step| match step {
            RawStep::Key(key) => Some(key.as_str()),
            RawStep::Each => None,
        })
        .collect()
}

/// Whether a path is one of the customer's own fields.
pub(crate) fn is_custom(resource: Option<&Resource>, keys: &[String]) -> bool {
    let Some((resource, custom)) =
        resource.and_then(|resource| Some((resource, resource.custom_fields.as_ref()?)))
    else {
        return false;
    };
    let below = |path: &RawPath| {
        let container = keys_of(path);
        container.len() < keys.len() && container.iter().zip(keys).all(|(a, b)| a == b)
    };
    let unknown_root = custom.unknown_root_keys
        && keys
            .first()
            .is_some_and(|root| !resource.known_fields.contains(root));
    unknown_root || custom.containers.iter().any(below)
}

/// Whether a path, something on the way to it or something below it is to be masked.
pub(crate) fn is_masked(resource: Option<&Resource>, keys: &[String]) -> bool {
    resource.is_some_and(|resource| {
        resource
            .mask
            .iter()
            .any(|path| keys_of(path).iter().zip(keys).all(|(a, b)| a == b))
    })
}

impl Console {
    /// What can be typed in an expression of a model: raw paths of this account's records, functions, words, tables.
    ///
    /// # Errors
    /// `not_found`, `no_model`, and what keeps the vault from opening.
    pub async fn completions(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<Completions, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let effective = self.effective(&account, &definition, mapping).await?;
        let mut leaves = RawLeaves::default();
        let mut records = self.stored_records(&account, &mapping.resource).await?;
        let mut looked_at = 0;
        while let Some(batch) = records.next().await? {
            for record in batch {
                if let Ok(value) = serde_json::from_slice(&record.raw) {
                    leaves.add(&value);
                }
                looked_at += 1;
            }
            if looked_at >= LOOKED_AT {
                break;
            }
        }
        let known = definition.connector.resources.get(&mapping.resource);
        let read = effective.lineage_by_name();
        let of = count(leaves.records());
        let paths = leaves
            .seen()
            .map(|leaf| {
                let masked = is_masked(known, &leaf.keys);
                let keys: Vec<&str> = leaf.keys.iter().map(String::as_str).collect();
                PathHint {
                    expression: expression_of(&leaf.keys),
                    example: (!masked).then_some(leaf.example),
                    masked,
                    custom: is_custom(known, &leaf.keys),
                    read: read.touches(&keys),
                    filled: count(leaf.filled),
                    of,
                    path: leaf.path,
                }
            })
            .collect();
        let mut tables: Vec<String> = effective.tables.keys().cloned().collect();
        tables.sort();
        Ok(Completions {
            paths,
            functions: FUNCTIONS
                .iter()
                .map(|function| FunctionHint {
                    name: function.name.to_owned(),
                    signature: function.signature.to_owned(),
                    help: function.help.to_owned(),
                    added: crosswalk_mapping::ADDED_FUNCTIONS.contains(&function.name),
                })
                .collect(),
            enums: effective
                .fields
                .iter()
                .map(|field| EnumHint {
                    field: field.name.clone(),
                    values: words_of(&field.shape),
                })
                .filter(|hint| !hint.values.is_empty())
                .collect(),
            tables,
        })
    }

    /// What to look at in an expression for a field, with changes that answer it. `field_type` is what the user makes
    /// of a field that is added to the model.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `invalid_type`.
    pub async fn lint_expression(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
        field: &str,
        expression: &str,
        field_type: Option<&str>,
    ) -> Result<Vec<Lint>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let resources: Vec<&str> = definition
            .mappings_to(model)
            .map(|mapping| mapping.resource.as_str())
            .collect();
        let chosen = resource.or(resources.first().copied());
        let mapping = Self::choose_mapping(&definition, model, chosen)?;
        let drafted: Option<EffectiveMapping> = if let Some(kind) = field_type {
            let said = Said {
                action: Action::Set(expression.to_owned()),
                added_type: Some(read_type(kind)?),
                restored: None,
            };
            let target = Target {
                side: Side::Response,
                model: model.to_owned(),
                resource: Some(mapping.resource.clone()),
                field: field.to_owned(),
            };
            let draft = draft_version(Scope::Account(account.uuid), &target, &said);
            let levels = self.levels(&account, model).await?.with(draft);
            Some(levels.merged(&definition, mapping)?)
        } else {
            let effective = self.effective(&account, &definition, mapping).await?;
            effective.with_draft(field, Some(expression), Level::Account)
        };
        let findings = drafted.map_or_else(Vec::new, |drafted| check_mapping(&drafted));
        Ok(findings
            .into_iter()
            .filter(|finding| finding.field == field)
            .map(|finding| Lint {
                fix: fix_of(finding.code, expression).map(|fix| LintFix {
                    title: fix.title,
                    expression: fix.expression,
                }),
                severity: match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                }
                .to_owned(),
                code: finding.code.to_owned(),
                message: finding.message,
                hint: finding.hint.to_owned(),
                position: finding.position.map(|position| place(expression, position)),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_an_expression_names_them() {
        for (keys, expression) in [
            (&["id"][..], "id"),
            (
                &["custom-fields", "cost-owner"],
                "`custom-fields`.`cost-owner`",
            ),
            (&["lines", "and"], "lines.`and`"),
            (&["1st"], "`1st`"),
        ] {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            assert_eq!(expression_of(&keys), expression);
        }
    }
}
