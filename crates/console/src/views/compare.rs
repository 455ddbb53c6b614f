//! A record raw and unified.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

/// Which rows of a raw record to show.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct RawQuery {
    #[specta(type = Number)]
    pub offset: usize,
    #[specta(type = Number)]
    pub limit: usize,
    /// The containers that are open, by their concrete paths; their ancestors are too. Null: the customer's own fields.
    pub expanded: Option<Vec<String>>,
    /// A lineage path: the containers above its first match are opened, and the answer tells its row.
    #[serde(default)]
    #[specta(optional)]
    pub locate: Option<String>,
}

/// Some rows of a raw record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct RawPage {
    /// Rows with the containers that are open.
    #[specta(type = Number)]
    pub total: usize,
    /// Length of the record.
    #[specta(type = Number)]
    pub bytes: u64,
    pub fetched_at: Timestamp,
    /// The containers that are open.
    pub expanded: Vec<String>,
    /// Where the path that was looked for is; null where the record does not hold it.
    pub located: Option<RawLocated>,
    pub rows: Vec<RawRow>,
}

/// The row of a path that was looked for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct RawLocated {
    #[specta(type = Number)]
    pub index: usize,
    pub path: String,
}

/// One row of a raw record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "marks a row may wear, each on its own"
)]
pub struct RawRow {
    /// Where it is: `lines[0].account.code`.
    pub path: String,
    /// Its key, or its place in a list.
    pub key: String,
    pub depth: u32,
    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    pub kind: String,
    /// The value as the record spells it, cut to 200 characters; empty for containers.
    pub preview: String,
    /// How many members a container has.
    pub count: Option<u32>,
    /// Whether an expression reads it, or something in it.
    pub read: bool,
    /// Whether it is the customer's own.
    pub custom: bool,
    pub masked: bool,
    pub expandable: bool,
    pub expanded: bool,
}

/// A record as its model sees it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Compared {
    pub id: String,
    pub model: String,
    pub resource: String,
    pub fields: Vec<ComparedField>,
    /// Raw leaves with a value that nothing reads; only known of whole objects.
    #[specta(type = Number)]
    pub unread: usize,
    /// Of these, the customer's own.
    #[specta(type = Number)]
    pub unread_custom: usize,
    /// Tells one state of the mapping from another.
    pub version: Option<String>,
}

/// One unified field of a record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ComparedField {
    pub field: String,
    /// JSON text, at most 4 KiB; null where there is none, and where it is masked.
    pub value: Option<String>,
    /// Whether the value goes on.
    pub cut: bool,
    pub status: String,
    pub level: Option<String>,
    pub expression: Option<String>,
    /// The raw paths it reads; `*` is the whole record.
    pub reads: Vec<String>,
    pub message: Option<String>,
    /// Where in the expression the fault is.
    pub position: Option<ExpressionPosition>,
    /// Whether it reads what is masked.
    pub masked: bool,
}

/// A place in an expression, from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Type)]
pub struct ExpressionPosition {
    pub line: u32,
    pub column: u32,
}
