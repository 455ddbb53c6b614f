//! Mappings and what a check of them finds.

use indexmap::IndexMap;
use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

use super::ErrorView;

/// A field of an effective mapping.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MappedField {
    pub expression: String,
    /// The level that won: `connector`, `environment` or `account`.
    pub level: String,
    /// The version of what won: the connector's, or the override's number.
    pub version: Option<String>,
}

/// The mapping in force for an account and a model.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MappingView {
    pub model: String,
    pub resource: String,
    pub fields: IndexMap<String, MappedField>,
}

/// What a check of a mapping found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MapCheck {
    /// False when a problem is an error.
    pub ok: bool,
    pub models: Vec<ModelCheck>,
    /// That there is an error at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

/// What a check found for one model from one resource.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ModelCheck {
    pub model: String,
    pub resource: String,
    /// Stored records it looked at.
    #[specta(type = Number)]
    pub records: u64,
    pub problems: Vec<Problem>,
    /// Whether pinned results still hold; what is broken is among the problems too.
    pub pins: crate::mapping::views::PinCheck,
    /// For each field how many records fill it.
    pub coverage: IndexMap<String, Coverage>,
    /// Raw custom fields no expression reads, most often filled first.
    pub unread_custom_fields: Vec<UnreadField>,
    /// Every raw field no expression reads: the custom ones first, each group most often filled first.
    pub unread: Vec<UnreadField>,
}

/// Something a check found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Problem {
    pub field: String,
    /// `error` or `warning`.
    pub severity: String,
    pub code: String,
    pub message: String,
    /// How many records show it; null for what needs no record to be seen.
    #[specta(type = Option<Number>)]
    pub records: Option<u64>,
    /// A native id to look at.
    pub example: Option<String>,
}

/// How often a field is filled.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct Coverage {
    #[specta(type = Number)]
    pub filled: u64,
    /// Records whose selection holds what the field reads.
    #[specta(type = Number)]
    pub of: u64,
}

/// How a field comes out over the stored records.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FieldTotal {
    pub field: String,
    pub filled: u32,
    /// Records whose selection holds what the field reads.
    pub of: u32,
    pub failing: u32,
    pub not_fetched: u32,
}

/// A raw field no expression reads.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UnreadField {
    pub path: String,
    /// Whether it is the customer's own.
    pub custom: bool,
    #[specta(type = Number)]
    pub filled: u64,
    #[specta(type = Number)]
    pub of: u64,
}
