//! The client as a source of pages.

use std::sync::Arc;

use crosswalk_client::{
    AccountClient, CallBuffer, CallContext, ClientError, KeyRange, ListRequest, Page, Selection,
};

use crate::plan::Filter;
use crate::source::{Part, Source, Wanted};

/// One resource of one account, over HTTP.
#[derive(Debug, Clone)]
pub struct ClientSource {
    client: AccountClient,
    resource: String,
    custom_fields: bool,
}

/// Without a limit the provider answers as fast as both machines can: more pages on their way only fill memory.
const WORKERS_WITHOUT_LIMIT: usize = 8;

impl ClientSource {
    /// Pages of `resource`.
    pub fn new(client: AccountClient, resource: &str) -> Self {
        let definition = client
            .profile()
            .definition
            .connector
            .resources
            .get(resource);
        let custom_fields = definition.is_some_and(|resource| resource.custom_fields.is_some());
        Self {
            client,
            resource: resource.to_owned(),
            custom_fields,
        }
    }

    fn request(&self, wanted: &Wanted) -> ListRequest {
        let selection = wanted.asked.paths.as_ref().map(|paths| Selection {
            paths: paths.clone(),
            custom_fields: self.custom_fields,
        });
        let mut request = ListRequest {
            limit: wanted.limit,
            selection,
            ..ListRequest::default()
        };
        match wanted.filter {
            Filter::All => {}
            Filter::ChangedSince(since) => request.since = Some(since),
            Filter::Unexported => request.unexported = true,
        }
        match &wanted.part {
            Part::Range { span, skip } => {
                request.range = Some(KeyRange {
                    after: span.lower().map(|id| id.to_string()),
                    up_to: span.upper().map(|id| id.to_string()),
                    skip: *skip as u64,
                });
            }
            Part::Newest(cursor) => {
                request.newest_first = true;
                request.cursor.clone_from(cursor);
            }
            Part::Like(value) => request.sample = Some(value.clone()),
            Part::List(cursor) => request.cursor.clone_from(cursor),
        }
        request
    }
}

impl Source for ClientSource {
    async fn prepare(&self, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.client
            .tokens()
            .current(&CallContext::new(calls))
            .await
            .map(drop)
    }

    async fn page(&self, wanted: Wanted, calls: Arc<CallBuffer>) -> Result<Page, ClientError> {
        let request = self.request(&wanted);
        self.client
            .list_page(&self.resource, &request, &CallContext::new(calls))
            .await
    }

    async fn mark_exported(&self, id: &str, calls: Arc<CallBuffer>) -> Result<(), ClientError> {
        self.client
            .mark_exported(&self.resource, id, &CallContext::new(calls))
            .await
    }

    /// What keeps the rate busy at the latency measured, and a fifth more; the burst is used up by and by, since opening many lanes at once costs
    /// half-filled pages later.
    fn workers(&self) -> usize {
        let useful = self.client.useful_workers();
        match self.client.budget() {
            Some(budget) if budget.rate.is_some() => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a burst is a small count"
                )]
                let burst = budget.burst.unwrap_or(0.0).max(0.0) as usize;
                let busy = useful.saturating_sub(burst).max(1);
                busy + busy / 5 + 1
            }
            Some(_) => useful.min(WORKERS_WITHOUT_LIMIT),
            None => useful.max(2),
        }
    }
}
