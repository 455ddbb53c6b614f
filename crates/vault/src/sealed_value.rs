use std::cell::RefCell;

use aes_gcm::{AeadInOut, Nonce, Tag};
use zeroize::{Zeroize, Zeroizing};

use crate::compression::{decompress, decompressed_bytes};
use crate::key::{Key, KeyId};
use crate::random::random;
use crate::seal_context::SealContext;
use crate::seal_error::SealError;

/// No value larger than this is sealed or opened: 512 MiB.
pub const MAX_OPENED_BYTES: usize = 512 * 1024 * 1024;

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const HEADER_BYTES: usize = 1 + KeyId::BYTES + NONCE_BYTES;

/// What the first sealed byte says about the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// The value as it is.
    Stored = 0,
    /// One zstd frame, which says how long the value is.
    Zstd = 1,
}

thread_local! {
    /// What is authenticated beside a value, built in a buffer each thread keeps.
    static ASSOCIATED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A sealed value taken apart: `format (1) · key id (4) · nonce (12) · ciphertext · tag (16)`.
///
/// The ciphertext is AES-256-GCM under a random nonce, of the packing's byte and the packed value. Authenticated with
/// it are the format, the key id and the [`SealContext`]; the nonce is by construction.
pub(crate) struct SealedValue<'a> {
    pub(crate) key: KeyId,
    nonce: [u8; NONCE_BYTES],
    body: &'a [u8],
    tag: [u8; TAG_BYTES],
}

/// Seals a packed value.
pub(crate) fn seal(
    key: &Key,
    context: &SealContext<'_>,
    packing: Packing,
    packed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE_BYTES] = random()?;
    // The exact capacity at once: nothing to shrink, and no copy of the plaintext left behind by growing.
    let mut sealed = Vec::with_capacity(HEADER_BYTES + 1 + packed.len() + TAG_BYTES);
    sealed.push(FORMAT);
    sealed.extend_from_slice(&key.id.0);
    sealed.extend_from_slice(&nonce);
    sealed.push(packing as u8);
    sealed.extend_from_slice(packed);
    let (_, body) = sealed.split_at_mut(HEADER_BYTES);
    let tag = with_associated(key.id, context, |associated| {
        key.cipher()
            .encrypt_inout_detached(&Nonce::from(nonce), associated, body.into())
    });
    let Ok(tag) = tag else {
        // Only beyond 64 GiB; the buffer may hold plaintext, so it does not go back to the allocator as it is.
        sealed.zeroize();
        return Err(SealError::TooLarge {
            bytes: packed.len(),
        });
    };
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

impl<'a> SealedValue<'a> {
    /// Takes sealed bytes apart without a key.
    pub(crate) fn parse(sealed: &'a [u8]) -> Result<Self, SealError> {
        match sealed.first() {
            Some(&FORMAT) => Self::parse_first(sealed).ok_or(SealError::Damaged),
            Some(&format) => Err(SealError::UnknownFormat(format)),
            None => Err(SealError::Damaged),
        }
    }

    fn parse_first(sealed: &'a [u8]) -> Option<Self> {
        let (_, rest) = sealed.split_first()?;
        let (&id, rest) = rest.split_first_chunk()?;
        let (&nonce, rest) = rest.split_first_chunk()?;
        let (body, &tag) = rest.split_last_chunk()?;
        Some(Self {
            key: KeyId(id),
            nonce,
            body,
            tag,
        })
    }

    /// Opens it with the key it names.
    pub(crate) fn open(
        &self,
        key: &Key,
        context: &SealContext<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut plain = Zeroizing::new(self.body.to_vec());
        with_associated(self.key, context, |associated| {
            key.cipher().decrypt_inout_detached(
                &Nonce::from(self.nonce),
                associated,
                plain.as_mut_slice().into(),
                &Tag::from(self.tag),
            )
        })
        .map_err(|_| SealError::Damaged)?;
        unpack(plain)
    }
}

fn with_associated<T>(id: KeyId, context: &SealContext<'_>, use_it: impl FnOnce(&[u8]) -> T) -> T {
    ASSOCIATED.with_borrow_mut(|buffer| {
        buffer.clear();
        buffer.push(FORMAT);
        buffer.extend_from_slice(&id.0);
        context.write(buffer);
        use_it(buffer)
    })
}

fn unpack(mut plain: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, SealError> {
    const STORED: u8 = Packing::Stored as u8;
    const ZSTD: u8 = Packing::Zstd as u8;
    match plain.split_first() {
        Some((&STORED, value)) => {
            let bytes = value.len();
            plain.copy_within(1.., 0);
            plain.truncate(bytes);
            Ok(plain)
        }
        Some((&ZSTD, frame)) => {
            let bytes = decompressed_bytes(frame).ok_or(SealError::Damaged)?;
            if bytes > MAX_OPENED_BYTES {
                return Err(SealError::TooLarge { bytes });
            }
            let mut out = Zeroizing::new(Vec::new());
            out.try_reserve_exact(bytes)
                .map_err(|_| SealError::OutOfMemory { bytes })?;
            decompress(frame, &mut out).map_err(|_| SealError::Damaged)?;
            if out.len() == bytes {
                Ok(out)
            } else {
                Err(SealError::Damaged)
            }
        }
        _ => Err(SealError::Damaged),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::collections::HashSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const HERE: SealContext<'static> = SealContext {
        account: Uuid::from_u128(7),
        table: "records",
        row: b"invoices/42",
    };

    fn open(key: &Key, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        SealedValue::parse(sealed)?.open(key, &HERE)
    }

    proptest! {
        #[test]
        fn authentic_nonsense_is_an_error_too(frame in prop::collection::vec(any::<u8>(), 0..80)) {
            let key = Key::generate().unwrap();
            let sealed = seal(&key, &HERE, Packing::Zstd, &frame).unwrap();
            prop_assert!(open(&key, &sealed).is_err());
        }

        #[test]
        fn an_authentic_frame_cut_or_altered_is_never_a_panic(at in any::<prop::sample::Index>(), flip in 1_u8..) {
            let key = Key::generate().unwrap();
            let mut frame = zstd::bulk::compress(&b"crosswalk ".repeat(300), 1).unwrap();
            let at = at.index(frame.len());
            let cut = seal(&key, &HERE, Packing::Zstd, &frame[..at]).unwrap();
            prop_assert!(open(&key, &cut).is_err());
            // zstd frames carry no checksum here, for the tag is one: an altered frame may open to something else.
            frame[at] ^= flip;
            let _ = open(&key, &seal(&key, &HERE, Packing::Zstd, &frame).unwrap());
        }
    }

    #[test]
    fn an_unknown_packing_is_damage() {
        for packing in [2, 255] {
            assert_eq!(
                unpack(Zeroizing::new(vec![packing, 1, 2])),
                Err(SealError::Damaged)
            );
        }
        assert_eq!(unpack(Zeroizing::default()), Err(SealError::Damaged));
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_memory_is_asked_for() {
        let key = Key::generate().unwrap();
        // A zstd frame header alone: magic, single segment with a content size of four bytes, that size.
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0xff];
        let sealed = seal(&key, &HERE, Packing::Zstd, &frame).unwrap();
        assert_eq!(
            open(&key, &sealed),
            Err(SealError::TooLarge {
                bytes: 4_294_967_295
            })
        );
    }

    #[test]
    fn a_frame_that_holds_more_or_less_than_it_says_is_damage() {
        let key = Key::generate().unwrap();
        let frame = zstd::bulk::compress(&b"crosswalk ".repeat(500), 1).unwrap();
        assert_eq!(decompressed_bytes(&frame), Some(5000));
        for by in [1_u8, 255] {
            let mut frame = frame.clone();
            // The content size follows the magic number and the descriptor.
            frame[5] = frame[5].wrapping_add(by);
            let sealed = seal(&key, &HERE, Packing::Zstd, &frame).unwrap();
            assert_eq!(open(&key, &sealed), Err(SealError::Damaged));
        }
    }

    #[test]
    fn nonces_do_not_repeat() {
        let key = Key::generate().unwrap();
        let nonces: HashSet<[u8; NONCE_BYTES]> = (0..20_000)
            .map(|_| {
                let sealed = seal(&key, &HERE, Packing::Stored, b"same").unwrap();
                SealedValue::parse(&sealed).unwrap().nonce
            })
            .collect();
        assert_eq!(nonces.len(), 20_000);
    }

    #[test]
    fn another_format_is_told_apart_from_damage() {
        assert_eq!(
            SealedValue::parse(&[2; 60]).err(),
            Some(SealError::UnknownFormat(2))
        );
        assert_eq!(SealedValue::parse(&[]).err(), Some(SealError::Damaged));
        assert_eq!(
            SealedValue::parse(&[FORMAT; 32]).err(),
            Some(SealError::Damaged)
        );
        assert!(SealedValue::parse(&[FORMAT; 33]).is_ok());
    }
}
