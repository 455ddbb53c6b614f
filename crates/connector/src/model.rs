//! The unified models and their field types.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unified model: the file `connectors/models/<category>/<model>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The version of this format; 1.
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// The model's name, with its category, equal to its place: `procurement/invoice`.
    pub model: String,
    /// What people call it.
    pub label: String,
    /// What it is.
    pub description: String,
    /// Its fields, in the order shown.
    pub fields: IndexMap<String, Field>,
}

/// Types several models use: the file `connectors/models/shared.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedTypes {
    /// The version of this format; 1.
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// Objects by name, in capitals: `Ref`, `Address`, `InvoiceLine`.
    pub types: IndexMap<String, IndexMap<String, Field>>,
}

/// One field of a model or of a shared type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What a value is: `decimal`; `Ref` (a shared type); `{enum: [draft, paid]}`; `{list: Ref}`; `{object: {name: {type: string}}}`.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// What people call it; default: the name with spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether a record without it is incomplete.
    #[serde(default)]
    pub required: bool,
}

/// What a value of a field is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum FieldType {
    /// A value without parts.
    Scalar(ScalarType),
    /// A shared type, by name.
    Named(String),
    /// One of a few texts, a list, an object or a map.
    Compound(CompoundType),
}

/// A value without parts. In unified JSON each is a text but `integer` (a number) and `boolean`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScalarType {
    /// Any text.
    String,
    /// A native id, as text whatever the provider has.
    Id,
    /// A whole number.
    Integer,
    /// An exact decimal number, as text: `"567.070"`. Its scale is kept.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A calendar date: `2026-11-20`.
    Date,
    /// An instant in UTC: `2026-11-20T21:50:00Z`.
    Timestamp,
    /// An ISO 4217 code: `EUR`.
    Currency,
    /// An ISO 3166-1 alpha-2 code: `DE`.
    Country,
    /// Any JSON.
    Any,
}

/// A type with parts; written as a map with one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompoundType {
    /// One of these texts.
    Enum(Vec<String>),
    /// Any number of these, in order.
    List(Box<FieldType>),
    /// An object with these fields and no others.
    Object(IndexMap<String, Field>),
    /// An object with any keys, each holding one of these.
    Map(Box<FieldType>),
}
