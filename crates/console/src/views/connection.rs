//! Connection tests.

use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

use super::ErrorView;

/// One step of a connection test.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StepView {
    pub name: String,
    pub ok: bool,
    #[specta(type = Number)]
    pub ms: u64,
    pub message: String,
}

/// How a connection test went.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TestReport {
    pub status: String,
    pub steps: Vec<StepView>,
    pub missing_scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

/// A step of a connection test as it goes on. `network` runs until the first step is done.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LiveStep {
    #[serde(flatten)]
    pub step: StepView,
    /// `running` or `done`.
    pub state: String,
}
