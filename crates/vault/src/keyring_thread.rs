use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use keyring_core::CredentialStore;

/// The store, or why there is none; found out on the thread, since asking for it may block too.
type Opened = Result<Arc<CredentialStore>, String>;
type Job = Box<dyn FnOnce(&Opened) + Send>;

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoReply {
    /// Not within the time given.
    TimedOut,
    /// The thread could not be started or has ended: the platform's library panicked.
    Ended,
}

/// The one thread that talks to the keyring.
///
/// A locked keyring may show a prompt and block until somebody answers, and a blocked call cannot be called off. On a
/// thread of its own its caller can stop waiting; with only one thread, a hundred impatient calls do not leave a
/// hundred blocked threads and a hundred prompts behind.
pub(crate) struct KeyringThread {
    jobs: Mutex<Sender<Job>>,
}

impl KeyringThread {
    /// Starts the thread, whose first act is to open the store.
    pub(crate) fn start(open: impl FnOnce() -> Opened + Send + 'static) -> Result<Self, NoReply> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let run = move || {
            let store = open();
            for job in queue {
                job(&store);
            }
        };
        // Not joined: a thread blocked in a prompt would keep its owner from ending.
        thread::Builder::new()
            .name("keyring".into())
            .spawn(run)
            .map_err(|_| NoReply::Ended)?;
        Ok(Self {
            jobs: Mutex::new(jobs),
        })
    }

    /// Runs `job` on the thread and waits for its result. A job still queued when the time is up is never begun; one
    /// that was begun may yet complete.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        wait: Duration,
        job: impl FnOnce(&Opened) -> T + Send + 'static,
    ) -> Result<T, NoReply> {
        let state = Arc::new(AtomicU8::new(WAITING));
        let (answer, answered) = mpsc::sync_channel(1);
        let claim = Arc::clone(&state);
        let queued: Job = Box::new(move |store| {
            if claim
                .compare_exchange(WAITING, TAKEN, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
            {
                // Nobody listens any more when the caller gave up; the result is dropped then.
                let _ = answer.send(job(store));
            }
        });
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(queued)
            .map_err(|_| NoReply::Ended)?;
        answered.recv_timeout(wait).map_err(|error| match error {
            RecvTimeoutError::Disconnected => NoReply::Ended,
            RecvTimeoutError::Timeout => {
                state.store(GIVEN_UP, Ordering::Release);
                NoReply::TimedOut
            }
        })
    }
}
