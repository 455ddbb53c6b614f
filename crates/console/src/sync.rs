//! Syncing one resource of one account.

pub(crate) mod live;
pub(crate) mod resume;
pub(crate) mod runs;

use crosswalk_mapping::Lineage;
use crosswalk_sync::{
    ClientSource, Context, Fields, Marking, Mode, Progress, SyncError, SyncRequest, Trigger,
};
use crosswalk_workspace::RunId;
use crosswalk_workspace::run::{self, Severity, Status};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::mapping::in_force::require_resource;
use crate::views::{RunProgress, RunView};
use crate::{Console, Fault, FaultClass};

/// Said in the log of a run that somebody began in a tenant's quiet window.
const UNQUIET: &str = "The customer's quiet window held when this was started by hand.";

/// A sync as it was asked for.
#[derive(Clone, Debug)]
pub struct SyncInput {
    pub account: String,
    pub resource: String,
    /// `test`, `full`, `incremental` or `unexported`.
    pub mode: &'static str,
    /// The most pages of a test.
    pub pages: Option<u32>,
    /// Share of the provider's limit in per cent.
    pub budget_percent: Option<u8>,
    /// Whole objects instead of what the mapping reads; a test always reads whole objects.
    pub whole_objects: Option<bool>,
    /// Begin anew instead of resuming.
    pub restart: bool,
    /// Mark what was stored as exported at the provider.
    pub mark_exported: bool,
    /// The tenant's id, typed to confirm marking.
    pub confirmation: Option<String>,
}

/// A sync that is to be carried out, and on whose behalf.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) input: SyncInput,
    pub(crate) trigger: Trigger,
    /// The run to be taken up, where it is to be that one or none.
    pub(crate) resume: Option<RunId>,
}

impl Order {
    /// One that somebody asked for just now.
    pub(crate) fn by_hand(input: SyncInput) -> Self {
        Self {
            input,
            trigger: Trigger::Manual,
            resume: None,
        }
    }
}

/// How a sync ended.
#[derive(Debug)]
pub struct Synced {
    pub run: RunView,
    /// What kind of failure it was; `None` when it completed.
    pub failure: Option<FaultClass>,
}

/// Codes under which a provider refuses a credential or a permission.
const REFUSALS: &[&str] = &["needs_reauth", "auth_refused", "scope_refused", "forbidden"];

fn failure(run: &RunView) -> Option<FaultClass> {
    let refused = run
        .error
        .as_ref()
        .is_some_and(|error| REFUSALS.contains(&error.code.as_str()));
    match run.status.as_str() {
        "completed" => None,
        "cancelled" => Some(FaultClass::Interrupted),
        _ if refused => Some(FaultClass::Refused),
        _ => Some(FaultClass::Failed),
    }
}

fn mode(word: &str) -> Mode {
    [Mode::Full, Mode::Incremental, Mode::Unexported]
        .into_iter()
        .find(|mode| mode.as_str() == word)
        .unwrap_or(Mode::Test)
}

impl From<SyncError> for Fault {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Workspace(error) => error.into(),
            other => Fault::invalid(other.code(), format!("{other}."), other.hint()),
        }
    }
}

impl Console {
    /// Syncs a resource; a paused or killed run of the same kind is resumed. What the provider answers never makes this
    /// an error: it is in the run.
    ///
    /// # Errors
    /// `not_found`, `run_in_progress`, `definition_changed`, what keeps the vault from opening, and a marking that is
    /// refused before anything is sent.
    pub async fn sync(
        &self,
        input: SyncInput,
        show: impl FnMut(&RunProgress),
        interrupted: &CancellationToken,
    ) -> Result<Synced, Fault> {
        self.sync_ordered(Order::by_hand(input), show, interrupted)
            .await
    }

    /// As [`Console::sync`], on whoever's behalf.
    ///
    /// # Errors
    /// Also `run_not_resumable`.
    pub(crate) async fn sync_ordered(
        &self,
        order: Order,
        mut show: impl FnMut(&RunProgress),
        interrupted: &CancellationToken,
    ) -> Result<Synced, Fault> {
        let Order {
            input,
            trigger,
            resume,
        } = order;
        let account = self.find_account(&input.account).await?;
        // What is planned waits for the end of a quiet window; what somebody asks for does not, and says so.
        let unquiet =
            trigger == Trigger::Manual && self.quiet_now(&account.tenant).await?.is_some();
        let (client, definition) = self.client(&account, input.budget_percent).await?;
        require_resource(&definition, &input.resource)?;
        let mut reads: Option<Lineage> = None;
        for mapping in definition
            .mappings
            .iter()
            .filter(|mapping| mapping.resource == input.resource)
        {
            let lineage = self
                .effective(&account, &definition, mapping)
                .await?
                .lineage();
            reads = Some(match reads {
                Some(known) => known.union(&lineage),
                None => lineage,
            });
        }
        // What is too old goes first, whether or not the run brings it anew.
        self.workspace().purge(account.uuid).await?;
        let request = SyncRequest {
            account: input.account.clone(),
            resource: input.resource.clone(),
            mode: mode(input.mode),
            pages: input.pages,
            fields: if input.whole_objects == Some(true) {
                Fields::All
            } else {
                Fields::Mapped
            },
            budget_percent: input.budget_percent,
            restart: input.restart,
            resume,
            mark_exported: input.mark_exported.then(|| Marking {
                typed: input.confirmation.clone().unwrap_or_default(),
            }),
            trigger,
        };
        let keys = self.entry(&account).await?.keys;
        let context = Context {
            workspace: self.workspace().clone(),
            source: ClientSource::new(client.clone(), &input.resource),
            definition,
            reads,
            extras: Vec::new(),
            keys,
            clock: self.client_clock(),
        };
        let (sender, mut progress) = watch::channel(Progress::default());
        let syncing = crosswalk_sync::run(request, context, Some(sender), interrupted.clone());
        let mut running = Box::pin(self.anchoring(syncing));
        let summary = loop {
            tokio::select! {
                ended = &mut running => break ended?,
                Ok(()) = progress.changed() => {
                    let budget = client.budget().and_then(|budget| budget.rate);
                    let shown = progress.borrow_and_update().clone();
                    let Some(run) = shown.run else { continue };
                    show(&RunProgress {
                        run: run.to_string(),
                        account: account.slug.clone(),
                        resource: input.resource.clone(),
                        status: "running".to_owned(),
                        fetched: shown.records + shown.duplicates + shown.errors,
                        stored: shown.records,
                        duplicates: shown.duplicates,
                        errors: shown.errors,
                        pages: shown.pages,
                        requests: shown.requests,
                        retries: shown.retries,
                        rate_limited: shown.rate_limited,
                        requests_per_second: shown.requests_per_second,
                        budget_per_second: budget,
                        eta_seconds: shown.left.map(|left| left.as_secs()),
                    });
                }
            }
        };
        let uuid = summary.run;
        if unquiet {
            self.workspace()
                .write(move |tx| run::log(tx, uuid, Severity::Warning, UNQUIET))
                .await?;
        }
        let run = self.workspace().read(move |tx| run::get(tx, uuid)).await?;
        if run.status == Status::Completed {
            self.watch_drift(&account, &run);
        }
        self.anchor_audit().await?;
        let view = runs::view(&run);
        let failure = failure(&view);
        Ok(Synced { run: view, failure })
    }
}
