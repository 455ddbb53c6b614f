use crosswalk_connector::FieldType;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Where a field's expression comes from. A later level wins over an earlier one, field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The connector's own mapping.
    Connector,
    /// A named set of accounts that share overrides.
    Environment,
    /// One account.
    Account,
}

impl Level {
    /// The name under which results and screens know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::Environment => "environment",
            Self::Account => "account",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one level says of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The expression; `None` removes the field.
    pub expression: Option<String>,
    /// Which version of this level's entry it is.
    pub version: String,
    /// What the field is, where the user added it to the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_type: Option<FieldType>,
}

impl Override {
    /// An entry for a field the model has; without expression it removes the field.
    pub fn new(expression: Option<String>, version: impl Into<String>) -> Self {
        Self {
            expression,
            version: version.into(),
            field_type: None,
        }
    }
}

/// What one level says; a field that is absent is inherited.
pub type Overrides = IndexMap<String, Override>;
