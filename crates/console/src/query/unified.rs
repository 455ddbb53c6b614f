//! Asking a provider in unified terms: each filter's expression gives the provider's own conditions, so that it sends
//! what is asked for and nothing else.

use std::sync::Arc;

use crosswalk_client::{CallBuffer, CallContext, ListRequest};
use crosswalk_connector::Definition;
use crosswalk_mapping::{RawRecord, Status};
use crosswalk_workspace::account::Account;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use crate::mapping::levels::Levels;
use crate::query::native_condition::{conditions, together, written};
use crate::query::provider::{checked, stopped};
use crate::query::request_side::{InForce, as_mapping, place};
use crate::query::unified_filter::Wanted;
use crate::records::{Masking, Outgoing, Sensitive};
use crate::views::{FilterValue, ProviderFilter, UnifiedAnswer};
use crate::{Console, Fault, counted};

/// Pages read for one query at most; more than that is a sync.
const MOST_PAGES: usize = 20;

/// A list of a model, asked for by its filters.
#[derive(Clone, Debug)]
pub struct UnifiedQuery {
    pub account: String,
    pub model: String,
    /// `None` where the model comes from one resource.
    pub resource: Option<String>,
    pub filters: Vec<FilterValue>,
    /// Conditions in the provider's own terms, besides.
    pub native: Vec<ProviderFilter>,
    /// The most records.
    pub limit: u32,
}

fn unreadable(why: &str) -> Fault {
    Fault::failed(
        "filter_failed",
        format!("The filters could not be translated: {why}."),
        "Please report this.",
    )
}

fn untranslated(filter: &str, wanted: &Wanted, label: &str) -> Fault {
    let value = match &wanted.value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Fault::invalid(
        "filter_untranslated",
        format!("{label} has no condition for {filter}={value}."),
        format!("Ask for something else, or say how: xwalk map set --request MODEL {filter} EXPR."),
    )
}

impl Console {
    /// Asks the provider for the records of a model that match, and for nothing else. What comes is stored as a test's
    /// records are; what does not match although it was asked for is left out of the answer and counted.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`; `filter_unknown`, `invalid_filter`, `filter_untranslated`,
    /// `filters_collide`, `unknown_operator` before anything is sent; `run_in_progress`, and what keeps the provider
    /// from answering.
    pub async fn query_unified(
        &self,
        query: UnifiedQuery,
        interrupted: &CancellationToken,
    ) -> Result<UnifiedAnswer, Fault> {
        self.ask_unified(query, None, interrupted).await
    }

    /// The same for somebody outside the program: sensitive values are replaced, or the audit says that they are not
    /// before the records are handed out.
    ///
    /// # Errors
    /// As [`Console::query_unified`].
    pub async fn query_unified_to_print(
        &self,
        query: UnifiedQuery,
        sensitive: Sensitive,
        interrupted: &CancellationToken,
    ) -> Result<UnifiedAnswer, Fault> {
        let account = self.find_account(&query.account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, &query.model, query.resource.as_deref())?;
        let resource = &mapping.resource;
        let detail = json!({ "resource": resource, "record": null, "limit": query.limit, "printed": "unified" });
        match self.outgoing(&definition, resource, sensitive).await? {
            Outgoing::Harmless => self.ask_unified(query, None, interrupted).await,
            Outgoing::Masked(masking) => self.ask_unified(query, Some(&masking), interrupted).await,
            Outgoing::Revealed => {
                let answer = self.ask_unified(query, None, interrupted).await?;
                self.note_reveal(&account, detail).await?;
                Ok(answer)
            }
        }
    }

    async fn ask_unified(
        &self,
        query: UnifiedQuery,
        masking: Option<&Masking>,
        interrupted: &CancellationToken,
    ) -> Result<UnifiedAnswer, Fault> {
        let account = self.find_account(&query.account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, &query.model, query.resource.as_deref())?;
        let (filters, levels) = self
            .filters_in_force(&account, &definition, mapping)
            .await?;
        let mut asked: Vec<(&InForce, Wanted)> = Vec::new();
        for given in &query.filters {
            let one = filters
                .iter()
                .find(|one| one.filter.name == given.name)
                .ok_or_else(|| no_filter(&query.model, &given.name, &filters))?;
            if asked
                .iter()
                .any(|(other, _)| other.filter.name == given.name)
            {
                return Err(Fault::invalid(
                    "invalid_filter",
                    format!("{} is given twice.", given.name),
                    "A filter has one value.",
                ));
            }
            asked.push((one, one.filter.read(&given.value)?));
        }
        let conditions = self
            .conditions_for(&asked, query.native, &levels, &definition)
            .await?;
        let effective = Arc::new(levels.merged(&definition, mapping)?);
        let ids = self
            .fetch(
                &account,
                &mapping.resource,
                &conditions,
                query.limit,
                interrupted,
            )
            .await?;
        let mut answer = UnifiedAnswer {
            model: mapping.model.clone(),
            resource: mapping.resource.clone(),
            asked: conditions
                .iter()
                .map(|condition| written(&definition, condition))
                .collect(),
            conditions,
            ids: Vec::new(),
            left_out: 0,
            more: ids.more,
            unified: Vec::new(),
        };
        let mut records = Vec::with_capacity(ids.found.len());
        for id in &ids.found {
            // As it is stored: without what must never be kept.
            records.push(self.stored_record(&account, &mapping.resource, id).await?);
        }
        for mut result in self.pool()?.evaluate(records, &effective).await? {
            let unified: Option<Map<String, Value>> = result
                .unified
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(|error| unreadable(&error.to_string()))?;
            let matches = unified.is_some_and(|unified| {
                asked
                    .iter()
                    .all(|(one, wanted)| one.filter.holds(wanted, &unified) != Some(false))
            });
            if !matches {
                answer.left_out += 1;
                continue;
            }
            // What was asked for is told by the values themselves, also where they are masked.
            if let Some(masking) = masking {
                masking.result(&mut result, &effective)?;
            }
            answer.ids.push(result.key);
            answer.unified.extend(result.unified);
        }
        Ok(answer)
    }

    /// The conditions that go to the provider for what is asked, besides `native`; sends nothing.
    ///
    /// # Errors
    /// `filter_untranslated`, `filters_collide`, `unknown_operator`, and what an expression fails with.
    pub(crate) async fn conditions_for(
        &self,
        asked: &[(&InForce, Wanted)],
        native: Vec<ProviderFilter>,
        levels: &Levels,
        definition: &Definition,
    ) -> Result<Vec<ProviderFilter>, Fault> {
        let translated = self.translate(asked, levels, definition).await?;
        let native = native.into_iter();
        let native = native.map(|condition| (condition.field.clone(), condition));
        let conditions = together(translated.into_iter().chain(native))?;
        // Whether the provider knows every operator, before anything is sent.
        checked(definition, conditions.clone())?;
        Ok(conditions)
    }

    /// The provider's conditions for what is asked, each with its filter.
    async fn translate(
        &self,
        asked: &[(&InForce, Wanted)],
        levels: &Levels,
        definition: &Definition,
    ) -> Result<Vec<(String, ProviderFilter)>, Fault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let given: Map<String, Value> = asked
            .iter()
            .map(|(one, wanted)| (one.filter.name.clone(), wanted.value.clone()))
            .collect();
        let record = RawRecord {
            key: "query".to_owned(),
            raw: Value::Object(given).to_string().into_bytes(),
            selection: None,
        };
        let mapping = Arc::new(as_mapping(asked.iter().map(|(one, _)| *one), levels)?);
        let results = self.pool()?.evaluate(vec![record], &mapping).await?;
        let result = results.into_iter().next();
        let result = result.ok_or_else(|| unreadable("a worker gave no answer"))?;
        let values: Map<String, Value> = result
            .unified
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let mut all = Vec::new();
        for (index, (one, wanted)) in asked.iter().enumerate() {
            let name = &one.filter.name;
            let field = result.fields.get(index);
            if let Some(failed) = field.filter(|field| field.status == Status::Error) {
                return Err(Fault::invalid(
                    failed.code.as_deref().unwrap_or("expression_failed"),
                    format!(
                        "The expression of the filter {name} fails: {}.",
                        failed.message.as_deref().unwrap_or("it gives an error")
                    ),
                    format!("Correct it: xwalk map set --request MODEL {name} EXPR."),
                ));
            }
            let none = || untranslated(name, wanted, &definition.connector.label);
            let value = values.get(&place(index));
            let value = value.filter(|value| !value.is_null()).ok_or_else(none)?;
            let found = conditions(name, value)?;
            if found.is_empty() {
                return Err(none());
            }
            all.extend(found.into_iter().map(|condition| (name.clone(), condition)));
        }
        Ok(all)
    }

    /// Reads and stores pages until there are enough records.
    async fn fetch(
        &self,
        account: &Account,
        resource: &str,
        conditions: &[ProviderFilter],
        limit: u32,
        interrupted: &CancellationToken,
    ) -> Result<Fetched, Fault> {
        let (client, definition) = self.client(account, None).await?;
        let mut request = ListRequest {
            filters: checked(&definition, conditions.to_vec())?,
            limit: Some(limit.max(1)),
            ..ListRequest::default()
        };
        let mut fetched = Fetched::default();
        let enough = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        for _ in 0..MOST_PAGES {
            let calls = CallBuffer::new();
            let context = CallContext::new(calls.clone());
            let answer = tokio::select! {
                answer = client.list_page(resource, &request, &context) => answer.map_err(Fault::from),
                () = interrupted.cancelled() => Err(stopped()),
            };
            let page = self.answered(account, &calls, answer).await?;
            let next = page.next.clone();
            for record in &page.records {
                if fetched.found.len() < enough && !fetched.found.contains(&record.id) {
                    fetched.found.push(record.id.clone());
                }
            }
            let line = format!(
                "A unified query with {}, beside every sync: {}.",
                counted(conditions.len(), "condition", "conditions"),
                counted(page.records.len(), "record", "records")
            );
            self.keep(
                account.clone(),
                Arc::clone(&definition),
                resource,
                line,
                page,
                &calls,
            )
            .await?;
            fetched.more = next.is_some();
            match next {
                Some(next) if fetched.found.len() < enough => request.cursor = Some(next),
                _ => break,
            }
        }
        Ok(fetched)
    }
}

/// What pages brought.
#[derive(Default)]
struct Fetched {
    found: Vec<String>,
    more: bool,
}

fn no_filter(model: &str, name: &str, filters: &[InForce]) -> Fault {
    let known: Vec<&str> = filters.iter().map(|one| one.filter.name.as_str()).collect();
    Fault::invalid(
        "filter_unknown",
        format!("{model} cannot be asked by {name} here."),
        if known.is_empty() {
            format!("Say how: xwalk map set --request {model} {name} EXPR.")
        } else {
            format!("It can be asked by: {}.", known.join(", "))
        },
    )
}
