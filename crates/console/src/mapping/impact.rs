//! What a change of mappings or tables does to stored records: counted, with examples, while it runs and may be stopped.

use std::time::Instant;

use crosswalk_connector::{RawStep, Resource};
use crosswalk_mapping::{Compared, Comparison, EffectiveMapping};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::record;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::mapping::views::{Example, FieldImpact, Impact, PinCheck, count};
use crate::{Console, Fault, FaultClass};

/// The most examples of one kind; a person looks at a page of them.
pub(crate) const EXAMPLES: usize = 50;
/// The longest value of an example, in bytes of JSON.
const LONGEST_VALUE: usize = 4_096;
/// What stands for a value that is masked.
pub(crate) const MASKED: &str = "•••";

/// Two mappings of one account's resource to be held against each other.
pub(crate) struct Job {
    pub(crate) account: Account,
    pub(crate) model: String,
    pub(crate) resource: String,
    pub(crate) comparison: Comparison,
    /// For each of the comparison's fields, whether it reads what is masked.
    masked: Vec<bool>,
}

impl Job {
    /// What `after` does otherwise than `before`.
    pub(crate) fn new(
        account: &Account,
        resource: Option<&Resource>,
        before: &EffectiveMapping,
        after: &EffectiveMapping,
    ) -> Self {
        Self::over(
            account,
            resource,
            before,
            after,
            Comparison::new(before, after),
        )
    }

    /// One field before and after, whether or not it may differ.
    pub(crate) fn of_field(
        account: &Account,
        resource: Option<&Resource>,
        before: &EffectiveMapping,
        after: &EffectiveMapping,
        field: &str,
    ) -> Self {
        let comparison = Comparison::of_field(before, after, field);
        Self::over(account, resource, before, after, comparison)
    }

    fn over(
        account: &Account,
        resource: Option<&Resource>,
        before: &EffectiveMapping,
        after: &EffectiveMapping,
        comparison: Comparison,
    ) -> Self {
        let masked = comparison
            .fields()
            .iter()
            .map(|field| {
                resource.is_some_and(|resource| {
                    reads_masked(resource, before, &field.name)
                        || reads_masked(resource, after, &field.name)
                })
            })
            .collect();
        Self {
            account: account.clone(),
            model: after.model.clone(),
            resource: after.resource.clone(),
            comparison,
            masked,
        }
    }
}

/// Whether a field reads what the connector says is to be masked.
pub(crate) fn reads_masked(resource: &Resource, mapping: &EffectiveMapping, field: &str) -> bool {
    let Some(field) = mapping.field(field) else {
        return false;
    };
    resource.mask.iter().any(|path| {
        let keys: Vec<&str> = path
            .steps()
            .iter()
            .filter_map(|step| match step {
                RawStep::Key(key) => Some(key.as_str()),
                RawStep::Each => None,
            })
            .collect();
        field.lineage.touches(&keys)
    })
}

/// JSON text as a value to show.
pub(crate) fn shown(text: Option<&str>, masked: bool) -> Value {
    match text {
        None => Value::Null,
        Some(_) if masked => Value::String(MASKED.to_owned()),
        Some(text) if text.len() > LONGEST_VALUE => {
            let cut: String = text.chars().take(LONGEST_VALUE / 4).collect();
            Value::String(format!("{cut}… ({} bytes)", text.len()))
        }
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
    }
}

/// Counts as records come.
#[derive(Default)]
pub(crate) struct Tally {
    impact: Impact,
    examples: [Vec<Example>; 5],
    /// Whether records are shown that come out as before.
    shows_same: bool,
}

const KINDS: [&str; 5] = ["failing", "filled", "emptied", "changed", "same"];
/// The place of `same` in [`KINDS`].
const SAME: usize = 4;

/// What kind of change it is, as a place in [`KINDS`].
fn kind(one: &Compared) -> Option<usize> {
    if one.newly_fails() {
        Some(0)
    } else if !one.changed {
        None
    } else {
        match (&one.value_before, &one.value_after) {
            (None, Some(_)) => Some(1),
            (Some(_), None) => Some(2),
            _ => Some(3),
        }
    }
}

impl Tally {
    /// A tally that also shows records that come out as before: somebody wants to see what a sample gives.
    pub(crate) fn of_samples() -> Self {
        Self {
            shows_same: true,
            ..Self::default()
        }
    }

    /// The place from which a job's fields are counted.
    pub(crate) fn begin(&mut self, job: &Job) -> usize {
        let from = self.impact.fields.len();
        let fields = job.comparison.fields().iter().map(|field| FieldImpact {
            model: job.model.clone(),
            resource: job.resource.clone(),
            field: field.name.clone(),
            required: field.required,
            changed: 0,
            errors: 0,
            newly_failing: 0,
            newly_filled: 0,
            newly_empty: 0,
        });
        self.impact.fields.extend(fields);
        from
    }

    /// Counts one record.
    pub(crate) fn add(&mut self, job: &Job, from: usize, key: &str, compared: &[Compared]) {
        let impact = &mut self.impact;
        impact.records += 1;
        let any = |holds: &dyn Fn(&Compared) -> bool| u32::from(compared.iter().any(holds));
        impact.not_fetched += any(&Compared::is_not_fetched);
        impact.changed += any(&|one| one.changed);
        impact.errors += any(&|one| !one.is_not_fetched() && one.fails());
        let kinds: Vec<Option<usize>> = compared
            .iter()
            .map(|one| {
                if one.is_not_fetched() {
                    None
                } else {
                    kind(one)
                }
            })
            .collect();
        let of = |wanted: usize| u32::from(kinds.contains(&Some(wanted)));
        impact.newly_failing += of(0);
        impact.newly_filled += of(1);
        impact.newly_empty += of(2);
        for (one, kind) in compared.iter().zip(&kinds) {
            let Some(field) = impact.fields.get_mut(from + one.field) else {
                continue;
            };
            field.changed += u32::from(one.changed);
            field.errors += u32::from(!one.is_not_fetched() && one.fails());
            let same = (self.shows_same && !one.is_not_fetched()).then_some(SAME);
            let Some(kind) = kind.or(same) else { continue };
            match kind {
                0 => field.newly_failing += 1,
                1 => field.newly_filled += 1,
                2 => field.newly_empty += 1,
                _ => {}
            }
            let examples = &mut self.examples[kind];
            if examples.len() < EXAMPLES {
                let masked = job.masked.get(one.field).copied().unwrap_or(true);
                examples.push(Example {
                    id: key.to_owned(),
                    resource: job.resource.clone(),
                    field: field.field.clone(),
                    kind: KINDS[kind].to_owned(),
                    before: shown(one.value_before.as_deref(), masked),
                    after: shown(one.value_after.as_deref(), masked),
                    status: one.after.status.as_str().to_owned(),
                    message: if masked {
                        None
                    } else {
                        one.after.message.clone()
                    },
                });
            }
        }
    }

    /// What was counted so far.
    pub(crate) fn impact(&self, begun: Instant, pins: PinCheck) -> Impact {
        Impact {
            examples: self.examples.iter().flatten().cloned().collect(),
            pins,
            elapsed_ms: count(begun.elapsed().as_millis()),
            ..self.impact.clone()
        }
    }
}

/// That somebody stopped it.
pub(crate) fn stopped() -> Fault {
    Fault::new(
        FaultClass::Interrupted,
        "cancelled",
        "It was stopped before all records were looked at.",
        "Start it again when you like; nothing was changed.",
    )
}

impl Console {
    /// Runs the jobs over all stored records. `told` hears how many of how many are done.
    ///
    /// # Errors
    /// `cancelled`, and what keeps the vault from opening or a worker from starting.
    pub(crate) async fn run_impact(
        &self,
        jobs: &[Job],
        told: &mut (dyn FnMut(u32, u32) + Send),
        cancelled: &CancellationToken,
    ) -> Result<Tally, Fault> {
        let pool = self.pool()?.clone();
        let mut total = 0;
        for job in jobs {
            let (account, resource) = (job.account.uuid, job.resource.clone());
            let counts = self
                .workspace()
                .read(move |tx| record::count(tx, account, &resource))
                .await?;
            total += count(counts.present);
        }
        let mut tally = Tally::default();
        told(0, total);
        for job in jobs {
            let from = tally.begin(job);
            let mut records = self.stored_records(&job.account, &job.resource).await?;
            while let Some(batch) = records.next().await? {
                let evaluated = tokio::select! {
                    evaluated = job.comparison.evaluate(&pool, batch) => evaluated?,
                    () = cancelled.cancelled() => return Err(stopped()),
                };
                for (key, compared) in &evaluated {
                    tally.add(job, from, key, compared);
                }
                told(tally.impact.records, total);
                if cancelled.is_cancelled() {
                    return Err(stopped());
                }
            }
        }
        Ok(tally)
    }
}
