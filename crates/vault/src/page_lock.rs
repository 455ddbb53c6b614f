use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use region::LockGuard;

/// Keeps the pages that hold a secret in memory: they are not swapped out while it lives.
///
/// The system counts no locks: unlocking a page unlocks it for every secret on it. So the locks of this process are
/// counted here, and the last one to go unlocks the page. Where the system refuses (a limit of `RLIMIT_MEMLOCK`, 8 MiB on
/// most Linux systems; on Windows the process' minimum working set, some 200 KiB) the secret is used all the same, and
/// [`LockedMemory::now`] says so.
#[derive(Debug)]
pub(crate) struct PageLock {
    first: usize,
    end: usize,
}

/// How much of this process' memory is locked for secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedMemory {
    /// Pages that are locked.
    pub pages: usize,
    /// Pages that hold secrets and that the system refused to lock.
    pub refused: usize,
}

impl LockedMemory {
    /// What holds now.
    pub fn now() -> Self {
        let pages = pages();
        let locked = pages.values().filter(|page| page.lock.is_some()).count();
        Self {
            pages: locked,
            refused: pages.len() - locked,
        }
    }
}

struct Page {
    secrets: usize,
    /// Unlocks the page when it goes; `None` where the system refused.
    lock: Option<LockGuard>,
}

/// Pages by number.
static PAGES: Mutex<BTreeMap<usize, Page>> = Mutex::new(BTreeMap::new());

fn pages() -> MutexGuard<'static, BTreeMap<usize, Page>> {
    PAGES.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PageLock {
    /// Locks the pages on which `bytes` bytes from `start` on lie. The memory must not move while the lock lives.
    pub(crate) fn of<T: ?Sized>(start: *const T, bytes: usize) -> Self {
        let (first, end) = range(start.cast::<u8>().addr(), bytes, system::page_size());
        let mut pages = pages();
        for number in first..end {
            let page = pages.entry(number).or_insert_with(|| Page {
                secrets: 0,
                lock: system::lock(number),
            });
            page.secrets += 1;
        }
        Self { first, end }
    }
}

/// The numbers of the pages of a range; none for an empty one.
fn range(address: usize, bytes: usize, page: usize) -> (usize, usize) {
    let first = address / page;
    let end = address.saturating_add(bytes).div_ceil(page);
    (first, if bytes == 0 { first } else { end })
}

impl Drop for PageLock {
    fn drop(&mut self) {
        let mut pages = pages();
        for number in self.first..self.end {
            let Some(page) = pages.get_mut(&number) else {
                continue;
            };
            page.secrets -= 1;
            if page.secrets == 0 {
                pages.remove(&number);
            }
        }
    }
}

/// A value at one place on the heap, its pages locked. `T` zeroes itself when dropped; then the pages are unlocked, and
/// only then is the memory given back: a page the allocator returned to the system can no longer be unlocked.
pub(crate) struct Locked<T> {
    _lock: PageLock,
    value: Box<ManuallyDrop<T>>,
}

impl<T> Locked<T> {
    pub(crate) fn new(value: T) -> Self {
        let value = Box::new(ManuallyDrop::new(value));
        let lock = PageLock::of(&raw const **value, size_of::<T>());
        Self { _lock: lock, value }
    }
}

impl<T> Drop for Locked<T> {
    fn drop(&mut self) {
        // SAFETY: the value is not used again; its fields are dropped after this, the lock before the memory.
        unsafe { ManuallyDrop::drop(&mut self.value) };
    }
}

impl<T> Deref for Locked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone> Clone for Locked<T> {
    fn clone(&self) -> Self {
        Self::new((**self).clone())
    }
}

/// What the system is asked for. Nothing is read or written through an address; one that is not mapped is refused.
mod system {
    use region::LockGuard;

    pub(super) fn page_size() -> usize {
        region::page::size()
    }

    /// Locks one page, by its number, until the guard goes.
    pub(super) fn lock(number: usize) -> Option<LockGuard> {
        let start = std::ptr::without_provenance::<u8>(number * page_size());
        region::lock(start, page_size()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_a_range() {
        for (address, bytes, expected) in [
            (0x1000, 0, (1, 1)),
            (0x1000, 1, (1, 2)),
            (0x1fff, 1, (1, 2)),
            (0x1fff, 2, (1, 3)),
            (0x1000, 0x1000, (1, 2)),
            (0x1800, 0x1000, (1, 3)),
        ] {
            assert_eq!(
                range(address, bytes, 0x1000),
                expected,
                "{address:x} {bytes}"
            );
        }
    }

    /// How many secrets the page of a value holds.
    fn secrets<T>(value: &Locked<T>) -> usize {
        let number = (&raw const **value).addr() / system::page_size();
        pages().get(&number).map_or(0, |page| page.secrets)
    }

    #[test]
    fn a_page_is_unlocked_by_the_last_secret_on_it() {
        // Two in one allocation are on one page, or on two neighbours; other tests have secrets of their own there.
        let first = Locked::new([7_u8; 64]);
        let held = secrets(&first);
        assert!(held >= 1);
        let second = PageLock::of(&raw const *first, 64);
        assert!(secrets(&first) > 1);
        drop(second);
        let copy = first.clone();
        assert_eq!(*copy, *first);
        assert!(secrets(&copy) >= 1 && secrets(&first) >= 1);
        drop((first, copy));
        let empty = PageLock::of(std::ptr::null::<u8>(), 0);
        assert_eq!(empty.first, empty.end);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_locks_what_is_asked() {
        // A whole page of its own, so that no other test's secret lies on it.
        let value = Locked::new([1_u8; 3 * 4096]);
        let now = LockedMemory::now();
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let locked: usize = status
            .lines()
            .find_map(|line| line.strip_prefix("VmLck:"))
            .and_then(|text| text.trim().trim_end_matches(" kB").parse().ok())
            .unwrap_or_default();
        if now.refused == 0 {
            assert!(locked >= 12, "{status}");
        }
        drop(value);
    }

    #[test]
    #[expect(
        clippy::large_stack_arrays,
        reason = "it is about a value as large as that"
    )]
    fn memory_that_goes_back_to_the_system_is_unlocked_before() {
        // Larger than what allocators keep for later: given back, its pages are no longer this process' to unlock, which
        // `region` would not let pass here.
        drop(Locked::new([1_u8; 1 << 20]));
        drop(crate::Secret::from("x".repeat(1 << 20)));
        drop(crate::SecretBytes::from(vec![1_u8; 1 << 20]));
    }
}
