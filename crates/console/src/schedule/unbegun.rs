//! Planned syncs that could not begin.

use crosswalk_workspace::account::{self, Account, Health};
use crosswalk_workspace::{Error, WriteTx, alert};

use crate::{Console, Fault};

/// What an alert says of syncs that cannot begin. Pure.
fn words(resources: &[String], fault: &Fault) -> String {
    match resources {
        [] | [_] => format!(
            "The scheduled sync of {} cannot begin: {}",
            resources.join(", "),
            fault.message
        ),
        _ => format!(
            "The scheduled syncs of {} cannot begin. The last try: {}",
            resources.join(", "),
            fault.message
        ),
    }
}

/// Whether an alert in those words is about a resource: nothing else survives a restart that says so. Pure.
fn names(message: &str, resource: &str) -> bool {
    let named = message.split_once(" cannot begin");
    named.is_some_and(|(named, _)| named.split([' ', ',']).any(|word| word == resource))
}

/// Resolves the alert of an account if it is about a resource that cannot be kept from beginning any more.
pub(super) fn no_longer(
    tx: &WriteTx<'_>,
    account: &Account,
    resource: &str,
) -> crosswalk_workspace::Result<()> {
    let is_told_of = alert::open(tx)?.iter().any(|open| {
        open.kind == alert::kind::SCHEDULE_STUCK
            && open.account.as_ref() == Some(&account.slug)
            && names(&open.message, resource)
    });
    if is_told_of {
        alert::resolve(tx, account.uuid, alert::kind::SCHEDULE_STUCK)?;
    }
    Ok(())
}

impl Console {
    /// Counts a planned sync that could not begin as a run that failed: there is no run that says so. `stuck`: what of
    /// the account could not begin again and again.
    pub(crate) async fn note_unbegun(
        &self,
        account: &str,
        resource: &str,
        fault: &Fault,
        mut stuck: Vec<String>,
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
                let mut is_stuck = stuck.contains(&resource);
                // Tried once by each of several programs.
                if !is_stuck && failed >= Health::UNHEALTHY_AFTER {
                    stuck.push(resource);
                    is_stuck = true;
                }
                if is_stuck {
                    let words = words(&stuck, &fault);
                    alert::raise(tx, held.uuid, alert::kind::SCHEDULE_STUCK, &words, hint)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// A planned sync began, and no other of its account is known to be kept from that.
    pub(crate) async fn note_begun(&self, account: &str, resource: &str) -> Result<(), Fault> {
        let (id, resource) = (account.to_owned(), resource.to_owned());
        self.workspace()
            .write(move |tx| match account::get(tx, &id) {
                // Removed meanwhile.
                Err(Error::NotFound { .. }) => Ok(()),
                held => no_longer(tx, &held?, &resource),
            })
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_names_every_resource_that_cannot_begin() {
        let fault = Fault::failed("vault_entry_missing", "The entry is gone.", "");
        let name = |text: &str| text.to_owned();
        for (resources, expected) in [
            (
                vec![name("invoices")],
                "The scheduled sync of invoices cannot begin: The entry is gone.",
            ),
            (
                vec![name("currencies"), name("invoices")],
                "The scheduled syncs of currencies, invoices cannot begin. The last try: The entry is gone.",
            ),
        ] {
            let said = words(&resources, &fault);
            assert_eq!(said, expected);
            assert!(resources.iter().all(|resource| names(&said, resource)));
            for other in ["entry", "voices", "suppliers"] {
                assert!(!names(&said, other), "{other}");
            }
        }
    }
}
