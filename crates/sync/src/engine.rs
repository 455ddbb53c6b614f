//! What every walk of a run has in common: asking, storing, stopping.

use std::sync::Arc;
use std::time::Duration;

use crosswalk_client::{CallBuffer, CallRecord, ClientError, Clock, Page};
use crosswalk_connector::Resource;
use crosswalk_workspace::record::Watermark;
use crosswalk_workspace::run::{RunFault, Severity, Status};
use crosswalk_workspace::selection::SelectionId;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::checkpoint::Step;
use crate::fields::Asked;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::progress::Reporter;
use crate::source::{Part, Source, Wanted};
use crate::store::{Batch, Committed, Store};
use crate::verdict::{self, Reaction};
use crate::watermark;

/// How a walk ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Everything is stored.
    Done {
        /// Whether every record that was there from the beginning to the end was met for certain.
        met_all: bool,
    },
    /// It stopped before that.
    Stopped(Stopped),
}

/// Why a walk stopped.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// A person said so.
    Cancelled,
    /// A page could not be had.
    Client(Box<ClientError>, Status),
    /// A rule of ours.
    Fault(RunFault),
    /// The workspace failed.
    Workspace(crosswalk_workspace::Error),
}

impl From<crosswalk_workspace::Error> for Stopped {
    fn from(error: crosswalk_workspace::Error) -> Self {
        Self::Workspace(error)
    }
}

/// A run at work.
pub(crate) struct Engine<S> {
    pub(crate) source: Arc<S>,
    pub(crate) store: Arc<Store>,
    pub(crate) resource: Arc<Resource>,
    pub(crate) plan: Plan,
    pub(crate) asked: Arc<Asked>,
    pub(crate) selection: SelectionId,
    pub(crate) whole: Arc<Asked>,
    pub(crate) whole_selection: SelectionId,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cancel: CancellationToken,
    pub(crate) reporter: Reporter,
    /// Whether the next incremental run's beginning is known yet.
    pub(crate) start_known: bool,
    /// That beginning. It goes with every page, since any of them may be the first on disk.
    pub(crate) start: Option<Watermark>,
    /// Calls not stored yet.
    pub(crate) ledger: Ledger,
    /// Lines to be stored with the next page.
    pub(crate) log: Vec<(Severity, String)>,
}

/// A page, or why there is none, with what it took.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) result: Result<Page, ClientError>,
    /// Records asked for at most; fewer than the page size where a page was too large.
    pub(crate) limit: u32,
    /// Whether the page is the id alone of a record that is too large to be fetched.
    pub(crate) oversized: bool,
    pub(crate) calls: Vec<CallRecord>,
    sent: Timestamp,
    took: Duration,
}

/// A page that came.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) page: Page,
    /// Records asked for at most.
    pub(crate) limit: u32,
    /// Whether the page is the id alone of a record that is too large to be fetched.
    pub(crate) oversized: bool,
    pub(crate) calls: Vec<CallRecord>,
}

impl Got {
    /// Records the page listed: with those that cannot be kept, and those that went before they could be read.
    pub(crate) fn received(&self) -> usize {
        self.page.listed
    }

    /// The page as a batch, as a whole. A record too large to be fetched is an error of its own.
    pub(crate) fn into_batch(mut self, selection: SelectionId, step: Step) -> Batch {
        let too_large = if self.oversized {
            self.page
                .records
                .drain(..)
                .map(|record| record.id)
                .collect()
        } else {
            Vec::new()
        };
        Batch {
            too_large,
            ..Batch::of_page(self.page, selection, self.calls, step)
        }
    }
}

impl<S: Source> Engine<S> {
    /// A page to ask for, of what the run asks for.
    pub(crate) fn wanted(&self, part: Part, limit: u32) -> Wanted {
        Wanted {
            part,
            filter: self.plan.filter,
            asked: Arc::clone(&self.asked),
            limit: Some(limit),
        }
    }

    /// A page of whole objects.
    pub(crate) fn wanted_whole(&self, part: Part, limit: u32) -> Wanted {
        Wanted {
            asked: Arc::clone(&self.whole),
            ..self.wanted(part, limit)
        }
    }

    /// Asks for a page until it comes or the run has to stop.
    pub(crate) async fn insist(&mut self, wanted: Wanted) -> Result<Got, Stopped> {
        let mut in_a_row = 0;
        loop {
            let answer = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Stopped::Cancelled),
                answer = self.ask(wanted.clone()) => answer,
            };
            match self.got(answer) {
                Ok(got) => return Ok(got),
                Err((error, calls)) => {
                    in_a_row += verdict::weight(&calls);
                    self.keep_calls(calls).await?;
                    match verdict::react(&error, in_a_row) {
                        Reaction::Again => {}
                        Reaction::Stop(status) => return Err(stop(error, status)),
                    }
                }
            }
        }
    }

    /// Asks for a page once.
    pub(crate) fn ask(&self, wanted: Wanted) -> impl Future<Output = Answer> + Send + use<S> {
        let (source, resource) = (Arc::clone(&self.source), Arc::clone(&self.resource));
        ask(
            source,
            Arc::clone(&self.clock),
            resource,
            wanted,
            self.ledger.open(),
        )
    }

    /// Asks for a page the run can do without: refused as such, it is none.
    pub(crate) async fn try_for(
        &mut self,
        wanted: Wanted,
        what: &str,
    ) -> Result<Option<Got>, Stopped> {
        match self.insist(wanted).await {
            Ok(got) => Ok(Some(got)),
            Err(Stopped::Client(error, _)) if refuses_question(&error) => {
                self.log.push((
                    Severity::Warning,
                    format!("Goes on without {what}: the provider refuses to be asked that way."),
                ));
                Ok(None)
            }
            Err(stopped) => Err(stopped),
        }
    }

    /// Takes an answer apart, and notes from the first where the next incremental run begins.
    pub(crate) fn got(&mut self, answer: Answer) -> Result<Got, (ClientError, Vec<CallRecord>)> {
        let Answer {
            result,
            limit,
            oversized,
            calls,
            sent,
            took,
        } = answer;
        match result {
            Ok(page) => {
                self.note_start(&page, sent, took);
                Ok(Got {
                    page,
                    limit,
                    oversized,
                    calls,
                })
            }
            Err(error) => Err((error, calls)),
        }
    }

    fn note_start(&mut self, page: &Page, sent: Timestamp, took: Duration) {
        if !self.start_known {
            self.start_known = true;
            let definition = self.resource.watermark.as_ref();
            let start = watermark::start(definition, page.server_date, sent, took);
            self.start = Some(start);
            if page.server_date.is_none() && definition.is_some() {
                self.log.push((
                    Severity::Warning,
                    "The provider does not tell its time; the next incremental run begins a quarter of an hour earlier, by this machine's clock.".to_owned(),
                ));
            }
        }
    }

    /// Stores the calls of a request that failed.
    pub(crate) async fn keep_calls(&mut self, calls: Vec<CallRecord>) -> Result<(), Stopped> {
        if calls.is_empty() && self.log.is_empty() {
            return Ok(());
        }
        self.commit(Batch::of_calls(self.selection, calls)).await
    }

    /// Gives a batch what waits to be stored with the next one.
    pub(crate) fn furnish(&mut self, mut batch: Batch) -> Batch {
        batch.start = self.start;
        batch.log.append(&mut self.log);
        batch
    }

    /// Stores a batch and waits until it is on disk.
    pub(crate) async fn commit(&mut self, batch: Batch) -> Result<(), Stopped> {
        let batch = self.furnish(batch);
        let committed = Arc::clone(&self.store).store(batch).await?;
        self.report(&committed, None);
        Ok(())
    }

    /// Shows what a commit brought.
    pub(crate) fn report(&mut self, committed: &Committed, left: Option<u64>) {
        self.reporter.update(|progress| {
            progress.pages += u64::from(committed.page);
            if committed.counted {
                progress.records += committed.outcome.stored();
                progress.duplicates += committed.outcome.duplicates;
            }
            progress.errors += committed.errors;
            progress.requests += committed.usage.requests;
            progress.retries += committed.usage.retries;
            progress.rate_limited += committed.usage.rate_limited;
            if left.is_some() {
                progress.records_left = left;
            }
        });
    }
}

/// Whether the provider calls the request itself wrong, such as a parameter it does not know.
pub(crate) fn refuses_question(error: &ClientError) -> bool {
    matches!(error, ClientError::InvalidRequest { .. })
}

pub(crate) fn stop(error: ClientError, status: Status) -> Stopped {
    Stopped::Client(Box::new(error), status)
}

/// Asks for one page, in smaller pieces where it is too large to be held in memory.
///
/// A single record that is too large becomes an error of its own: its id is asked for alone, so that the walk can pass it.
async fn ask<S: Source>(
    source: Arc<S>,
    clock: Arc<dyn Clock>,
    resource: Arc<Resource>,
    mut wanted: Wanted,
    buffer: Arc<CallBuffer>,
) -> Answer {
    let (sent, began) = (clock.now(), Instant::now());
    let mut limit = wanted.limit.unwrap_or(u32::MAX);
    let mut oversized = false;
    let result = loop {
        match source.page(wanted.clone(), Arc::clone(&buffer)).await {
            Err(ClientError::BodyTooLarge { .. }) if limit > 1 && can_shrink(&wanted.part) => {
                limit = limit.min(64).div_ceil(4).max(1);
                wanted.limit = Some(limit);
            }
            Err(ClientError::BodyTooLarge { host, limit: most }) if can_shrink(&wanted.part) => {
                oversized = true;
                break id_alone(&*source, &resource, &wanted, Arc::clone(&buffer))
                    .await
                    .unwrap_or(Err(ClientError::BodyTooLarge { host, limit: most }));
            }
            result => break result,
        }
    };
    Answer {
        result,
        limit,
        oversized,
        calls: buffer.take(),
        sent,
        took: began.elapsed(),
    }
}

/// Only a walk that takes its next step from the ids it met can live with pages smaller than asked for.
fn can_shrink(part: &Part) -> bool {
    matches!(
        part,
        Part::Range { .. } | Part::Newest(None) | Part::Like(_)
    )
}

async fn id_alone<S: Source>(
    source: &S,
    resource: &Resource,
    wanted: &Wanted,
    buffer: Arc<CallBuffer>,
) -> Option<Result<Page, ClientError>> {
    let id = resource.id.clone()?;
    resource.selection.as_ref()?;
    let asked = Asked {
        paths: Some(vec![id]),
        ..(*wanted.asked).clone()
    };
    let alone = Wanted {
        asked: Arc::new(asked),
        limit: Some(1),
        ..wanted.clone()
    };
    Some(source.page(alone, buffer).await)
}
