//! Marking records as exported: when it is allowed, and how it is carried out once for each.

use crosswalk_connector::Resource;
use crosswalk_workspace::account::{Account, Purpose};
use crosswalk_workspace::record;
use crosswalk_workspace::run::{Mode, Status};

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

impl<S: Source> Engine<S> {
    /// Marks what this run stored, in the order of ids. Each mark is a request and a commit of its own.
    ///
    /// Before a record is marked the checkpoint names it: after a crash it is marked once more, which sets a flag that is set. No other is touched twice.
    pub(crate) async fn mark_exported(
        &mut self,
        mut after: Option<String>,
        in_doubt: Option<String>,
    ) -> Result<(), Stopped> {
        if let Some(id) = in_doubt {
            self.mark(&id).await?;
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
                self.step_marking(
                    Stage::Marking {
                        after: after.clone(),
                        in_doubt: Some(id.clone()),
                    },
                    Vec::new(),
                )
                .await?;
                self.mark(&id).await?;
                after = Some(id);
            }
        }
    }

    async fn mark(&mut self, id: &str) -> Result<(), Stopped> {
        let mut in_a_row = 0;
        loop {
            if self.cancel.is_cancelled() {
                return Err(Stopped::Cancelled);
            }
            let buffer = self.ledger.open();
            // Not cut short by a cancellation: a mark that is on its way is waited for.
            let marked = self.source.mark_exported(id, buffer.clone()).await;
            match marked {
                Ok(()) => {
                    let stage = Stage::Marking {
                        after: Some(id.to_owned()),
                        in_doubt: None,
                    };
                    return self.step_marking(stage, buffer.take()).await;
                }
                Err(error) => {
                    in_a_row += 1;
                    self.keep_calls(buffer.take()).await?;
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
        }
    }

    async fn step_marking(
        &mut self,
        stage: Stage,
        calls: Vec<crosswalk_client::CallRecord>,
    ) -> Result<(), Stopped> {
        self.commit(Batch {
            step: Step::Stage(stage),
            ..Batch::of_calls(self.selection, calls)
        })
        .await
    }
}
