use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;

use super::memory::HeldBody;
use super::native_id::Watermark;
use super::seal::SealedRecord;
use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::RunId;
use crate::run::Run;
use crate::selection::{self, Selection, SelectionId};
use crate::tx::{ReadTx, WriteTx};

/// What became of a record that a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stored {
    /// The workspace did not know it.
    New,
    /// It is not, or may not be, as the workspace knew it.
    Changed,
    /// It is as the workspace knew it.
    Confirmed,
    /// This run had stored it already.
    Duplicate,
}

/// How much an answer holds, next to the one that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breadth {
    /// All of it, and perhaps more.
    Enough,
    /// Less.
    Narrower,
}

/// What is stored of a record when it comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    watermark: Option<Watermark>,
    has_body: bool,
    by_this_run: bool,
}

/// What became of the record, and whether its body is replaced.
///
/// - A later run's answer is the truth, also if its watermark is older: instances are reset to old copies. Within a
///   run an older answer came late.
/// - With the same watermark both answers are of one state, and the wider one is kept. Equal breadth replaces: custom
///   fields and nested objects change at some providers without moving the watermark.
/// - Without watermarks nobody can tell; a later run's answer is fresher, within a run the wider one is kept.
fn decide(held: Held, watermark: Option<Watermark>, breadth: Breadth) -> (Stored, bool) {
    let order = held
        .watermark
        .zip(watermark)
        .map(|(held, new)| new.cmp(&held));
    let same = order.is_some_and(std::cmp::Ordering::is_eq);
    let stored = match (held.by_this_run, same) {
        (true, _) => Stored::Duplicate,
        (false, true) => Stored::Confirmed,
        (false, false) => Stored::Changed,
    };
    let replace = match order {
        _ if !held.has_body => true,
        Some(std::cmp::Ordering::Equal) => breadth == Breadth::Enough,
        Some(order) => !held.by_this_run || order.is_gt(),
        None => !held.by_this_run || breadth == Breadth::Enough,
    };
    (stored, replace)
}

/// Stores the records of one answer.
pub(crate) struct Upserts<'t, 'c> {
    tx: &'t WriteTx<'c>,
    run: &'t Run,
    selection: SelectionId,
    asked: Option<Selection>,
    breadths: HashMap<i64, Breadth>,
    fetched_at: Timestamp,
    sample: bool,
}

impl<'t, 'c> Upserts<'t, 'c> {
    /// For an answer to a request with `selection`. Records of a `sample` do not count as met by the run.
    pub(crate) fn new(
        tx: &'t WriteTx<'c>,
        run: &'t Run,
        selection: SelectionId,
        sample: bool,
    ) -> Self {
        Self {
            tx,
            run,
            selection,
            asked: None,
            breadths: HashMap::new(),
            fetched_at: tx.now(),
            sample,
        }
    }

    pub(crate) fn store(&mut self, record: &SealedRecord) -> Result<Stored> {
        let met = (!self.sample).then_some(self.run.number);
        let stored = record.body.as_ref().filter(|_| !record.in_memory);
        let selection = stored.map(|_| self.selection.0);
        let purged = stored.is_none().then_some(Micros(self.fetched_at));
        // A first full sync meets only new records: they cost one statement.
        let inserted = self.tx.execute(
            "INSERT INTO record (resource, native_id, watermark, selection, size, fetched_at, first_run, last_run, \
             body_run, purged_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, ?9, ?10) \
             ON CONFLICT (resource, native_id) DO NOTHING",
            params![
                self.run.resource_number,
                record.native_id,
                record.watermark,
                selection,
                Count(record.size),
                Micros(self.fetched_at),
                self.run.number,
                met,
                purged,
                stored,
            ],
        )?;
        if inserted == 1 {
            self.hold(record);
            return Ok(Stored::New);
        }
        self.again(record, met, selection, purged)
    }

    /// Holds the body of a record that is for memory only.
    fn hold(&self, record: &SealedRecord) {
        if let (true, Some(body), Some(memory)) = (record.in_memory, &record.body, self.tx.memory())
        {
            let held = HeldBody {
                run: self.run.uuid,
                selection: self.selection,
                size: record.size,
                body: body.clone(),
            };
            memory.hold(self.run.resource_number, &record.native_id, held);
        }
    }

    fn again(
        &mut self,
        record: &SealedRecord,
        met: Option<i64>,
        selection: Option<i64>,
        purged: Option<Micros>,
    ) -> Result<Stored> {
        let found = self.tx.row(
            "SELECT id, watermark, selection, body IS NOT NULL, last_run, \
             (SELECT uuid FROM run WHERE run.id = body_run) FROM record WHERE resource = ?1 AND native_id = ?2",
            params![self.run.resource_number, record.native_id],
            |row| {
                let last_run: Option<i64> = row.get(4)?;
                let held = Held {
                    watermark: row.get(1)?,
                    has_body: row.get(3)?,
                    by_this_run: last_run == Some(self.run.number),
                };
                let body_run: Option<RunId> = row.get(5)?;
                Ok((
                    row.get::<_, i64>(0)?,
                    held,
                    row.get::<_, Option<i64>>(2)?,
                    body_run,
                ))
            },
        )?;
        let Some((id, mut held, mut held_selection, body_run)) = found else {
            return Err(rusqlite::Error::QueryReturnedNoRows.into());
        };
        // A body on disk goes whatever comes, since nothing of this account may stay there.
        let must_go = purged.is_some() && (held.has_body || !record.in_memory);
        if let Some(memory) = self.tx.memory().filter(|_| !held.has_body) {
            let body = memory.get(self.run.resource_number, &record.native_id);
            if let Some(body) = body.filter(|body| body_run == Some(body.run)) {
                held.has_body = true;
                held_selection = Some(body.selection.0);
            }
        }
        let breadth = match held_selection {
            Some(held) => self.breadth(held)?,
            None => Breadth::Enough,
        };
        let stored_body = record.body.as_ref().filter(|_| !record.in_memory);
        let (stored, replace) = decide(held, record.watermark, breadth);
        if replace || must_go {
            self.hold(record);
            self.tx.execute(
                "UPDATE record SET watermark = ?2, selection = ?3, size = ?4, fetched_at = ?5, \
                 last_run = coalesce(?6, last_run), body_run = ?7, deleted_at = NULL, purged_at = ?8, body = ?9 \
                 WHERE id = ?1",
                params![
                    id,
                    record.watermark,
                    selection,
                    Count(record.size),
                    Micros(self.fetched_at),
                    met,
                    self.run.number,
                    purged,
                    stored_body,
                ],
            )?;
        } else {
            self.tx.execute(
                "UPDATE record SET fetched_at = ?2, last_run = coalesce(?3, last_run), deleted_at = NULL WHERE id = ?1",
                params![id, Micros(self.fetched_at), met],
            )?;
        }
        Ok(stored)
    }

    fn breadth(&mut self, held: i64) -> Result<Breadth> {
        if held == self.selection.0 {
            return Ok(Breadth::Enough);
        }
        if let Some(&breadth) = self.breadths.get(&held) {
            return Ok(breadth);
        }
        let tx: &ReadTx<'_> = self.tx;
        let asked = match self.asked.take() {
            Some(asked) => asked,
            None => selection::get(tx, self.selection)?,
        };
        let breadth = breadth(&selection::get(tx, SelectionId(held))?, &asked);
        self.asked = Some(asked);
        self.breadths.insert(held, breadth);
        Ok(breadth)
    }
}

/// Selections of which neither holds the other count as enough: the mapping changed, and what it reads now is wanted.
fn breadth(held: &Selection, asked: &Selection) -> Breadth {
    if held.covers(asked) && !asked.covers(held) {
        Breadth::Narrower
    } else {
        Breadth::Enough
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Breadth::{Enough, Narrower};
    use super::*;

    const OLD: Option<Watermark> = Some(Watermark(1));
    const NEW: Option<Watermark> = Some(Watermark(2));

    #[test]
    fn what_becomes_of_a_record_that_comes_again() {
        use Stored::{Changed, Confirmed, Duplicate};
        for (held, by_this_run, new, breadth, expected) in [
            // A later run.
            (OLD, false, NEW, Enough, (Changed, true)),
            (OLD, false, NEW, Narrower, (Changed, true)),
            (OLD, false, OLD, Enough, (Confirmed, true)),
            (OLD, false, OLD, Narrower, (Confirmed, false)),
            (NEW, false, OLD, Enough, (Changed, true)),
            (None, false, None, Narrower, (Changed, true)),
            (OLD, false, None, Narrower, (Changed, true)),
            (None, false, OLD, Narrower, (Changed, true)),
            // The same run.
            (OLD, true, NEW, Narrower, (Duplicate, true)),
            (OLD, true, OLD, Enough, (Duplicate, true)),
            (OLD, true, OLD, Narrower, (Duplicate, false)),
            (NEW, true, OLD, Enough, (Duplicate, false)),
            (None, true, None, Enough, (Duplicate, true)),
            (None, true, None, Narrower, (Duplicate, false)),
        ] {
            let held = Held {
                watermark: held,
                has_body: true,
                by_this_run,
            };
            assert_eq!(
                decide(held, new, breadth),
                expected,
                "{held:?} {new:?} {breadth:?}"
            );
        }
    }

    #[test]
    fn neither_holding_the_other_is_enough() {
        let whole = Selection::Whole;
        let (mut a, mut b) = (Selection::empty(), Selection::empty());
        a.add(&["id"]);
        a.add(&["a"]);
        b.add(&["id"]);
        b.add(&["b"]);
        assert_eq!(breadth(&whole, &a), Narrower);
        assert_eq!(breadth(&a, &whole), Enough);
        assert_eq!(breadth(&a, &b), Enough);
        assert_eq!(breadth(&a, &a.clone()), Enough);
    }

    fn watermarks() -> impl Strategy<Value = Option<Watermark>> {
        prop::option::of((0_i64..4).prop_map(Watermark))
    }

    proptest! {
        #[test]
        fn the_promises_hold(
            held in watermarks(), new in watermarks(), narrower: bool, has_body: bool, by_this_run: bool,
        ) {
            let breadth = if narrower { Narrower } else { Enough };
            let (stored, replace) = decide(Held { watermark: held, has_body, by_this_run }, new, breadth);
            // Never the narrower in place of the wider with the same watermark.
            if has_body && narrower && held.is_some() && held == new {
                prop_assert!(!replace);
            }
            // What has no body gets one; what is newer is taken.
            if !has_body || held.zip(new).is_some_and(|(held, new)| new > held) {
                prop_assert!(replace);
            }
            // Each record counts once in a run.
            prop_assert_eq!(stored == Stored::Duplicate, by_this_run);
            prop_assert_ne!(stored, Stored::New);
        }
    }
}
