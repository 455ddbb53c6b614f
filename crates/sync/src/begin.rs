//! Taking a run up again, or starting one.

use crosswalk_connector::Resource;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::run::{self, Mode, NewRun, Run, Severity, Status};
use crosswalk_workspace::selection::{self, SelectionId};
use crosswalk_workspace::{WriteTx, resource};

use crate::checkpoint::Checkpoint;
use crate::counted::counted;
use crate::error::SyncError;
use crate::fields::Asked;
use crate::kept_place::KeptPlace;
use crate::plan::{Filter, Plan, WalkKind};
use crate::progress::Progress;
use crate::run::{Context, SyncRequest};
use crate::terms::Terms;

pub(crate) struct Begun {
    pub(crate) run: Run,
    pub(crate) checkpoint: Checkpoint,
    /// Stands for whole objects.
    pub(crate) whole: SelectionId,
    pub(crate) resumed: bool,
    /// A run was to be taken up again, but where it stood cannot be read.
    pub(crate) lost_place: bool,
}

const OVER: &str = "it is over, or a later run took its place";
const OTHER_DEFINITION: &str = "the connector's definition is another one than when it began";
const OTHER_FIELDS: &str = "other fields are asked for now than when it began";
const LOST: &str = "where it stood cannot be read any more";

/// Takes a run up again or starts one; what can be neither resumed nor kept is cancelled. The caller holds the lease.
///
/// # Errors
/// [`SyncError::NotResumable`] where one run alone was to be taken up.
pub(crate) async fn begin<S>(
    context: &Context<S>,
    request: &SyncRequest,
    account: &Account,
    resource: &Resource,
    plan: Plan,
    asked: &Asked,
) -> Result<Begun, SyncError> {
    let (account, name, mode, trigger) = (
        account.uuid,
        request.resource.clone(),
        request.mode,
        request.trigger,
    );
    let definition_digest = context.definition.digest.to_string();
    let terms = Some(Terms::of(request, &plan));
    let first = Checkpoint {
        terms,
        ..Checkpoint::new(plan.first_stage(resource))
    };
    let keys = context.keys.clone();
    let (restart, resume, tree) = (request.restart, request.resume, asked.selection.clone());
    let begun = context
        .workspace
        .write(move |tx| {
            run::end_killed_reads(tx, account, &name)?;
            let selection = selection::intern(tx, &tree)?;
            let whole = selection::intern(tx, &selection::Selection::Whole)?;
            let new = NewRun {
                account,
                resource: name,
                mode,
                trigger,
                selection,
                definition_digest,
            };
            let place = KeptPlace {
                keys: &keys,
                account,
                resource: &new.resource,
            };
            let before = run::unfinished(tx, new.account, &new.resource)?;
            if resume.is_some() && before.as_ref().map(|before| before.uuid) != resume {
                return Ok(Err(OVER));
            }
            let mut lost_place = false;
            if let Some(before) = before {
                let stored = before.checkpoint.as_ref();
                let differs = if before.definition_digest != new.definition_digest {
                    Some(OTHER_DEFINITION)
                } else if before.mode != new.mode || before.selection != selection {
                    Some(OTHER_FIELDS)
                } else {
                    None
                };
                match stored.and_then(|stored| place.read(stored)) {
                    Some(kept) if differs.is_none() && !restart => {
                        let checkpoint = Checkpoint { terms, ..kept };
                        run::set_checkpoint(tx, before.uuid, Some(&place.write(&checkpoint)?))?;
                        return Ok(Ok(Begun {
                            run: run::resume(tx, before.uuid)?,
                            checkpoint,
                            whole,
                            resumed: true,
                            lost_place: false,
                        }));
                    }
                    _ if resume.is_some() => return Ok(Err(differs.unwrap_or(LOST))),
                    Some(_) => {}
                    None => lost_place = stored.is_some() && differs.is_none() && !restart,
                }
                tell_root_keys(tx, &before)?;
                if matches!(before.status, Status::Running | Status::Paused) {
                    run::stop(tx, before.uuid, Status::Cancelled, None)?;
                }
            }
            let started = run::start(tx, &new)?;
            run::set_checkpoint(tx, started.uuid, Some(&place.write(&first)?))?;
            Ok(Ok(Begun {
                run: started,
                checkpoint: first,
                whole,
                resumed: false,
                lost_place,
            }))
        })
        .await?;
    begun.map_err(|why| SyncError::NotResumable { why })
}

pub(crate) fn shown(run: &Run) -> Progress {
    Progress {
        run: Some(run.uuid),
        records: run.counters.stored,
        duplicates: run.counters.duplicates,
        rate_limited: run.counters.rate_limited,
        requests: run.counters.requests,
        retries: run.counters.retries,
        errors: run.counters.errors,
        ..Progress::default()
    }
}

pub(crate) fn opening_lines(plan: &Plan, begun: &Begun) -> Vec<(Severity, String)> {
    let mut lines = Vec::new();
    if begun.resumed {
        lines.push(format!(
            "Taken up again with {} stored.",
            counted(begun.run.counters.stored, "record", "records")
        ));
    }
    if begun.lost_place {
        lines.push("Where the run before stood cannot be read any more, so this one begins anew. What is stored stays.".to_owned());
    }
    match (plan.walk, plan.mode, plan.filter) {
        (WalkKind::Test { pages }, ..) => {
            let most = counted(pages, "page", "pages");
            lines.push(format!("A test: at most {most} of whole objects, newest first. Nothing is written at the provider."));
        }
        (_, Mode::Incremental, Filter::All) => {
            lines.push(
                "No earlier run completed, so this incremental run reads everything.".to_owned(),
            );
        }
        (_, Mode::Incremental, Filter::ChangedSince(since)) => lines.push(format!(
            "Reads what changed since {since}, on the provider's clock."
        )),
        (_, Mode::Unexported, _) => lines.push("Reads what is not marked as exported.".to_owned()),
        _ => {}
    }
    lines
        .into_iter()
        .map(|line| (Severity::Info, line))
        .collect()
}

/// Root keys met in whole objects, told when a run is over.
pub(crate) fn tell_root_keys(
    tx: &WriteTx<'_>,
    run: &Run,
) -> Result<(), crosswalk_workspace::Error> {
    match run.checkpoint.as_ref().and_then(Checkpoint::read) {
        Some(checkpoint) if !checkpoint.root_keys.is_empty() => resource::add_root_keys(
            tx,
            run.account,
            &run.resource,
            checkpoint.root_keys.iter().map(String::as_str),
        ),
        _ => Ok(()),
    }
}
