//! Keeping the program small: what it does not use any more goes back to the system.
//!
//! Only with glibc, whose allocator keeps most of what was freed. Whoever sets one of its own variables, as
//! `MALLOC_ARENA_MAX=16`, is left to it, and has the program as it would be without this.

use std::ffi::c_int;
use std::time::Duration;

/// Pools that threads allocate from. By itself glibc makes up to eight for each processor, and what is free in one of them
/// is of no use to a thread of another.
const POOLS: c_int = 2;

/// Blocks of this size and more have pages of their own, which go back when they are freed. By itself glibc raises the limit
/// to the size of whatever large block was freed, up to 32 MiB, and from then on keeps what is smaller.
const PAGES_OF_ITS_OWN: c_int = 256 * 1024;

/// What is free at a pool's end goes back beyond this.
const KEPT_FREE: c_int = 512 * 1024;

/// By then the first screen stands, and what was needed once to get there is free.
const AFTER_THE_START: Duration = Duration::from_secs(5);

/// Between two times that the pools are combed for free pages, which takes about a millisecond: a table of records that was
/// closed left them.
const BETWEEN: Duration = Duration::from_mins(1);

/// What says how glibc is to allocate.
const SAID: [&str; 4] = [
    "GLIBC_TUNABLES",
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
];

/// Whether somebody else says how to allocate.
fn is_told(said: impl Fn(&str) -> bool) -> bool {
    SAID.iter().any(|variable| said(variable))
}

fn is_left_alone() -> bool {
    is_told(|variable| std::env::var_os(variable).is_some())
}

/// Has the allocator keep little of what is freed. Of this process alone: what draws the window has its own ways.
///
/// # Safety
/// No other thread may run yet: the allocator's settings are read without a lock.
pub unsafe fn spare() {
    if is_left_alone() {
        return;
    }
    for (setting, value) in [
        (libc::M_ARENA_MAX, POOLS),
        (libc::M_MMAP_THRESHOLD, PAGES_OF_ITS_OWN),
        (libc::M_TRIM_THRESHOLD, KEPT_FREE),
    ] {
        // SAFETY: the caller says that nobody allocates meanwhile. A setting that is refused stays as it was.
        unsafe {
            libc::mallopt(setting, value);
        }
    }
}

/// Gives back what is free between blocks in use, once the first screen stands and from time to time.
pub(crate) fn start() {
    if is_left_alone() {
        return;
    }
    tauri::async_runtime::spawn(async {
        tokio::time::sleep(AFTER_THE_START).await;
        loop {
            // Not on a thread that others wait for: each pool is locked while it is combed.
            let _ = tokio::task::spawn_blocking(give_back).await;
            tokio::time::sleep(BETWEEN).await;
        }
    });
}

fn give_back() {
    // SAFETY: it takes the pools' locks itself and touches no block in use.
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_how_to_allocate_is_left_to_it() {
        assert!(!is_told(|_| false));
        assert!(!is_told(|variable| variable == "MALLOC_CHECK_"));
        assert!(is_told(|variable| variable == "MALLOC_ARENA_MAX"));
        assert!(is_told(|variable| variable == "GLIBC_TUNABLES"));
    }
}
