//! Work that goes on after its cause was answered, so that nobody waits for it.

use std::future::Future;
use std::sync::{Mutex, PoisonError};

use tokio::task::JoinHandle;

use crate::Console;

/// What is on its way.
#[derive(Debug, Default)]
pub(crate) struct Background(Mutex<Vec<JoinHandle<()>>>);

impl Console {
    /// Begins something that is not waited for.
    pub(crate) fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let begun = tokio::spawn(work);
        let held = &self.shared.background.0;
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|other| !other.is_finished());
        held.push(begun);
    }

    /// Waits for what goes on in the background: a program that ends would cut it off.
    pub async fn finish_background(&self) {
        loop {
            let next = {
                let held = &self.shared.background.0;
                held.lock().unwrap_or_else(PoisonError::into_inner).pop()
            };
            let Some(next) = next else { return };
            if let Err(error) = next.await {
                tracing::warn!(%error, "work in the background ended early");
            }
        }
    }
}
