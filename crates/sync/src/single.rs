//! Records fetched one by one or by a query, beside every walk: stored as a test of their own, met by no run.

use std::sync::Arc;

use crosswalk_client::{CallRecord, Page};
use crosswalk_connector::Definition;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::account::{Account, Retention};
use crosswalk_workspace::run::{self, Mode, NewRun, RunFault, Severity, Status, Trigger};
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::{Lease, Workspace};

use crate::error::SyncError;
use crate::store::{ActiveClock, Batch, Store};
use crate::summary::RunSummary;

/// Where whole objects that were fetched outside of a sync go.
pub struct Keeping {
    /// Where records go.
    pub workspace: Workspace,
    /// The account's connector.
    pub definition: Arc<Definition>,
    /// The account.
    pub account: Account,
    /// The account's keys.
    pub keys: AccountKeys,
    /// The resource's name in the connector.
    pub resource: String,
    /// What was done, for the run's log; in our own words.
    pub line: String,
}

/// Stores whole objects with the calls they took. A paused or stopped sync of the resource can still be taken up again.
///
/// # Errors
/// [`SyncError::UnknownResource`], and [`SyncError::Workspace`] with `run_in_progress` while the resource is synced, or
/// when the workspace fails.
pub async fn keep(
    keeping: Keeping,
    page: Page,
    calls: Vec<CallRecord>,
) -> Result<RunSummary, SyncError> {
    let Keeping {
        workspace,
        definition,
        account,
        keys,
        resource: name,
        line,
    } = keeping;
    let resource = definition.connector.resources.get(&name);
    let resource = Arc::new(
        resource
            .ok_or_else(|| SyncError::UnknownResource {
                resource: name.clone(),
            })?
            .clone(),
    );
    let lease = Lease::acquire(&workspace, &account, &name)?;
    let (uuid, held) = (account.uuid, name.clone());
    let digest = definition.digest.to_string();
    let run = workspace
        .write(move |tx| {
            run::end_killed_reads(tx, uuid, &held)?;
            let selection = selection::intern(tx, &Selection::Whole)?;
            run::start(
                tx,
                &NewRun {
                    account: uuid,
                    resource: held,
                    mode: Mode::Test,
                    trigger: Trigger::Manual,
                    selection,
                    definition_digest: digest,
                },
            )
        })
        .await?;
    let clock = ActiveClock::new();
    clock.begin();
    let store = Arc::new(Store {
        workspace: workspace.clone(),
        keys,
        account: account.uuid,
        run: run.uuid,
        name,
        resource,
        keeps_bodies: account.retention != Retention::None,
        clock,
    });
    let (keep, places) = (
        0..page.records.len(),
        0..page.records.len() + page.errors.len(),
    );
    let batch = Batch {
        page: Some(page),
        keep,
        places,
        whole: true,
        // Met by no walk: a full sync that is taken up again must not take them for gone.
        sample: true,
        log: vec![(Severity::Info, line)],
        ..Batch::of_calls(run.selection, calls)
    };
    let id = run.uuid;
    if let Err(error) = store.store(batch).await {
        let fault = RunFault {
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: Some(error.hint()),
        };
        // Where even this cannot be written, whoever has the lease next ends it.
        let _ = workspace
            .write(move |tx| run::stop(tx, id, Status::Failed, Some(&fault)))
            .await;
        return Err(error.into());
    }
    let run = workspace
        .write(move |tx| {
            run::log_unnamed(tx, id)?;
            run::complete(tx, id)
        })
        .await?;
    drop(lease);
    Ok(RunSummary::from(&run))
}
