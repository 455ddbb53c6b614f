//! How a run ends, and what that says of its account.

use std::sync::Arc;

use crosswalk_client::ClientError;
use crosswalk_workspace::account::{self, Account};
use crosswalk_workspace::run::{self, Mode, Run, RunFault, Severity, Status};
use crosswalk_workspace::{AccountId, WriteTx, alert};

use crate::begin::tell_root_keys;
use crate::checkpoint::Step;
use crate::engine::{End, Engine, Stopped};
use crate::error::SyncError;
use crate::source::Source;
use crate::store::Batch;
use crate::verdict;

/// Why a list by the numbers of its pages proves nothing of what it did not show.
const PULLED_PAST: &str = "The list is read by the numbers of its pages, so a record deleted meanwhile may have pulled another one past the run. None is marked as deleted for not being met; the next full run meets what this one missed.";

impl<S: Source> Engine<S> {
    /// Writes down how the run ended, and what that says of the account.
    pub(crate) async fn finish(&mut self, end: End, account: &Account) -> Result<Run, SyncError> {
        let lines = std::mem::take(&mut self.log);
        let (id, resource) = (account.uuid, self.store.name.clone());
        let met_all = matches!(end, End::Done { met_all: true });
        let (status, fault, effect) = match end {
            End::Done { .. } => (Status::Completed, None, Effect::Well),
            End::Stopped(Stopped::Workspace(error)) => return Err(error.into()),
            End::Stopped(Stopped::Cancelled) => (Status::Cancelled, None, Effect::None),
            End::Stopped(Stopped::Fault(fault)) => (Status::Failed, Some(fault), Effect::Failed),
            End::Stopped(Stopped::Client(error, status)) => {
                let effect = match &*error {
                    error if error.is_reauth() => Effect::Reauth,
                    ClientError::Forbidden { permission, .. } => {
                        Effect::Forbidden(permission.scope().map(str::to_owned))
                    }
                    ClientError::CircuitOpen { .. } => Effect::CircuitOpen,
                    _ if status == Status::Failed => Effect::Failed,
                    _ => Effect::None,
                };
                (status, Some(verdict::fault(&error)), effect)
            }
        };
        let run = self.store.run;
        // The last lap of the clock belongs to the run too, and so do calls that were given up.
        let last = Batch::of_calls(self.selection, self.ledger.stray());
        Arc::clone(&self.store)
            .store(Batch {
                log: lines,
                step: Step::Nothing,
                ..last
            })
            .await?;
        let ended = self
            .store
            .workspace
            .write(move |tx| {
                let held = run::get(tx, run)?;
                // A run that may be taken up again keeps them to itself: told now, they would change what it asks for.
                if status == Status::Completed {
                    tell_root_keys(tx, &held)?;
                }
                effect.apply(tx, id, &resource, fault.as_ref())?;
                run::log_unnamed(tx, run)?;
                match status {
                    Status::Completed => {
                        let unread = held.counters.errors > 0;
                        if held.mode == Mode::Full && (unread || !met_all) {
                            let line = if unread {
                                "Some records could not be read, so none is marked as deleted for not being met."
                            } else {
                                PULLED_PAST
                            };
                            run::log(tx, run, Severity::Warning, line)?;
                        }
                        if !met_all {
                            return run::complete_with_gaps(tx, run);
                        }
                        run::complete(tx, run)
                    }
                    status => {
                        if let Some(fault) = &fault {
                            run::log(tx, run, Severity::Error, &format!("Stopped: {}.", fault.message))?;
                        }
                        run::stop(tx, run, status, fault.as_ref())
                    }
                }
            })
            .await?;
        Ok(ended)
    }
}

/// What a run's end says of its account.
enum Effect {
    /// Nothing.
    None,
    /// It works.
    Well,
    /// A run failed.
    Failed,
    /// The credentials are not taken any more.
    Reauth,
    /// A permission is missing; the account works otherwise.
    Forbidden(Option<String>),
    /// The provider's limit is used up by others.
    CircuitOpen,
}

impl Effect {
    fn apply(
        &self,
        tx: &WriteTx<'_>,
        account: AccountId,
        resource: &str,
        fault: Option<&RunFault>,
    ) -> Result<(), crosswalk_workspace::Error> {
        let (code, message) = fault.map_or(("", ""), |fault| {
            (fault.code.as_str(), fault.message.as_str())
        });
        match self {
            Self::None => return Ok(()),
            Self::Well => {
                if account::by_id(tx, account)?.status.is_broken() {
                    account::set_status(tx, account, account::Status::Active, None)?;
                }
                account::record_success(tx, account)?;
                account::forget_forbidden(tx, account, Some(resource))?;
                alert::resolve(tx, account, "failed_runs")?;
                alert::resolve(tx, account, "circuit_open")?;
                return Ok(());
            }
            Self::CircuitOpen => {
                alert::raise(
                    tx,
                    account,
                    "circuit_open",
                    message,
                    fault.and_then(|fault| fault.hint.as_deref()),
                )?;
                return Ok(());
            }
            Self::Reauth => {
                account::set_status(tx, account, account::Status::NeedsReauth, Some(message))?;
                alert::raise(
                    tx,
                    account,
                    "needs_reauth",
                    message,
                    fault.and_then(|fault| fault.hint.as_deref()),
                )?;
            }
            Self::Forbidden(scope) => {
                account::record_forbidden(tx, account, scope.as_deref(), Some(resource))?;
            }
            Self::Failed => {}
        }
        let hint = fault.and_then(|fault| fault.hint.as_deref());
        let failed = account::record_failed_run(tx, account, code, message, hint)?;
        if failed >= account::Health::UNHEALTHY_AFTER {
            let words = format!("{failed} runs in a row failed, the last of {resource}: {message}");
            alert::raise(tx, account, "failed_runs", &words, hint)?;
        }
        Ok(())
    }
}
