//! From a page to the workspace: what must not be kept is cut, the rest sealed, and all of it committed in one piece.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use crosswalk_client::{
    CallRecord, KeptAnswer, Outcome, Page, RawRecord, RecordError, RecordProblem,
};
use crosswalk_connector::Resource;
use crosswalk_vault::{AccountKeys, SealContext};
use crosswalk_workspace::audit::Call;
use crosswalk_workspace::call_answer::SealedAnswer;
use crosswalk_workspace::page::{self, PageError, PageOutcome};
use crosswalk_workspace::record::{NativeId, SealedRecord, Watermark};
use crosswalk_workspace::run::{self, RunFault, Severity, Usage};
use crosswalk_workspace::selection::SelectionId;
use crosswalk_workspace::{AccountId, Error, RunId, Workspace};

use crate::checkpoint::Step;
use crate::kept_place::KeptPlace;
use crate::never_store;
use crate::watermark;

/// Where a run's pages go.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) workspace: Workspace,
    pub(crate) keys: AccountKeys,
    pub(crate) account: AccountId,
    pub(crate) run: RunId,
    pub(crate) name: String,
    pub(crate) resource: Arc<Resource>,
    /// Whether bodies are kept on disk; else they live in memory, as long as the process.
    pub(crate) keeps_bodies: bool,
    pub(crate) clock: ActiveClock,
}

/// What to store of an answer.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The page; none when a request failed and only its calls are to be noted.
    pub(crate) page: Option<Page>,
    /// Which of its records.
    pub(crate) keep: Range<usize>,
    /// Which of the places in it count, for what was no record: places of the answer, errors included.
    pub(crate) places: Range<usize>,
    /// Ids of records too large to be fetched.
    pub(crate) too_large: Vec<String>,
    /// What was asked for of each.
    pub(crate) selection: SelectionId,
    /// Whether whole objects came, so that their root keys are news.
    pub(crate) whole: bool,
    /// Whether the page is beside the walk: its records count neither as stored nor as met.
    pub(crate) sample: bool,
    /// What it changes.
    pub(crate) step: Step,
    /// The calls it took.
    pub(crate) calls: Vec<CallRecord>,
    /// What the next incremental run begins with, told by the first answer.
    pub(crate) start: Option<Watermark>,
    /// Lines for the log.
    pub(crate) log: Vec<(Severity, String)>,
}

impl Batch {
    /// Nothing but calls and lines.
    pub(crate) fn of_calls(selection: SelectionId, calls: Vec<CallRecord>) -> Self {
        Self {
            page: None,
            keep: 0..0,
            places: 0..0,
            too_large: Vec::new(),
            selection,
            whole: false,
            sample: false,
            step: Step::Nothing,
            calls,
            start: None,
            log: Vec::new(),
        }
    }

    /// A page as a whole.
    pub(crate) fn of_page(
        page: Page,
        selection: SelectionId,
        calls: Vec<CallRecord>,
        step: Step,
    ) -> Self {
        let keep = 0..page.records.len();
        let places = 0..page.records.len() + page.errors.len();
        Self {
            page: Some(page),
            keep,
            places,
            step,
            ..Self::of_calls(selection, calls)
        }
    }
}

/// What a commit did.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Committed {
    pub(crate) outcome: PageOutcome,
    pub(crate) errors: u64,
    pub(crate) usage: Usage,
    pub(crate) page: bool,
    /// Whether the page counted towards the run.
    pub(crate) counted: bool,
}

/// Time at work, handed out once.
#[derive(Debug)]
pub(crate) struct ActiveClock {
    begun: Mutex<Option<Instant>>,
    told: AtomicU64,
}

impl ActiveClock {
    /// Not running.
    pub(crate) fn new() -> Self {
        Self {
            begun: Mutex::new(None),
            told: AtomicU64::new(0),
        }
    }

    pub(crate) fn begin(&self) {
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// The time since the last call, to be added to the run's.
    fn lap(&self) -> Duration {
        let begun = *self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(begun) = begun else {
            return Duration::ZERO;
        };
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let before = self.told.fetch_max(micros, Ordering::Relaxed);
        Duration::from_micros(micros.saturating_sub(before))
    }
}

impl Store {
    /// Cuts, seals and commits. The future resolves once the page is on disk.
    pub(crate) async fn store(self: Arc<Self>, batch: Batch) -> Result<Committed, Error> {
        let store = Arc::clone(&self);
        let sealed = tokio::task::spawn_blocking(move || store.seal(batch))
            .await
            .unwrap_or(Err(Error::Abandoned))?;
        let usage = sealed.page.usage;
        let counted = !sealed.page.sample;
        let errors = if counted {
            sealed.page.errors.len() as u64
        } else {
            0
        };
        let page = sealed.step != Step::Nothing;
        let store = Arc::clone(&self);
        let outcome = self
            .workspace
            .write(move |tx| {
                let Sealed {
                    mut page,
                    step,
                    root_keys,
                    start,
                    log,
                } = sealed;
                if let Some(start) = start {
                    run::set_watermark_start(tx, page.run, start)?;
                }
                if step != Step::Nothing {
                    // The stored checkpoint is the only truth: pages before this one may have been lost with their commit.
                    let stored = run::get(tx, page.run)?.checkpoint;
                    let mut checkpoint = stored
                        .and_then(|stored| store.place().read(&stored))
                        .ok_or(Error::Abandoned)?;
                    checkpoint.take(&step, &root_keys);
                    page.checkpoint = Some(store.place().write(&checkpoint)?);
                }
                for (severity, line) in &log {
                    run::log(tx, page.run, *severity, line)?;
                }
                page.usage.active = store.clock.lap();
                page::commit(tx, &page)
            })
            .await?;
        Ok(Committed {
            outcome,
            errors,
            usage,
            page,
            counted,
        })
    }

    fn place(&self) -> KeptPlace<'_> {
        KeptPlace {
            keys: &self.keys,
            account: self.account,
            resource: &self.name,
        }
    }

    fn seal(&self, batch: Batch) -> Result<Sealed, Error> {
        let mut records = Vec::with_capacity(batch.keep.len());
        let mut errors = Vec::new();
        let mut root_keys = BTreeSet::new();
        if let Some(page) = &batch.page {
            for record in page.records.get(batch.keep.clone()).unwrap_or_default() {
                match self.seal_record(record)? {
                    Ok(sealed) => records.push(sealed),
                    Err(error) => errors.push(error),
                }
                if batch.whole {
                    add_root_keys(&mut root_keys, &self.resource.known_fields, record);
                }
            }
            for error in page
                .errors
                .iter()
                .filter(|error| batch.places.contains(&error.index))
            {
                errors.push(self.page_error(error)?);
            }
        }
        errors.extend(batch.too_large.into_iter().map(too_large));
        let received = batch
            .page
            .as_ref()
            .map(|page| (page.records.len() + page.errors.len()) as u64);
        let usage = usage(
            &batch.calls,
            self.resource
                .operations
                .list
                .as_ref()
                .map_or("GET", |list| list.method.as_str()),
        );
        Ok(Sealed {
            page: page::Page {
                run: self.run,
                selection: batch.selection,
                sample: batch.sample,
                records,
                errors,
                checkpoint: None,
                calls: self.audited(batch.calls, received)?,
                usage,
            },
            step: batch.step,
            root_keys,
            start: batch.start,
            log: batch.log,
        })
    }

    fn seal_record(&self, record: &RawRecord) -> Result<Result<SealedRecord, PageError>, Error> {
        let native_id = NativeId::from(record.id.as_str());
        let watermark = self.resource.watermark.as_ref().and_then(|place| {
            record
                .scalar(&place.field)
                .and_then(|text| watermark::read(&text, place.format))
        });
        let Ok(kept) = never_store::cut(&record.raw, &self.resource.never_store) else {
            let fault = RunFault {
                code: "record_unreadable".to_owned(),
                message: "the record is not valid JSON, so what must never be stored could not be taken out of it".to_owned(),
                hint: Some("Read the record in the provider's own screens.".to_owned()),
            };
            return Ok(Err(PageError {
                fault,
                native_id: Some(record.id.clone()),
                sealed_example: None,
            }));
        };
        let sealed = SealedRecord::seal(
            &self.keys,
            self.account,
            &self.name,
            native_id,
            watermark,
            &kept,
        )?;
        Ok(Ok(if self.keeps_bodies {
            sealed
        } else {
            sealed.in_memory()
        }))
    }

    /// Calls as the audit keeps them. The records of an answer are told by its last call.
    fn audited(&self, calls: Vec<CallRecord>, received: Option<u64>) -> Result<Vec<Call>, Error> {
        let last = calls.len().saturating_sub(1);
        calls
            .into_iter()
            .enumerate()
            .map(|(index, call)| {
                Ok(Call {
                    at: call.at,
                    method: call.method,
                    endpoint: call.endpoint,
                    status: call.status,
                    records: received.filter(|_| index == last),
                    duration: call.duration,
                    bytes: call.bytes,
                    resource: Some(self.name.clone()),
                    detail: detail(call.outcome, call.attempt, call.request_id.as_deref()),
                    answer: match call.answer.filter(|_| self.keeps_bodies) {
                        Some(answer) => self.seal_answer(answer)?,
                        None => None,
                    },
                })
            })
            .collect()
    }

    /// Whoever refuses a change may repeat the record, wrapped in words of their own: what must not be kept is cut out of that too. Where nobody can say
    /// that it is gone, the answer is not kept.
    fn seal_answer(&self, mut answer: KeptAnswer) -> Result<Option<SealedAnswer>, Error> {
        let body = Bytes::from(std::mem::take(&mut answer.body));
        let Ok(kept) = never_store::cut_anywhere(&body, &self.resource.never_store) else {
            return Ok(None);
        };
        answer.body = String::from_utf8_lossy(&kept).into_owned();
        let plain = serde_json::to_vec(&answer).map_err(|_| Error::Abandoned)?;
        SealedAnswer::seal(&self.keys, self.account, &plain).map(Some)
    }

    fn page_error(&self, error: &RecordError) -> Result<PageError, Error> {
        let run = self.run.uuid();
        let context = SealContext {
            account: self.account.uuid(),
            table: "run_error",
            row: run.as_bytes(),
        };
        // The beginning of an object may hold what must never be stored, and broken off it cannot be read to cut that out.
        let quotes = matches!(error.problem, RecordProblem::NotAnObject)
            && !error.excerpt.is_empty()
            && !error.excerpt.contains(['{', '[']);
        let sealed_example = if self.keeps_bodies && quotes {
            Some(self.keys.seal(&context, error.excerpt.as_bytes())?)
        } else {
            None
        };
        let hint = match error.problem {
            RecordProblem::NotAnObject => "Check where the connector says that the records are.",
            RecordProblem::MissingId => {
                "Check the connector's id for this resource, and the fields asked for."
            }
            RecordProblem::InvalidUtf8 => {
                "Ask the provider about the record: it cannot be read by any client."
            }
        };
        let fault = RunFault {
            code: error.problem.code().to_owned(),
            message: error.problem.message().to_owned(),
            hint: Some(hint.to_owned()),
        };
        Ok(PageError {
            fault,
            native_id: None,
            sealed_example,
        })
    }
}

struct Sealed {
    page: page::Page,
    step: Step,
    root_keys: BTreeSet<String>,
    start: Option<Watermark>,
    log: Vec<(Severity, String)>,
}

fn too_large(id: String) -> PageError {
    let fault = RunFault {
        code: "record_too_large".to_owned(),
        message: "the record is larger than what is read into memory for one answer".to_owned(),
        hint: Some("Ask for fewer of its fields.".to_owned()),
    };
    PageError {
        fault,
        native_id: Some(id),
        sealed_example: None,
    }
}

/// The names of root keys that the connector does not know; a record that cannot be read has none.
fn add_root_keys(keys: &mut BTreeSet<String>, known: &[String], record: &RawRecord) {
    type Members = indexmap::IndexMap<String, serde::de::IgnoredAny>;
    if let Ok(members) = serde_json::from_slice::<Members>(&record.raw) {
        for name in members.into_keys() {
            if !keys.contains(&name) && !known.contains(&name) {
                keys.insert(name);
            }
        }
    }
}

/// What calls cost a run. Calls for a token are not the run's.
pub(crate) fn usage(calls: &[CallRecord], method: &str) -> Usage {
    let own = || calls.iter().filter(|call| call.method == method);
    let count = |calls: usize| calls as u64;
    Usage {
        requests: count(own().count()),
        retries: count(own().filter(|call| call.attempt > 1).count()),
        rate_limited: count(
            own()
                .filter(|call| call.outcome == Outcome::RateLimited)
                .count(),
        ),
        active: Duration::ZERO,
    }
}

fn detail(outcome: Outcome, attempt: u32, request_id: Option<&str>) -> Option<String> {
    let word = serde_json::to_value(outcome).ok()?;
    let mut parts = Vec::new();
    if outcome != Outcome::Ok {
        parts.push(word.as_str()?.to_owned());
    }
    if attempt > 1 {
        parts.push(format!("try {attempt}"));
    }
    parts.extend(request_id.map(|id| format!("request {id}")));
    (!parts.is_empty()).then(|| parts.join(", "))
}
