//! Advice on scopes.

use serde::Serialize;
use specta::Type;

/// Which scopes to ask for, and what is to be said about those that were pasted.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Type)]
pub struct ScopeAdvice {
    /// What to ask for: what was pasted, put in order, else the least that the choice needs.
    pub scopes: Vec<String>,
    pub corrected: Vec<CorrectedScope>,
    /// Pasted scopes the connector does not know; they are asked for as typed.
    pub unknown: Vec<String>,
    /// Pasted scopes that the choice does not need.
    pub excess: Vec<String>,
    /// Scopes the choice needs that were not pasted.
    pub missing: Vec<String>,
}

/// A scope that was misspelt.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct CorrectedScope {
    pub given: String,
    pub meant: String,
    pub hint: String,
}
