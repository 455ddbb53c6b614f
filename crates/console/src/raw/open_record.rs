//! Records that are being looked at: opened once, kept in memory while they are, never on disk.

use std::sync::{Arc, Mutex, PoisonError};

use crosswalk_mapping::{RawRecord, Selection};
use crosswalk_vault::Zeroizing;
use crosswalk_workspace::AccountId;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::record::{self, NativeId};
use crosswalk_workspace::selection::{self, SelectionId};
use jiff::Timestamp;

use crate::console::blocking;
use crate::raw::tree::RawTree;
use crate::{Console, Fault};

/// Records kept open: the one on screen and those next to it.
const MOST_OPEN: usize = 8;
/// Memory they may take together; one record is always kept, whatever its size.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A stored record, opened.
#[derive(Debug)]
pub(crate) struct OpenRecord {
    pub(crate) id: NativeId,
    pub(crate) raw: Zeroizing<Vec<u8>>,
    pub(crate) tree: RawTree,
    pub(crate) fetched_at: Timestamp,
    /// What of it was asked for; none: the whole object.
    pub(crate) selection: Option<Arc<Selection>>,
}

impl OpenRecord {
    /// As the mapping workers take it.
    pub(crate) fn to_map(&self) -> RawRecord {
        RawRecord {
            key: self.id.to_string(),
            raw: self.raw.to_vec(),
            selection: self.selection.clone(),
        }
    }

    fn weight(&self) -> usize {
        self.raw.len() + self.tree.weight()
    }
}

/// The records that are open, the one used last at the end.
#[derive(Debug, Default)]
pub(crate) struct OpenRecords(Mutex<Vec<Held>>);

#[derive(Debug)]
struct Held {
    account: AccountId,
    resource: String,
    record: Arc<OpenRecord>,
}

impl OpenRecords {
    fn held(&self) -> std::sync::MutexGuard<'_, Vec<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(
        &self,
        account: AccountId,
        resource: &str,
        id: &NativeId,
        fetched_at: Timestamp,
    ) -> Option<Arc<OpenRecord>> {
        let mut held = self.held();
        let at = held.iter().position(|held| {
            held.account == account && held.resource == resource && held.record.id == *id
        })?;
        let found = held.remove(at);
        if found.record.fetched_at != fetched_at {
            return None;
        }
        let record = Arc::clone(&found.record);
        held.push(found);
        Some(record)
    }

    fn keep(&self, account: AccountId, resource: &str, record: Arc<OpenRecord>) {
        let mut held = self.held();
        held.push(Held {
            account,
            resource: resource.to_owned(),
            record,
        });
        while held.len() > 1
            && (held.len() > MOST_OPEN
                || held.iter().map(|held| held.record.weight()).sum::<usize>() > MOST_BYTES)
        {
            held.remove(0);
        }
    }

    /// Forgets an account's records.
    pub(crate) fn forget(&self, account: AccountId) {
        self.held().retain(|held| held.account != account);
    }
}

pub(crate) fn unreadable(error: impl std::fmt::Display) -> Fault {
    Fault::failed(
        "record_unreadable",
        format!("A stored record cannot be shown: {error}."),
        "Sync the resource again, beginning anew.",
    )
}

pub(crate) fn no_record(resource: &str, id: &str) -> Fault {
    Fault::invalid(
        "not_found",
        format!("There is no record {id} of {resource}."),
        "It may have been deleted or have grown too old to be kept; sync the resource again.",
    )
}

impl Console {
    /// A stored record, opened; from memory where it was opened before.
    ///
    /// # Errors
    /// `not_found`, `record_unreadable`, and what keeps the vault from opening.
    pub(crate) async fn open_record(
        &self,
        account: &Account,
        resource: &str,
        id: &str,
    ) -> Result<Arc<OpenRecord>, Fault> {
        let (uuid, name, native) = (account.uuid, resource.to_owned(), NativeId::from(id));
        let wanted = native.clone();
        let fetched_at = self
            .workspace()
            .read(move |tx| record::fetched_at(tx, uuid, &name, &wanted))
            .await?;
        let fetched_at = fetched_at.ok_or_else(|| no_record(resource, id))?;
        let open = &self.shared.open_records;
        if let Some(record) = open.get(uuid, resource, &native, fetched_at) {
            return Ok(record);
        }
        let keys = Arc::new(self.entry(account).await?.keys);
        let (name, wanted) = (resource.to_owned(), native.clone());
        let found = self
            .workspace()
            .read(move |tx| {
                let Some(stored) = record::get(tx, uuid, &name, &wanted)? else {
                    return Ok(None);
                };
                let raw = stored.open(&keys, uuid, &name)?;
                Ok(raw.map(|raw| (raw, stored.fetched_at, stored.selection)))
            })
            .await?;
        let (raw, fetched_at, selection) = found.ok_or_else(|| no_record(resource, id))?;
        let selection = match selection {
            Some(selection) => Some(self.fetched_with(selection).await?),
            None => None,
        };
        let record = blocking(move || {
            RawTree::read(&raw).map(|tree| OpenRecord {
                id: native,
                raw,
                tree,
                fetched_at,
                selection,
            })
        })
        .await?
        .map_err(|fault| unreadable(format!("it is no JSON at byte {}", fault.offset)))?;
        let record = Arc::new(record);
        open.keep(uuid, resource, Arc::clone(&record));
        Ok(record)
    }

    /// What of a record was asked for.
    pub(crate) async fn fetched_with(&self, id: SelectionId) -> Result<Arc<Selection>, Fault> {
        let tree = self
            .workspace()
            .read(move |tx| selection::get(tx, id))
            .await?;
        // The two crates write a selection in the same words and know nothing of each other.
        let tree = serde_json::to_value(tree).map_err(unreadable)?;
        Ok(Arc::new(serde_json::from_value(tree).map_err(unreadable)?))
    }

    /// Drops everything of an account that stands opened in memory.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn forget_opened(&self, account: &str) -> Result<(), Fault> {
        let account = self.find_account(account).await?.uuid;
        self.shared.open_records.forget(account);
        self.shared.outcomes.forget(account);
        self.shared.projections.forget(account);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn record(id: i64, length: usize, at: Timestamp) -> Arc<OpenRecord> {
        let raw = format!("\"{}\"", "x".repeat(length)).into_bytes();
        Arc::new(OpenRecord {
            id: NativeId::Integer(id),
            tree: RawTree::read(&raw).unwrap(),
            raw: Zeroizing::new(raw),
            fetched_at: at,
            selection: None,
        })
    }

    #[test]
    fn the_least_recently_used_goes_first_and_a_newer_answer_replaces() {
        let open = OpenRecords::default();
        let (account, at) = (AccountId::new(), Timestamp::UNIX_EPOCH);
        let get = |id: i64, at| open.get(account, "things", &NativeId::Integer(id), at);
        for id in 0..8 {
            open.keep(account, "things", record(id, 10, at));
        }
        assert!(get(0, at).is_some());
        open.keep(account, "things", record(8, 10, at));
        assert!(get(0, at).is_some(), "it was used");
        assert!(get(1, at).is_none(), "it was used least recently");
        assert!(get(2, at + jiff::SignedDuration::from_secs(1)).is_none());
        assert!(get(2, at).is_none(), "what is out of date is not kept");
        open.keep(account, "things", record(9, MOST_BYTES, at));
        assert!(get(9, at).is_some(), "one record is always kept");
        assert!(get(8, at).is_none());
        open.forget(account);
        assert!(get(9, at).is_none());
    }
}
