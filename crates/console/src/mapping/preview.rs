//! What a draft would change, over all stored records of an account. Saves nothing.

use std::time::Instant;

use crosswalk_connector::Definition;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::mapping_override::{self, Scope};
use tokio_util::sync::CancellationToken;

use crate::mapping::impact::{Job, Tally};
use crate::mapping::samples;
use crate::mapping::views::{Impact, PinCheck};
use crate::overrides::decide::{decide, draft_version};
use crate::overrides::{OverrideChange, OverrideTarget, check_known, mappings_to};
use crate::{Console, Fault};

/// A draft to be looked at.
#[derive(Clone, Debug)]
pub struct PreviewInput {
    pub account: String,
    pub model: String,
    /// `None`: every resource mapped to the model.
    pub resource: Option<String>,
    pub field: String,
    /// `environment` or `account`: where it would be saved.
    pub level: String,
    pub change: OverrideChange,
    /// Records as JSON text to try it on instead of those that are stored: one, a list, or one a line.
    pub samples: Option<String>,
}

/// The account itself, or the environment it is in.
pub(crate) fn scope_at(account: &Account, level: &str) -> Result<(Scope, String), Fault> {
    match (level, account.environment_uuid, &account.environment) {
        ("account", _, _) => Ok((Scope::Account(account.uuid), account.slug.clone())),
        ("environment", Some(uuid), Some(slug)) => Ok((Scope::Environment(uuid), slug.clone())),
        ("environment", _, _) => Err(Fault::invalid(
            "no_environment",
            format!("{} is in no environment.", account.slug),
            "Use the level account, or add the account with --environment E.",
        )),
        (other, _, _) => Err(Fault::invalid(
            "unknown_level",
            format!("{other} is no level overrides are kept at."),
            "Use environment or account.",
        )),
    }
}

impl Console {
    /// What a draft would change over the account's stored records, or over samples, and which pins would no longer
    /// hold. `told` hears how many of how many records are done.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `field_unknown`, `expression_syntax`, `expression_unsupported`, `nothing_changed`,
    /// `cancelled`; `ambiguous_resource`, `input_not_json` and `no_samples` for samples.
    pub async fn preview(
        &self,
        input: PreviewInput,
        mut told: impl FnMut(u32, u32) + Send,
        cancelled: &CancellationToken,
    ) -> Result<Impact, Fault> {
        let begun = Instant::now();
        let account = self.find_account(&input.account).await?;
        let definition = self.definition(&account.connector)?;
        let mappings = match &input.samples {
            // A sample is of one resource.
            Some(_) => vec![Self::choose_mapping(
                &definition,
                &input.model,
                input.resource.as_deref(),
            )?],
            None => mappings_to(&definition, &input.model, input.resource.as_deref())?,
        };
        let (scope, slug) = scope_at(&account, &input.level)?;
        let target = OverrideTarget {
            level: input.level,
            scope: slug,
            model: input.model,
            resource: input.resource,
            field: input.field,
            request: false,
        }
        .target();
        let held = target.clone();
        let history = self
            .workspace()
            .read(move |tx| mapping_override::history(tx, scope, &held))
            .await?;
        // A draft that says what is saved already changes nothing, and is no fault here.
        let said = match decide(&input.change, &history, &target.field) {
            Err(fault) if fault.code == "nothing_changed" => None,
            decided => Some(decided?),
        };
        let levels = self.levels(&account, &target.model).await?;
        let drafted = match &said {
            Some(said) => levels.clone().with(draft_version(scope, &target, said)),
            None => levels.clone(),
        };
        let mut jobs = Vec::with_capacity(mappings.len());
        let mut pins = PinCheck::default();
        for mapping in mappings {
            let before = levels.merged(&definition, mapping)?;
            let after = drafted.merged(&definition, mapping)?;
            check_known(&after, &target.field)?;
            let resource = definition.connector.resources.get(&mapping.resource);
            // A sample shows what a draft gives, whether or not it gives something else.
            jobs.push(match &input.samples {
                Some(_) => Job::of_field(&account, resource, &before, &after, &target.field),
                None => Job::new(&account, resource, &before, &after),
            });
            let checked = self.check_pins_with(&account, mapping, &after).await?;
            pins.checked += checked.checked;
            pins.broken.extend(checked.broken);
        }
        let tally = match (&input.samples, jobs.first()) {
            (Some(text), Some(job)) => self.try_samples(&definition, job, text).await?,
            _ => self.run_impact(&jobs, &mut told, cancelled).await?,
        };
        Ok(tally.impact(begun, pins))
    }

    /// Runs a job over samples.
    async fn try_samples(
        &self,
        definition: &Definition,
        job: &Job,
        text: &str,
    ) -> Result<Tally, Fault> {
        let resource = definition.connector.resources.get(&job.resource);
        let records = match resource {
            Some(resource) => samples::read(text, resource.id.as_ref())?,
            None => Vec::new(),
        };
        let mut tally = Tally::of_samples();
        let from = tally.begin(job);
        for (key, compared) in job.comparison.evaluate(self.pool()?, records).await? {
            tally.add(job, from, &key, &compared);
        }
        Ok(tally)
    }
}
