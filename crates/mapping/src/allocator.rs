use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The exit code of a worker that asked for more memory than it may.
pub const EXIT_MEMORY: i32 = 86;

static ARMED: AtomicBool = AtomicBool::new(false);
static HELD: AtomicUsize = AtomicUsize::new(0);
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

/// The system's allocator with a limit on what is held at once, for processes that evaluate expressions.
///
/// Make it the `#[global_allocator]` of every binary that can be a worker. It counts nothing until it is armed
/// (`arm`, at the start of [`worker::main_loop`](crate::worker::main_loop)); past the limit it ends the process
/// with [`EXIT_MEMORY`], after telling the parent which field was being evaluated. A limit of the operating
/// system alone would not do: it differs per platform, and an allocation that fails aborts without a word.
///
/// The count is kept with plain loads and stores, not with atomic additions, which would cost a tenth of the
/// throughput. Only one thread of a worker allocates in earnest, so nothing that matters is lost.
#[derive(Debug, Clone, Copy, Default)]
pub struct CountingAllocator;

/// From now on this process may hold `limit` more bytes.
pub(crate) fn arm(limit: usize) {
    LIMIT.store(limit, Ordering::Relaxed);
    HELD.store(0, Ordering::Relaxed);
    ARMED.store(true, Ordering::SeqCst);
}

#[inline]
fn take(size: usize) {
    if ARMED.load(Ordering::Relaxed) {
        // What was taken before arming and is freed after it wraps the count below zero; as a signed number it
        // still compares rightly.
        let held = HELD.load(Ordering::Relaxed).wrapping_add(size);
        if held.cast_signed() > LIMIT.load(Ordering::Relaxed).cast_signed() {
            exhausted();
        }
        HELD.store(held, Ordering::Relaxed);
    }
}

#[inline]
fn give(size: usize) {
    if ARMED.load(Ordering::Relaxed) {
        HELD.store(
            HELD.load(Ordering::Relaxed).wrapping_sub(size),
            Ordering::Relaxed,
        );
    }
}

#[cold]
fn exhausted() -> ! {
    crate::last_words::out_of_memory();
    crate::last_words::end(EXIT_MEMORY)
}

// SAFETY: every call is handed to `System` unchanged; counting touches statics only and never allocates.
unsafe impl GlobalAlloc for CountingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller keeps `GlobalAlloc::alloc`'s contract, which is `System`'s.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        give(layout.size());
        // SAFETY: as above; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        give(layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
