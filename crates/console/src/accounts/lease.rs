//! Waiting for the right to change an account's tokens or its vault entry, which one caller at a time has: in this
//! process and in every other on the workspace.

use std::time::{Duration, Instant};

use crosswalk_workspace::{AccountId, AccountLease, Guarded, Workspace};

use crate::{Console, Fault};

/// A request for a token may be tried several times, each with a time limit of its own, before the next in line goes.
const PATIENCE: Duration = Duration::from_mins(3);

/// Between two looks: short at first, since a vault entry is changed within milliseconds.
const FIRST_LOOK: Duration = Duration::from_millis(2);
const LAST_LOOK: Duration = Duration::from_millis(50);

/// Waits for the lease of an account.
///
/// # Errors
/// `account_busy` after three minutes, and when the lock file cannot be made.
pub(crate) async fn leased(
    workspace: &Workspace,
    account: AccountId,
    guarded: Guarded,
) -> Result<AccountLease, Fault> {
    let begun = Instant::now();
    let mut look = FIRST_LOOK;
    loop {
        if let Some(lease) = AccountLease::acquire(workspace, account, guarded)? {
            return Ok(lease);
        }
        if look == FIRST_LOOK {
            tracing::info!(
                "waiting for another program to end changing this account's credentials"
            );
        }
        if begun.elapsed() > PATIENCE {
            return Err(Fault::failed(
                "account_busy",
                "Another program has been changing this account's credentials for three minutes.",
                "Wait for it, or end it: the window, `xwalk daemon`, another terminal.",
            ));
        }
        tokio::time::sleep(look).await;
        look = (look * 2).min(LAST_LOOK);
    }
}

impl Console {
    /// As [`leased`], on this console's workspace.
    pub(crate) async fn lease(
        &self,
        account: AccountId,
        guarded: Guarded,
    ) -> Result<AccountLease, Fault> {
        leased(self.workspace(), account, guarded).await
    }
}
