use std::cell::RefCell;
use std::io;

use zeroize::Zeroize;
use zstd::bulk::{Compressor, Decompressor};

/// The lowest level that still finds most of what repeats: 21 µs for 20 KB, where level 3 takes 27 for 1 % less (docs/decisions/0001).
const LEVEL: i32 = 1;

/// A thread keeps its output buffer up to this size; a larger one, for a rare large record, is given back.
const KEPT_BUFFER_BYTES: usize = 256 * 1024;

/// Contexts are made once per thread: making one costs more than compressing a record of 700 bytes with it.
struct Contexts {
    compressor: Compressor<'static>,
    decompressor: Decompressor<'static>,
    buffer: Vec<u8>,
}

thread_local! {
    static CONTEXTS: RefCell<Option<Contexts>> = const { RefCell::new(None) };
}

fn with_contexts<T>(use_them: impl FnOnce(&mut Contexts) -> io::Result<T>) -> io::Result<T> {
    CONTEXTS.with_borrow_mut(|slot| {
        if let Some(contexts) = slot {
            return use_them(contexts);
        }
        use_them(slot.insert(Contexts {
            compressor: Compressor::new(LEVEL)?,
            decompressor: Decompressor::new()?,
            buffer: Vec::new(),
        }))
    })
}

/// Compresses `plain` and hands the result to `use_it`, or `None` where it would not be smaller.
pub(crate) fn compress<T>(plain: &[u8], use_it: impl FnOnce(Option<&[u8]>) -> T) -> io::Result<T> {
    with_contexts(|contexts| {
        let bound = zstd::zstd_safe::compress_bound(plain.len());
        if contexts.buffer.len() < bound {
            contexts.buffer.resize(bound, 0);
        }
        let written = contexts
            .compressor
            .compress_to_buffer(plain, contexts.buffer.as_mut_slice())?;
        let result = use_it(
            contexts
                .buffer
                .get(..written)
                .filter(|_| written < plain.len()),
        );
        if let Some(used) = contexts.buffer.get_mut(..written) {
            used.zeroize();
        }
        if contexts.buffer.len() > KEPT_BUFFER_BYTES {
            contexts.buffer = Vec::new();
        }
        Ok(result)
    })
}

/// The length of the value in a frame, as the frame itself says. `None` where it does not say, or is no frame.
pub(crate) fn decompressed_bytes(frame: &[u8]) -> Option<usize> {
    let bytes = zstd::zstd_safe::get_frame_content_size(frame).ok()??;
    usize::try_from(bytes).ok()
}

/// Decompresses into `out`, which must be empty; never writes beyond its capacity.
pub(crate) fn decompress(compressed: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    with_contexts(|contexts| {
        contexts
            .decompressor
            .decompress_to_buffer(compressed, out)
            .map(drop)
    })
}
