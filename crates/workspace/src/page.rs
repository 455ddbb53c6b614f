//! Pages: what one answer brought, stored together with where to go on and what it cost.

use rusqlite::params;
use serde_json::Value;

use crate::account;
use crate::audit::{self, Call, Subject};
use crate::call_answer;
use crate::column::{Count, Json};
use crate::error::Result;
use crate::id::RunId;
use crate::record::{SealedRecord, Stored, Upserts};
use crate::run::{self, RunFault, Usage};
use crate::selection::SelectionId;
use crate::tx::WriteTx;

/// What one answer brought to a run.
#[derive(Debug, Clone)]
pub struct Page {
    /// The run.
    pub run: RunId,
    /// Which fields were asked for; a sample's differ from its run's.
    pub selection: SelectionId,
    /// Whether the page is a sample beside the run's own walk: its records are stored, but they count neither as
    /// stored nor as met.
    pub sample: bool,
    /// The records.
    pub records: Vec<SealedRecord>,
    /// Records that could not be stored.
    pub errors: Vec<PageError>,
    /// Where to go on; none leaves the checkpoint as it is.
    pub checkpoint: Option<Value>,
    /// The calls it took, failed ones too.
    pub calls: Vec<Call>,
    /// What they cost.
    pub usage: Usage,
}

/// A record that could not be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageError {
    /// The cause, in our own words.
    pub fault: RunFault,
    /// The record, where its id is known.
    pub native_id: Option<String>,
    /// What may quote the record, sealed.
    pub sealed_example: Option<Vec<u8>>,
}

/// What became of a page's records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageOutcome {
    /// Records the workspace did not know.
    pub created: u64,
    /// Records that are not as they were.
    pub changed: u64,
    /// Records that are as they were.
    pub confirmed: u64,
    /// Records the run had stored already.
    pub duplicates: u64,
}

impl PageOutcome {
    /// Distinct records written or confirmed.
    pub fn stored(&self) -> u64 {
        self.created + self.changed + self.confirmed
    }
}

/// Stores a page: records, errors, checkpoint, calls and counters, all of it or nothing. Bodies of an account without
/// retention go to this process's memory, whatever the run took them for.
pub fn commit(tx: &WriteTx<'_>, page: &Page) -> Result<PageOutcome> {
    let run = run::get(tx, page.run)?;
    let account = account::by_id(tx, run.account)?;
    // As it is now: it may have been set since the run began, and what reaches the disk once is in its log.
    let keeps_bodies = account.retention.days() > 0;
    let mut outcome = PageOutcome::default();
    let mut upserts = Upserts::new(tx, &run, page.selection, page.sample);
    for record in &page.records {
        let stored = if keeps_bodies || record.in_memory {
            upserts.store(record)?
        } else {
            upserts.store(&record.clone().in_memory())?
        };
        match stored {
            Stored::New => outcome.created += 1,
            Stored::Changed => outcome.changed += 1,
            Stored::Confirmed => outcome.confirmed += 1,
            Stored::Duplicate => outcome.duplicates += 1,
        }
    }
    for error in &page.errors {
        let native_id = error.native_id.as_deref();
        let named = run::record_error(
            tx,
            page.run,
            &error.fault,
            native_id,
            error.sealed_example.as_deref().filter(|_| keeps_bodies),
        )?;
        if let Some(id) = native_id.filter(|_| named) {
            run::log_skipped(tx, page.run, id, &error.fault)?;
        }
    }
    let counted = if page.sample {
        PageOutcome::default()
    } else {
        outcome
    };
    let errors = if page.sample {
        0
    } else {
        page.errors.len() as u64
    };
    tx.execute(
        "UPDATE run SET stored = stored + ?2, created = created + ?3, changed = changed + ?4, \
         duplicates = duplicates + ?5, errors = errors + ?6, checkpoint = coalesce(?7, checkpoint) WHERE id = ?1",
        params![
            run.number,
            Count(counted.stored()),
            Count(counted.created),
            Count(counted.changed),
            Count(counted.duplicates),
            Count(errors),
            page.checkpoint.as_ref().map(Json),
        ],
    )?;
    run::add_usage(tx, page.run, &page.usage)?;
    if !page.calls.is_empty() {
        let subject = Subject::from(&account);
        for call in &page.calls {
            let seq = audit::append_call(tx, &subject, Some(page.run), call)?;
            if let Some(answer) = &call.answer {
                call_answer::put(tx, &account, seq, answer)?;
            }
        }
    }
    Ok(outcome)
}
