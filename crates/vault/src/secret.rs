use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::page_lock::PageLock;

/// A secret text: a client secret, a token, a passphrase.
///
/// It does not display, does not serialise, prints as `Secret(…)` under `{:?}`, compares in time that depends on the
/// lengths only, stays out of swap where the system lets it, and zeroes its memory when dropped. The one way to the text
/// is [`Secret::expose`], so that every use can be found by that name.
pub struct Secret {
    /// Goes between the zeroing, which is this type's own, and the memory.
    _lock: PageLock,
    /// Never changed, so that it never moves.
    text: Zeroizing<String>,
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl Secret {
    /// The text itself. Never log it, and never store it unsealed.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Length in bytes, which decides where a client secret is kept.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        let text = Zeroizing::new(text);
        let lock = PageLock::of(text.as_ptr(), text.capacity());
        Self { _lock: lock, text }
    }
}

impl Clone for Secret {
    fn clone(&self) -> Self {
        Self::from(self.expose().to_owned())
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::from(String::new())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose()
            .as_bytes()
            .ct_eq(other.expose().as_bytes())
            .into()
    }
}

impl Eq for Secret {}

/// Secret bytes that are not text: a private key in DER form, a derived key. The promises of [`Secret`] hold.
pub struct SecretBytes {
    _lock: PageLock,
    bytes: Zeroizing<Vec<u8>>,
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl SecretBytes {
    /// The bytes themselves. Never log them, and never store them unsealed.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Zeroizing::new(bytes))
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        let lock = PageLock::of(bytes.as_ptr(), bytes.capacity());
        Self { _lock: lock, bytes }
    }
}

impl Clone for SecretBytes {
    fn clone(&self) -> Self {
        Self::from(self.expose().to_vec())
    }
}

impl Default for SecretBytes {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(…)")
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for SecretBytes {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn debug_never_prints_the_text(text in "[a-zA-Z0-9]{8,40}") {
            let secret = Secret::from(text.clone());
            let bytes = SecretBytes::from(text.clone().into_bytes());
            prop_assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(…) Secret(…)");
            prop_assert_eq!(format!("{bytes:?}"), "SecretBytes(…)");
        }

        #[test]
        fn equality_is_that_of_the_text(a in ".{0,12}", b in ".{0,12}") {
            prop_assert_eq!(Secret::from(a.clone()) == Secret::from(b.clone()), a == b);
            let (x, y) = (a.clone().into_bytes(), b.clone().into_bytes());
            prop_assert_eq!(SecretBytes::from(x) == SecretBytes::from(y), a == b);
        }
    }

    #[test]
    fn lengths_are_in_bytes() {
        assert_eq!(Secret::from("é".to_owned()).len(), 2);
        assert!(Secret::default().is_empty());
        assert_eq!(SecretBytes::from(vec![1, 2, 3]).len(), 3);
        assert!(SecretBytes::default().is_empty());
    }
}
