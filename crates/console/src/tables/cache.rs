//! Tables as they stand, kept between uses: 50,000 rows are opened and read once, not with every keystroke.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crosswalk_mapping::Tables;
use crosswalk_workspace::AccountId;
use crosswalk_workspace::mapping_override::Scope;

/// A table of one level: key to value, in the order of keys.
pub(crate) type Entries = Arc<BTreeMap<String, String>>;

/// Which version of which table of which level a merged table was made of.
pub(crate) type Parts = Vec<(Scope, String, u64)>;

#[derive(Default)]
pub(crate) struct TableCache {
    levels: Mutex<HashMap<(Scope, String), (u64, Entries)>>,
    merged: Mutex<HashMap<AccountId, (Parts, Arc<Tables>)>>,
}

impl TableCache {
    pub(crate) fn entries(&self, scope: Scope, name: &str, version: u64) -> Option<Entries> {
        let levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        let (held, entries) = levels.get(&(scope, name.to_owned()))?;
        (*held == version).then(|| Arc::clone(entries))
    }

    pub(crate) fn keep_entries(&self, scope: Scope, name: &str, version: u64, entries: &Entries) {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        levels.insert((scope, name.to_owned()), (version, Arc::clone(entries)));
    }

    pub(crate) fn merged(&self, account: AccountId, parts: &Parts) -> Option<Arc<Tables>> {
        let merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        let (held, tables) = merged.get(&account)?;
        (held == parts).then(|| Arc::clone(tables))
    }

    pub(crate) fn keep_merged(&self, account: AccountId, parts: Parts, tables: &Arc<Tables>) {
        let mut merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        merged.insert(account, (parts, Arc::clone(tables)));
    }
}
