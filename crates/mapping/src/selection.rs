use std::collections::BTreeMap;

use crosswalk_connector::RawPath;
use serde::{Deserialize, Serialize};

use crate::lineage::{Lineage, keys_of};

/// What of a record was, or is to be, fetched: everything, or a tree of keys. Lists are transparent: `lines` →
/// `amount` is the amount of every line.
///
/// Its JSON form is stable and can be stored: `true` for everything, else an object of keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Selection(Part);

/// One node of a [`Selection`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
enum Part {
    /// `true`: everything from here on. `false` is never stored.
    Everything(bool),
    /// Only these keys.
    Keys(BTreeMap<String, Part>),
}

impl Part {
    const EVERYTHING: Self = Self::Everything(true);

    fn is_everything(&self) -> bool {
        matches!(self, Self::Everything(_))
    }
}

impl Selection {
    /// The whole object.
    pub fn everything() -> Self {
        Self(Part::EVERYTHING)
    }

    /// Nothing yet; add to it.
    pub fn nothing() -> Self {
        Self(Part::Keys(BTreeMap::new()))
    }

    /// What a sync has to ask for so that everything in `lineage` is there, and besides it `always`: the id, the
    /// watermark, the custom fields, root keys the connector does not know, configured extras.
    pub fn of<'a>(lineage: &Lineage, always: impl IntoIterator<Item = &'a RawPath>) -> Self {
        if lineage.is_whole_record() {
            return Self::everything();
        }
        let mut selection = Self::nothing();
        for path in lineage.paths() {
            selection.add_keys(path.iter().map(String::as_str));
        }
        for path in always {
            selection.add_keys(keys_of(path));
        }
        selection
    }

    /// Adds a path with everything below it.
    pub fn add(&mut self, path: &RawPath) {
        self.add_keys(keys_of(path));
    }

    fn add_keys<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) {
        let mut at = &mut self.0;
        for key in keys {
            match at {
                Part::Everything(_) => return,
                Part::Keys(parts) => {
                    at = parts
                        .entry(key.to_owned())
                        .or_insert_with(|| Part::Keys(BTreeMap::new()));
                }
            }
        }
        *at = Part::EVERYTHING;
    }

    /// Whether the whole object is selected.
    pub fn is_everything(&self) -> bool {
        self.0.is_everything()
    }

    /// Whether the value at `path`, with everything below it, is selected.
    pub fn contains(&self, path: &RawPath) -> bool {
        self.contains_keys(keys_of(path))
    }

    fn contains_keys<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> bool {
        let mut at = &self.0;
        for key in keys {
            match at {
                Part::Everything(_) => return true,
                Part::Keys(parts) => match parts.get(key) {
                    Some(part) => at = part,
                    None => return false,
                },
            }
        }
        at.is_everything()
    }

    /// The first thing `lineage` reads that is not selected, as a path without `[]`; `None` if all of it is.
    /// For the whole record it is the text `the whole record`.
    pub fn missing(&self, lineage: &Lineage) -> Option<String> {
        if self.is_everything() {
            return None;
        }
        if lineage.is_whole_record() {
            return Some("the whole record".to_owned());
        }
        lineage
            .paths()
            .find(|path| !self.contains_keys(path.iter().map(String::as_str)))
            .map(crate::lineage::spell_keys)
    }

    /// Whether everything `other` selects is selected here too.
    pub fn covers(&self, other: &Self) -> bool {
        covers(&self.0, &other.0)
    }

    /// Both selections as one.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(unite(self.0, other.0))
    }

    /// The keys selected at the root, each with the selection below it; `None` if everything is.
    pub fn keys(&self) -> Option<impl Iterator<Item = (&str, Self)>> {
        match &self.0 {
            Part::Everything(_) => None,
            Part::Keys(parts) => Some(
                parts
                    .iter()
                    .map(|(key, part)| (key.as_str(), Self(part.clone()))),
            ),
        }
    }

    /// Every selected path, each with everything below it, in order; none if everything is selected.
    pub fn paths(&self) -> Vec<RawPath> {
        let mut paths = Vec::new();
        gather(&self.0, &mut Vec::new(), &mut paths);
        paths
    }

    /// A short text that is the same for the same selection, on every machine and in every version.
    pub fn digest(&self) -> String {
        let mut hash = Fnv::default();
        hash_part(&self.0, &mut hash);
        format!("{:032x}", hash.0)
    }
}

fn covers(wide: &Part, narrow: &Part) -> bool {
    match (wide, narrow) {
        (Part::Everything(_), _) => true,
        (Part::Keys(_), Part::Everything(_)) => false,
        (Part::Keys(wide), Part::Keys(narrow)) => narrow
            .iter()
            .all(|(key, part)| wide.get(key).is_some_and(|wide| covers(wide, part))),
    }
}

fn unite(left: Part, right: Part) -> Part {
    match (left, right) {
        (Part::Keys(mut left), Part::Keys(right)) => {
            for (key, part) in right {
                let united = match left.remove(&key) {
                    Some(known) => unite(known, part),
                    None => part,
                };
                left.insert(key, united);
            }
            Part::Keys(left)
        }
        _ => Part::EVERYTHING,
    }
}

fn gather(part: &Part, at: &mut Vec<String>, paths: &mut Vec<RawPath>) {
    match part {
        Part::Everything(_) => {
            // The root has no path; a key no path can spell was never selected by one.
            paths.extend(RawPath::parse(&crate::lineage::spell_keys(at)).ok());
        }
        Part::Keys(parts) => {
            for (key, part) in parts {
                at.push(key.clone());
                gather(part, at, paths);
                at.pop();
            }
        }
    }
}

/// FNV-1a with 128 bits: short, stable by definition, and no defence against anybody; a selection is no secret
/// and nobody gains by two that look alike.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    fn eat(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u128::from(*byte);
            self.0 = self
                .0
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

fn hash_part(part: &Part, hash: &mut Fnv) {
    match part {
        Part::Everything(_) => hash.eat(b"*"),
        Part::Keys(parts) => {
            hash.eat(b"{");
            for (key, part) in parts {
                hash.eat(&(key.len() as u64).to_le_bytes());
                hash.eat(key.as_bytes());
                hash_part(part, hash);
            }
            hash.eat(b"}");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn path(text: &str) -> RawPath {
        RawPath::parse(text).unwrap()
    }

    fn selection(paths: &[&str]) -> Selection {
        let mut selection = Selection::nothing();
        for text in paths {
            selection.add(&path(text));
        }
        selection
    }

    #[test]
    fn a_path_is_selected_with_all_that_is_below_it_and_not_with_less() {
        let some = selection(&["id", "supplier.number", "lines[].account"]);
        for (text, selected) in [
            ("id", true),
            ("supplier.number", true),
            ("supplier", false),
            ("supplier.name", false),
            ("lines.account.code", true),
            ("lines[].account[].code", true),
            ("lines", false),
            ("total", false),
        ] {
            assert_eq!(some.contains(&path(text)), selected, "{text}");
            assert!(Selection::everything().contains(&path(text)));
            assert!(!Selection::nothing().contains(&path(text)));
        }
    }

    #[test]
    fn a_wider_path_swallows_narrower_ones_in_any_order() {
        let wide = selection(&["a"]);
        assert_eq!(selection(&["a.b", "a"]), wide);
        assert_eq!(selection(&["a", "a.b.c"]), wide);
        assert_eq!(wide.digest(), selection(&["a.b", "a"]).digest());
        assert_ne!(wide.digest(), selection(&["a.b"]).digest());
        assert_ne!(
            Selection::everything().digest(),
            Selection::nothing().digest()
        );
        // Changing this breaks every digest stored so far.
        assert_eq!(wide.digest().len(), 32);
    }

    #[test]
    fn what_a_mapping_reads_becomes_what_is_asked_for() {
        let lineage = Lineage::of("$sum(lines[kind = 'x'].amount) & supplier.name").unwrap();
        let selection = Selection::of(&lineage, [&path("id"), &path("custom-fields")]);
        assert_eq!(
            serde_json::to_string(&selection).unwrap(),
            r#"{"custom-fields":true,"id":true,"lines":{"amount":true,"kind":true},"supplier":{"name":true}}"#
        );
        assert_eq!(selection.missing(&lineage), None);
        let other = Lineage::of("supplier").unwrap();
        assert_eq!(selection.missing(&other).as_deref(), Some("supplier"));
        let all = Lineage::of("$keys($)").unwrap();
        assert_eq!(selection.missing(&all).as_deref(), Some("the whole record"));
        assert!(Selection::of(&all, []).is_everything());
    }

    #[test]
    fn selections_compare_unite_and_survive_storage() {
        let (left, right) = (selection(&["a.b", "c"]), selection(&["a.d", "c.e"]));
        let both = left.clone().union(right.clone());
        assert_eq!(both, selection(&["a.b", "a.d", "c"]));
        assert!(both.covers(&left) && both.covers(&right));
        assert!(!left.covers(&right));
        assert!(Selection::everything().covers(&both));
        assert!(!both.covers(&Selection::everything()));
        for stored in [both.clone(), Selection::everything(), Selection::nothing()] {
            let json = serde_json::to_string(&stored).unwrap();
            assert_eq!(serde_json::from_str::<Selection>(&json).unwrap(), stored);
        }
        let texts: Vec<String> = both.paths().iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["a.b", "a.d", "c"]);
    }
}
