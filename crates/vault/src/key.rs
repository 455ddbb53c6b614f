use std::fmt;

use aes_gcm::{Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

use crate::page_lock::Locked;
use crate::random::{NoRandomness, random};

/// Length of a key in bytes (AES-256).
pub(crate) const KEY_BYTES: usize = 32;

/// Names one key of an account. It stands in front of everything the key sealed, so it says nothing about the key: it
/// is drawn at random beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) [u8; KeyId::BYTES]);

impl KeyId {
    pub(crate) const BYTES: usize = 4;
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A key with its cipher prepared: the AES key schedule and the GHASH table are computed once, not once per record.
/// Both stay out of swap where the system lets them.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: KeyId,
    held: Locked<Held>,
}

#[derive(Clone)]
struct Held {
    bytes: Zeroizing<[u8; KEY_BYTES]>,
    cipher: Aes256Gcm,
}

impl Key {
    pub(crate) fn new(id: KeyId, bytes: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        let cipher = Aes256Gcm::new(&(*bytes).into());
        Self {
            id,
            held: Locked::new(Held { bytes, cipher }),
        }
    }

    pub(crate) fn generate() -> Result<Self, NoRandomness> {
        Ok(Self::new(KeyId(random()?), Zeroizing::new(random()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.held.bytes
    }

    pub(crate) fn cipher(&self) -> &Aes256Gcm {
        &self.held.cipher
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}
