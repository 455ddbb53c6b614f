//! Overriding fields of a mapping: every change is a version with who, when and why, and nothing is ever overwritten.

pub(crate) mod apply;
pub(crate) mod copy;
pub(crate) mod decide;
pub(crate) mod filter;

use std::sync::Arc;

use crosswalk_connector::{Definition, Mapping};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::mapping_override::{self, Action, NewVersion, Side, Target, Version};
use tokio_util::sync::CancellationToken;

use crate::mapping::impact::Job;
use crate::mapping::levels::Holder;
use crate::mapping::views::{OverrideVersion, count};
use crate::overrides::decide::{changed_since, decide, draft_version, only_over};
use crate::{Console, Fault, counted};

/// Which override is meant.
#[derive(Clone, Debug)]
pub struct OverrideTarget {
    /// `environment` or `account`.
    pub level: String,
    /// The environment's or account's id.
    pub scope: String,
    pub model: String,
    /// `None`: for every resource of the model.
    pub resource: Option<String>,
    /// A unified field, or a filter with `request`.
    pub field: String,
    /// What is overridden is what a filter asks the provider for.
    pub request: bool,
}

/// What becomes of an override.
#[derive(Clone, Debug)]
pub enum OverrideChange {
    /// The field is this expression; `field_type` makes it a field of its own where the model has none of that name.
    Set {
        expression: String,
        field_type: Option<String>,
    },
    /// The field is taken away.
    Remove,
    /// The level says nothing any more: the levels below hold.
    Inherit,
    /// As it was in this version.
    Restore(u64),
    /// As it was before the latest version.
    Undo,
    /// As it was before this version, unless something else was said since.
    TakeBack(u64),
}

/// An override to be changed.
#[derive(Clone, Debug)]
pub struct OverrideInput {
    pub target: OverrideTarget,
    pub change: OverrideChange,
    pub note: Option<String>,
    /// Although a required field fails with it.
    pub force: bool,
}

fn expression_of(action: &Action) -> Option<String> {
    match action {
        Action::Set(expression) => Some(expression.clone()),
        Action::Remove | Action::Inherit => None,
    }
}

fn view(version: &Version, before: Option<&Version>, slug: &str) -> OverrideVersion {
    OverrideVersion {
        version: count(version.version),
        level: version.scope.level().to_owned(),
        scope: slug.to_owned(),
        model: version.target.model.clone(),
        resource: version.target.resource.clone(),
        field: version.target.field.clone(),
        action: match version.action {
            Action::Set(_) => "set",
            Action::Remove => "remove",
            Action::Inherit => "inherit",
        }
        .to_owned(),
        expression: expression_of(&version.action),
        added_type: version.added_type.clone(),
        before: before.and_then(|before| expression_of(&before.action)),
        after: expression_of(&version.action),
        restored_version: version.restored_version.map(count),
        note: version.note.clone(),
        actor: version.actor.clone(),
        at: version.at,
        warnings: Vec::new(),
    }
}

impl OverrideTarget {
    pub(crate) fn target(&self) -> Target {
        Target {
            side: if self.request {
                Side::Request
            } else {
                Side::Response
            },
            model: self.model.clone(),
            resource: self.resource.clone(),
            field: self.field.clone(),
        }
    }
}

/// The mappings to a model, or the one from `resource`.
pub(crate) fn mappings_to<'d>(
    definition: &'d Definition,
    model: &str,
    resource: Option<&str>,
) -> Result<Vec<&'d Mapping>, Fault> {
    if resource.is_some() {
        return Ok(vec![Console::choose_mapping(definition, model, resource)?]);
    }
    let found: Vec<&Mapping> = definition.mappings_to(model).collect();
    if found.is_empty() {
        Console::choose_mapping(definition, model, None)?;
    }
    Ok(found)
}

/// A definition, and those of a holder's accounts that connect by it.
pub(crate) type Concerned = (Arc<Definition>, Vec<Account>);

impl Console {
    /// The definitions of a holder's accounts that map the model, each with its accounts.
    pub(crate) fn definitions_of(
        &self,
        holder: &Holder,
        model: &str,
    ) -> Result<Vec<Concerned>, Fault> {
        let mut found: Vec<Concerned> = Vec::new();
        for account in &holder.accounts {
            let known = found
                .iter_mut()
                .find(|(definition, _)| definition.connector.name == account.connector);
            if let Some((_, accounts)) = known {
                accounts.push(account.clone());
                continue;
            }
            let definition = self.definition(&account.connector)?;
            found.push((definition, vec![account.clone()]));
        }
        // An environment may hold accounts of several connectors; those that do not map the model are not concerned.
        let mapping: Vec<_> = found
            .iter()
            .filter(|(definition, _)| definition.mappings_to(model).next().is_some())
            .cloned()
            .collect();
        if let (true, Some((definition, _))) = (mapping.is_empty(), found.first()) {
            Self::choose_mapping(definition, model, None)?;
        }
        Ok(mapping)
    }

    /// Changes an override: a new version, with what there is to look at. A required field that fails with it is asked
    /// about first, by the fault `required_field_fails`; `force` answers it.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `field_unknown`, `filter_unknown`, `expression_syntax`, `expression_unsupported`,
    /// `nothing_changed`, `override_changed`, `required_field_fails`.
    pub async fn override_field(&self, input: OverrideInput) -> Result<OverrideVersion, Fault> {
        let holder = self
            .holder(&input.target.level, &input.target.scope)
            .await?;
        if input.target.request {
            return self.override_filter(input, holder).await;
        }
        let target = input.target.target();
        let definitions = self.definitions_of(&holder, &target.model)?;
        let (scope, held) = (holder.scope, target.clone());
        let history = self
            .workspace()
            .read(move |tx| mapping_override::history(tx, scope, &held))
            .await?;
        let said = decide(&input.change, &history, &target.field)?;
        let over = only_over(&input.change, &history);
        let draft = draft_version(holder.scope, &target, &said);
        let mut digest = None;
        let mut warnings = Vec::new();
        for (definition, accounts) in &definitions {
            digest.get_or_insert_with(|| definition.digest.as_str().to_owned());
            for mapping in mappings_to(definition, &target.model, target.resource.as_deref())? {
                for account in accounts {
                    let levels = self.levels(account, &target.model).await?;
                    let before = levels.merged(definition, mapping)?;
                    let after = levels.with(draft.clone()).merged(definition, mapping)?;
                    check_known(&after, &target.field)?;
                    let required = after
                        .field(&target.field)
                        .is_some_and(|field| field.required);
                    let resource = definition.connector.resources.get(&mapping.resource);
                    if required && !input.force {
                        let job = Job::new(account, resource, &before, &after);
                        self.guard_required(&job, &after, &target.field).await?;
                    }
                    let pins = self.check_pins_with(account, mapping, &after).await?;
                    warnings.extend(pins.broken.iter().map(|pin| {
                        format!(
                            "The pin of {} {} no longer holds: {}.",
                            pin.resource, pin.id, pin.field
                        )
                    }));
                    warnings.extend(self.field_warnings(&after, &target.field));
                }
            }
        }
        warnings.sort();
        warnings.dedup();
        let new = said.version_of(holder.scope, target, digest, input.note);
        self.write_override(&holder, new, over, warnings).await
    }

    /// Writes a version of an override; with `over`, only as long as that is the latest.
    ///
    /// # Errors
    /// `override_changed`.
    pub(crate) async fn write_override(
        &self,
        holder: &Holder,
        new: NewVersion,
        over: Option<u64>,
        warnings: Vec<String>,
    ) -> Result<OverrideVersion, Fault> {
        let field = new.target.field.clone();
        let written = self
            .workspace()
            .write(move |tx| {
                let held = mapping_override::history(tx, new.scope, &new.target)?;
                let other = |latest: &&Version| over.is_some_and(|over| over != latest.version);
                if let Some(latest) = held.first().filter(other) {
                    return Ok(Err(latest.clone()));
                }
                mapping_override::add(tx, &new)?;
                mapping_override::history(tx, new.scope, &new.target).map(Ok)
            })
            .await?;
        let written = written.map_err(|latest| changed_since(&field, &latest))?;
        self.recheck_drift(&holder.accounts).await?;
        let latest = written.first().ok_or_else(|| {
            Fault::failed(
                "interrupted",
                "The version was not written.",
                "Try again; please report it if it happens twice.",
            )
        })?;
        Ok(OverrideVersion {
            warnings,
            ..view(latest, written.get(1), &holder.slug)
        })
    }

    #[expect(clippy::unused_self, reason = "read as a question to the console")]
    fn field_warnings(
        &self,
        mapping: &crosswalk_mapping::EffectiveMapping,
        field: &str,
    ) -> Vec<String> {
        crosswalk_mapping::check_mapping(mapping)
            .into_iter()
            .filter(|finding| finding.field == field)
            .filter(|finding| finding.severity == crosswalk_mapping::Severity::Warning)
            .map(|finding| format!("{}: {}. {}", finding.field, finding.message, finding.hint))
            .collect()
    }

    /// Refuses, unless forced, what makes a required field fail on records that are stored, or everywhere.
    async fn guard_required(
        &self,
        job: &Job,
        after: &crosswalk_mapping::EffectiveMapping,
        field: &str,
    ) -> Result<(), Fault> {
        let ask = |what: String| {
            Fault::invalid(
                "required_field_fails",
                what,
                "Look at it with `xwalk map preview`; --force saves it all the same.",
            )
        };
        if after
            .field(field)
            .is_some_and(|field| field.expression.is_none())
        {
            return Err(ask(format!(
                "The model requires {field}, and nothing would map it for {}.",
                job.account.slug
            )));
        }
        let jobs = std::slice::from_ref(job);
        let tally = self
            .run_impact(jobs, &mut |_, _| (), &CancellationToken::new())
            .await?;
        let impact = tally.impact(
            std::time::Instant::now(),
            crate::mapping::views::PinCheck::default(),
        );
        if impact.newly_failing == 0 {
            return Ok(());
        }
        let example = impact
            .examples
            .first()
            .map_or_else(String::new, |example| format!(", such as {}", example.id));
        Err(ask(format!(
            "The model requires {field}, and it would fail on {} of {} of {}{example}.",
            impact.newly_failing,
            counted(impact.records, "stored record", "stored records"),
            job.account.slug
        )))
    }

    /// Every version of an override, the newest first.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn override_history(
        &self,
        target: &OverrideTarget,
    ) -> Result<Vec<OverrideVersion>, Fault> {
        let holder = self.holder(&target.level, &target.scope).await?;
        let (scope, held) = (holder.scope, target.target());
        let versions = self
            .workspace()
            .read(move |tx| mapping_override::history(tx, scope, &held))
            .await?;
        Ok(versions
            .iter()
            .enumerate()
            .map(|(at, version)| view(version, versions.get(at + 1), &holder.slug))
            .collect())
    }
}

/// That the field is one a mapping may have.
pub(crate) fn check_known(
    mapping: &crosswalk_mapping::EffectiveMapping,
    field: &str,
) -> Result<(), Fault> {
    if !mapping.unknown.iter().any(|(name, _)| name == field) {
        return Ok(());
    }
    let known: Vec<&str> = mapping
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    Err(Fault::invalid(
        "field_unknown",
        format!("The model {} has no field {field}.", mapping.model),
        format!(
            "Map it as custom_fields.NAME, add it to the model with --type TYPE, or use one of: {}.",
            known.join(", ")
        ),
    ))
}
