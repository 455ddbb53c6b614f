use crosswalk_connector::ListOperation;
use futures_util::StreamExt;

use super::AccountClient;
use super::exchange::Manner;
use super::page::read_page;
use crate::call::CallContext;
use crate::error::ClientError;
use crate::page::{Page, RecordError};
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

    /// Replaces the ids of a list by whole records. One that has gone in between is left out; the page still counts it as listed, since a
    /// full page does not get short by it.
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
        let mut gone = Vec::new();
        while let Some(read) = reads.next().await {
            page.requests += 1;
            match read {
                Ok(record) => {
                    page.bytes += record.raw.len() as u64;
                    records.push(record);
                }
                Err(ClientError::NotFound { .. }) => gone.push(records.len() + gone.len()),
                Err(error) => return Err(error),
            }
        }
        page.records = records;
        close_up(&mut page.errors, &gone);
        Ok(page)
    }
}

/// Moves what is no record to its place among the records that are left. `gone`: which of the records, counted without what is none, are not.
fn close_up(errors: &mut [RecordError], gone: &[usize]) {
    for (before, error) in errors.iter_mut().enumerate() {
        let record = error.index.saturating_sub(before);
        error.index -= gone.iter().filter(|gone| **gone < record).count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::RecordProblem;

    #[test]
    fn what_is_no_record_stays_between_its_neighbours() {
        // Errors at these places, these records gone, and where the errors are then.
        let table: [(&[usize], &[usize], &[usize]); 6] = [
            (&[1, 3], &[], &[1, 3]),
            (&[1, 3], &[0], &[0, 2]),
            (&[1, 3], &[1], &[1, 2]),
            (&[1, 3], &[2], &[1, 3]),
            (&[0, 1], &[0, 1], &[0, 1]),
            (&[4], &[0, 1, 2, 3], &[0]),
        ];
        for (at, gone, expected) in table {
            let mut errors: Vec<RecordError> = at
                .iter()
                .map(|index| RecordError {
                    index: *index,
                    problem: RecordProblem::MissingId,
                    excerpt: String::new(),
                })
                .collect();
            close_up(&mut errors, gone);
            let places: Vec<usize> = errors.iter().map(|error| error.index).collect();
            assert_eq!(places, expected, "{at:?} {gone:?}");
        }
    }
}
