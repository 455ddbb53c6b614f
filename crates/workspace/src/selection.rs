//! Selections: which fields of a record were asked for. A record remembers the one it was fetched with.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::column::Json;
use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};

/// Which fields of a record, or of an object in it, are asked for. In JSON `true` stands for all of it, and an object
/// for the fields it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Tree", into = "Tree")]
pub enum Selection {
    /// All of it.
    Whole,
    /// These fields, and of each this much. An array is passed through: the fields are those of its objects.
    Fields(BTreeMap<String, Selection>),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Tree {
    Whole(bool),
    Fields(BTreeMap<String, Selection>),
}

impl From<Tree> for Selection {
    fn from(tree: Tree) -> Self {
        match tree {
            Tree::Whole(true) => Self::Whole,
            Tree::Whole(false) => Self::Fields(BTreeMap::new()),
            Tree::Fields(fields) => Self::Fields(fields),
        }
    }
}

impl From<Selection> for Tree {
    fn from(selection: Selection) -> Self {
        match selection {
            Selection::Whole => Self::Whole(true),
            Selection::Fields(fields) => Self::Fields(fields),
        }
    }
}

impl Selection {
    /// Nothing, to add paths to.
    pub fn empty() -> Self {
        Self::Fields(BTreeMap::new())
    }

    /// Adds all that lies below a path.
    pub fn add<S: AsRef<str>>(&mut self, path: &[S]) {
        let Self::Fields(fields) = self else { return };
        match path.split_first() {
            None => *self = Self::Whole,
            Some((first, rest)) => {
                fields
                    .entry(first.as_ref().to_owned())
                    .or_insert_with(Self::empty)
                    .add(rest);
            }
        }
    }

    /// Whether everything `other` asks for is asked for here.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole, _) => true,
            (Self::Fields(_), Self::Whole) => false,
            (Self::Fields(held), Self::Fields(asked)) => asked
                .iter()
                .all(|(name, asked)| held.get(name).is_some_and(|held| held.covers(asked))),
        }
    }

    /// Whether all that lies below a path is asked for.
    pub fn covers_path<S: AsRef<str>>(&self, path: &[S]) -> bool {
        match (self, path.split_first()) {
            (Self::Whole, _) => true,
            (Self::Fields(_), None) => false,
            (Self::Fields(fields), Some((first, rest))) => fields
                .get(first.as_ref())
                .is_some_and(|field| field.covers_path(rest)),
        }
    }
}

/// Stands for a stored selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SelectionId(pub(crate) i64);

/// Stores a selection once, however often it is used.
pub fn intern(tx: &WriteTx<'_>, selection: &Selection) -> Result<SelectionId> {
    let tree = serde_json::to_string(selection).map_err(|error| {
        Error::Database(rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    })?;
    let digest: [u8; 32] = Sha256::digest(&tree).into();
    tx.execute(
        "INSERT INTO selection (digest, tree) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING",
        params![digest, tree],
    )?;
    tx.row(
        "SELECT id FROM selection WHERE digest = ?1",
        [digest],
        |row| row.get(0),
    )?
    .map(SelectionId)
    .ok_or_else(|| missing("that was just stored"))
}

/// A stored selection.
pub fn get(tx: &ReadTx<'_>, id: SelectionId) -> Result<Selection> {
    tx.row("SELECT tree FROM selection WHERE id = ?1", [id.0], |row| {
        row.get::<_, Json<Selection>>(0)
    })?
    .map(|Json(selection)| selection)
    .ok_or_else(|| missing(&id.0.to_string()))
}

fn missing(id: &str) -> Error {
    Error::NotFound {
        noun: "selection",
        id: id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn selection(json: &str) -> Selection {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_selection_covers_what_it_holds() {
        for (held, asked, covers) in [
            ("true", "true", true),
            ("true", r#"{"id":true}"#, true),
            (r#"{"id":true}"#, "true", false),
            (r#"{"id":true,"a":true}"#, r#"{"id":true}"#, true),
            (r#"{"id":true}"#, r#"{"id":true,"a":true}"#, false),
            (r#"{"a":true}"#, r#"{"a":{"b":true}}"#, true),
            (r#"{"a":{"b":true}}"#, r#"{"a":true}"#, false),
            (r#"{"a":{"b":true}}"#, r#"{"a":{"b":true}}"#, true),
            (r#"{"a":{"b":true}}"#, "{}", true),
        ] {
            assert_eq!(
                selection(held).covers(&selection(asked)),
                covers,
                "{held} {asked}"
            );
        }
    }

    #[test]
    fn paths_build_a_tree_and_are_covered_by_it() {
        let mut tree = Selection::empty();
        tree.add(&["id"]);
        tree.add(&["supplier", "name"]);
        tree.add(&["lines", "account", "code"]);
        tree.add(&["lines"]);
        assert_eq!(
            serde_json::to_string(&tree).unwrap(),
            r#"{"id":true,"lines":true,"supplier":{"name":true}}"#
        );
        assert!(tree.covers_path(&["lines", "anything"]));
        assert!(tree.covers_path(&["supplier", "name", "deeper"]));
        assert!(!tree.covers_path(&["supplier"]));
        assert!(!tree.covers_path(&["supplier", "number"]));
        assert!(!tree.covers_path::<&str>(&[]));
    }
}
