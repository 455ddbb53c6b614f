use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The exit code of a worker that could not stop an evaluation.
const EXIT_TIME: i32 = 87;

/// No field is being evaluated.
const NONE: u32 = u32::MAX;

static FIELD: AtomicU32 = AtomicU32::new(NONE);

/// Remembers which field of the record is being evaluated, for a process that may not get to say it later.
pub(crate) fn evaluating(field: Option<usize>) {
    let field = field.and_then(|field| u32::try_from(field).ok());
    FIELD.store(field.unwrap_or(NONE), Ordering::Relaxed);
}

/// Tells the parent, without allocating, that memory ran out and in which field. The process ends right after.
pub(crate) fn out_of_memory() {
    say(br#"{"last_words":{"reason":"memory","field":"#);
}

/// Held while a frame is written, so that two threads' frames do not mix.
static OUTPUT: Mutex<()> = Mutex::new(());

/// The right to write to standard output.
pub(crate) fn output() -> MutexGuard<'static, ()> {
    OUTPUT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the parent that the field being evaluated cannot be interrupted and has used up its time, and ends the
/// process: nothing else can.
pub(crate) fn stuck() {
    let _output = output();
    // The evaluation may have come to its end while we waited; then its answer is out and this is no longer true.
    if FIELD.load(Ordering::Relaxed) == NONE {
        return;
    }
    say(br#"{"last_words":{"reason":"time","field":"#);
    end(EXIT_TIME)
}

/// Ends the process at once. Nothing may run any more: destructors and handlers could allocate, or wait.
pub(crate) fn end(code: i32) -> ! {
    #[cfg(unix)]
    // SAFETY: `_exit` takes a number and does not return.
    unsafe {
        libc::_exit(code)
    }
    #[cfg(not(unix))]
    std::process::exit(code)
}

/// Writes one frame with a header made of `beginning`, the field's number or `null`, and closing braces.
fn say(beginning: &[u8]) {
    let mut frame = [0_u8; 128];
    let mut length = 8;
    let mut push = |bytes: &[u8]| {
        frame[length..length + bytes.len()].copy_from_slice(bytes);
        length += bytes.len();
    };
    push(beginning);
    match FIELD.load(Ordering::Relaxed) {
        NONE => push(b"null"),
        field => {
            let mut digits = [0_u8; 10];
            let mut at = digits.len();
            let mut rest = field;
            loop {
                at -= 1;
                digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
                rest /= 10;
                if rest == 0 {
                    break;
                }
            }
            push(&digits[at..]);
        }
    }
    push(b"}}");
    let header = u32::try_from(length - 8).unwrap_or(0);
    frame[..4].copy_from_slice(&header.to_le_bytes());
    write_all(&frame[..length]);
}

/// Writes to standard output, past any buffer and without allocating. A parent that is gone needs no last words.
#[cfg(unix)]
fn write_all(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: the pointer and the length are those of one live slice.
        let written = unsafe { libc::write(1, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(written) {
            Ok(written) if written > 0 => bytes = &bytes[written.min(bytes.len())..],
            _ => return,
        }
    }
}

#[cfg(not(unix))]
fn write_all(bytes: &[u8]) {
    use std::io::Write;
    // Without a system call at hand this may need the lock of standard output; the worker's writes hold it only
    // between fields.
    let _ = std::io::stdout().write_all(bytes);
}
