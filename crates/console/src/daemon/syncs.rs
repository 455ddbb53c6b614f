//! Scheduled syncs.

use super::Runner;
use crate::Fault;
use crate::sync::SyncInput;

/// Scheduled syncs that run at once; more wait for a later turn.
const AT_ONCE: usize = 2;

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
            let (console, stop) = (self.console.clone(), self.stop.clone());
            self.syncs.spawn(async move {
                let input = SyncInput {
                    account: planned.account.clone(),
                    resource: planned.resource.clone(),
                    mode: planned.mode,
                    pages: None,
                    budget_percent: None,
                    whole_objects: None,
                    restart: false,
                    mark_exported: false,
                    confirmation: None,
                };
                match console.sync_scheduled(input, &stop).await {
                    Ok(run) => tracing::info!(
                        account = planned.account,
                        resource = planned.resource,
                        status = run.run.status,
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
