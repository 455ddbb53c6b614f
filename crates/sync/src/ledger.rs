//! Where a run's calls are written down before they are stored, so that none is lost when a request is given up.

use std::sync::{Arc, Mutex, PoisonError};

use crosswalk_client::{CallBuffer, CallRecord};

/// The buffers of all requests on their way.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Written>);

#[derive(Debug, Default)]
struct Written {
    open: Vec<Arc<CallBuffer>>,
    stray: Vec<CallRecord>,
}

impl Ledger {
    /// A buffer for one request. Whoever gets the answer takes its calls; what a request that was given up left in it becomes stray.
    pub(crate) fn open(&self) -> Arc<CallBuffer> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Written { open, stray } = &mut *written;
        open.retain(|buffer| {
            let given_up = Arc::strong_count(buffer) == 1;
            if given_up {
                stray.append(&mut buffer.take());
            }
            !given_up
        });
        let buffer = CallBuffer::new();
        open.push(Arc::clone(&buffer));
        buffer
    }

    /// The calls nobody took. Requests still on their way add theirs later, so ask once they are dropped.
    pub(crate) fn stray(&self) -> Vec<CallRecord> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stray = std::mem::take(&mut written.stray);
        for buffer in &written.open {
            stray.append(&mut buffer.take());
        }
        stray
    }
}
