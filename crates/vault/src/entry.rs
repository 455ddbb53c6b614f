use std::fmt;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::account_keys::AccountKeys;
use crate::key::{KEY_BYTES, Key, KeyId};
use crate::secret::Secret;
use crate::vault_error::VaultError;

/// The most an entry may take, encoded: Windows' Credential Manager keeps no more (`CRED_MAX_CREDENTIAL_BLOB_SIZE`).
pub const ENTRY_MAX_BYTES: usize = 2560;

/// A client secret up to this length lives in the entry; a longer one is sealed in the workspace by the caller.
pub const INLINE_CLIENT_SECRET_MAX_BYTES: usize = 1024;

const FORMAT: u8 = 1;

/// Names the one entry an account has in a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName {
    /// The workspace, so that two workspaces with copies of an account do not share its keys.
    pub workspace: Uuid,
    /// The account.
    pub account: Uuid,
}

impl fmt::Display for EntryName {
    /// `workspace/account`, the user name of the entry in a keyring.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.workspace, self.account)
    }
}

/// What a vault holds for one account.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The keys its values are sealed under.
    pub keys: AccountKeys,
    /// Its client secret, where that is at most [`INLINE_CLIENT_SECRET_MAX_BYTES`] long.
    pub client_secret: Option<Secret>,
}

/// Why an entry's bytes make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryDefect {
    Corrupt,
    Newer(u8),
}

impl EntryDefect {
    pub(crate) fn of(self, name: EntryName) -> VaultError {
        match self {
            Self::Corrupt => VaultError::EntryCorrupt { name },
            Self::Newer(format) => VaultError::EntryNewer { name, format },
        }
    }
}

impl Entry {
    /// `format (1) · number of keys (1) · {id (4) · key (32)}… · length of the client secret + 1, 0 for none (u16, LE) · client secret`.
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let secret = self
            .client_secret
            .as_ref()
            .map(|secret| secret.expose().as_bytes());
        let too_large = |bytes| VaultError::EntryTooLarge {
            bytes,
            limit: INLINE_CLIENT_SECRET_MAX_BYTES,
        };
        let secret_bytes = secret.map_or(0, <[u8]>::len);
        if secret_bytes > INLINE_CLIENT_SECRET_MAX_BYTES {
            return Err(too_large(secret_bytes));
        }
        let mark = match secret {
            None => 0,
            Some(bytes) => u16::try_from(bytes.len() + 1).map_err(|_| too_large(bytes.len()))?,
        };
        // The full capacity at once: a vector that grows leaves copies of the keys behind in freed memory.
        let mut out = Zeroizing::new(Vec::with_capacity(ENTRY_MAX_BYTES));
        let keys = self.keys.all().count();
        out.push(FORMAT);
        out.push(u8::try_from(keys).map_err(|_| too_large(keys * (KeyId::BYTES + KEY_BYTES)))?);
        for key in self.keys.all() {
            out.extend_from_slice(&key.id.0);
            out.extend_from_slice(key.bytes());
        }
        out.extend_from_slice(&mark.to_le_bytes());
        out.extend_from_slice(secret.unwrap_or_default());
        if out.len() > ENTRY_MAX_BYTES {
            return Err(VaultError::EntryTooLarge {
                bytes: out.len(),
                limit: ENTRY_MAX_BYTES,
            });
        }
        Ok(out)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, EntryDefect> {
        match bytes.first() {
            None => return Err(EntryDefect::Corrupt),
            Some(&FORMAT) => {}
            Some(&format) => return Err(EntryDefect::Newer(format)),
        }
        decode_first(bytes).ok_or(EntryDefect::Corrupt)
    }
}

fn decode_first(bytes: &[u8]) -> Option<Entry> {
    let (&[_, count], mut rest) = bytes.split_first_chunk::<2>()?;
    let mut keys = Vec::with_capacity(usize::from(count));
    for _ in 0..count {
        let (&id, after) = rest.split_first_chunk::<{ KeyId::BYTES }>()?;
        let (key, after) = after.split_first_chunk::<KEY_BYTES>()?;
        keys.push(Key::new(KeyId(id), Zeroizing::new(*key)));
        rest = after;
    }
    let (&mark, secret) = rest.split_first_chunk::<2>()?;
    let client_secret = match usize::from(u16::from_le_bytes(mark)).checked_sub(1) {
        None if secret.is_empty() => None,
        Some(length) if length == secret.len() && length <= INLINE_CLIENT_SECRET_MAX_BYTES => {
            Some(Secret::from(std::str::from_utf8(secret).ok()?.to_owned()))
        }
        _ => return None,
    };
    Some(Entry {
        keys: AccountKeys::from_keys(keys)?,
        client_secret,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::account_keys::MAX_RETIRED_KEYS;

    fn entry(retired: usize, client_secret: Option<String>) -> Entry {
        let mut keys = AccountKeys::generate().unwrap();
        for _ in 0..retired {
            keys.rotate().unwrap();
        }
        Entry {
            keys,
            client_secret: client_secret.map(Secret::from),
        }
    }

    fn all_keys(entry: &Entry) -> Vec<(KeyId, [u8; KEY_BYTES])> {
        entry.keys.all().map(|key| (key.id, *key.bytes())).collect()
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(retired in 0..=MAX_RETIRED_KEYS, secret in prop::option::of(".{0,256}")) {
            let entry = entry(retired, secret);
            let decoded = Entry::decode(&entry.encode().unwrap()).unwrap();
            prop_assert_eq!(all_keys(&decoded), all_keys(&entry));
            prop_assert_eq!(decoded.client_secret, entry.client_secret);
        }

        #[test]
        fn an_entry_cut_anywhere_or_with_more_behind_it_is_corrupt(at in any::<prop::sample::Index>()) {
            let mut bytes = entry(2, Some("secret".into())).encode().unwrap();
            prop_assert_eq!(Entry::decode(&bytes[..at.index(bytes.len())]).err(), Some(EntryDefect::Corrupt));
            bytes.push(0);
            prop_assert_eq!(Entry::decode(&bytes).err(), Some(EntryDefect::Corrupt));
        }

        #[test]
        fn noise_is_never_a_panic(mut noise in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Entry::decode(&noise);
            if let Some(first) = noise.first_mut() {
                *first = FORMAT;
            }
            let _ = Entry::decode(&noise);
        }
    }

    #[test]
    fn the_largest_entry_fits_into_windows_credential_manager() {
        let largest = entry(
            MAX_RETIRED_KEYS,
            Some("s".repeat(INLINE_CLIENT_SECRET_MAX_BYTES)),
        );
        assert!(largest.encode().unwrap().len() <= ENTRY_MAX_BYTES);
        let longer = entry(0, Some("s".repeat(INLINE_CLIENT_SECRET_MAX_BYTES + 1)));
        assert!(matches!(
            longer.encode(),
            Err(VaultError::EntryTooLarge {
                bytes: 1025,
                limit: 1024
            })
        ));
    }

    #[test]
    fn an_empty_client_secret_is_not_a_missing_one() {
        let empty = Entry::decode(&entry(0, Some(String::new())).encode().unwrap()).unwrap();
        assert_eq!(empty.client_secret, Some(Secret::default()));
    }

    #[test]
    fn a_newer_format_and_keys_that_share_an_id_are_refused() {
        assert_eq!(Entry::decode(&[2, 0]).err(), Some(EntryDefect::Newer(2)));
        let mut twice = vec![FORMAT, 2];
        twice.extend_from_slice(&[7; 2 * (KeyId::BYTES + KEY_BYTES)]);
        twice.extend_from_slice(&[0, 0]);
        assert_eq!(Entry::decode(&twice).err(), Some(EntryDefect::Corrupt));
        assert_eq!(
            Entry::decode(&[FORMAT, 0, 0, 0]).err(),
            Some(EntryDefect::Corrupt)
        );
    }

    #[test]
    fn debug_prints_neither_keys_nor_client_secret() {
        let shown = format!("{:?}", entry(1, Some("hidden".into())));
        assert!(
            shown.contains("Secret(…)") && !shown.contains("hidden"),
            "{shown}"
        );
    }
}
