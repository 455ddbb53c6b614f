use serde::{Deserialize, Serialize};

/// How a field of one record came out. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A value of the model's type.
    Ok,
    /// No value: undefined, `null`, an empty text or an empty list.
    Empty,
    /// No value where the model requires one.
    Missing,
    /// A text that is not among those the model knows. The text is kept, or `other` stands for it where the model has
    /// that word.
    UnknownValue,
    /// A value that is not of the model's type. What does not fit is left out.
    WrongType,
    /// The expression ended with an error.
    Error,
    /// The expression reads what was not fetched with this record.
    NotFetched,
}

impl Status {
    /// The name under which results and screens know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Missing => "missing",
            Self::UnknownValue => "unknown_value",
            Self::WrongType => "wrong_type",
            Self::Error => "error",
            Self::NotFetched => "not_fetched",
        }
    }
}
