use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use jsonata_core::evaluator::CancelToken;

use crate::limits::TIME_UNTIL_STUCK;
use crate::work::{self, WorkClock};

/// The deadline has passed and the token was, or is just being, cancelled.
const PASSED: u64 = 1;

/// How soon at the earliest it is looked again how much an evaluation worked.
const NEXT_LOOK: Duration = Duration::from_millis(5);

/// Cancels an evaluation that runs past its time, from a thread of its own.
///
/// The engine can also look at the clock at every node itself; that cost a tenth of the throughput (4,206 records
/// a second against 3,797), so the clock is watched from outside. Setting and clearing a deadline is two stores
/// to memory; the thread sleeps until the deadline, or for good while none is set.
#[derive(Debug)]
pub(crate) struct Deadline {
    shared: Arc<Shared>,
    watcher: Thread,
    handle: Option<JoinHandle<()>>,
    began: Instant,
}

#[derive(Debug)]
struct Shared {
    /// Nanoseconds since `began`; 0 while no evaluation runs, [`PASSED`] once it is late.
    due: AtomicU64,
    /// Until when the watcher sleeps, likewise; `u64::MAX` while it sleeps for good.
    sleeps: AtomicU64,
    closed: AtomicBool,
    /// For an evaluation whose work counts and not the clock.
    work: Mutex<Option<Work>>,
    token: Mutex<CancelToken>,
    /// Called once when an evaluation goes on although it was cancelled.
    stuck: fn(),
}

/// How much an evaluation may work.
#[derive(Debug, Clone, Copy)]
struct Work {
    clock: WorkClock,
    /// What the clock says when it has worked enough.
    enough: Duration,
    /// Since `began`: it ends then, whatever it worked.
    latest: Duration,
}

impl Work {
    /// How much longer it may go on at least; zero when it is over.
    fn left(&self, elapsed: Duration) -> Duration {
        let by_clock = self.latest.saturating_sub(elapsed);
        self.enough.saturating_sub(self.clock.read()).min(by_clock)
    }
}

impl Deadline {
    pub(crate) fn new(stuck: fn()) -> Result<Self, std::io::Error> {
        let shared = Arc::new(Shared {
            due: AtomicU64::new(0),
            sleeps: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            work: Mutex::new(None),
            token: Mutex::new(CancelToken::new()),
            stuck,
        });
        let began = Instant::now();
        let handle = thread::Builder::new()
            .name("deadline".into())
            .stack_size(64 * 1024)
            .spawn({
                let shared = Arc::clone(&shared);
                move || watch(&shared, began)
            })?;
        Ok(Self {
            shared,
            watcher: handle.thread().clone(),
            handle: Some(handle),
            began,
        })
    }

    /// The token evaluations are to be given.
    pub(crate) fn token(&self) -> CancelToken {
        self.shared.token()
    }

    /// The token is cancelled when this thread has worked for `work`, at the latest `limit` from now, unless
    /// [`Deadline::clear`] comes first. Where the system does not tell what a thread worked, `limit` counts alone.
    pub(crate) fn set_work(&self, work: Duration, limit: Duration) {
        let Some(clock) = work::of_this_thread() else {
            self.set(limit);
            return;
        };
        let work = work.min(limit);
        *self.shared.lock_work() = Some(Work {
            clock,
            enough: clock.read().saturating_add(work),
            latest: self.began.elapsed().saturating_add(limit),
        });
        self.due_in(work);
    }

    /// The token is cancelled `limit` from now, unless [`Deadline::clear`] comes first.
    pub(crate) fn set(&self, limit: Duration) {
        *self.shared.lock_work() = None;
        self.due_in(limit);
    }

    fn due_in(&self, limit: Duration) {
        let due = self.began.elapsed().saturating_add(limit).as_nanos();
        let due = u64::try_from(due).unwrap_or(u64::MAX).max(PASSED + 1);
        self.shared.due.store(due, Ordering::SeqCst);
        if due < self.shared.sleeps.load(Ordering::SeqCst) {
            self.watcher.unpark();
        }
    }

    /// The evaluation is over. If it was late, the token is used up and a new one is returned.
    pub(crate) fn clear(&self) -> Option<CancelToken> {
        if self.shared.due.swap(0, Ordering::SeqCst) != PASSED {
            return None;
        }
        let fresh = CancelToken::new();
        *self
            .shared
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Some(fresh)
    }
}

impl Shared {
    fn lock_work(&self) -> std::sync::MutexGuard<'_, Option<Work>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn token(&self) -> CancelToken {
        self.token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        self.watcher.unpark();
        if let Some(handle) = self.handle.take() {
            // The watcher cannot panic, and a failed join leaves nothing to undo.
            let _ = handle.join();
        }
    }
}

fn watch(shared: &Shared, began: Instant) {
    while !shared.closed.load(Ordering::SeqCst) {
        let due = shared.due.load(Ordering::SeqCst);
        if due == 0 {
            sleep(shared, due, u64::MAX, thread::park);
            continue;
        }
        if due == PASSED {
            // Cancelled below and still running: give it a moment, then say so, then wait for the next one.
            let wait = || thread::park_timeout(TIME_UNTIL_STUCK);
            sleep(shared, due, u64::MAX, wait);
            if shared.due.load(Ordering::SeqCst) == PASSED && !shared.closed.load(Ordering::SeqCst)
            {
                (shared.stuck)();
                while shared.due.load(Ordering::SeqCst) == PASSED
                    && !shared.closed.load(Ordering::SeqCst)
                {
                    thread::park_timeout(TIME_UNTIL_STUCK);
                }
            }
            continue;
        }
        let left = Duration::from_nanos(due).saturating_sub(began.elapsed());
        let more = if left.is_zero() {
            let work = *shared.lock_work();
            work.map_or(Duration::ZERO, |work| work.left(began.elapsed()))
        } else {
            left
        };
        if left.is_zero() && !more.is_zero() {
            // The machine let it work less than the time that passed.
            let more = more.max(NEXT_LOOK);
            let later = began.elapsed().saturating_add(more).as_nanos();
            let later = u64::try_from(later).unwrap_or(u64::MAX);
            // Another deadline set meanwhile stays as it is.
            let _ = shared
                .due
                .compare_exchange(due, later, Ordering::SeqCst, Ordering::SeqCst);
        } else if left.is_zero() {
            // The token of the evaluation that is late, taken before anybody can know that it is.
            let token = shared.token();
            if shared
                .due
                .compare_exchange(due, PASSED, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok()
            {
                token.cancel();
            }
        } else {
            sleep(shared, due, due, || thread::park_timeout(left));
        }
    }
}

/// Sleeps, after telling until when, unless the deadline is no longer the one that was `seen`: whoever changed it
/// in between did not know that it had to wake anybody.
fn sleep(shared: &Shared, seen: u64, until: u64, park: impl FnOnce()) {
    shared.sleeps.store(until, Ordering::SeqCst);
    if shared.due.load(Ordering::SeqCst) == seen && !shared.closed.load(Ordering::SeqCst) {
        park();
    }
    shared.sleeps.store(0, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn cancelled_within(token: &CancelToken, limit: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < limit {
            if token.is_cancelled() {
                return true;
            }
            thread::yield_now();
        }
        false
    }

    #[test]
    fn a_late_evaluation_is_cancelled_and_the_next_one_is_not() {
        let deadline = Deadline::new(|| ()).unwrap();
        let token = deadline.token();
        deadline.set(Duration::from_millis(1));
        assert!(cancelled_within(&token, Duration::from_secs(5)));
        let token = deadline.clear().unwrap();
        deadline.set(Duration::from_mins(1));
        assert!(deadline.clear().is_none());
        assert!(!token.is_cancelled());
        deadline.set(Duration::from_millis(1));
        assert!(cancelled_within(&token, Duration::from_secs(5)));
    }

    #[test]
    fn a_cleared_deadline_cancels_nothing() {
        let deadline = Deadline::new(|| ()).unwrap();
        for _ in 0..1000 {
            deadline.set(Duration::from_millis(50));
            assert!(deadline.clear().is_none());
        }
        assert!(!cancelled_within(
            &deadline.token(),
            Duration::from_millis(60)
        ));
    }

    #[test]
    fn an_evaluation_that_does_not_stop_is_told_once() {
        static TOLD: AtomicU64 = AtomicU64::new(0);
        let deadline = Deadline::new(|| {
            TOLD.fetch_add(1, Ordering::SeqCst);
        })
        .unwrap();
        deadline.set(Duration::from_millis(1));
        let start = Instant::now();
        while TOLD.load(Ordering::SeqCst) == 0 && start.elapsed() < Duration::from_secs(5) {
            thread::yield_now();
        }
        thread::sleep(TIME_UNTIL_STUCK * 2);
        assert_eq!(TOLD.load(Ordering::SeqCst), 1);
    }
}
