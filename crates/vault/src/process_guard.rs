/// What this process grants nobody, as the operating system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessGuard {
    /// A crash writes no image of the memory to disk.
    pub no_core_dumps: bool,
    /// Other programs of the same user can neither read its memory nor its environment. Only on Linux; on macOS the
    /// system's own rules hold, on Windows there is no such thing.
    pub closed: bool,
}

impl ProcessGuard {
    /// Turns core dumps off, for this process and those it starts, and closes it to other programs of the same user.
    /// Call it first thing in `main`. What the system refuses is left as it was and shows in [`Self::now`].
    pub fn raise() -> Self {
        system::raise();
        Self::now()
    }

    /// What holds now.
    pub fn now() -> Self {
        Self {
            no_core_dumps: system::no_core_dumps(),
            closed: system::closed(),
        }
    }
}

#[cfg(unix)]
mod system {
    static NONE: libc::rlimit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };

    pub(super) fn raise() {
        // SAFETY: the pointer is to a static. A refusal leaves the limit as it was.
        unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const NONE) };
        #[cfg(target_os = "linux")]
        // SAFETY: numbers only. From here on the files of this process below /proc belong to root, and the same user
        // may not trace it (`ptrace(2)`, "Ptrace access mode checking").
        unsafe {
            libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
        }
    }

    pub(super) fn no_core_dumps() -> bool {
        let mut limit = libc::rlimit {
            rlim_cur: 1,
            rlim_max: 1,
        };
        // SAFETY: the pointer is to a live value of the right type.
        let read = unsafe { libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) };
        read == 0 && limit.rlim_max == 0
    }

    #[cfg(target_os = "linux")]
    pub(super) fn closed() -> bool {
        // SAFETY: numbers only; nothing is changed.
        unsafe { libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn closed() -> bool {
        false
    }
}

/// Windows writes no image of a crashed program unless an administrator has set up `LocalDumps`; a program cannot
/// forbid it.
#[cfg(not(unix))]
mod system {
    pub(super) fn raise() {}

    pub(super) fn no_core_dumps() -> bool {
        false
    }

    pub(super) fn closed() -> bool {
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_raised_holds() {
        let guard = ProcessGuard::raise();
        assert!(guard.no_core_dumps);
        assert_eq!(guard.closed, cfg!(target_os = "linux"));
    }
}
