//! Planned syncs that could not begin.

use crosswalk_workspace::account::{self, Health};
use crosswalk_workspace::{Error, alert};

use crate::{Console, Fault};

impl Console {
    /// Counts a planned sync that could not begin as a run that failed: there is no run that says so. `times`: how
    /// often that happened in a row.
    pub(crate) async fn note_unbegun(
        &self,
        account: &str,
        resource: &str,
        fault: &Fault,
        times: u32,
    ) -> Result<(), Fault> {
        let (id, resource, fault) = (account.to_owned(), resource.to_owned(), fault.clone());
        self.workspace()
            .write(move |tx| {
                let held = match account::get(tx, &id) {
                    // Removed meanwhile.
                    Err(Error::NotFound { .. }) => return Ok(()),
                    held => held?,
                };
                let hint = fault.hint.as_deref();
                let failed =
                    account::record_failed_run(tx, held.uuid, &fault.code, &fault.message, hint)?;
                if failed.max(times) >= Health::UNHEALTHY_AFTER {
                    let words = format!(
                        "The scheduled sync of {resource} cannot begin: {}",
                        fault.message
                    );
                    alert::raise(tx, held.uuid, alert::kind::FAILED_RUNS, &words, hint)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
