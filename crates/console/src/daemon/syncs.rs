//! Scheduled syncs.

use std::sync::Arc;

use crosswalk_sync::Trigger;

use super::Runner;
use crate::sync::{Order, SyncInput};
use crate::views::RunProgress;
use crate::{Fault, ProgressListener, RunListener};

/// Scheduled syncs that run at once; more wait for a later turn.
const AT_ONCE: usize = 2;

/// Whoever watches how scheduled syncs get on.
#[derive(Clone, Default)]
pub(super) struct Watcher(Option<RunListener>);

impl Watcher {
    pub(super) fn of(listener: RunListener) -> Self {
        Self(Some(listener))
    }

    /// To be told by a sync of an account of `tenant`.
    fn listener(&self, tenant: String) -> ProgressListener {
        let listener = self.0.clone();
        Arc::new(move |progress: &RunProgress| {
            if let Some(tell) = &listener {
                tell(&tenant, progress);
            }
        })
    }
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Watcher").field(&self.0.is_some()).finish()
    }
}

impl Runner {
    /// Starts the syncs whose time has come, outside their tenants' quiet windows.
    pub(super) async fn start_due_syncs(&mut self) -> Result<(), Fault> {
        while self.syncs.try_join_next().is_some() {}
        let free = AT_ONCE.saturating_sub(self.syncs.len());
        if free == 0 {
            return Ok(());
        }
        let due = self.console.due_syncs(self.console.now()).await?;
        for planned in due.into_iter().take(free) {
            // Ends with the runner, and before it where somebody stops this one.
            let (console, stop) = (self.console.clone(), self.stop.child_token());
            let tell = self.watcher.listener(planned.tenant.clone());
            self.syncs.spawn(async move {
                let order = Order {
                    input: SyncInput {
                        account: planned.account.clone(),
                        resource: planned.resource.clone(),
                        mode: planned.mode,
                        pages: None,
                        budget_percent: None,
                        whole_objects: None,
                        restart: false,
                        mark_exported: false,
                        confirmation: None,
                    },
                    trigger: Trigger::Schedule,
                    resume: None,
                };
                match console.carry_out(order, tell, stop, None).await {
                    Ok(run) => tracing::info!(
                        account = planned.account,
                        resource = planned.resource,
                        status = run.status,
                        "a scheduled sync ended"
                    ),
                    // Somebody else runs it: nothing to do. The rest is in the run, or is told here.
                    Err(fault) if fault.code == "run_in_progress" => {}
                    Err(fault) => tracing::warn!(
                        account = planned.account,
                        resource = planned.resource,
                        code = fault.code,
                        "a scheduled sync did not start"
                    ),
                }
            });
        }
        Ok(())
    }
}
