//! What is wrong with a definition, and where.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong with a definition file. A file is read to the end, so that all of them show at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, relative to the folder of connectors, with `/` between its parts.
    pub file: String,
    /// The line, from 1; 0 when the file as a whole is meant.
    pub line: u64,
    /// The column in characters, from 1; 0 when the file as a whole is meant.
    pub column: u64,
    /// What kind of problem it is.
    pub code: ProblemCode,
    /// What is wrong, in one plain sentence.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {} [{}]", self.message, self.code)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  {hint}")?;
        }
        Ok(())
    }
}

/// What kind of problem a definition has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The file is not YAML, or not UTF-8, or over a limit of size or depth.
    Yaml,
    /// A sample is not JSON.
    Json,
    /// The same key twice in one map.
    DuplicateKey,
    /// A key the format does not have.
    UnknownKey,
    /// A key that has to be there is not.
    MissingKey,
    /// A value of another type.
    WrongType,
    /// A word that is none of those allowed.
    UnknownValue,
    /// A text or number that is not what it should be: a template, a period, a pattern.
    Malformed,
    /// Two things that do not go together, or one that needs another.
    Contradiction,
    /// A template names a value nothing declares.
    UnknownReference,
    /// A template would put a secret where the trust digest does not look.
    SecretOutsideAuth,
    /// A scope the catalogue does not have.
    UnknownScope,
    /// A resource the connector does not have.
    UnknownResource,
    /// A model that does not exist.
    UnknownModel,
    /// A field the model does not have.
    UnknownField,
    /// A shared type that does not exist.
    UnknownType,
    /// A fixed address outside `hosts`.
    HostNotDeclared,
    /// A file in a place that means nothing, or whose content contradicts its name.
    Misplaced,
    /// A file or folder cannot be read.
    Unreadable,
    /// A name that is taken.
    NameTaken,
    /// A definition made for another version of the format.
    OtherFormat,
}

impl ProblemCode {
    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::DuplicateKey => "duplicate_key",
            Self::UnknownKey => "unknown_key",
            Self::MissingKey => "missing_key",
            Self::WrongType => "wrong_type",
            Self::UnknownValue => "unknown_value",
            Self::Malformed => "malformed",
            Self::Contradiction => "contradiction",
            Self::UnknownReference => "unknown_reference",
            Self::SecretOutsideAuth => "secret_outside_auth",
            Self::UnknownScope => "unknown_scope",
            Self::UnknownResource => "unknown_resource",
            Self::UnknownModel => "unknown_model",
            Self::UnknownField => "unknown_field",
            Self::UnknownType => "unknown_type",
            Self::HostNotDeclared => "host_not_declared",
            Self::Misplaced => "misplaced",
            Self::Unreadable => "unreadable",
            Self::NameTaken => "name_taken",
            Self::OtherFormat => "other_format",
        }
    }
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The known word nearest to `word`, if one is near enough to be what was meant.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// `did you mean …`, or what there is to choose from.
pub(crate) fn suggestion<'k>(
    word: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> Option<String> {
    if let Some(near) = nearest(word, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let all: Vec<&str> = known.into_iter().collect();
    match all.len() {
        0 => None,
        1..=20 => Some(format!("known here: {}", all.join(", "))),
        more => Some(format!(
            "known here: {}, and {} more",
            all[..20].join(", "),
            more - 20
        )),
    }
}
