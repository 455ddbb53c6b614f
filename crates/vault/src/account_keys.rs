use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::compression::compress;
use crate::key::{Key, KeyId};
use crate::seal_context::SealContext;
use crate::seal_error::SealError;
use crate::sealed_value::{MAX_OPENED_BYTES, Packing, SealedValue, seal};
use crate::secret::Secret;

/// How many retired keys an account may hold. A rotation beyond it is refused, for dropping a key silently would make
/// what it sealed unreadable; the limit keeps the entry well under Windows' 2,560 bytes.
pub const MAX_RETIRED_KEYS: usize = 16;

/// Shorter values are stored as they are: a zstd frame would not make them smaller.
const COMPRESSED_FROM_BYTES: usize = 128;

/// An account's keys: the one that seals, and retired ones that still open what they sealed.
///
/// Random 96-bit nonces keep a key safe for 2^32 values (NIST SP 800-38D, 8.3): 100,000 records a day for 117 years.
/// Sealing and opening keep no state but per-thread buffers, so one value may be used from any number of threads.
#[derive(Clone)]
pub struct AccountKeys {
    current: Key,
    retired: Vec<Key>,
}

impl AccountKeys {
    /// A new key, from the operating system's randomness. Only for an account that has none: a key minted in place of
    /// a lost one does not bring back what the lost one sealed.
    pub fn generate() -> Result<Self, SealError> {
        Ok(Self {
            current: Key::generate()?,
            retired: Vec::new(),
        })
    }

    /// `keys` are the current one and then the retired, newest first. `None` without any, with too many, or when two
    /// share an id.
    pub(crate) fn from_keys(keys: Vec<Key>) -> Option<Self> {
        let distinct = keys
            .iter()
            .enumerate()
            .all(|(at, key)| keys.iter().skip(at + 1).all(|other| other.id != key.id));
        let mut keys = keys.into_iter();
        let current = keys.next()?;
        let retired: Vec<Key> = keys.collect();
        (distinct && retired.len() <= MAX_RETIRED_KEYS).then_some(Self { current, retired })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.retired)
    }

    /// The key that seals.
    pub fn current(&self) -> KeyId {
        self.current.id
    }

    /// The keys that only open, newest first.
    pub fn retired(&self) -> impl Iterator<Item = KeyId> {
        self.retired.iter().map(|key| key.id)
    }

    /// Retires the current key and seals under a new one from now on. Store the entry before the first value is sealed.
    ///
    /// # Errors
    /// [`SealError::TooManyRetiredKeys`] when [`MAX_RETIRED_KEYS`] are held already.
    pub fn rotate(&mut self) -> Result<KeyId, SealError> {
        if self.retired.len() >= MAX_RETIRED_KEYS {
            return Err(SealError::TooManyRetiredKeys);
        }
        let mut fresh = Key::generate()?;
        // Ids are 32 random bits: among 17 keys two agree once in 250 million rotations, and must not at all.
        while self.all().any(|key| key.id == fresh.id) {
            fresh = Key::generate()?;
        }
        self.retired
            .insert(0, std::mem::replace(&mut self.current, fresh));
        Ok(self.current.id)
    }

    /// Forgets a retired key once nothing is sealed under it any more. Says whether it was held.
    ///
    /// # Errors
    /// [`SealError::KeyInUse`] for the current key.
    pub fn forget(&mut self, id: KeyId) -> Result<bool, SealError> {
        if self.current.id == id {
            return Err(SealError::KeyInUse(id));
        }
        let before = self.retired.len();
        self.retired.retain(|key| key.id != id);
        Ok(self.retired.len() < before)
    }

    /// Seals `plaintext` for the place named by `context`, compressed where that makes it smaller.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] beyond [`MAX_OPENED_BYTES`].
    pub fn seal(&self, context: &SealContext<'_>, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        if plaintext.len() > MAX_OPENED_BYTES {
            return Err(SealError::TooLarge {
                bytes: plaintext.len(),
            });
        }
        if plaintext.len() < COMPRESSED_FROM_BYTES {
            return seal(&self.current, context, Packing::Stored, plaintext);
        }
        compress(plaintext, |compressed| match compressed {
            Some(frame) => seal(&self.current, context, Packing::Zstd, frame),
            None => seal(&self.current, context, Packing::Stored, plaintext),
        })
        .map_err(|_| SealError::Compression)?
    }

    /// Seals a secret uncompressed, so that no trace of it stays in the compressor's tables.
    pub fn seal_secret(
        &self,
        context: &SealContext<'_>,
        secret: &Secret,
    ) -> Result<Vec<u8>, SealError> {
        if secret.len() > MAX_OPENED_BYTES {
            return Err(SealError::TooLarge {
                bytes: secret.len(),
            });
        }
        seal(
            &self.current,
            context,
            Packing::Stored,
            secret.expose().as_bytes(),
        )
    }

    /// Opens what [`Self::seal`] or [`Self::seal_secret`] sealed for the same place, under the current or a retired key.
    ///
    /// # Errors
    /// [`SealError::Damaged`] for anything altered, cut short or moved, [`SealError::UnknownKey`],
    /// [`SealError::UnknownFormat`].
    pub fn open(
        &self,
        context: &SealContext<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let sealed = SealedValue::parse(sealed)?;
        let key = self
            .all()
            .find(|key| key.id == sealed.key)
            .ok_or(SealError::UnknownKey(sealed.key))?;
        sealed.open(key, context)
    }

    /// Opens a sealed secret.
    pub fn open_secret(
        &self,
        context: &SealContext<'_>,
        sealed: &[u8],
    ) -> Result<Secret, SealError> {
        let mut plain = self.open(context, sealed)?;
        match String::from_utf8(std::mem::take(&mut *plain)) {
            Ok(text) => Ok(Secret::from(text)),
            Err(error) => {
                error.into_bytes().zeroize();
                Err(SealError::NotText)
            }
        }
    }

    /// The key a sealed value names, held or not: what is still sealed under a retired key shows by it.
    pub fn key_of(sealed: &[u8]) -> Result<KeyId, SealError> {
        Ok(SealedValue::parse(sealed)?.key)
    }
}

impl fmt::Debug for AccountKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountKeys")
            .field("current", &self.current)
            .field("retired", &self.retired)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::collections::HashSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::random::random;

    const HERE: SealContext<'static> = SealContext {
        account: Uuid::from_u128(7),
        table: "records",
        row: b"invoices/42",
    };

    /// What sealing adds to a value that is stored as it is.
    const ENVELOPE: usize = 1 + 4 + 12 + 1 + 16;

    fn json(bytes: usize) -> Vec<u8> {
        let line = br#"{"id":42,"status":"approved","total":"1234.50"},"#;
        line.iter().copied().cycle().take(bytes).collect()
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(part in prop::collection::vec(any::<u8>(), 0..2000), times in 1_usize..20) {
            let keys = AccountKeys::generate().unwrap();
            let plain = part.repeat(times);
            let sealed = keys.seal(&HERE, &plain).unwrap();
            let opened = keys.open(&HERE, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
        }

        #[test]
        fn no_altered_or_cut_value_opens(bytes in 0_usize..600, at in any::<prop::sample::Index>(), flip in 1_u8..) {
            let keys = AccountKeys::generate().unwrap();
            let sealed = keys.seal(&HERE, &json(bytes)).unwrap();
            let at = at.index(sealed.len());
            let mut altered = sealed.clone();
            altered[at] ^= flip;
            prop_assert!(keys.open(&HERE, &altered).is_err());
            prop_assert!(keys.open(&HERE, &sealed[..at]).is_err());
            altered.clone_from(&sealed);
            altered.push(flip);
            prop_assert!(keys.open(&HERE, &altered).is_err());
        }

        #[test]
        fn noise_never_opens_and_never_panics(mut noise in prop::collection::vec(any::<u8>(), 0..200)) {
            let keys = AccountKeys::generate().unwrap();
            prop_assert!(keys.open(&HERE, &noise).is_err());
            // Past the format and the key id too.
            for (to, from) in noise.iter_mut().zip(std::iter::once(1).chain(keys.current().0)) {
                *to = from;
            }
            prop_assert!(keys.open(&HERE, &noise).is_err());
        }
    }

    #[test]
    fn every_single_byte_counts() {
        let keys = AccountKeys::generate().unwrap();
        let sealed = keys.seal(&HERE, &json(400)).unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(keys.open(&HERE, &altered).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_value_opens_only_where_it_was_sealed() {
        let keys = AccountKeys::generate().unwrap();
        let sealed = keys.seal(&HERE, b"value").unwrap();
        for elsewhere in [
            SealContext {
                account: Uuid::from_u128(8),
                ..HERE
            },
            SealContext {
                table: "samples",
                ..HERE
            },
            SealContext {
                table: "record",
                row: b"sinvoices/42",
                ..HERE
            },
            SealContext {
                row: b"invoices/43",
                ..HERE
            },
        ] {
            assert_eq!(keys.open(&elsewhere, &sealed), Err(SealError::Damaged));
        }
    }

    #[test]
    fn another_account_s_keys_are_told_apart_from_damage() {
        let keys = AccountKeys::generate().unwrap();
        let sealed = keys.seal(&HERE, b"value").unwrap();
        let error = AccountKeys::generate()
            .unwrap()
            .open(&HERE, &sealed)
            .unwrap_err();
        assert_eq!(error, SealError::UnknownKey(keys.current()));
        assert_eq!(error.code(), "vault_mismatch");
        // The same id over other bytes: a forged or damaged vault entry.
        let forged = Key::new(keys.current(), Zeroizing::new([9; 32]));
        let forged = AccountKeys::from_keys(vec![forged]).unwrap();
        assert_eq!(forged.open(&HERE, &sealed), Err(SealError::Damaged));
    }

    #[test]
    fn retired_keys_open_until_they_are_forgotten() {
        let mut keys = AccountKeys::generate().unwrap();
        let first = keys.current();
        let old = keys.seal(&HERE, b"old").unwrap();
        let second = keys.rotate().unwrap();
        let new = keys.seal(&HERE, b"new").unwrap();
        assert_eq!(keys.retired().collect::<Vec<_>>(), [first]);
        assert_eq!(
            (AccountKeys::key_of(&old), AccountKeys::key_of(&new)),
            (Ok(first), Ok(second))
        );
        assert_eq!(keys.open(&HERE, &old).unwrap().as_slice(), b"old");
        assert_eq!(keys.open(&HERE, &new).unwrap().as_slice(), b"new");

        assert_eq!(keys.forget(second), Err(SealError::KeyInUse(second)));
        assert_eq!(keys.forget(first), Ok(true));
        assert_eq!(keys.forget(first), Ok(false));
        assert_eq!(keys.open(&HERE, &old), Err(SealError::UnknownKey(first)));
        assert_eq!(keys.open(&HERE, &new).unwrap().as_slice(), b"new");
    }

    #[test]
    fn a_rotation_never_drops_a_key() {
        let mut keys = AccountKeys::generate().unwrap();
        for _ in 0..MAX_RETIRED_KEYS {
            keys.rotate().unwrap();
        }
        assert_eq!(keys.rotate(), Err(SealError::TooManyRetiredKeys));
        let ids: HashSet<KeyId> = keys.all().map(|key| key.id).collect();
        assert_eq!(ids.len(), MAX_RETIRED_KEYS + 1);
    }

    #[test]
    fn records_shrink_and_other_values_grow_by_the_envelope_only() {
        let keys = AccountKeys::generate().unwrap();
        assert!(keys.seal(&HERE, &json(20_000)).unwrap().len() < 1000);
        assert_eq!(keys.seal(&HERE, b"").unwrap().len(), ENVELOPE);
        let noise: Vec<u8> = (0..40).flat_map(|_| random::<25>().unwrap()).collect();
        assert_eq!(
            keys.seal(&HERE, &noise).unwrap().len(),
            noise.len() + ENVELOPE
        );
    }

    #[test]
    fn one_large_value_leaves_the_next_ones_right() {
        let keys = AccountKeys::generate().unwrap();
        for bytes in [100, 3_000_000, 700, 20_000] {
            let sealed = keys.seal(&HERE, &json(bytes)).unwrap();
            assert_eq!(keys.open(&HERE, &sealed).unwrap().as_slice(), json(bytes));
        }
    }

    #[test]
    fn secrets_are_sealed_as_they_are() {
        let keys = AccountKeys::generate().unwrap();
        let secret = Secret::from("x".repeat(3000));
        let sealed = keys.seal_secret(&HERE, &secret).unwrap();
        assert_eq!(sealed.len(), 3000 + ENVELOPE);
        assert_eq!(keys.open_secret(&HERE, &sealed).unwrap(), secret);
        let bytes = keys.seal(&HERE, &[0xff, 0xfe]).unwrap();
        assert_eq!(keys.open_secret(&HERE, &bytes), Err(SealError::NotText));
    }

    #[test]
    fn debug_shows_key_ids_only() {
        let key = Key::new(KeyId([0xab; 4]), Zeroizing::new([0x5a; 32]));
        let keys = AccountKeys::from_keys(vec![key]).unwrap();
        assert_eq!(
            format!("{keys:?}"),
            "AccountKeys { current: Key(abababab), retired: [] }"
        );
    }

    #[test]
    fn keys_may_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<AccountKeys>();
    }
}
