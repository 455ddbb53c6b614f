//! What exploring an account's records answers with.

use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::RunView;

/// One resource of an account.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ResourceRow {
    pub key: String,
    pub label: String,
    /// The models it is mapped to.
    pub models: Vec<String>,
    /// The one shown first.
    pub model: Option<String>,
    /// Records stored and present.
    #[specta(type = Number)]
    pub stored: u64,
    pub last_run: Option<RunView>,
    /// The scopes a read needs.
    pub scope: Option<String>,
    /// Whether the last token carried them; null where the provider does not say.
    pub granted: Option<bool>,
    /// What the provider's own list can be asked by.
    pub filters: Vec<ResourceFilter>,
}

/// A field the provider's own list can be asked by.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ResourceFilter {
    pub field: String,
    pub operators: Vec<String>,
    /// `text`, `number`, `boolean` or `time`, by the connector's samples.
    pub kind: String,
}

/// A raw path that can be a column.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ColumnView {
    pub path: String,
    /// Of the records looked at, how many hold something there.
    #[specta(type = Number)]
    pub filled: u64,
    /// Records looked at.
    #[specta(type = Number)]
    pub of: u64,
    /// Whether it is shown before anybody chose.
    pub suggested: bool,
}

/// A projection that is being made.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ProjectionOpened {
    pub projection: String,
}

/// Which rows of a projection to show.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct ProjectionQuery {
    #[specta(type = Number)]
    pub offset: usize,
    #[specta(type = Number)]
    pub limit: usize,
    pub sort: Option<ProjectionSort>,
    /// Only rows of which a shown cell contains this, in any case.
    pub filter: String,
}

/// By which column rows are ordered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Type)]
pub struct ProjectionSort {
    pub column: String,
    pub descending: bool,
}

/// Some rows of a projection.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ProjectionPage {
    /// Records decrypted so far.
    #[specta(type = Number)]
    pub indexed: usize,
    /// Records stored.
    #[specta(type = Number)]
    pub total: usize,
    /// Of those decrypted, how many pass the filter.
    #[specta(type = Number)]
    pub matching: usize,
    /// Whether every record is decrypted.
    pub complete: bool,
    /// Why it never will be: what is chosen does not fit into memory, or a record cannot be opened.
    pub stopped: Option<String>,
    pub rows: Vec<ProjectionRow>,
}

/// One row of a projection.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ProjectionRow {
    pub id: String,
    /// A cell for each column; null where the record holds nothing or where it is masked.
    pub cells: Vec<Option<String>>,
    pub masked: Vec<bool>,
}

/// Where to look from for the next and the previous record.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct RecordsAround {
    /// Look from this record.
    pub after: Option<String>,
    /// Look from this record; the same as `after`.
    pub before: Option<String>,
}

/// Which record is looked for: the next one in which a field fails.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct FailingSearch {
    pub account: String,
    pub resource: String,
    /// Null: the one shown first.
    pub model: Option<String>,
    /// The unified field.
    pub field: String,
    /// Look from this record; null: from the first.
    pub after: Option<String>,
}

/// Where a record stands.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Type)]
pub struct RecordPlace {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// From 1; 0 without a record to look from.
    #[specta(type = Number)]
    pub position: u64,
    #[specta(type = Number)]
    pub total: u64,
}

/// One condition in the provider's own terms.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, Type)]
pub struct ProviderFilter {
    pub field: String,
    pub operator: String,
    pub value: String,
}

/// What a query of the provider brought.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ProviderAnswer {
    #[specta(type = Number)]
    pub records: usize,
    pub ids: Vec<String>,
}
