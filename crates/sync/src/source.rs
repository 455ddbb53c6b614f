//! What the engine needs of a provider. The client is one; tests have others.

use std::future::Future;
use std::sync::Arc;

use crosswalk_client::{CallBuffer, ClientError, Cursor, Page};

use crate::fields::Asked;
use crate::plan::Filter;
use crate::span::Span;

/// Which part of a list a page is asked from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The lowest ids of a span, without the first `skip`.
    Range {
        /// The ids.
        span: Span,
        /// Records of the span to leave out.
        skip: usize,
    },
    /// The newest records, from the beginning or from a cursor.
    Newest(Option<Cursor>),
    /// Those with a value of the sampling field.
    Like(String),
    /// The list in its own order, from the beginning or from a cursor.
    List(Option<Cursor>),
}

/// A page to ask for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Of which part.
    pub part: Part,
    /// Which records.
    pub filter: Filter,
    /// What of each.
    pub asked: Arc<Asked>,
    /// At most so many; none takes the connector's page size.
    pub limit: Option<u32>,
}

/// Where pages come from.
pub trait Source: Send + Sync + 'static {
    /// Sees to it that calls can be made: a token is there and has settled.
    fn prepare(
        &self,
        calls: Arc<CallBuffer>,
    ) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// Asks for a page, within the budget and with the client's own tries.
    fn page(
        &self,
        wanted: Wanted,
        calls: Arc<CallBuffer>,
    ) -> impl Future<Output = Result<Page, ClientError>> + Send;

    /// Marks a record as exported.
    fn mark_exported(
        &self,
        id: &str,
        calls: Arc<CallBuffer>,
    ) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// How many pages are worth having on their way at once.
    fn workers(&self) -> usize;
}
