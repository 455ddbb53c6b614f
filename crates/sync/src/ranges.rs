//! The walk over ranges of ids, carried out.

use std::pin::Pin;
use std::sync::Arc;

use crosswalk_workspace::run::{RunFault, Severity};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::acceptance::{Order, Refusal, accept};
use crate::checkpoint::{Stage, Step};
use crate::counted::counted;
use crate::engine::{Answer, Engine, Got, Stopped, refuses_question, stop};
use crate::page_ids::{given_instead, ids, places, size};
use crate::plan;
use crate::source::{Part, Source};
use crate::span::{Remaining, Span};
use crate::store::{Batch, Committed};
use crate::verdict::{self, Reaction};
use crate::walk::{Ask, Walk};

/// Bytes of fetched pages that wait to be stored; above it nothing more is asked for. With whole objects of 20 KB that is sixteen pages, and with the
/// sealed copies beside them memory stays under 50 MiB.
const WAITING_BYTES: u64 = 16 * 1024 * 1024;

/// How the walk ended.
pub(crate) enum Ranged {
    /// Everything is stored.
    Done,
    /// The provider's answers cannot be trusted as steps of the walk.
    Refused(Refusal),
}

type Fetch = BoxFuture<'static, (Ask, Answer)>;
type Stored =
    Pin<Box<dyn Future<Output = (u64, Result<Committed, crosswalk_workspace::Error>)> + Send>>;

/// Pages on their way, to us and to the disk.
#[derive(Default)]
struct Traffic {
    fetches: FuturesUnordered<Fetch>,
    stores: FuturesUnordered<Stored>,
    waiting: u64,
    failed_in_a_row: u32,
    /// Whether a page of the walk has come.
    landed: bool,
    /// The most records a page held so far.
    most: usize,
}

impl Traffic {
    /// Takes note of a page of `received` records that was asked for with `limit`, and says whether more may follow the last of them. A page shorter than
    /// was asked for is the end only once another one showed that the provider gives so many: it may give fewer than it is asked for.
    fn may_go_on(&mut self, received: usize, limit: usize, short_page_ends: bool) -> bool {
        let gives_so_many = self.most.max(received) >= limit;
        self.most = self.most.max(received);
        received >= limit || (received > 0 && !(short_page_ends && gives_so_many))
    }
}

impl<S: Source> Engine<S> {
    /// Walks what remains.
    pub(crate) async fn ranges(
        &mut self,
        sampled: bool,
        page_size: u32,
        remaining: Remaining,
    ) -> Result<Ranged, Stopped> {
        let mut traffic = Traffic::default();
        let walked = self
            .walk_ranges(&mut traffic, sampled, page_size, remaining)
            .await;
        // What was fetched is stored, however the walk ended: it need not be asked for again.
        traffic.fetches.clear();
        while let Some((_, stored)) = traffic.stores.next().await {
            let committed = stored?;
            self.report(&committed, None);
        }
        walked
    }

    async fn walk_ranges(
        &mut self,
        traffic: &mut Traffic,
        sampled: bool,
        page_size: u32,
        remaining: Remaining,
    ) -> Result<Ranged, Stopped> {
        let mut walk = Walk::new(&remaining, self.plan.rules(&self.resource, page_size));
        let page_size = if sampled {
            page_size
        } else {
            match self.open(traffic, &mut walk, &remaining, page_size).await? {
                Ok(page_size) => page_size,
                Err(refusal) => return Ok(Ranged::Refused(refusal)),
            }
        };
        loop {
            while traffic.waiting < WAITING_BYTES
                && let Some(next) = walk.next(self.source.workers())
            {
                traffic.fetches.push(self.fetch(next, page_size));
            }
            if traffic.fetches.is_empty() && traffic.stores.is_empty() {
                return Ok(Ranged::Done);
            }
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Stopped::Cancelled),
                Some((bytes, stored)) = traffic.stores.next() => {
                    traffic.waiting -= bytes;
                    self.report(&stored?, walk.records_left());
                }
                Some((asked, answer)) = traffic.fetches.next() => {
                    match self.got(answer) {
                        Ok(got) => {
                            traffic.failed_in_a_row = 0;
                            if let Err(refusal) = self.land(traffic, &mut walk, asked, got) {
                                return Ok(Ranged::Refused(refusal));
                            }
                        }
                        Err((error, calls)) => {
                            walk.give_back(asked.id);
                            let weight = verdict::weight(&calls);
                            self.keep_calls(calls).await?;
                            if refuses_question(&error) && asked.skip > 0 {
                                walk.stop_skipping();
                                continue;
                            }
                            if refuses_question(&error) && !traffic.landed {
                                return Ok(Ranged::Refused(Refusal::RangesRefused));
                            }
                            traffic.failed_in_a_row += weight;
                            if let Reaction::Stop(status) = verdict::react(&error, traffic.failed_in_a_row) {
                                return Err(stop(error, status));
                            }
                        }
                    }
                }
            }
        }
    }

    fn fetch(&self, next: Ask, page_size: u32) -> Fetch {
        let wanted = self.wanted(
            Part::Range {
                span: next.span,
                skip: next.skip,
            },
            page_size,
        );
        let asked = self.ask(wanted);
        Box::pin(async move { (next, asked.await) })
    }

    /// The page of newest whole objects and the first page of the walk, asked for together: both ends of the ids are known after one round trip.
    /// Returns how many records a page holds.
    async fn open(
        &mut self,
        traffic: &mut Traffic,
        walk: &mut Walk,
        remaining: &Remaining,
        page_size: u32,
    ) -> Result<Result<u32, Refusal>, Stopped> {
        let first = walk.next(1).map(|next| self.fetch(next, page_size));
        let newest = self.wanted_whole(Part::Newest(None), page_size);
        let cancel = self.cancel.clone();
        let first = async {
            let fetch = first?;
            tokio::select! {
                biased;
                () = cancel.cancelled() => None,
                fetched = fetch => Some(fetched),
            }
        };
        let (first, newest) =
            tokio::join!(first, self.try_for(newest, "the page of newest records"));
        let newest = match newest {
            Ok(newest) => newest,
            Err(stopped) => {
                if let Some((_, answer)) = first {
                    self.keep_calls(answer.calls).await?;
                }
                return Err(stopped);
            }
        };
        let lowest = first
            .as_ref()
            .and_then(|(_, answer)| answer.result.as_ref().ok());
        let given = newest
            .as_ref()
            .zip(lowest)
            .and_then(|(newest, lowest)| given_instead(newest, lowest));
        if let Some(given) = given {
            self.log.push((
                Severity::Warning,
                format!(
                    "The provider gives {} a page although {page_size} were asked for.",
                    counted(given, "record", "records")
                ),
            ));
            walk.set_page_size(size(given));
        }
        let page_size = given.unwrap_or(page_size);
        let batch = match newest {
            Some(newest) => {
                traffic.most = traffic.most.max(newest.received());
                let (batch, covered) = self.sample(newest, lowest.is_some(), given, remaining);
                if let Some((covered, ids)) = covered {
                    walk.hint(&ids);
                    walk.exclude(covered);
                }
                batch
            }
            None => Batch {
                step: Step::Sampled {
                    covered: None,
                    page_size: None,
                },
                ..Batch::of_calls(self.selection, Vec::new())
            },
        };
        self.push(traffic, batch);
        let Some((asked, answer)) = first else {
            return Ok(Ok(page_size));
        };
        match self.got(answer) {
            Ok(got) => {
                let got = Got {
                    limit: got.limit.min(page_size),
                    ..got
                };
                Ok(self.land(traffic, walk, asked, got).map(|()| page_size))
            }
            Err((error, calls)) if refuses_question(&error) => {
                self.keep_calls(calls).await?;
                Ok(Err(Refusal::RangesRefused))
            }
            Err((_, calls)) => {
                // It is asked again like any other page.
                walk.give_back(asked.id);
                self.keep_calls(calls).await?;
                Ok(Ok(page_size))
            }
        }
    }

    /// What the page of newest records is worth: a step of the walk if its ids strictly descend, else a sample beside it. That there are no others a short
    /// one tells only together with the page of lowest ids: without it nobody knows whether the provider gives fewer records than it is asked for.
    fn sample(
        &mut self,
        newest: Got,
        lowest_known: bool,
        given: Option<u32>,
        remaining: &Remaining,
    ) -> (Batch, Option<(Span, Vec<i64>)>) {
        let full = given.is_some()
            || !lowest_known
            || newest.received() >= size(newest.limit)
            || !self.plan.short_page_ends
            || newest.oversized;
        let whole = remaining.spans() == [Span::ALL];
        let accepted = ids(&newest.page.records)
            .ok_or(Refusal::NoIds)
            .and_then(|ids| accept(&ids, Span::ALL, Order::Descending));
        let covered = match accepted {
            Ok(ids) if whole && ids.windows(2).all(|pair| pair[0] != pair[1]) => {
                match (ids.first(), ids.last()) {
                    // A short page is all there is.
                    (Some(_), Some(_)) if !full => Some((Span::ALL, ids)),
                    (Some(&top), Some(&bottom)) => Some((
                        Span {
                            gt: bottom - 1,
                            le: top,
                        },
                        ids,
                    )),
                    _ => None,
                }
            }
            Ok(_) => None,
            Err(refusal) => {
                self.log.push((
                    Severity::Warning,
                    format!("The page of newest records is only a sample: {refusal}."),
                ));
                None
            }
        };
        let step = Step::Sampled {
            covered: covered.as_ref().map(|(span, _)| *span),
            page_size: given,
        };
        let sample = covered.is_none();
        let batch = newest.into_batch(self.whole_selection, step);
        (
            Batch {
                whole: true,
                sample,
                ..batch
            },
            covered,
        )
    }

    /// Takes a page of the walk: accepts it, tells the walk, and sends it on to the disk.
    fn land(
        &mut self,
        traffic: &mut Traffic,
        walk: &mut Walk,
        asked: Ask,
        got: Got,
    ) -> Result<(), Refusal> {
        let full = traffic.may_go_on(got.received(), size(got.limit), self.plan.short_page_ends);
        let ids = ids(&got.page.records).ok_or(Refusal::NoIds)?;
        if ids.is_empty() && got.received() > 0 && full {
            return Err(Refusal::NoIds);
        }
        let ids = accept(&ids, asked.span, Order::Ascending)?;
        let oversized = got.oversized;
        traffic.landed = true;
        let Some(landed) = walk.answer(asked.id, &ids, full) else {
            let batch = Batch::of_calls(self.selection, got.calls);
            self.push(traffic, batch);
            return Ok(());
        };
        let places = places(&got.page, &landed.keep, full);
        let step = if landed.covered.is_empty() {
            Step::Nothing
        } else {
            Step::Covered(landed.covered)
        };
        let mut batch = got.into_batch(self.selection, step);
        batch.whole = self.asked.is_whole();
        if !oversized {
            batch.keep = landed.keep;
        } else if landed.keep.is_empty() {
            batch.too_large.clear();
        }
        batch.places = places;
        self.push(traffic, batch);
        Ok(())
    }

    fn push(&mut self, traffic: &mut Traffic, batch: Batch) {
        let batch = self.furnish(batch);
        let bytes = batch.page.as_ref().map_or(0, |page| page.bytes);
        traffic.waiting += bytes;
        let stored = Arc::clone(&self.store).store(batch);
        // On a task of its own, so that sealing goes on while the loop waits for pages.
        let stored = tokio::spawn(stored);
        traffic.stores.push(Box::pin(async move {
            (
                bytes,
                stored
                    .await
                    .unwrap_or(Err(crosswalk_workspace::Error::Abandoned)),
            )
        }));
    }

    /// Gives the walk up for pages that overlap. What is stored stays; its records are met again and not counted twice.
    pub(crate) async fn give_up_ranges(&mut self, refusal: &Refusal) -> Result<Stage, Stopped> {
        let stage = plan::pages(&self.resource, true);
        if !matches!(
            stage,
            Stage::Pages {
                overlap: Some(_),
                ..
            }
        ) {
            return Err(Stopped::Fault(RunFault {
                code: "order_ignored".to_owned(),
                message: format!("{refusal}, and the list has no other way to be read completely"),
                hint: Some("Correct the connector's keyset for this resource.".to_owned()),
            }));
        }
        self.log.push((
            Severity::Warning,
            format!("The list is read in overlapping pages, one after the other, since {refusal}. Records met twice are stored once."),
        ));
        let batch = Batch {
            step: Step::Stage(stage.clone()),
            ..Batch::of_calls(self.selection, Vec::new())
        };
        self.commit(batch).await?;
        Ok(stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_page_is_the_end_only_where_longer_ones_are_given() {
        for (most, received, limit, short_page_ends, expected) in [
            (0, 0, 50, true, false),
            (0, 50, 50, true, true),
            (50, 25, 50, true, false),
            (50, 25, 50, false, true),
            // Nothing shows that the provider gives fifty.
            (0, 25, 50, true, true),
            (25, 24, 50, true, true),
            (25, 0, 50, true, false),
            // Asked for in smaller pieces.
            (25, 12, 13, true, false),
            (25, 13, 13, true, true),
        ] {
            let mut traffic = Traffic {
                most,
                ..Traffic::default()
            };
            assert_eq!(
                traffic.may_go_on(received, limit, short_page_ends),
                expected,
                "{most} {received} {limit} {short_page_ends}"
            );
            assert_eq!(traffic.most, most.max(received));
        }
    }
}
