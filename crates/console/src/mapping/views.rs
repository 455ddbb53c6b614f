//! What the mapping studio answers with. Field names are the stable ones of `xwalk --json`; the window's types are
//! generated from the same structs. Values cross as JSON text, so that a decimal keeps its scale.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A count as it crosses: the window's numbers are exact far beyond it.
pub(crate) fn count(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

/// A version of an override.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OverrideVersion {
    pub version: u32,
    /// `environment` or `account`.
    pub level: String,
    /// The environment's or account's id.
    pub scope: String,
    pub model: String,
    /// Null where it holds for every resource of the model.
    pub resource: Option<String>,
    pub field: String,
    /// `set`, `remove` (the field is taken away) or `inherit` (the level says nothing).
    pub action: String,
    pub expression: Option<String>,
    /// For a field the user added to the model: what it is.
    #[serde(rename = "type")]
    pub added_type: Option<String>,
    /// What this level said before; null: nothing, or that the field is taken away.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The version it brought back.
    pub restored_version: Option<u32>,
    pub note: Option<String>,
    pub actor: String,
    #[specta(type = String)]
    pub at: Timestamp,
    /// What to look at: pins that no longer hold, lints. Empty in a history.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What a change of mappings or tables does to stored records.
#[derive(Clone, Debug, Default, Serialize, Type)]
pub struct Impact {
    /// Records looked at.
    pub records: u32,
    /// Of these, how many have another value in a field.
    pub changed: u32,
    /// Of these, how many fail with the change in force.
    pub errors: u32,
    /// Of these, how many cannot tell, since a field reads what was not fetched with them.
    pub not_fetched: u32,
    /// Records that fail and did not.
    pub newly_failing: u32,
    /// Records with a value where there was none.
    pub newly_filled: u32,
    /// Records without a value where there was one.
    pub newly_empty: u32,
    pub fields: Vec<FieldImpact>,
    /// The first of each kind, failing ones first.
    pub examples: Vec<Example>,
    /// Whether pinned results still hold.
    pub pins: PinCheck,
    pub elapsed_ms: u32,
}

/// What a change does to one field.
#[derive(Clone, Debug, Serialize, Type)]
pub struct FieldImpact {
    pub model: String,
    pub resource: String,
    pub field: String,
    pub required: bool,
    pub changed: u32,
    pub errors: u32,
    pub newly_failing: u32,
    pub newly_filled: u32,
    pub newly_empty: u32,
}

/// One record before and after.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Example {
    pub id: String,
    pub resource: String,
    pub field: String,
    /// `failing`, `filled`, `emptied`, `changed`; of samples also `same`.
    pub kind: String,
    /// JSON; null without a value. Masked where the field reads what is masked.
    #[specta(type = specta_typescript::Unknown)]
    pub before: serde_json::Value,
    #[specta(type = specta_typescript::Unknown)]
    pub after: serde_json::Value,
    /// How it comes out now.
    pub status: String,
    pub message: Option<String>,
}

/// Whether pinned results still hold.
#[derive(Clone, Debug, Default, Serialize, Type)]
pub struct PinCheck {
    pub checked: u32,
    pub broken: Vec<BrokenPin>,
}

/// A field of a pinned record that no longer comes out as pinned.
#[derive(Clone, Debug, Serialize, Type)]
pub struct BrokenPin {
    pub id: String,
    pub model: String,
    pub resource: String,
    pub field: String,
    #[specta(type = specta_typescript::Unknown)]
    pub expected: serde_json::Value,
    #[specta(type = specta_typescript::Unknown)]
    pub actual: serde_json::Value,
    pub message: Option<String>,
}

/// A pinned record.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PinView {
    pub account: String,
    pub model: String,
    pub resource: String,
    pub id: String,
    pub note: Option<String>,
    pub actor: String,
    #[specta(type = String)]
    pub at: Timestamp,
}

/// Where an expression's fault lies, both from 1.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

/// A draft on one record.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DraftResult {
    /// JSON text; null without a value.
    pub value: Option<String>,
    pub status: String,
    pub message: Option<String>,
    pub position: Option<Place>,
    /// Raw paths it reads, spelled as they lie in the record; `*` is the whole record.
    pub reads: Vec<String>,
    pub before: Option<String>,
    pub before_status: String,
    pub changed: bool,
    /// False where a later level hides what the draft says.
    pub wins: bool,
    pub masked: bool,
    pub ms: u32,
}

/// What one level says of a field.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LevelEntry {
    pub level: String,
    /// Null: the field is taken away.
    pub expression: Option<String>,
    pub version: String,
    /// The resource it is said for; null: every resource of the model.
    pub resource: Option<String>,
    /// Whether the level also says something for every resource of the model, which holds once this is taken away.
    pub hides_general: bool,
    #[specta(type = Option<String>)]
    pub at: Option<Timestamp>,
    pub actor: Option<String>,
    pub note: Option<String>,
}

/// One field of a model with everything there is to say of it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MappingRow {
    pub field: String,
    pub label: String,
    /// What the model wants: `decimal`, `list of object`.
    #[serde(rename = "type")]
    pub kind: String,
    pub enum_values: Vec<String>,
    pub required: bool,
    /// Whether it is `custom_fields.NAME`.
    pub custom: bool,
    /// Whether the user added it to the model.
    pub added: bool,
    /// The type an override gave it, as `xwalk map set --type` takes it; null: the model's own.
    pub added_type: Option<String>,
    pub expression: Option<String>,
    pub level: Option<String>,
    pub version: Option<String>,
    #[specta(type = Option<String>)]
    pub changed_at: Option<Timestamp>,
    pub changed_by: Option<String>,
    /// Lowest first; the last one won, the one before it would be in force without it.
    pub levels: Vec<LevelEntry>,
    /// Raw paths; `*` is the whole record.
    pub reads: Vec<String>,
    /// Why it cannot be evaluated.
    pub problem: Option<String>,
}

/// The mapping of a model from one resource.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MappingTable {
    pub model: String,
    pub label: String,
    pub resource: String,
    /// Every resource mapped to the model.
    pub resources: Vec<String>,
    pub fields: Vec<MappingRow>,
}

/// A change of one override as a bundle or a copy makes it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct BundleChange {
    /// `environment` or `account`, and whose.
    pub level: String,
    pub scope: String,
    pub model: String,
    pub resource: Option<String>,
    pub field: String,
    /// Whether it is what a filter asks the provider for.
    pub request: bool,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A change of one table as a bundle or a copy makes it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TableChangeView {
    pub level: String,
    pub scope: String,
    pub table: String,
    pub added: u32,
    pub changed: u32,
    pub removed: u32,
}

/// What does not fit where it is to go.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Unfit {
    pub model: String,
    pub field: String,
    pub reason: String,
}

/// What a change does to one account.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScopeImpact {
    pub account: String,
    pub tenant: String,
    pub kind: String,
    pub records: u32,
    pub changed: u32,
    pub newly_failing: u32,
    /// Pinned results held against it.
    pub pins: u32,
    /// Those that would no longer hold, `invoices 7: number`. No values: they may be another tenant's.
    pub broken_pins: Vec<String>,
    /// Why it could not be told, such as a vault that stays shut.
    pub error: Option<String>,
}

/// What a bundle, a copy or a promotion changes, or would.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ChangeReport {
    pub dry_run: bool,
    /// The connector it was written for, with its version; null for a copy.
    pub written_for: Option<String>,
    /// The connector there is.
    pub present: Option<String>,
    pub changes: Vec<BundleChange>,
    pub tables: Vec<TableChangeView>,
    pub unfit: Vec<Unfit>,
    pub accounts: Vec<ScopeImpact>,
    /// Versions written.
    pub versions: u32,
}

/// What is copied or promoted.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub struct Choice {
    /// Only this model's overrides.
    pub model: Option<String>,
    /// Only this field's.
    pub field: Option<String>,
    /// Tables too.
    pub tables: bool,
}
