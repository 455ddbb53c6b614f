//! A run from its request to its summary.

use std::sync::Arc;

use crosswalk_client::Clock;
use crosswalk_connector::{Definition, RawPath};
use crosswalk_mapping::Lineage;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{self, Retention};
use crosswalk_workspace::record::Watermark;
use crosswalk_workspace::run::{Mode, Status, Trigger};
use crosswalk_workspace::{Lease, RunId, Workspace, resource};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::begin::{begin, opening_lines, shown};
use crate::checkpoint::{Checkpoint, Stage};
use crate::engine::{End, Engine, Stopped, stop};
use crate::error::SyncError;
use crate::fields::{Asked, Fields};
use crate::ledger::Ledger;
use crate::marking::{self, Marking};
use crate::plan::{self, Plan, WalkKind};
use crate::progress::{Progress, Reporter};
use crate::ranges::Ranged;
use crate::source::Source;
use crate::store::{ActiveClock, Store};
use crate::summary::RunSummary;
use crate::verdict;

/// A sync to be done.
#[derive(Debug, Clone)]
pub struct SyncRequest {
    /// The account's slug.
    pub account: String,
    /// The resource's name in the connector.
    pub resource: String,
    /// What to read.
    pub mode: Mode,
    /// The most pages of a test run; absent: four.
    pub pages: Option<u32>,
    /// How much of each record; a test run always reads whole objects.
    pub fields: Fields,
    /// Share of the provider's limit it was asked for with, in per cent. The source keeps to it; here it is only noted,
    /// for whoever takes the run up again.
    pub budget_percent: Option<u8>,
    /// Begin anew although a run could be taken up again.
    pub restart: bool,
    /// Take this run up again, and begin no other; absent: whichever can be, else a new one.
    pub resume: Option<RunId>,
    /// Mark what was stored as exported.
    pub mark_exported: Option<Marking>,
    /// Who began it.
    pub trigger: Trigger,
}

/// What a run works with.
pub struct Context<S> {
    /// Where records go.
    pub workspace: Workspace,
    /// Where pages come from; with the client, [`crate::ClientSource`], which holds the account's share of the budget.
    pub source: S,
    /// The account's connector. The run keeps this one to the end.
    pub definition: Arc<Definition>,
    /// What the effective mappings of the resource read, all together; none where the resource has no mapping.
    pub reads: Option<Lineage>,
    /// Paths configured to be asked for besides.
    pub extras: Vec<RawPath>,
    /// The account's keys.
    pub keys: AccountKeys,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
}

/// Syncs one resource of one account, and says what it came to.
///
/// A run of the same mode, selection and definition that was paused, cancelled or killed is taken up where it stopped. What the provider answers never
/// makes this an error: it ends in the summary's `status` and `error`. Cancelling keeps the checkpoint.
///
/// # Errors
/// [`SyncError::Workspace`] with `run_in_progress` while another process runs this resource, or when the workspace fails; [`SyncError::UnknownResource`],
/// [`SyncError::ModeUnavailable`], [`SyncError::MarkingRefused`], [`SyncError::NotResumable`] before anything is sent.
pub async fn run<S: Source>(
    request: SyncRequest,
    context: Context<S>,
    progress: Option<watch::Sender<Progress>>,
    cancel: CancellationToken,
) -> Result<RunSummary, SyncError> {
    let workspace = context.workspace.clone();
    let slug = request.account.clone();
    let account = workspace.read(move |tx| account::get(tx, &slug)).await?;
    let definition = context
        .definition
        .connector
        .resources
        .get(&request.resource);
    let resource = definition.ok_or_else(|| SyncError::UnknownResource {
        resource: request.resource.clone(),
    })?;
    if let Some(marking) = &request.mark_exported {
        marking::allowed(&account, resource, request.mode, marking)?;
    }
    let (known, root_keys) = {
        let (id, name) = (account.uuid, request.resource.clone());
        workspace
            .read(move |tx| {
                Ok((
                    resource::watermark(tx, id, &name)?,
                    resource::root_keys(tx, id, &name)?,
                ))
            })
            .await?
    };
    let since = known.and_then(Watermark::timestamp);
    let plan = Plan::new(
        resource,
        &request.resource,
        request.mode,
        request.pages,
        since,
    )?;
    let asked = match (plan.walk, request.fields) {
        (WalkKind::Test { .. }, _) | (_, Fields::All) => Asked::whole(),
        (_, Fields::Mapped) => Asked::by_mapping(
            resource,
            context.reads.as_ref(),
            &root_keys,
            &context.extras,
        ),
    };
    let resource = Arc::new(resource.clone());
    // Held to the end of this function; the operating system ends it with the process.
    let lease = Lease::acquire(&workspace, &account, &request.resource)?;
    let begun = begin(&context, &request, &account, &resource, plan, &asked).await?;
    let store = Store {
        workspace: workspace.clone(),
        keys: context.keys,
        account: account.uuid,
        run: begun.run.uuid,
        name: request.resource.clone(),
        resource: Arc::clone(&resource),
        keeps_bodies: account.retention != Retention::None,
        clock: ActiveClock::new(),
    };
    let mut engine = Engine {
        source: Arc::new(context.source),
        store: Arc::new(store),
        resource,
        plan,
        asked: Arc::new(asked),
        selection: begun.run.selection,
        whole: Arc::new(Asked::whole()),
        whole_selection: begun.whole,
        clock: context.clock,
        cancel,
        reporter: Reporter::new(progress, shown(&begun.run)),
        start_known: begun.run.watermark_start.is_some(),
        start: None,
        ledger: Ledger::default(),
        log: opening_lines(&plan, &begun),
    };
    // Whoever began the run learns which it is before the first answer.
    engine.reporter.publish();
    let end = engine
        .carry_out(
            begun.checkpoint,
            begun.resumed,
            request.mark_exported.is_some(),
        )
        .await;
    engine.reporter.publish();
    let run = engine.finish(end, &account).await?;
    drop(lease);
    Ok(RunSummary::from(&run))
}

impl<S: Source> Engine<S> {
    async fn carry_out(&mut self, checkpoint: Checkpoint, resumed: bool, mark: bool) -> End {
        match self.stages(checkpoint, resumed, mark).await {
            Ok(met_all) => End::Done { met_all },
            Err(stopped) => End::Stopped(stopped),
        }
    }

    /// Says whether every record that was there throughout was met for certain.
    async fn stages(
        &mut self,
        checkpoint: Checkpoint,
        resumed: bool,
        mark: bool,
    ) -> Result<bool, Stopped> {
        self.prepare().await?;
        self.store.clock.begin();
        let mut stage = checkpoint.stage;
        if let Stage::Ranges {
            sampled,
            page_size,
            remaining,
        } = stage
        {
            stage = match self.ranges(sampled, page_size, remaining).await? {
                Ranged::Done => Stage::Marking {
                    after: None,
                    in_doubt: None,
                },
                Ranged::Refused(refusal) => self.give_up_ranges(&refusal).await?,
            };
        }
        let met_all = match &stage {
            Stage::Pages { overlap, .. } => plan::meets_all(&self.resource, overlap.as_ref()),
            Stage::Test { .. } | Stage::Ranges { .. } | Stage::Marking { .. } => true,
        };
        let (after, in_doubt) = match stage {
            Stage::Test {
                done,
                next,
                met,
                all,
            } => {
                if let WalkKind::Test { pages } = self.plan.walk {
                    self.test_pages(pages, done, next, met, all, resumed)
                        .await?;
                }
                return Ok(met_all);
            }
            Stage::Marking { after, in_doubt } => (after, in_doubt),
            Stage::Pages { done: true, .. } | Stage::Ranges { .. } => (None, None),
            Stage::Pages {
                sampled,
                next,
                overlap,
                ..
            } => {
                self.pages(sampled, next, overlap, resumed).await?;
                (None, None)
            }
        };
        if mark {
            self.mark_exported(after, in_doubt).await?;
        }
        Ok(met_all)
    }

    /// Gets a token before the time at work begins.
    async fn prepare(&mut self) -> Result<(), Stopped> {
        let buffer = self.ledger.open();
        let prepared = tokio::select! {
                biased;
            () = self.cancel.cancelled() => return Err(Stopped::Cancelled),
            prepared = self.source.prepare(buffer.clone()) => prepared,
        };
        self.keep_calls(buffer.take()).await?;
        prepared.map_err(|error| {
            let status = match verdict::react(&error, verdict::GIVES_UP_AFTER) {
                verdict::Reaction::Stop(status) => status,
                verdict::Reaction::Again => Status::Failed,
            };
            stop(error, status)
        })
    }
}
