//! Marking records as exported: when it is allowed, and how it is carried out once for each.

use crosswalk_client::CallRecord;
use crosswalk_connector::{Method, Resource};
use crosswalk_workspace::account::{Account, Purpose};
use crosswalk_workspace::record;
use crosswalk_workspace::run::{Mode, RunFault, Status};

use crate::checkpoint::{Stage, Step};
use crate::engine::{Engine, Stopped, stop};
use crate::error::SyncError;
use crate::source::Source;
use crate::store::Batch;
use crate::verdict::{self, Reaction};

/// That the user means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    /// What the user typed to confirm: the tenant's id.
    pub typed: String,
}

/// Records looked at in one read of the workspace.
const AT_ONCE: u32 = 500;

/// Whether records may be marked. The flag is a queue that the customer's live integration reads too: a record marked here is one it never gets.
///
/// # Errors
/// [`SyncError::MarkingRefused`] unless the run reads the unexported, the connector says how to mark, the account's credentials are for writing, and
/// the user typed the tenant's id.
pub fn allowed(
    account: &Account,
    resource: &Resource,
    mode: Mode,
    marking: &Marking,
) -> Result<(), SyncError> {
    let refused = |why, hint: String| Err(SyncError::MarkingRefused { why, hint });
    if mode != Mode::Unexported {
        return refused(
            "only a run in mode unexported marks",
            "Use --mode unexported with --mark-exported.".to_owned(),
        );
    }
    if resource
        .exported
        .as_ref()
        .is_none_or(|exported| exported.mark.is_none())
    {
        return refused(
            "the connector does not say how",
            "Sync without --mark-exported.".to_owned(),
        );
    }
    if account.purpose != Purpose::Write {
        return refused(
            "this account's credentials are for reading",
            "Add an account of the tenant with --purpose write and credentials of its own."
                .to_owned(),
        );
    }
    if marking.typed != account.tenant {
        return refused(
            "the tenant's id was not typed",
            format!("Type {} to confirm.", account.tenant),
        );
    }
    Ok(())
}

/// Whether a mark may be sent again when nobody knows whether it arrived: setting a flag twice sets it once, another method may not be so kind.
fn is_repeatable(resource: &Resource) -> bool {
    let mark = resource
        .exported
        .as_ref()
        .and_then(|exported| exported.mark.as_ref());
    mark.is_some_and(|mark| matches!(mark.method, Method::Put | Method::Delete))
}

/// What stops the marking where a mark must not be sent again. Beginning anew lists what is not marked, and so settles it.
fn in_doubt(id: &str, why: &str) -> Stopped {
    Stopped::Fault(RunFault {
        code: "mark_in_doubt".to_owned(),
        message: format!("whether record {id} was marked as exported is not known: {why}"),
        hint: Some(
            "Look at the record at the provider. Then begin anew with --restart: what is not marked yet is read and marked."
                .to_owned(),
        ),
    })
}

impl<S: Source> Engine<S> {
    /// Marks what this run stored, in the order of ids. Each mark is a request and a commit of its own.
    ///
    /// Before a record is marked the checkpoint names it: after a crash it is marked once more where that sets a flag that is set. Where the connector's
    /// method may do more than that, the marking stops and says so. No other record is touched twice.
    pub(crate) async fn mark_exported(
        &mut self,
        mut after: Option<String>,
        doubtful: Option<String>,
    ) -> Result<(), Stopped> {
        if let Some(id) = doubtful {
            if !is_repeatable(&self.resource) {
                return Err(in_doubt(
                    &id,
                    "the run was cut off while it was being marked",
                ));
            }
            self.mark(&id, after.as_deref()).await?;
            after = Some(id);
        }
        loop {
            let (account, run, name, from) = (
                self.store.account,
                self.store.run,
                self.store.name.clone(),
                after.clone(),
            );
            let ids = self
                .store
                .workspace
                .read(move |tx| {
                    record::stored_by(
                        tx,
                        account,
                        &name,
                        run,
                        from.as_deref().map(record::NativeId::from).as_ref(),
                        AT_ONCE,
                    )
                })
                .await?;
            if ids.is_empty() {
                return Ok(());
            }
            for id in ids {
                let id = id.to_string();
                self.mark(&id, after.as_deref()).await?;
                after = Some(id);
            }
        }
    }

    /// Marks one record; `after` is the last one marked.
    async fn mark(&mut self, id: &str, after: Option<&str>) -> Result<(), Stopped> {
        let mut in_a_row = 0;
        loop {
            if self.cancel.is_cancelled() {
                return Err(Stopped::Cancelled);
            }
            self.step_marking(after, Some(id), Vec::new()).await?;
            let buffer = self.ledger.open();
            // Not cut short by a cancellation: a mark that is on its way is waited for.
            let marked = self.source.mark_exported(id, buffer.clone()).await;
            let Err(error) = marked else {
                return self.step_marking(Some(id), None, buffer.take()).await;
            };
            let calls = buffer.take();
            in_a_row += verdict::weight(&calls);
            if error.leaves_open() {
                self.keep_calls(calls).await?;
                if !is_repeatable(&self.resource) {
                    return Err(in_doubt(id, &verdict::fault(&error).message));
                }
            } else {
                self.step_marking(after, None, calls).await?;
            }
            match verdict::react(&error, in_a_row) {
                Reaction::Again => {}
                Reaction::Stop(status) => {
                    return Err(stop(
                        error,
                        if status == Status::Paused {
                            status
                        } else {
                            Status::Failed
                        },
                    ));
                }
            }
        }
    }

    /// Stores how far the marking is: the last record marked, and the one that is being marked.
    async fn step_marking(
        &mut self,
        after: Option<&str>,
        doubtful: Option<&str>,
        calls: Vec<CallRecord>,
    ) -> Result<(), Stopped> {
        let stage = Stage::Marking {
            after: after.map(str::to_owned),
            in_doubt: doubtful.map(str::to_owned),
        };
        self.commit(Batch {
            step: Step::Stage(stage),
            ..Batch::of_calls(self.selection, calls)
        })
        .await
    }
}
