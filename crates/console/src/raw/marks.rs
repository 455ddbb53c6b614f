//! What is to say about the places of a record: which are read, which are the customer's own, which are masked.

use crosswalk_connector::Resource;
use crosswalk_mapping::Lineage;

use crate::raw::path::keys_of;
use crate::raw::tree::RawTree;

/// What is to say about one shape.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four marks a row may wear, each on its own"
)]
pub(crate) struct Mark {
    pub(crate) read: bool,
    pub(crate) custom: bool,
    pub(crate) masked: bool,
    /// Whether something below it is masked.
    pub(crate) holds_masked: bool,
    /// Whether it is an object that holds nothing but the customer's own.
    pub(crate) container: bool,
}

/// The marks of every shape of one record.
#[derive(Debug)]
pub(crate) struct Marks(Vec<Mark>);

/// Which places are special in a resource, whatever the record.
#[derive(Debug, Default)]
pub(crate) struct Rules<'a> {
    masks: Vec<Vec<&'a str>>,
    containers: Vec<Vec<&'a str>>,
    /// The root keys that are not custom, where unknown ones are.
    known: Option<&'a [String]>,
    /// Whether masked paths may begin below the root, as in an answer with records somewhere inside.
    anywhere: bool,
}

impl<'a> Rules<'a> {
    /// Those of a resource of the connector.
    pub(crate) fn of(resource: Option<&'a Resource>) -> Self {
        let Some(resource) = resource else {
            return Self::default();
        };
        let custom = resource.custom_fields.as_ref();
        Self {
            masks: resource.mask.iter().map(keys_of).collect(),
            containers: custom
                .map(|custom| custom.containers.iter().map(keys_of).collect())
                .unwrap_or_default(),
            known: custom
                .filter(|custom| custom.unknown_root_keys)
                .map(|_| resource.known_fields.as_slice()),
            anywhere: false,
        }
    }

    /// The masks of all resources and what they never store, wherever their records begin.
    pub(crate) fn anywhere(resources: impl Iterator<Item = &'a Resource>) -> Self {
        Self {
            masks: resources
                .flat_map(|resource| resource.mask.iter().chain(&resource.never_store))
                .map(keys_of)
                .collect(),
            anywhere: true,
            ..Self::default()
        }
    }

    /// Whether the value at these keys is hidden until revealed.
    pub(crate) fn masks(&self, keys: &[&str]) -> bool {
        let begins = if self.anywhere { keys.len() } else { 1 };
        (0..begins).any(|begin| {
            let keys = keys.get(begin..).unwrap_or_default();
            self.masks.iter().any(|mask| keys.starts_with(mask))
        })
    }

    /// Whether something below these keys is hidden until revealed.
    pub(crate) fn masks_below(&self, keys: &[&str]) -> bool {
        let below = |mask: &Vec<&str>| mask.len() > keys.len() && mask.starts_with(keys);
        self.masks.iter().any(|mask| self.anywhere || below(mask))
    }

    /// Whether an expression with this lineage sees what is hidden until revealed.
    pub(crate) fn shows_masked(&self, read: &Lineage) -> bool {
        self.masks.iter().any(|mask| read.touches(mask))
    }

    /// Whether the value at these keys is the customer's own.
    pub(crate) fn custom(&self, keys: &[&str]) -> bool {
        let unknown_root = match (self.known, keys.first()) {
            (Some(known), Some(root)) => !known.iter().any(|field| field == root),
            _ => false,
        };
        unknown_root
            || self
                .containers
                .iter()
                .any(|container| keys.starts_with(container))
    }
}

impl Marks {
    /// Works them out; without a lineage nothing is read.
    pub(crate) fn new(tree: &RawTree, rules: &Rules<'_>, read: Option<&Lineage>) -> Self {
        let marks = (0..tree.shapes().len())
            .map(|shape| {
                let keys = tree.keys(shape);
                Mark {
                    read: read.is_some_and(|read| read.touches(&keys)),
                    custom: rules.custom(&keys),
                    masked: rules.masks(&keys),
                    holds_masked: rules.masks_below(&keys),
                    container: rules.containers.contains(&keys),
                }
            })
            .collect();
        Self(marks)
    }

    pub(crate) fn of(&self, shape: u32) -> Mark {
        self.0.get(shape as usize).copied().unwrap_or_default()
    }

    /// How many leaves hold something nothing reads, and how many of these are the customer's own.
    pub(crate) fn unread(&self, tree: &RawTree) -> (usize, usize) {
        let mut unread = (0, 0);
        for (shape, mark) in tree.shapes().iter().zip(&self.0) {
            if shape.filled && !mark.read {
                unread.0 += 1;
                unread.1 += usize::from(mark.custom);
            }
        }
        unread
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn resource(json: &str) -> Resource {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn marks_follow_lineage_and_the_connectors_data() {
        let resource = resource(
            r#"{"label":"Things","operations":{},"known_fields":["id","card","lines","own"],"mask":["card.number"],
                "custom_fields":{"containers":["own","lines[].own"],"unknown_root_keys":true}}"#,
        );
        let bytes = br#"{"id":1,"card":{"number":"4","kind":"x"},"lines":[{"own":{"a":"1"},"n":2}],"own":{"b":"1","c":""},"seg":"z"}"#;
        let tree = RawTree::read(bytes).unwrap();
        let read = Lineage::of("id & card.kind").unwrap();
        let marks = Marks::new(&tree, &Rules::of(Some(&resource)), Some(&read));
        let of = |path: &[&str]| {
            let shape = (0..tree.shapes().len())
                .find(|shape| tree.keys(*shape) == path)
                .unwrap();
            let mark = marks.of(u32::try_from(shape).unwrap());
            (mark.read, mark.custom, mark.masked)
        };
        for (path, expected) in [
            (vec!["id"], (true, false, false)),
            (vec!["card"], (true, false, false)),
            (vec!["card", "number"], (false, false, true)),
            (vec!["card", "kind"], (true, false, false)),
            (vec!["lines", "n"], (false, false, false)),
            (vec!["lines", "own", "a"], (false, true, false)),
            (vec!["own"], (false, true, false)),
            (vec!["own", "b"], (false, true, false)),
            (vec!["seg"], (false, true, false)),
        ] {
            assert_eq!(of(&path), expected, "{path:?}");
        }
        // card.number, lines.n, lines.own.a, own.b, seg; own.c holds nothing.
        assert_eq!(marks.unread(&tree), (5, 3));
        let rules = Rules::of(Some(&resource));
        assert!(rules.shows_masked(&Lineage::of("card").unwrap()));
        assert!(rules.shows_masked(&Lineage::whole_record()));
        assert!(!rules.shows_masked(&read));
    }
}
