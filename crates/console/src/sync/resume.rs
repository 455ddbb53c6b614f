//! Taking one run up again as it was asked for: its mode, its fields, its pages, its share of the limit, its marking.

use crosswalk_sync::{Terms, Trigger};
use crosswalk_workspace::account::{self, Purpose};
use crosswalk_workspace::run::{self, Mode, Run, Status};
use crosswalk_workspace::selection::{self, Selection};
use crosswalk_workspace::{ReadTx, RunId};
use serde_json::Value;

use crate::sync::live::ProgressListener;
use crate::sync::runs::run_id;
use crate::sync::{Order, SyncInput};
use crate::views::{ResumeOptions, ResumeView};
use crate::{Console, Fault};

/// How a run was asked for, as far as what is stored of it tells. Pure.
fn kept(mode: Mode, whole: bool, may_write: bool, checkpoint: &Value) -> ResumeView {
    let terms = Terms::kept(checkpoint).unwrap_or_default();
    ResumeView {
        fields: if whole { "all" } else { "mapped" }.to_owned(),
        pages: terms.pages.filter(|_| mode == Mode::Test),
        // Only credentials for writing mark, and only in this mode.
        marks: if mode == Mode::Unexported && may_write {
            Terms::marks(checkpoint)
        } else {
            Some(false)
        },
        budget: terms.budget_percent,
    }
}

/// A run as the sync that goes on with it, with what was said where the run itself does not tell. Pure.
fn input(run: &Run, kept: &ResumeView, said: ResumeOptions) -> Result<SyncInput, Fault> {
    let pages = kept.pages.or(said.pages);
    if run.mode == Mode::Test && pages.is_none() {
        return Err(Fault::invalid(
            "resume_pages_unknown",
            "How many pages this test was asked for was not kept.",
            "Say how many it is to read at most.",
        ));
    }
    let mark_exported = kept.marks.or(said.mark_exported).ok_or_else(|| {
        Fault::invalid(
            "resume_marking_unknown",
            "Whether this run was to mark records as exported was not kept.",
            "Say whether it is to mark them.",
        )
    })?;
    Ok(SyncInput {
        account: run.account_slug.clone(),
        resource: run.resource.clone(),
        mode: run.mode.as_str(),
        pages,
        budget_percent: kept.budget,
        whole_objects: Some(kept.fields == "all"),
        restart: false,
        mark_exported,
        confirmation: said.confirm,
    })
}

/// How a run is taken up again; none where it is over, or a later one took its place.
pub(crate) fn resumption(
    tx: &ReadTx<'_>,
    run: &Run,
) -> crosswalk_workspace::Result<Option<ResumeView>> {
    let unfinished = run::unfinished(tx, run.account, &run.resource)?;
    let (Some(checkpoint), Some(true)) = (
        &run.checkpoint,
        unfinished.map(|unfinished| unfinished.uuid == run.uuid),
    ) else {
        return Ok(None);
    };
    let whole = selection::get(tx, run.selection)? == Selection::Whole;
    let may_write = account::by_id(tx, run.account)?.purpose == Purpose::Write;
    Ok(Some(kept(run.mode, whole, may_write, checkpoint)))
}

impl Console {
    /// How a run is taken up again; none where it cannot be.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn resumption(&self, run: &str) -> Result<Option<ResumeView>, Fault> {
        Ok(self.resumable(run_id(run)?).await?.1)
    }

    async fn resumable(&self, run: RunId) -> Result<(Run, Option<ResumeView>), Fault> {
        Ok(self
            .workspace()
            .read(move |tx| {
                let held = run::get(tx, run)?;
                let resumption = resumption(tx, &held)?;
                Ok((held, resumption))
            })
            .await?)
    }

    /// Takes a run up again in the background, as it was asked for, and answers with it as soon as it goes on. A run
    /// that marks records asks anew for the tenant's id, and what guards a marking is held against it anew.
    ///
    /// # Errors
    /// `not_found`, `run_in_progress`, `run_not_resumable`, `marking_refused`; `resume_pages_unknown` and
    /// `resume_marking_unknown` where neither the run nor `said` tells.
    pub async fn resume_sync(
        &self,
        run: &str,
        said: ResumeOptions,
        tell: ProgressListener,
    ) -> Result<String, Fault> {
        let (held, kept) = self.resumable(run_id(run)?).await?;
        let Some(kept) = kept else {
            let why = match held.status {
                Status::Completed => "it is completed",
                _ => "a later run took its place, or it never began",
            };
            return Err(Fault::invalid(
                "run_not_resumable",
                format!("The run cannot be taken up again: {why}."),
                "Start a new sync. What this one stored stays.",
            ));
        };
        let order = Order {
            input: input(&held, &kept, said)?,
            trigger: Trigger::Manual,
            resume: Some(held.uuid),
        };
        self.begin_sync(order, tell).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_stored_of_a_run_says_how_it_was_asked_for() {
        let stage = || json!({ "walk": "ranges" });
        let none = || json!({ "version": 1, "stage": stage() });
        let terms = |terms: Value| json!({ "version": 1, "stage": stage(), "terms": terms });
        for (mode, whole, may_write, checkpoint, fields, pages, marks, budget) in [
            (
                Mode::Full,
                true,
                false,
                terms(json!({ "marks": false })),
                "all",
                None,
                Some(false),
                None,
            ),
            (
                Mode::Full,
                false,
                true,
                none(),
                "mapped",
                None,
                Some(false),
                None,
            ),
            (
                Mode::Test,
                true,
                false,
                terms(json!({ "pages": 20, "marks": false, "budget_percent": 5 })),
                "all",
                Some(20),
                Some(false),
                Some(5),
            ),
            (
                Mode::Unexported,
                false,
                true,
                terms(json!({ "marks": true })),
                "mapped",
                None,
                Some(true),
                None,
            ),
            (
                Mode::Unexported,
                false,
                true,
                terms(json!({ "marks": false })),
                "mapped",
                None,
                Some(false),
                None,
            ),
            // Begun before the terms were kept: only an account that could have marked leaves a question.
            (
                Mode::Unexported,
                false,
                true,
                none(),
                "mapped",
                None,
                None,
                None,
            ),
            (
                Mode::Unexported,
                false,
                false,
                none(),
                "mapped",
                None,
                Some(false),
                None,
            ),
            (
                Mode::Unexported,
                false,
                true,
                json!({ "version": 1, "stage": { "walk": "marking" } }),
                "mapped",
                None,
                Some(true),
                None,
            ),
        ] {
            let found = kept(mode, whole, may_write, &checkpoint);
            assert_eq!(
                (&*found.fields, found.pages, found.marks, found.budget),
                (fields, pages, marks, budget),
                "{mode} {checkpoint}"
            );
        }
    }
}
