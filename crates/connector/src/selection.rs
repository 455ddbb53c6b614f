//! Which fields of a record were, or are to be, fetched.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which fields of a record, or of an object in it, are asked for. In JSON `true` stands for all of it, and an object
/// for the fields it names; that form is stable and is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
