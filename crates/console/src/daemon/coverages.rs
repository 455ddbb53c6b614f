//! Counting coverage, beside everything else.

use tokio::task::JoinHandle;

use super::Runner;
use crate::overview::coverage::Tried;

/// The count on its way; between two, what was tried.
#[derive(Debug, Default)]
pub(super) struct Counting {
    tried: Tried,
    going: Option<JoinHandle<Tried>>,
}

impl Counting {
    /// Lets the count on its way end.
    pub(super) async fn wait(&mut self) {
        if let Some(going) = self.going.take() {
            // One that broke off forgot what it tried, and tries again.
            self.tried = going.await.unwrap_or_default();
        }
    }
}

impl Runner {
    /// Starts counting what is outdated, unless a count is on its way: one account at a time, so that nothing else
    /// waits for it.
    pub(super) fn count_coverages(&mut self) {
        let counting = &mut self.counting;
        if counting
            .going
            .as_ref()
            .is_some_and(|going| !going.is_finished())
        {
            return;
        }
        let before = counting.going.take();
        let mut tried = std::mem::take(&mut counting.tried);
        let (console, stop) = (self.console.clone(), self.stop.clone());
        counting.going = Some(tokio::spawn(async move {
            if let Some(before) = before {
                tried = before.await.unwrap_or_default();
            }
            if let Err(fault) = console.count_coverages(&mut tried, &stop).await {
                tracing::warn!(code = fault.code, "coverage was not counted");
            }
            tried
        }));
    }
}
