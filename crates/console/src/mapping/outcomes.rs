//! How the fields of stored records came out, remembered for as long as the mapping stays as it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crosswalk_connector::{Definition, Mapping};
use crosswalk_mapping::{EffectiveMapping, Status};
use crosswalk_workspace::AccountId;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::record::{self, Direction, NativeId};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::compare::fails;
use crate::mapping::impact::stopped;
use crate::mapping::in_force::{mapping_of, require_resource};
use crate::mapping::version::version_of;
use crate::views::{FailingSearch, FieldTotal, RecordPlace, RecordsAround};
use crate::{Console, Fault};

/// Records evaluated at once: enough to keep every worker busy, few enough that a search ends soon after it has found.
const BATCH: u32 = 256;
/// Mappings remembered; each costs a byte for each field of each record.
const MOST_KEPT: usize = 8;

/// How the fields of one record came out, in the mapping's order, and which answer that was of.
#[derive(Clone, Debug)]
struct Outcome {
    fetched_at: Timestamp,
    fields: Arc<[Status]>,
}

#[derive(Debug, PartialEq, Eq, Clone)]
struct Key {
    account: AccountId,
    resource: String,
    model: String,
    version: String,
}

type Known = Arc<Mutex<HashMap<NativeId, Outcome>>>;

/// What is remembered, the mapping used last at the end.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(Mutex<Vec<(Key, Known)>>);

impl Outcomes {
    fn of(&self, key: Key) -> Known {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match kept.iter().position(|(held, _)| *held == key) {
            Some(at) => kept.remove(at).1,
            None => Known::default(),
        };
        kept.push((key, Arc::clone(&known)));
        if kept.len() > MOST_KEPT {
            kept.remove(0);
        }
        known
    }

    /// Forgets an account's records.
    pub(crate) fn forget(&self, account: AccountId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(key, _)| key.account != account);
    }
}

/// One mapping over the stored records of its resource.
struct Evaluation<'c> {
    console: &'c Console,
    account: &'c Account,
    mapping: Arc<EffectiveMapping>,
    known: Known,
}

impl<'c> Evaluation<'c> {
    async fn new(
        console: &'c Console,
        account: &'c Account,
        definition: &Definition,
        mapping: &Mapping,
    ) -> Result<Self, Fault> {
        let effective = console.effective(account, definition, mapping).await?;
        let known = console.shared.outcomes.of(Key {
            account: account.uuid,
            resource: effective.resource.clone(),
            model: effective.model.clone(),
            version: version_of(&effective),
        });
        Ok(Self {
            console,
            account,
            mapping: effective,
            known,
        })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<NativeId, Outcome>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ids next to `from`, with how their fields came out; records that vanished in between are left out.
    async fn next(
        &self,
        direction: Direction,
        from: Option<NativeId>,
    ) -> Result<Vec<(NativeId, Option<Arc<[Status]>>)>, Fault> {
        let (account, resource) = (self.account.uuid, self.mapping.resource.clone());
        let ids = self
            .console
            .workspace()
            .read(move |tx| {
                let ids = record::ids(tx, account, &resource, direction, from.as_ref(), BATCH)?;
                ids.into_iter()
                    .map(|id| {
                        let at = record::fetched_at(tx, account, &resource, &id)?;
                        Ok((id, at))
                    })
                    .collect::<Result<Vec<_>, crosswalk_workspace::Error>>()
            })
            .await?;
        let missing: Vec<NativeId> = {
            let known = self.known();
            ids.iter()
                .filter(|(id, at)| known.get(id).map(|outcome| outcome.fetched_at) != *at)
                .map(|(id, _)| id.clone())
                .collect()
        };
        if !missing.is_empty() {
            self.evaluate(missing).await?;
        }
        let known = self.known();
        Ok(ids
            .into_iter()
            .map(|(id, _)| {
                let fields = known.get(&id).map(|outcome| Arc::clone(&outcome.fields));
                (id, fields)
            })
            .collect())
    }

    async fn evaluate(&self, ids: Vec<NativeId>) -> Result<(), Fault> {
        let opened = self
            .console
            .records_by_id(self.account, &self.mapping.resource, ids)
            .await?;
        let mut records = Vec::with_capacity(opened.len());
        let mut of = Vec::with_capacity(opened.len());
        for (id, fetched_at, record) in opened {
            records.push(record);
            of.push((id, fetched_at));
        }
        let results = self
            .console
            .pool()?
            .evaluate(records, &self.mapping)
            .await?;
        let mut known = self.known();
        for ((id, fetched_at), result) in of.into_iter().zip(results) {
            let fields = result.fields.iter().map(|field| field.status).collect();
            known.insert(id, Outcome { fetched_at, fields });
        }
        Ok(())
    }

    /// The next record after `from`, going round at the end, in which the field fails. `told` hears how many of how
    /// many were looked at.
    async fn failing(
        &self,
        from: Option<NativeId>,
        field: usize,
        progress: &mut Progress<'_>,
    ) -> Result<Option<NativeId>, Fault> {
        let begun = from.clone();
        let mut at = from;
        let mut round = false;
        loop {
            progress.tell()?;
            let batch = self.next(Direction::Up, at.clone()).await?;
            progress.done += u32::try_from(batch.len()).unwrap_or(u32::MAX);
            let fails = |fields: &Arc<[Status]>| fields.get(field).copied().is_some_and(fails);
            let found = batch
                .iter()
                .find(|(_, fields)| fields.as_ref().is_some_and(fails));
            if let Some((id, _)) = found {
                return Ok(Some(id.clone()));
            }
            let past = |id: &NativeId| begun.as_ref().is_some_and(|begun| id >= begun);
            match batch.last() {
                Some((last, _)) if round && past(last) => return Ok(None),
                Some((last, _)) => at = Some(last.clone()),
                None if round || begun.is_none() => return Ok(None),
                None => {
                    round = true;
                    at = None;
                }
            }
        }
    }
}

/// Tells how far a walk over all records is, and ends it when somebody stopped it.
struct Progress<'p> {
    done: u32,
    total: u32,
    told: &'p mut (dyn FnMut(u32, u32) + Send),
    cancelled: &'p CancellationToken,
}

impl Progress<'_> {
    fn tell(&mut self) -> Result<(), Fault> {
        (self.told)(self.done.min(self.total), self.total);
        if self.cancelled.is_cancelled() {
            return Err(stopped());
        }
        Ok(())
    }
}

/// Counts one record's fields.
fn count(totals: &mut [FieldTotal], fields: &[Status]) {
    for (total, status) in totals.iter_mut().zip(fields) {
        match status {
            Status::NotFetched => total.not_fetched += 1,
            status => {
                total.of += 1;
                total.filled += u32::from(*status == Status::Ok);
                total.failing += u32::from(fails(*status));
            }
        }
    }
}

impl Console {
    /// The records before and after one, in the order of their ids.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn record_ids(
        &self,
        account: &str,
        resource: &str,
        around: RecordsAround,
    ) -> Result<RecordPlace, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        let at = around.after.or(around.before);
        let at = at.as_deref().map(NativeId::from);
        let (uuid, name) = (account.uuid, resource.to_owned());
        let place = self
            .workspace()
            .read(move |tx| record::place(tx, uuid, &name, at.as_ref()))
            .await?;
        Ok(RecordPlace {
            previous: place.previous.map(|id| id.to_string()),
            next: place.next.map(|id| id.to_string()),
            position: place.position,
            total: place.total,
        })
    }

    /// The next record in which a field of a model fails, going round at the end; none where it fails in no other.
    /// Records are evaluated once and then remembered; `told` hears how many of how many were looked at.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `no_field`, `cancelled`, and what keeps the vault from opening.
    pub async fn next_failing(
        &self,
        search: FailingSearch,
        mut told: impl FnMut(u32, u32) + Send,
        cancelled: &CancellationToken,
    ) -> Result<Option<String>, Fault> {
        let account = self.find_account(&search.account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, &search.resource)?;
        let mapping = match &search.model {
            Some(model) => Self::choose_mapping(&definition, model, Some(&search.resource))?,
            None => mapping_of(&definition, &search.resource)?,
        };
        let evaluation = Evaluation::new(self, &account, &definition, mapping).await?;
        let index = evaluation
            .mapping
            .fields
            .iter()
            .position(|known| known.name == search.field)
            .ok_or_else(|| {
                Fault::invalid(
                    "no_field",
                    format!(
                        "{} has no field {}.",
                        evaluation.mapping.model, search.field
                    ),
                    "Choose one of the fields the compare view shows.",
                )
            })?;
        let mut progress = Progress {
            done: 0,
            total: self.present(&account, &search.resource).await?,
            told: &mut told,
            cancelled,
        };
        let after = search.after.as_deref().map(NativeId::from);
        let found = evaluation
            .failing(after.clone(), index, &mut progress)
            .await?;
        Ok(found
            .filter(|found| Some(found) != after.as_ref())
            .map(|id| id.to_string()))
    }

    /// How many records of a resource are present.
    async fn present(&self, account: &Account, resource: &str) -> Result<u32, Fault> {
        let (uuid, name) = (account.uuid, resource.to_owned());
        let counts = self
            .workspace()
            .read(move |tx| record::count(tx, uuid, &name))
            .await?;
        Ok(u32::try_from(counts.present).unwrap_or(u32::MAX))
    }

    /// How the fields of a model come out over every stored record of a resource. Records are evaluated once and then
    /// remembered; `told` hears how many of how many were looked at.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `cancelled`, and what keeps the vault from opening.
    pub async fn field_totals(
        &self,
        account: &str,
        model: &str,
        resource: &str,
        mut told: impl FnMut(u32, u32) + Send,
        cancelled: &CancellationToken,
    ) -> Result<Vec<FieldTotal>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, Some(resource))?;
        let evaluation = Evaluation::new(self, &account, &definition, mapping).await?;
        let mut totals: Vec<FieldTotal> = evaluation
            .mapping
            .fields
            .iter()
            .map(|field| FieldTotal {
                field: field.name.clone(),
                filled: 0,
                of: 0,
                failing: 0,
                not_fetched: 0,
            })
            .collect();
        let mut progress = Progress {
            done: 0,
            total: self.present(&account, resource).await?,
            told: &mut told,
            cancelled,
        };
        let mut from = None;
        loop {
            progress.tell()?;
            let batch = evaluation.next(Direction::Up, from).await?;
            let Some((last, _)) = batch.last() else {
                break;
            };
            progress.done += u32::try_from(batch.len()).unwrap_or(u32::MAX);
            from = Some(last.clone());
            for (_, fields) in &batch {
                count(&mut totals, fields.as_deref().unwrap_or_default());
            }
        }
        let shown = evaluation
            .mapping
            .fields
            .iter()
            .map(|field| field.level.is_some() || field.required);
        let mut shown = shown.collect::<Vec<bool>>().into_iter();
        totals.retain(|_| shown.next().unwrap_or(false));
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_by_how_they_came_out() {
        for (status, expected) in [
            (Status::Ok, (1, 1, 0, 0)),
            (Status::Empty, (0, 1, 0, 0)),
            (Status::Missing, (0, 1, 1, 0)),
            (Status::UnknownValue, (0, 1, 1, 0)),
            (Status::WrongType, (0, 1, 1, 0)),
            (Status::Error, (0, 1, 1, 0)),
            (Status::NotFetched, (0, 0, 0, 1)),
        ] {
            let mut totals = vec![FieldTotal {
                field: "a".to_owned(),
                filled: 0,
                of: 0,
                failing: 0,
                not_fetched: 0,
            }];
            count(&mut totals, &[status]);
            let total = &totals[0];
            let found = (total.filled, total.of, total.failing, total.not_fetched);
            assert_eq!(found, expected, "{status:?}");
        }
    }

    #[test]
    fn the_mappings_used_last_are_remembered() {
        let outcomes = Outcomes::default();
        let key = |version: usize| Key {
            account: AccountId::from(uuid::Uuid::nil()),
            resource: "things".to_owned(),
            model: "a/b".to_owned(),
            version: version.to_string(),
        };
        let outcome = Outcome {
            fetched_at: Timestamp::UNIX_EPOCH,
            fields: Arc::new([Status::Ok]),
        };
        let fill = |version| {
            outcomes
                .of(key(version))
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(NativeId::Integer(1), outcome.clone());
        };
        let holds = |version| {
            !outcomes
                .of(key(version))
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_empty()
        };
        fill(0);
        for version in 1..MOST_KEPT {
            fill(version);
        }
        assert!(holds(0));
        fill(MOST_KEPT);
        assert!(holds(0), "it was used");
        assert!(!holds(1), "it was used least recently");
        outcomes.forget(AccountId::from(uuid::Uuid::nil()));
        assert!(!holds(0));
    }
}
