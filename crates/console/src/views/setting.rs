//! Settings.

use serde::Serialize;
use specta::Type;

/// A setting and its value.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SettingView {
    pub key: String,
    pub value: Option<String>,
    pub help: &'static str,
}
