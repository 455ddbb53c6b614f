//! Settings.

use serde::Serialize;
use specta::Type;

/// A setting and its value.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SettingView {
    pub key: String,
    pub value: Option<String>,
    pub help: &'static str,
    pub kind: SettingKind,
}

/// What a setting's value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    /// `on` or `off`; on where nobody said.
    OnUnlessOff,
    /// `on` or `off`; off where nobody said.
    OffUnlessOn,
    /// A whole number above zero.
    Number,
    /// Anything else.
    Text,
}

impl SettingKind {
    pub(crate) fn is_switch(self) -> bool {
        matches!(self, Self::OnUnlessOff | Self::OffUnlessOn)
    }
}
