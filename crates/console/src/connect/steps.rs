//! The steps of a connection test, told as they are taken and kept for the report.

use crate::views::{LiveStep, StepView};

/// Told of each step as it begins and as it is done.
pub type StepListener<'l> = &'l (dyn Fn(LiveStep) + Send + Sync);

/// What was taken so far.
pub(crate) struct Steps<'l> {
    tell: StepListener<'l>,
    taken: Vec<StepView>,
}

impl<'l> Steps<'l> {
    pub(crate) fn new(tell: StepListener<'l>) -> Self {
        Self {
            tell,
            taken: Vec::new(),
        }
    }

    /// Says that a step begins.
    pub(crate) fn begin(&self, name: &str) {
        (self.tell)(LiveStep {
            step: StepView {
                name: name.to_owned(),
                ok: true,
                ms: 0,
                message: String::new(),
            },
            state: "running".to_owned(),
        });
    }

    /// Says how a step went, without keeping it: steps that go on side by side are kept in their own order later.
    pub(crate) fn tell(&self, step: &StepView) {
        (self.tell)(LiveStep {
            step: step.clone(),
            state: "done".to_owned(),
        });
    }

    /// Says how a step went and keeps it.
    pub(crate) fn done(&mut self, step: StepView) {
        self.tell(&step);
        self.taken.push(step);
    }

    /// Keeps a step that was told.
    pub(crate) fn keep(&mut self, step: StepView) {
        self.taken.push(step);
    }

    pub(crate) fn into_taken(self) -> Vec<StepView> {
        self.taken
    }
}
