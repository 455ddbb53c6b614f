use crosswalk_connector::ListOperation;
use futures_util::StreamExt;

use super::AccountClient;
use super::exchange::Manner;
use super::page::read_page;
use crate::call::CallContext;
use crate::error::ClientError;
use crate::page::Page;
use crate::request::{self, ListRequest};

/// Reads of single records on their way at once, for lists that hold ids only.
const FAN_OUT: usize = 8;

impl AccountClient {
    /// Reads one page of a list.
    pub async fn list_page(
        &self,
        resource: &str,
        request: &ListRequest,
        context: &CallContext,
    ) -> Result<Page, ClientError> {
        let operation = self.list_of(resource)?;
        let page = self.answered(resource, request, context).await?;
        if operation.ids_only {
            return self.fill(resource, page, context).await;
        }
        Ok(page)
    }

    /// Reads one record to see whether the resource can be read at all.
    pub async fn read_probe(
        &self,
        resource: &str,
        context: &CallContext,
    ) -> Result<Page, ClientError> {
        let request = ListRequest {
            limit: Some(1),
            ..ListRequest::default()
        };
        self.answered(resource, &request, context).await
    }

    fn list_of(&self, resource: &str) -> Result<&ListOperation, ClientError> {
        let operation = self.resource(resource)?.operations.list.as_ref();
        operation.ok_or_else(|| ClientError::NoOperation {
            resource: resource.to_owned(),
            operation: "list",
        })
    }

    /// One page as it is answered: of a list that holds ids only, these.
    async fn answered(
        &self,
        resource: &str,
        request: &ListRequest,
        context: &CallContext,
    ) -> Result<Page, ClientError> {
        let definition = self.resource(resource)?;
        let operation = self.list_of(resource)?;
        let exchange = self
            .exchange(Manner::reading(definition), context, |token| {
                request::list(&self.0.profile, token, definition, operation, request)
            })
            .await?;
        let token = self.0.tokens.peek().await?;
        let secrets = self.0.profile.secrets(token.as_deref());
        read_page(definition, request, exchange, &secrets)
    }

    /// Replaces the ids of a list by whole records. One that has gone in between is left out.
    async fn fill(
        &self,
        resource: &str,
        mut page: Page,
        context: &CallContext,
    ) -> Result<Page, ClientError> {
        let ids: Vec<String> = page
            .records
            .iter()
            .map(|record| record.id.clone())
            .collect();
        let reads = futures_util::stream::iter(ids)
            .map(|id| async move { self.get_one(resource, &id, context).await });
        let mut reads = reads.buffered(FAN_OUT);
        let mut records = Vec::with_capacity(page.records.len());
        while let Some(read) = reads.next().await {
            page.requests += 1;
            match read {
                Ok(record) => {
                    page.bytes += record.raw.len() as u64;
                    records.push(record);
                }
                Err(ClientError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        page.records = records;
        Ok(page)
    }
}
