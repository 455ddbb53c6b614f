//! Checking mappings: without records what cannot be right, over stored records what did not come out.

use std::sync::Arc;

use crosswalk_connector::{Definition, Mapping};
use crosswalk_mapping::{Coverage, EffectiveMapping, RawLeaves, Severity, Status, check_mapping};
use crosswalk_workspace::account::Account;

use crate::mapping::unread::unread_of;
use crate::records::{RecordFormat, RecordQuery};
use crate::views::{self, ErrorView, MapCheck, ModelCheck, Problem, UnreadField};
use crate::{Console, Fault, counted};

/// What a mapping's own text shows, without any record.
pub(crate) fn static_problems(mapping: &EffectiveMapping) -> Vec<Problem> {
    check_mapping(mapping)
        .into_iter()
        .map(|finding| Problem {
            field: finding.field,
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            }
            .to_owned(),
            code: finding.code.to_owned(),
            message: match finding.line_column {
                Some((line, column)) => format!(
                    "{} (line {line}, column {column}); {}",
                    finding.message, finding.hint
                ),
                None => format!("{}; {}", finding.message, finding.hint),
            },
            records: None,
            example: None,
        })
        .collect()
}

/// What did not come out: an error of the expression, a wrong type, a required value missing is an error, an unknown
/// enum value a warning.
fn record_problems(coverage: &Coverage, mapping: &EffectiveMapping) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, counts) in coverage.by_field(mapping) {
        for (status, count) in &counts.statuses {
            let severity = match status {
                Status::Error | Status::WrongType | Status::Missing => "error",
                Status::UnknownValue => "warning",
                Status::Ok | Status::Empty | Status::NotFetched => continue,
            };
            let (example, message) = match &counts.first_fault {
                Some((id, message)) => (Some(id.clone()), message.clone()),
                None => (None, format!("comes out as {}", status.as_str())),
            };
            problems.push(Problem {
                field: name.to_owned(),
                severity: severity.to_owned(),
                code: status.as_str().to_owned(),
                message,
                records: Some(*count),
                example,
            });
        }
    }
    problems
}

impl Console {
    /// Checks the mapping to one model, or all of an account's mappings, against the records stored.
    ///
    /// # Errors
    /// `not_found`, `no_model`, and what keeps the vault from opening.
    pub async fn check_mapping(
        &self,
        account: &str,
        model: Option<&str>,
    ) -> Result<MapCheck, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mappings: Vec<&Mapping> = match model {
            Some(model) => {
                let found: Vec<&Mapping> = definition.mappings_to(model).collect();
                if found.is_empty() {
                    Self::choose_mapping(&definition, model, None)?;
                }
                found
            }
            None => definition.mappings.iter().collect(),
        };
        let mut models = Vec::with_capacity(mappings.len());
        for mapping in mappings {
            models.push(self.check_one(&account, &definition, mapping).await?);
        }
        let wrong = models
            .iter()
            .flat_map(|model| &model.problems)
            .filter(|problem| problem.severity == "error")
            .count();
        let error = (wrong > 0).then(|| ErrorView {
            code: "mapping_invalid".to_owned(),
            message: format!(
                "{}.",
                counted(wrong, "error was found", "errors were found")
            ),
            hint: Some("Each is listed under its field, with a record to look at.".to_owned()),
            at: None,
        });
        Ok(MapCheck {
            ok: error.is_none(),
            models,
            error,
        })
    }

    async fn check_one(
        &self,
        account: &Account,
        definition: &Arc<Definition>,
        mapping: &Mapping,
    ) -> Result<ModelCheck, Fault> {
        let effective = self.effective(account, definition, mapping).await?;
        let mut coverage = Coverage::default();
        let mut leaves = RawLeaves::default();
        let query = RecordQuery {
            account: account.slug.clone(),
            resource: mapping.resource.clone(),
            format: RecordFormat::Unified,
            native_id: None,
            limit: None,
        };
        let mut stream = self.records(query).await?;
        while let Some(batch) = stream.next_evaluated().await? {
            for (raw, whole, result) in &batch {
                coverage.add(result);
                // What was not asked for is not there to be missed.
                if *whole && let Ok(value) = serde_json::from_slice(raw) {
                    leaves.add(&value);
                }
            }
        }
        let pins = self.check_pins_with(account, mapping, &effective).await?;
        let mut problems = static_problems(&effective);
        problems.extend(pins.broken.iter().map(|pin| {
            Problem {
                field: pin.field.clone(),
                severity: "error".to_owned(),
                code: "pin_broken".to_owned(),
                message:
                    "no longer comes out as pinned; correct the mapping, or pin the record again"
                        .to_owned(),
                records: Some(1),
                example: Some(pin.id.clone()),
            }
        }));
        problems.extend(record_problems(&coverage, &effective));
        let resource = definition.connector.resources.get(&mapping.resource);
        let unread: Vec<UnreadField> = unread_of(&leaves, &effective.lineage_by_name(), resource)
            .into_iter()
            .map(|leaf| UnreadField {
                path: leaf.path,
                custom: leaf.custom,
                filled: leaf.filled,
                of: leaf.records,
            })
            .collect();
        Ok(ModelCheck {
            model: effective.model.clone(),
            resource: effective.resource.clone(),
            records: coverage.records(),
            problems,
            pins,
            coverage: coverage
                .by_field(&effective)
                .into_iter()
                .map(|(name, counts)| {
                    let filled = counts.statuses.get(&Status::Ok).copied().unwrap_or(0);
                    (
                        name.to_owned(),
                        views::Coverage {
                            filled,
                            of: counts.records,
                        },
                    )
                })
                .collect(),
            unread_custom_fields: unread
                .iter()
                .filter(|field| field.custom)
                .cloned()
                .collect(),
            unread,
        })
    }
}
