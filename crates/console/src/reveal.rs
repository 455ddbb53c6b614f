//! Revealing what a connector says is sensitive: the one place that notes that it was done.

use crosswalk_workspace::account::Account;
use crosswalk_workspace::audit::{self, Subject};
use serde_json::Value;

use crate::{Console, Fault};

/// The audit's word for it.
pub(crate) const REVEALED: &str = "value:revealed";

impl Console {
    /// Notes in the audit that sensitive values were shown or handed out, before they are. `detail` says which: places,
    /// never values.
    ///
    /// # Errors
    /// When it cannot be noted; then nothing may be shown.
    pub(crate) async fn note_reveal(&self, account: &Account, detail: Value) -> Result<(), Fault> {
        let subject = Subject::from(account);
        self.workspace()
            .write(move |tx| audit::change(tx, REVEALED, Some(&subject), &detail))
            .await?;
        Ok(())
    }
}
