//! How many of an account's mapped values are filled: counted in the background over a sample, when what it is counted
//! from changed, and kept for the overview and the tenant's report.

use std::collections::{BTreeSet, HashMap};

use crosswalk_connector::Definition;
use crosswalk_mapping::Status;
use crosswalk_workspace::AccountId;
use crosswalk_workspace::account::{self, Account};
use crosswalk_workspace::figures::{self, Coverage};
use crosswalk_workspace::record::{self, Direction};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::{Console, Fault};

/// Records of each resource that are looked at: those with the highest ids, which are the newest where ids count up.
/// Two hundred tell a field that is never filled from one that is filled now and then, and take some milliseconds.
const SAMPLE: u32 = 200;
/// Records evaluated at once: a record somebody opens meanwhile waits for no more than these.
const BATCH: usize = 50;

/// What an account's coverage would be counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cause {
    since: Timestamp,
    definition: String,
}

/// What was tried, so that what cannot be counted is not tried again before something changes.
#[derive(Debug, Default)]
pub(crate) struct Tried(HashMap<AccountId, Cause>);

/// Whether what was counted is no longer true.
fn outdated(counted: Option<&Coverage>, cause: &Cause) -> bool {
    counted.is_none_or(|counted| counted.at < cause.since || counted.definition != cause.definition)
}

/// Adds one record's fields. A field counts where some level maps it or the model requires it, and where what it reads
/// was fetched.
fn add(coverage: &mut Coverage, fields: impl Iterator<Item = (bool, Status)>) {
    for (counts, status) in fields {
        if counts && status != Status::NotFetched {
            coverage.of += 1;
            coverage.filled += u64::from(status == Status::Ok);
        }
    }
}

impl Console {
    /// The accounts whose coverage is to be counted again, those never counted first.
    async fn uncounted(&self) -> Result<Vec<(Account, Cause)>, Fault> {
        let (accounts, since, counted) = self
            .workspace()
            .read(|tx| {
                Ok((
                    account::list(tx)?,
                    figures::mapped_since(tx)?,
                    figures::coverage(tx)?,
                ))
            })
            .await?;
        let mut due: Vec<(Account, Cause)> = accounts
            .into_iter()
            .filter_map(|account| {
                let since = *since.get(&account.uuid)?;
                let definition = self.definition(&account.connector).ok()?;
                let definition = definition.digest.to_string();
                Some((account, Cause { since, definition }))
            })
            .filter(|(account, cause)| outdated(counted.get(&account.uuid), cause))
            .collect();
        due.sort_by_key(|(account, _)| counted.get(&account.uuid).map(|counted| counted.at));
        Ok(due)
    }

    /// Counts the coverage of every account where it is outdated, one after the other, until stopped. What cannot be
    /// counted is told in the log and left as it was.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) async fn count_coverages(
        &self,
        tried: &mut Tried,
        stop: &CancellationToken,
    ) -> Result<(), Fault> {
        for (account, cause) in self.uncounted().await? {
            if stop.is_cancelled() {
                break;
            }
            if tried.0.get(&account.uuid) == Some(&cause) {
                continue;
            }
            tried.0.insert(account.uuid, cause);
            if let Err(fault) = self.count_coverage(&account).await {
                tracing::info!(
                    account = account.slug,
                    code = fault.code,
                    "coverage was not counted"
                );
            }
        }
        Ok(())
    }

    /// Counts one account's coverage over a sample of each of its resources, and keeps it.
    async fn count_coverage(&self, account: &Account) -> Result<(), Fault> {
        let definition = self.definition(&account.connector)?;
        let mut coverage = Coverage {
            filled: 0,
            of: 0,
            records: 0,
            definition: definition.digest.to_string(),
            // What ends while counting is counted again.
            at: self.now(),
        };
        let resources: BTreeSet<&String> = definition
            .mappings
            .iter()
            .map(|mapping| &mapping.resource)
            .collect();
        for resource in resources {
            self.add_resource(account, &definition, resource, &mut coverage)
                .await?;
        }
        let uuid = account.uuid;
        self.workspace()
            .write(move |tx| figures::set_coverage(tx, uuid, &coverage))
            .await?;
        Ok(())
    }

    /// Counts a sample of one resource with each of its mappings.
    async fn add_resource(
        &self,
        account: &Account,
        definition: &Definition,
        resource: &str,
        coverage: &mut Coverage,
    ) -> Result<(), Fault> {
        let (uuid, name) = (account.uuid, resource.to_owned());
        let ids = self
            .workspace()
            .read(move |tx| record::ids(tx, uuid, &name, Direction::Down, None, SAMPLE))
            .await?;
        if ids.is_empty() {
            return Ok(());
        }
        let mut mappings = Vec::new();
        for mapping in &definition.mappings {
            if mapping.resource == resource {
                mappings.push(self.effective(account, definition, mapping).await?);
            }
        }
        for ids in ids.chunks(BATCH) {
            let opened = self.records_by_id(account, resource, ids.to_vec()).await?;
            coverage.records += opened.len() as u64;
            for mapping in &mappings {
                let records = opened.iter().map(|(_, _, record)| record.clone()).collect();
                for result in self.pool()?.evaluate(records, mapping).await? {
                    let fields = mapping.fields.iter().zip(&result.fields);
                    add(
                        coverage,
                        fields.map(|(field, came)| {
                            (field.level.is_some() || field.required, came.status)
                        }),
                    );
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap_or_default()
    }

    fn counted(seconds: i64, definition: &str) -> Coverage {
        Coverage {
            filled: 0,
            of: 0,
            records: 0,
            definition: definition.to_owned(),
            at: at(seconds),
        }
    }

    #[test]
    fn what_changed_since_is_counted_again() {
        let cause = Cause {
            since: at(10),
            definition: "d1".to_owned(),
        };
        for (counted, expected) in [
            (None, true),
            (Some(counted(9, "d1")), true),
            (Some(counted(10, "d1")), false),
            (Some(counted(11, "d1")), false),
            (Some(counted(11, "d2")), true),
        ] {
            assert_eq!(outdated(counted.as_ref(), &cause), expected, "{counted:?}");
        }
    }

    #[test]
    fn only_what_was_fetched_and_is_mapped_counts() {
        let mut coverage = counted(0, "d1");
        add(
            &mut coverage,
            [
                (true, Status::Ok),
                (true, Status::Empty),
                (true, Status::Error),
                (true, Status::NotFetched),
                (false, Status::Empty),
            ]
            .into_iter(),
        );
        assert_eq!((coverage.filled, coverage.of), (1, 3));
    }
}
