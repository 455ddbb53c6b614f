//! Asking the provider itself: its own operators, and one record whole.

use std::sync::Arc;

use crosswalk_client::{CallBuffer, CallContext, Filter, ListRequest, Page};
use crosswalk_connector::Definition;
use crosswalk_sync::Keeping;
use crosswalk_workspace::account::Account;
use tokio_util::sync::CancellationToken;

use crate::mapping::in_force::{mapping_of, require_resource};
use crate::views::{Compared, ProviderAnswer, ProviderFilter};
use crate::{Console, Fault, FaultClass, counted};

/// Whether the provider knows every operator.
///
/// # Errors
/// `unknown_operator`, naming those there are.
pub(crate) fn checked(
    definition: &Definition,
    filters: Vec<ProviderFilter>,
) -> Result<Vec<Filter>, Fault> {
    let operators = &definition.connector.filters.operators;
    for filter in &filters {
        if !operators.contains_key(&filter.operator) {
            let known: Vec<&str> = operators.keys().map(String::as_str).collect();
            return Err(Fault::invalid(
                "unknown_operator",
                format!(
                    "{} has no operator {}.",
                    definition.connector.label, filter.operator
                ),
                if known.is_empty() {
                    "Its lists cannot be filtered.".to_owned()
                } else {
                    format!("It has: {}.", known.join(", "))
                },
            ));
        }
        if filter.field.trim().is_empty() {
            return Err(Fault::invalid(
                "field_missing",
                "A condition names no field.",
                "Choose a field for each condition.",
            ));
        }
    }
    Ok(filters
        .into_iter()
        .map(|filter| Filter {
            field: filter.field,
            operator: filter.operator,
            value: filter.value,
        })
        .collect())
}

pub(crate) fn stopped() -> Fault {
    Fault::new(
        FaultClass::Interrupted,
        "interrupted",
        "The read was stopped.",
        "Ask again when you like.",
    )
}

impl Console {
    /// One page of the provider's own list under its own operators; its records are stored as a test's are.
    ///
    /// # Errors
    /// `not_found`, `unknown_operator`, `run_in_progress`, and what keeps the provider from answering.
    pub async fn query_provider(
        &self,
        account: &str,
        resource: &str,
        filters: Vec<ProviderFilter>,
        interrupted: &CancellationToken,
    ) -> Result<ProviderAnswer, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        let conditions = filters.len();
        let request = ListRequest {
            filters: checked(&definition, filters)?,
            ..ListRequest::default()
        };
        let (client, definition) = self.client(&account, None).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone());
        let answer = tokio::select! {
            answer = client.list_page(resource, &request, &context) => answer.map_err(Fault::from),
            () = interrupted.cancelled() => Err(stopped()),
        };
        let page = self.answered(&account, &calls, answer).await?;
        let ids: Vec<String> = page
            .records
            .iter()
            .map(|record| record.id.clone())
            .collect();
        let line = format!(
            "A query with {}, beside every sync: {}.",
            counted(conditions, "condition", "conditions"),
            counted(ids.len(), "record", "records")
        );
        self.keep(account, definition, resource, line, page, &calls)
            .await?;
        Ok(ProviderAnswer {
            records: ids.len(),
            ids,
        })
    }

    /// Reads one record whole, and shows it as the resource's first model sees it.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `run_in_progress`, and what keeps the provider from answering.
    pub async fn fetch_missing(
        &self,
        account: &str,
        resource: &str,
        id: &str,
        interrupted: &CancellationToken,
    ) -> Result<Compared, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        mapping_of(&definition, resource)?;
        let (client, definition) = self.client(&account, None).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone());
        let answer = tokio::select! {
            answer = client.get_one(resource, id, &context) => answer.map_err(Fault::from),
            () = interrupted.cancelled() => Err(stopped()),
        };
        let record = self.answered(&account, &calls, answer).await?;
        let page = Page {
            bytes: record.raw.len() as u64,
            records: vec![record],
            errors: Vec::new(),
            listed: 1,
            next: None,
            server_date: None,
            requests: 1,
            rate_limited: 0,
        };
        let line = "One record was read whole, beside every sync.".to_owned();
        let kept = Arc::clone(&definition);
        self.keep(account.clone(), kept, resource, line, page, &calls)
            .await?;
        let mapping = mapping_of(&definition, resource)?;
        self.compare(&account, &definition, mapping, id).await
    }

    /// The answer; calls that led to none are audited at once, those that did go with what is stored.
    pub(crate) async fn answered<T>(
        &self,
        account: &Account,
        calls: &CallBuffer,
        answer: Result<T, Fault>,
    ) -> Result<T, Fault> {
        if answer.is_err() {
            self.record_calls(account, calls.take()).await?;
        }
        answer
    }

    pub(crate) async fn keep(
        &self,
        account: Account,
        definition: Arc<Definition>,
        resource: &str,
        line: String,
        page: Page,
        calls: &CallBuffer,
    ) -> Result<(), Fault> {
        let keeping = Keeping {
            workspace: self.workspace().clone(),
            keys: self.entry(&account).await?.keys,
            definition,
            account: account.clone(),
            resource: resource.to_owned(),
            line,
        };
        let made = calls.take();
        let kept = crosswalk_sync::keep(keeping, page, made.clone()).await;
        match kept {
            Ok(_) => Ok(()),
            Err(error) => {
                // What was sent was sent, also where what came cannot be stored.
                self.record_calls(&account, made).await?;
                Err(error.into())
            }
        }
    }
}
