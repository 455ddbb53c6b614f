//! What a thread worked: its time on a processor, which a busy machine does not stretch.

use std::time::Duration;

/// The clock of one thread's work, to be read from any thread of the process while that thread lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorkClock(#[cfg(target_os = "linux")] libc::clockid_t);

/// The clock of the calling thread; `None` where the system has none that others can read.
#[cfg(target_os = "linux")]
pub(crate) fn of_this_thread() -> Option<WorkClock> {
    let mut clock = 0;
    // SAFETY: the thread is the calling one, and the pointer is to a live value.
    let refused = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
    (refused == 0).then_some(WorkClock(clock))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn of_this_thread() -> Option<WorkClock> {
    None
}

impl WorkClock {
    /// What the thread worked since it began; what cannot be read counts as endless work.
    #[cfg(target_os = "linux")]
    pub(crate) fn read(self) -> Duration {
        let mut time = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: the pointer is to a live value; a clock of a thread that ended is refused.
        if unsafe { libc::clock_gettime(self.0, &raw mut time) } != 0 {
            return Duration::MAX;
        }
        let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
        let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
        Duration::new(seconds, nanos)
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn read(self) -> Duration {
        Duration::MAX
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn sleeping_is_no_work_and_spinning_is() {
        let clock = of_this_thread().unwrap();
        let before = clock.read();
        std::thread::sleep(Duration::from_millis(30));
        let asleep = clock.read().saturating_sub(before);
        assert!(asleep < Duration::from_millis(20), "{asleep:?}");
        let begun = clock.read();
        while clock.read().saturating_sub(begun) < Duration::from_millis(10) {
            std::hint::spin_loop();
        }
        // From another thread too.
        let seen = std::thread::spawn(move || clock.read()).join().unwrap();
        assert!(seen >= begun + Duration::from_millis(10));
    }
}
