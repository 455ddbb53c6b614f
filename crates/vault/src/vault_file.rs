use std::collections::BTreeMap;

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit, Nonce, Tag};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::entry::{ENTRY_MAX_BYTES, EntryName};
use crate::key::KEY_BYTES;
use crate::key_stretching::{KeyStretching, SALT_BYTES};
use crate::page_lock::Locked;
use crate::random::random;
use crate::secret::Secret;
use crate::vault_error::VaultError;

/// No vault file is larger: room for 24,000 full entries.
pub(crate) const FILE_MAX_BYTES: usize = 64 * 1024 * 1024;

const MAGIC: [u8; 7] = *b"XWVAULT";
const FORMAT: u8 = 1;
const CHECK_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const NAME_BYTES: usize = 32;
/// `magic (7) · format (1) · memory KiB, passes, lanes (u32 LE each) · salt (16) · passphrase check (16)`.
const PREFIX_BYTES: usize = MAGIC.len() + 1 + 12 + SALT_BYTES + CHECK_BYTES;
/// The prefix and the first 16 bytes of its SHA-256, which tell a damaged header from a wrong passphrase.
pub(crate) const HEADER_BYTES: usize = PREFIX_BYTES + CHECK_BYTES;

/// Encoded entries by name.
pub(crate) type Entries = BTreeMap<EntryName, Zeroizing<Vec<u8>>>;

/// Why the bytes are not a vault file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileDefect {
    Corrupt(&'static str),
    Newer(u8),
}

/// The clear front of a vault file: what is needed to make the key from the passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) stretching: KeyStretching,
    pub(crate) salt: [u8; SALT_BYTES],
    check: [u8; CHECK_BYTES],
}

/// The key made from the passphrase, ready to use.
pub(crate) struct FileKey {
    cipher: Locked<Aes256Gcm>,
    header: Header,
}

impl Header {
    /// Reads the header and refuses costs that no vault needs.
    pub(crate) fn parse(file: &[u8]) -> Result<Self, FileDefect> {
        let short = FileDefect::Corrupt("it is too short");
        if !file.starts_with(&MAGIC) {
            return Err(FileDefect::Corrupt("it does not begin like a vault file"));
        }
        match file.get(MAGIC.len()) {
            Some(&FORMAT) => {}
            Some(&format) => return Err(FileDefect::Newer(format)),
            None => return Err(short),
        }
        let header = file.first_chunk::<HEADER_BYTES>().ok_or(short)?;
        let (prefix, sum) = header.split_at(PREFIX_BYTES);
        if checksum(prefix) != *sum {
            return Err(FileDefect::Corrupt(
                "its header does not match its checksum",
            ));
        }
        let mut fields = prefix.get(MAGIC.len() + 1..).unwrap_or_default();
        let stretching = KeyStretching {
            memory_kib: u32::from_le_bytes(take(&mut fields).ok_or(short)?),
            passes: u32::from_le_bytes(take(&mut fields).ok_or(short)?),
            lanes: u32::from_le_bytes(take(&mut fields).ok_or(short)?),
        };
        let stretching = stretching.bounded().map_err(FileDefect::Corrupt)?;
        Ok(Self {
            stretching,
            salt: take(&mut fields).ok_or(short)?,
            check: take(&mut fields).ok_or(short)?,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_BYTES);
        out.extend_from_slice(&MAGIC);
        out.push(FORMAT);
        for cost in [
            self.stretching.memory_kib,
            self.stretching.passes,
            self.stretching.lanes,
        ] {
            out.extend_from_slice(&cost.to_le_bytes());
        }
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&self.check);
        let sum = checksum(&out);
        out.extend_from_slice(&sum);
        out
    }
}

impl FileKey {
    /// A key under a new salt.
    pub(crate) fn create(
        passphrase: &Secret,
        stretching: KeyStretching,
    ) -> Result<Self, VaultError> {
        let salt = random()?;
        let (cipher, check) = derive(passphrase, stretching, &salt)?;
        Ok(Self {
            cipher,
            header: Header {
                stretching,
                salt,
                check,
            },
        })
    }

    /// The key of an existing file, or [`VaultError::WrongPassphrase`].
    pub(crate) fn unlock(passphrase: &Secret, header: Header) -> Result<Self, VaultError> {
        let (cipher, check) = derive(passphrase, header.stretching, &header.salt)?;
        if check == header.check {
            Ok(Self { cipher, header })
        } else {
            Err(VaultError::WrongPassphrase)
        }
    }

    /// Whether this key is the one of the file that begins so.
    pub(crate) fn fits(&self, header: &Header) -> bool {
        self.header == *header
    }

    /// The whole file: header, nonce, sealed entries, tag.
    pub(crate) fn seal(&self, entries: &Entries) -> Result<Vec<u8>, VaultError> {
        let mut file = self.header.encode();
        let nonce: [u8; NONCE_BYTES] = random()?;
        file.extend_from_slice(&nonce);
        let mut body = encode_entries(entries)?;
        let bytes = HEADER_BYTES + NONCE_BYTES + body.len() + TAG_BYTES;
        if bytes > FILE_MAX_BYTES {
            return Err(VaultError::FileFull {
                bytes,
                limit: FILE_MAX_BYTES,
            });
        }
        let (header, _) = file.split_at(HEADER_BYTES);
        let tag = self
            .cipher
            .encrypt_inout_detached(&Nonce::from(nonce), header, body.as_mut_slice().into())
            .map_err(|_| VaultError::FileFull {
                bytes,
                limit: FILE_MAX_BYTES,
            })?;
        file.extend_from_slice(&body);
        file.extend_from_slice(&tag);
        Ok(file)
    }

    /// The entries of a file whose header was checked with [`Self::fits`].
    pub(crate) fn open(&self, file: &[u8]) -> Result<Entries, FileDefect> {
        let short = FileDefect::Corrupt("it is too short");
        let (header, rest) = file.split_at_checked(HEADER_BYTES).ok_or(short)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(short)?;
        let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(short)?;
        let mut body = Zeroizing::new(body.to_vec());
        self.cipher
            .decrypt_inout_detached(
                &Nonce::from(*nonce),
                header,
                body.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| FileDefect::Corrupt("its entries were altered or cut short"))?;
        decode_entries(&body).ok_or(FileDefect::Corrupt("its entries make no sense"))
    }
}

/// Half of what is derived is the key; the other half, hashed, is the check that tells a wrong passphrase from damage
/// and tells nothing about the key.
fn derive(
    passphrase: &Secret,
    stretching: KeyStretching,
    salt: &[u8; SALT_BYTES],
) -> Result<(Locked<Aes256Gcm>, [u8; CHECK_BYTES]), VaultError> {
    let derived = stretching.stretch::<{ 2 * KEY_BYTES }>(passphrase, salt)?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    key.copy_from_slice(&derived[..KEY_BYTES]);
    Ok((
        Locked::new(Aes256Gcm::new(&(*key).into())),
        checksum(&derived[KEY_BYTES..]),
    ))
}

fn checksum(bytes: &[u8]) -> [u8; CHECK_BYTES] {
    let mut out = [0; CHECK_BYTES];
    out.iter_mut()
        .zip(Sha256::digest(bytes))
        .for_each(|(to, from)| *to = from);
    out
}

fn take<const N: usize>(fields: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = fields.split_first_chunk::<N>()?;
    *fields = rest;
    Some(*taken)
}

/// `{workspace (16) · account (16) · length (u16 LE) · entry}…`, in the order of their names.
fn encode_entries(entries: &Entries) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    // The exact capacity at once: a vector that grows leaves copies of the keys behind in freed memory.
    let bytes = entries
        .values()
        .map(|entry| NAME_BYTES + 2 + entry.len())
        .sum();
    let mut out = Zeroizing::new(Vec::with_capacity(bytes));
    for (name, entry) in entries {
        let length = u16::try_from(entry.len()).map_err(|_| VaultError::EntryTooLarge {
            bytes: entry.len(),
            limit: ENTRY_MAX_BYTES,
        })?;
        out.extend_from_slice(name.workspace.as_bytes());
        out.extend_from_slice(name.account.as_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

fn decode_entries(mut body: &[u8]) -> Option<Entries> {
    let mut entries = Entries::new();
    while !body.is_empty() {
        let name = EntryName {
            workspace: Uuid::from_bytes(take(&mut body)?),
            account: Uuid::from_bytes(take(&mut body)?),
        };
        let length = usize::from(u16::from_le_bytes(take(&mut body)?));
        let (entry, rest) = body
            .split_at_checked(length)
            .filter(|_| length <= ENTRY_MAX_BYTES)?;
        body = rest;
        if entries
            .insert(name, Zeroizing::new(entry.to_vec()))
            .is_some()
        {
            return None;
        }
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    /// As cheap as Argon2id gets: what is tested here is the file.
    const CHEAP: KeyStretching = KeyStretching {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    fn passphrase() -> Secret {
        Secret::from("correct horse".to_owned())
    }

    fn entries(lengths: &[usize]) -> Entries {
        let name = |at: usize| EntryName {
            workspace: Uuid::from_u128(1),
            account: Uuid::from_u128(at as u128),
        };
        let filled = |(at, &length): (usize, &usize)| (name(at), Zeroizing::new(vec![7; length]));
        lengths.iter().enumerate().map(filled).collect()
    }

    fn open(file: &[u8]) -> Result<Entries, FileDefect> {
        let header = Header::parse(file)?;
        let key = FileKey::unlock(&passphrase(), header)
            .map_err(|_| FileDefect::Corrupt("the passphrase does not fit"))?;
        key.open(file)
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(lengths in prop::collection::vec(0..ENTRY_MAX_BYTES, 0..20)) {
            let entries = entries(&lengths);
            let file = FileKey::create(&passphrase(), CHEAP).unwrap().seal(&entries).unwrap();
            prop_assert_eq!(open(&file), Ok(entries));
        }

        #[test]
        fn a_file_altered_or_cut_anywhere_is_an_error(at in any::<prop::sample::Index>(), flip in 1_u8..) {
            let mut file = FileKey::create(&passphrase(), CHEAP).unwrap().seal(&entries(&[40, 90])).unwrap();
            let at = at.index(file.len());
            prop_assert!(open(&file[..at]).is_err());
            file[at] ^= flip;
            prop_assert!(open(&file).is_err());
        }

        #[test]
        fn noise_is_never_a_panic(mut noise in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(Header::parse(&noise).is_err());
            // Past the magic number and the format, then past the checksum too.
            let front = MAGIC.iter().copied().chain([FORMAT]);
            noise.iter_mut().zip(front).for_each(|(to, from)| *to = from);
            prop_assert!(Header::parse(&noise).is_err());
            if noise.len() >= HEADER_BYTES {
                let sum = checksum(&noise[..PREFIX_BYTES]);
                noise[PREFIX_BYTES..HEADER_BYTES].copy_from_slice(&sum);
                if let Ok(header) = Header::parse(&noise) {
                    prop_assert!(header.stretching.bounded().is_ok());
                }
            }
        }

        #[test]
        fn noise_that_was_sealed_is_never_a_panic(noise in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(entries) = decode_entries(&noise) {
                prop_assert_eq!(decode_entries(&encode_entries(&entries).unwrap()), Some(entries));
            }
        }
    }

    #[test]
    fn every_byte_of_the_file_counts() {
        let key = FileKey::create(&passphrase(), CHEAP).unwrap();
        let file = key.seal(&entries(&[20])).unwrap();
        for at in 0..file.len() {
            let mut altered = file.clone();
            altered[at] ^= 1;
            assert!(open(&altered).is_err(), "byte {at}");
        }
    }

    #[test]
    fn damage_to_the_header_is_not_taken_for_a_wrong_passphrase() {
        let file = FileKey::create(&passphrase(), CHEAP)
            .unwrap()
            .seal(&Entries::new())
            .unwrap();
        for at in MAGIC.len() + 1..HEADER_BYTES {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert_eq!(
                Header::parse(&damaged),
                Err(FileDefect::Corrupt(
                    "its header does not match its checksum"
                ))
            );
        }
        let header = Header::parse(&file).unwrap();
        let wrong = FileKey::unlock(&Secret::from("Correct horse".to_owned()), header);
        assert!(matches!(wrong, Err(VaultError::WrongPassphrase)));
    }

    #[test]
    fn a_header_that_asks_for_absurd_work_is_refused() {
        for (memory_kib, passes, lanes) in [
            (u32::MAX, 1, 1),
            (8, u32::MAX, 1),
            (64, 1, u32::MAX),
            (1 << 20, 60, 1),
            (0, 1, 1),
            (8, 0, 1),
            (8, 1, 0),
        ] {
            let header = Header {
                stretching: KeyStretching {
                    memory_kib,
                    passes,
                    lanes,
                },
                salt: [1; SALT_BYTES],
                check: [2; CHECK_BYTES],
            };
            assert!(matches!(
                Header::parse(&header.encode()),
                Err(FileDefect::Corrupt(_))
            ));
        }
    }

    #[test]
    fn a_newer_format_is_said_to_be_newer() {
        let mut file = FileKey::create(&passphrase(), CHEAP)
            .unwrap()
            .seal(&Entries::new())
            .unwrap();
        file[MAGIC.len()] = 2;
        assert_eq!(open(&file), Err(FileDefect::Newer(2)));
    }

    #[test]
    fn the_same_name_twice_makes_no_sense() {
        let once = encode_entries(&entries(&[3])).unwrap();
        assert_eq!(decode_entries(&once.repeat(2)), None);
        assert!(decode_entries(&once).is_some());
    }

    #[test]
    fn each_sealing_takes_a_new_nonce() {
        let key = FileKey::create(&passphrase(), CHEAP).unwrap();
        let (a, b) = (
            key.seal(&entries(&[9])).unwrap(),
            key.seal(&entries(&[9])).unwrap(),
        );
        assert_eq!(a[..HEADER_BYTES], b[..HEADER_BYTES]);
        assert_ne!(
            a[HEADER_BYTES..HEADER_BYTES + NONCE_BYTES],
            b[HEADER_BYTES..HEADER_BYTES + NONCE_BYTES]
        );
    }
}
