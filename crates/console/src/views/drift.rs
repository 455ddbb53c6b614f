//! What changed in the shape of an account's records.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

/// What the last run of a resource showed, beside the runs before it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ResourceDrift {
    pub resource: String,
    pub label: String,
    /// The run.
    pub run: String,
    #[specta(type = String)]
    pub at: Timestamp,
    /// Records looked at: the newest of those the run brought.
    pub records: u32,
    /// The run before it that was looked at; null for the first.
    #[specta(type = Option<String>)]
    pub compared_with: Option<Timestamp>,
    /// What the run shows otherwise than those before it.
    pub changes: Vec<DriftChange>,
    /// What is still gone, whenever it went.
    pub gone: Vec<GonePath>,
    /// Every path, only where one resource is asked for.
    pub paths: Vec<DriftPath>,
}

/// One difference.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DriftChange {
    /// `gone`, `type` (it holds another type), `words` (it has new enum values), `new` or `back`.
    pub kind: String,
    pub path: String,
    /// Whether it is one of the customer's own fields.
    pub custom: bool,
    /// The unified fields that read it.
    pub read_by: Vec<String>,
    /// Types or words before.
    pub before: Vec<String>,
    /// Types now, or the words that came.
    pub after: Vec<String>,
    /// Records that have it, of those that were asked for it.
    pub present: u32,
    pub of: u32,
}

/// A path records had and no longer have.
#[derive(Clone, Debug, Serialize, Type)]
pub struct GonePath {
    pub path: String,
    /// The first run without it.
    #[specta(type = String)]
    pub since: Timestamp,
    /// The unified fields that read it.
    pub read_by: Vec<String>,
    /// When it was last seen: records that had it, of those that were asked for it.
    pub present: u32,
    pub of: u32,
}

/// A path as the last run showed it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DriftPath {
    pub path: String,
    pub types: Vec<String>,
    /// The texts it holds, where these are few and not masked.
    pub words: Option<Vec<String>>,
    pub filled: u32,
    pub of: u32,
    pub read_by: Vec<String>,
}
