//! What an expression reads of a raw record, told from its tree.

mod abstraction;
mod builtins;
mod calls;
mod walk;

use std::collections::BTreeSet;

use crosswalk_connector::{RawPath, Selection};
use jsonata_core::ast::AstNode;

use crate::engine::ExpressionError;
use crate::syntax;

/// What an expression reads of a raw record: some paths, each with everything below it, or the whole record.
///
/// It may say too much and never too little: whatever leaf of the record outside of the lineage changes, the
/// expression's value stays. A path that is read includes the way to it, so a list that becomes a text on the way
/// to `lines.amount` is inside. Paths hold keys only; that a key holds a list is not known from an expression
/// (JSONata reads both alike) and shows as `[]` when the path is spelled for a record, see [`spelled`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lineage {
    whole: bool,
    /// Whether what the provider does not document is read.
    unknown: bool,
    /// Keys from the root; none is the beginning of another.
    paths: BTreeSet<Vec<String>>,
}

impl Lineage {
    /// What an expression reads.
    pub fn of(expression: &str) -> Result<Self, ExpressionError> {
        syntax::parse(expression).map(|ast| Self::of_tree(&ast))
    }

    pub(crate) fn of_tree(ast: &AstNode) -> Self {
        walk::reads(ast)
    }

    /// The whole record: the expression lists keys, looks values up by a computed name, or recurses.
    pub fn whole_record() -> Self {
        Self {
            whole: true,
            unknown: false,
            paths: BTreeSet::new(),
        }
    }

    /// Whether the whole record is read; then there are no paths.
    pub fn is_whole_record(&self) -> bool {
        self.whole
    }

    /// Whether everything at the root is read that the provider does not document (`$unknown_fields`). Which keys
    /// that are depends on the record, so they are not among the paths; a selection asks for them anyway.
    pub fn reads_unknown_fields(&self) -> bool {
        self.unknown
    }

    /// The paths read, each with everything below it, in the order of their keys.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.paths.iter().map(Vec::as_slice)
    }

    /// The paths as a definition spells them, without `[]`.
    pub fn raw_paths(&self) -> Vec<RawPath> {
        self.paths
            .iter()
            .filter_map(|keys| RawPath::parse(&spell_keys(keys)).ok())
            .collect()
    }

    /// Whether a value at `keys` lies inside: at a path that is read, below it, or on the way to it.
    pub fn touches(&self, keys: &[&str]) -> bool {
        self.whole
            || self.paths.iter().any(|path| {
                path.iter()
                    .zip(keys)
                    .all(|(step, key)| step.as_str() == *key)
            })
    }

    /// The first thing read that `selection` leaves out, as a path without `[]`; `None` if all of it was asked for.
    /// For the whole record it is the text `the whole record`.
    pub fn missing_from(&self, selection: &Selection) -> Option<String> {
        if *selection == Selection::Whole {
            return None;
        }
        if self.whole {
            return Some("the whole record".to_owned());
        }
        self.paths()
            .find(|path| !selection.covers_path(path))
            .map(spell_keys)
    }

    /// Both lineages as one.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.whole |= other.whole;
        self.unknown |= other.unknown;
        for path in &other.paths {
            self.add(path.clone());
        }
        self.settle()
    }

    /// Adds one path; longer paths below it are dropped, one above it swallows it.
    fn add(&mut self, path: Vec<String>) {
        if path.is_empty() {
            self.whole = true;
            return;
        }
        if (1..=path.len()).any(|length| self.paths.contains(&path[..length])) {
            return;
        }
        self.paths.retain(|known| !known.starts_with(&path));
        self.paths.insert(path);
    }

    fn settle(mut self) -> Self {
        if self.whole {
            self.paths.clear();
        }
        self
    }
}

/// Keys as a raw path, without `[]`.
pub(crate) fn spell_keys(keys: &[String]) -> String {
    keys.iter()
        .map(|key| spell_key(key))
        .collect::<Vec<_>>()
        .join(".")
}

/// A key as a raw path spells it: between backticks where its characters need it.
pub(crate) fn spell_key(key: &str) -> String {
    if key.contains(['.', '[', ']', '`']) || key.trim() != key {
        format!("`{}`", key.replace('`', "``"))
    } else {
        key.to_owned()
    }
}

/// A lineage path as it lies in `record`: `[]` after every key that holds a list there, so that
/// `invoice-lines.account.code` becomes `invoice-lines[].account.code`. Where the record has nothing, the keys alone.
pub fn spelled(keys: &[String], record: &serde_json::Value) -> String {
    let mut text = String::new();
    let mut at = Some(record);
    for (index, key) in keys.iter().enumerate() {
        if index > 0 {
            text.push('.');
        }
        text.push_str(&spell_key(key));
        at = at.and_then(|value| value.get(key));
        while let Some(serde_json::Value::Array(items)) = at {
            text.push_str("[]");
            // Elements may differ; the first object tells how the path goes on.
            at = items.iter().find(|item| item.is_object()).or(items.first());
        }
    }
    text
}

#[cfg(test)]
mod tests;
