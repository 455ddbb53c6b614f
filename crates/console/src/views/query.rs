//! What asking a provider in unified terms answers with.

use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::ProviderFilter;
use crate::mapping::views::LevelEntry;

/// A filter that an account's unified list can be asked by.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FilterView {
    pub name: String,
    /// The unified field it is about.
    pub field: String,
    /// `is`, `after` or `before`.
    pub bound: String,
    /// What its value is: `instant`, `true or false`, `whole number`, `id`, `one of a few texts`.
    #[serde(rename = "type")]
    pub kind: String,
    pub enum_values: Vec<String>,
    pub expression: String,
    /// The level that won: `connector`, `environment` or `account`.
    pub level: String,
    pub version: String,
}

/// A filter that a model has for an account, whether or not a level says how the provider is asked by it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FilterRow {
    pub name: String,
    /// The unified field it is about.
    pub field: String,
    /// `is`, `after` or `before`.
    pub bound: String,
    /// What its value is: `instant`, `true or false`, `id`, `one of a few texts`.
    #[serde(rename = "type")]
    pub kind: String,
    pub enum_values: Vec<String>,
    /// Null: the provider is not asked by it.
    pub expression: Option<String>,
    /// The level that won: `connector`, `environment` or `account`.
    pub level: Option<String>,
    pub version: Option<String>,
    /// Lowest first; the last one won, the one before it would be in force without it.
    pub levels: Vec<LevelEntry>,
}

/// What a draft of a filter would ask the provider for. Nothing was sent.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FilterTried {
    /// The conditions as they would stand in the request, encoding left out: `status[in]=issued`.
    pub asked: Vec<String>,
    /// What to look at in the expression.
    pub warnings: Vec<String>,
}

/// A filter with the value it is asked for with.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct FilterValue {
    pub name: String,
    pub value: String,
}

/// What a query in unified terms brought.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UnifiedAnswer {
    pub model: String,
    pub resource: String,
    /// What the provider was asked for.
    pub conditions: Vec<ProviderFilter>,
    /// The same as they stand in the request, encoding left out: `status[in]=issued`.
    pub asked: Vec<String>,
    /// The records that match, in the provider's order.
    pub ids: Vec<String>,
    /// Records the provider sent that do not match; they are stored, and not among those above.
    #[specta(type = Number)]
    pub left_out: usize,
    /// Whether the provider has more.
    pub more: bool,
    /// The unified objects of `ids`, as JSON text.
    #[serde(skip)]
    #[specta(skip)]
    pub unified: Vec<String>,
}
