use std::collections::{BTreeMap, BTreeSet};

use crate::lineage::Lineage;

/// What of a record is built when it is read; the rest is only checked to be JSON.
///
/// Half of the time of mapping a record went into building what no expression looks at (a 20 KB invoice has some 600
/// values, of which a full mapping reads 150). Lineage never says too little, so what lies outside of it is not missed.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    root: Branch,
    /// Root keys that are not among these are built too: what `$unknown_fields` finds.
    documented: Option<BTreeSet<String>>,
}

/// One place of the tree of what is wanted; lists are transparent.
#[derive(Debug, Default)]
pub(crate) enum Branch {
    /// Everything from here on.
    #[default]
    All,
    /// Of an object, these keys; anything else as it is.
    Keys(BTreeMap<String, Branch>),
}

impl Wanted {
    /// What an expression with this lineage reads; `documented` are the root keys `$unknown_fields` leaves out.
    pub(crate) fn of(lineage: &Lineage, documented: Option<&BTreeSet<String>>) -> Self {
        if lineage.is_whole_record() {
            return Self::default();
        }
        let mut root = Branch::Keys(BTreeMap::new());
        for path in lineage.paths() {
            root.add(path);
        }
        Self {
            root,
            documented: documented
                .filter(|_| lineage.reads_unknown_fields())
                .cloned(),
        }
    }

    pub(crate) fn root(&self) -> &Branch {
        &self.root
    }

    /// What is wanted of the value at a root key; `None`: nothing.
    pub(crate) fn at_root(&self, key: &str) -> Option<&Branch> {
        let undocumented = |known: &BTreeSet<String>| !known.contains(key);
        if self.documented.as_ref().is_some_and(undocumented) {
            return Some(&Branch::All);
        }
        self.root.at(key)
    }
}

impl Branch {
    /// What is wanted of the value at a key; `None`: nothing.
    pub(crate) fn at(&self, key: &str) -> Option<&Self> {
        match self {
            Self::All => Some(&Self::All),
            Self::Keys(keys) => keys.get(key),
        }
    }

    fn add(&mut self, path: &[String]) {
        match (path.split_first(), &mut *self) {
            (_, Self::All) => {}
            (None, whole) => *whole = Self::All,
            (Some((key, rest)), Self::Keys(keys)) => keys
                .entry(key.clone())
                .or_insert_with(|| Self::Keys(BTreeMap::new()))
                .add(rest),
        }
    }
}
