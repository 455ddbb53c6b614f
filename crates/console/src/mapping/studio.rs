//! What an editor of mappings shows: a model's fields with their levels, how they come out, a draft on one record.

use std::time::Instant;

use crosswalk_mapping::{Comparison, Lineage, RawRecord, Shape, line_column, spelled};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::mapping_override::Side;
use serde_json::Value;

use crate::mapping::impact::reads_masked;
use crate::mapping::level_entries::level_entries;
use crate::mapping::preview::scope_at;
use crate::mapping::views::{DraftResult, MappingRow, MappingTable, Place, count};
use crate::overrides::decide::{decide, draft_version};
use crate::overrides::{OverrideChange, OverrideTarget, check_known};
use crate::{Console, Fault};

/// A draft to be tried on one record.
#[derive(Clone, Debug)]
pub struct DraftInput {
    pub account: String,
    pub model: String,
    pub resource: Option<String>,
    pub field: String,
    pub expression: String,
    /// `environment` or `account`.
    pub level: String,
    pub field_type: Option<String>,
    /// A stored record's native id; without it the sample, else the first stored record.
    pub record: Option<String>,
    /// A record as JSON text.
    pub sample: Option<String>,
}

pub(crate) fn place(expression: &str, position: usize) -> Place {
    let (line, column) = line_column(expression, position);
    Place {
        line: count(line),
        column: count(column),
    }
}

pub(crate) fn words_of(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Enum(words) => words.clone(),
        Shape::List(items) => words_of(items),
        _ => Vec::new(),
    }
}

impl Console {
    /// A model's fields with everything there is to say of them but what records tell.
    ///
    /// # Errors
    /// `not_found`, `no_model`. Where a model comes from several resources and none is named, the first is shown.
    pub async fn mapping_table(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<MappingTable, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let resources: Vec<String> = definition
            .mappings_to(model)
            .map(|mapping| mapping.resource.clone())
            .collect();
        let chosen = resource.or(resources.first().map(String::as_str));
        let mapping = Self::choose_mapping(&definition, model, chosen)?;
        let levels = self.levels(&account, model).await?;
        let effective = levels.merged(&definition, mapping)?;
        let described = definition.models.get(model);
        let rows = effective.fields.iter().map(|field| {
            let said = field.levels.iter().map(|(level, said)| (*level, said));
            let entries = level_entries(
                said,
                &field.name,
                Side::Response,
                &levels,
                &mapping.resource,
            );
            let last = entries.last();
            let of_model = described.and_then(|model| model.fields.get(&field.name));
            MappingRow {
                field: field.name.clone(),
                label: of_model
                    .and_then(|field| field.label.clone())
                    .unwrap_or_else(|| field.name.replace('_', " ")),
                kind: field.shape.name(),
                enum_values: words_of(&field.shape),
                required: field.required,
                custom: field.name.contains('.'),
                added: field.added,
                added_type: field
                    .levels
                    .iter()
                    .rev()
                    .find_map(|(_, entry)| entry.field_type.as_ref())
                    .and_then(|kind| serde_json::to_string(kind).ok()),
                expression: field.expression.clone(),
                level: field.level.map(|level| level.to_string()),
                version: field.version.clone(),
                changed_at: last.and_then(|entry| entry.at),
                changed_by: last.and_then(|entry| entry.actor.clone()),
                levels: entries,
                reads: if field.lineage.is_whole_record() {
                    vec!["*".to_owned()]
                } else {
                    let none = Value::Null;
                    field
                        .lineage
                        .paths()
                        .map(|keys| spelled(keys, &none))
                        .collect()
                },
                problem: field.problem.as_ref().map(ToString::to_string),
            }
        });
        Ok(MappingTable {
            model: model.to_owned(),
            label: described.map_or_else(|| model.to_owned(), |model| model.label.clone()),
            resource: mapping.resource.clone(),
            resources,
            fields: rows.collect(),
        })
    }

    /// The record a draft is tried on.
    async fn draft_record(
        &self,
        account: &Account,
        resource: &str,
        input: &DraftInput,
    ) -> Result<RawRecord, Fault> {
        match (&input.record, &input.sample) {
            (Some(id), _) => self.stored_record(account, resource, id).await,
            (None, Some(sample)) => Ok(RawRecord {
                key: "sample".to_owned(),
                raw: sample.clone().into_bytes(),
                selection: None,
            }),
            (None, None) => {
                let mut records = self.stored_records(account, resource).await?;
                let batch = records.next().await?.unwrap_or_default();
                batch.into_iter().next().ok_or_else(|| {
                    Fault::invalid(
                        "no_samples",
                        format!("No record of {resource} is stored."),
                        "Run a test sync, or paste a sample.",
                    )
                })
            }
        }
    }

    /// Tries a draft on one record, beside what is in force. An expression that does not compile is an answer too.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `field_unknown`, `input_not_json` for the sample, and what keeps the vault
    /// from opening.
    pub async fn evaluate_draft(&self, input: DraftInput) -> Result<DraftResult, Fault> {
        let begun = Instant::now();
        let account = self.find_account(&input.account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, &input.model, input.resource.as_deref())?;
        let (scope, slug) = scope_at(&account, &input.level)?;
        let elapsed = || count(begun.elapsed().as_millis());
        if let (true, Err(error)) = (
            input.expression.trim() != "null",
            Lineage::of(&input.expression),
        ) {
            return Ok(not_compiled(&input.expression, &error, elapsed()));
        }
        let record = self
            .draft_record(&account, &mapping.resource, &input)
            .await?;
        let target = OverrideTarget {
            level: input.level.clone(),
            scope: slug,
            model: input.model,
            resource: Some(mapping.resource.clone()),
            field: input.field,
            request: false,
        }
        .target();
        let change = OverrideChange::Set {
            expression: input.expression,
            field_type: input.field_type,
        };
        let said = decide(&change, &[], &target.field)?;
        let levels = self.levels(&account, &target.model).await?;
        let before = levels.merged(&definition, mapping)?;
        let after = levels
            .with(draft_version(scope, &target, &said))
            .merged(&definition, mapping)?;
        check_known(&after, &target.field)?;
        let raw: Value = serde_json::from_slice(&record.raw).map_err(|error| {
            Fault::invalid(
                "input_not_json",
                format!("The sample is not JSON: {error}."),
                "Paste one JSON object.",
            )
        })?;
        let comparison = Comparison::of_field(&before, &after, &target.field);
        let pool = self.pool()?;
        let compared = comparison.evaluate(pool, vec![record]).await?;
        let one = compared
            .into_iter()
            .next()
            .and_then(|(_, fields)| fields.into_iter().next())
            .ok_or_else(|| {
                Fault::failed(
                    "record_unreadable",
                    "This record cannot be mapped at all.",
                    "Look at it with `xwalk records`.",
                )
            })?;
        let drafted = after.field(&target.field);
        let resource = definition.connector.resources.get(&mapping.resource);
        let masked = resource.is_some_and(|resource| {
            reads_masked(resource, &after, &target.field)
                || reads_masked(resource, &before, &target.field)
        });
        Ok(DraftResult {
            changed: one.changed,
            status: one.after.status.as_str().to_owned(),
            message: if masked { None } else { one.after.message },
            value: one.value_after,
            position: None,
            reads: drafted.map_or_else(Vec::new, |field| after.reads(field, &raw)),
            before: one.value_before,
            before_status: one.before.status.as_str().to_owned(),
            wins: drafted.is_some_and(|field| {
                field.version.as_deref() == Some("0")
                    && field
                        .level
                        .is_some_and(|level| level.as_str() == input.level)
            }),
            masked,
            ms: elapsed(),
        }
        .hide_masked())
    }
}

/// A draft that cannot be tried at all.
fn not_compiled(
    expression: &str,
    error: &crosswalk_mapping::ExpressionError,
    ms: u32,
) -> DraftResult {
    let position = error.position();
    DraftResult {
        value: None,
        status: "error".to_owned(),
        message: Some(error.to_string()),
        position: position.map(|position| place(expression, position)),
        reads: Vec::new(),
        before: None,
        before_status: "empty".to_owned(),
        changed: false,
        wins: true,
        masked: false,
        ms,
    }
}

impl DraftResult {
    /// Without its values where they come from what is masked.
    fn hide_masked(mut self) -> Self {
        if self.masked {
            let dots = || Some(Value::from(crate::mapping::impact::MASKED).to_string());
            self.value = self.value.and_then(|_| dots());
            self.before = self.before.and_then(|_| dots());
        }
        self
    }
}
