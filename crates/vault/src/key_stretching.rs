use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::vault_error::VaultError;

/// Length of the salt in bytes, twice RFC 9106's least.
pub(crate) const SALT_BYTES: usize = 16;

/// What a vault file may ask of this machine: a file from elsewhere must not be able to take its memory or hang it.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;
/// Memory times passes, in KiB: about 10 s of one core.
const MAX_WORK: u64 = 8 * 1024 * 1024;

/// What a new vault may not go below, in KiB times passes (OWASP, *Password Storage Cheat Sheet*: 7 MiB and 5 passes is
/// the smallest of the equivalent settings).
const MIN_MEMORY_KIB: u32 = 7 * 1024;
const MIN_WORK: u64 = 35 * 1024;

/// What it costs to turn a passphrase into a key with Argon2id. It stands in the vault file's header, so a vault stays
/// readable when the default changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyStretching {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

impl Default for KeyStretching {
    /// 19 MiB, 2 passes, 1 lane (OWASP, *Password Storage Cheat Sheet*).
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

impl KeyStretching {
    /// Costs for a new vault: memory in KiB, passes over it, and lanes.
    ///
    /// # Errors
    /// [`VaultError::Stretching`] below OWASP's least or above what [`crate::PassphraseVault::open`] accepts.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, VaultError> {
        let costs = Self {
            memory_kib,
            passes,
            lanes,
        };
        costs
            .bounded()
            .map_err(|detail| VaultError::Stretching { detail })?;
        if memory_kib < MIN_MEMORY_KIB || costs.work() < MIN_WORK {
            return Err(VaultError::Stretching {
                detail: "they are below 7 MiB and 5 passes or the like",
            });
        }
        Ok(costs)
    }

    /// Memory in KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub fn lanes(self) -> u32 {
        self.lanes
    }

    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// Whether this machine should do the work at all, asked of every header that is read.
    pub(crate) fn bounded(self) -> Result<Self, &'static str> {
        if self.passes == 0 || self.lanes == 0 || self.memory_kib < 8 * self.lanes.min(MAX_LANES) {
            Err("they are below what Argon2id can do")
        } else if self.memory_kib > MAX_MEMORY_KIB {
            Err("they ask for more than 1 GiB of memory")
        } else if self.passes > MAX_PASSES || self.lanes > MAX_LANES || self.work() > MAX_WORK {
            Err("they ask for more work than any vault needs")
        } else {
            Ok(self)
        }
    }

    /// Stretches a passphrase into `N` bytes.
    pub(crate) fn stretch<const N: usize>(
        self,
        passphrase: &Secret,
        salt: &[u8; SALT_BYTES],
    ) -> Result<Zeroizing<[u8; N]>, VaultError> {
        let refused = |_| VaultError::Stretching {
            detail: "Argon2id does not take them",
        };
        let costs = self
            .bounded()
            .map_err(|detail| VaultError::Stretching { detail })?;
        let params =
            Params::new(costs.memory_kib, costs.passes, costs.lanes, Some(N)).map_err(refused)?;
        let mut out = Zeroizing::new([0; N]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), salt, out.as_mut_slice())
            .map_err(refused)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_new_vault_takes_no_less_than_owasp_asks_and_no_more_than_is_opened() {
        for (memory_kib, passes, lanes, accepted) in [
            (19 * 1024, 2, 1, true),
            (46 * 1024, 1, 1, true),
            (7 * 1024, 5, 1, true),
            (7 * 1024, 4, 1, false),
            (6 * 1024, 64, 1, false),
            (1024 * 1024, 8, 4, true),
            (1024 * 1024, 9, 4, false),
            (1024 * 1024 + 1, 1, 1, false),
            (19 * 1024, 0, 1, false),
            (19 * 1024, 2, 0, false),
            (19 * 1024, 2, 17, false),
            (19 * 1024, 65, 1, false),
            (u32::MAX, u32::MAX, u32::MAX, false),
        ] {
            let made = KeyStretching::new(memory_kib, passes, lanes);
            assert_eq!(made.is_ok(), accepted, "{memory_kib} {passes} {lanes}");
        }
        let default = KeyStretching::default();
        assert_eq!(
            KeyStretching::new(default.memory_kib(), default.passes(), default.lanes()).unwrap(),
            default
        );
    }

    #[test]
    fn passphrase_salt_and_each_cost_matter() {
        let stretch = |text: &str, salt: u8, memory_kib, passes, lanes| {
            let costs = KeyStretching {
                memory_kib,
                passes,
                lanes,
            };
            *costs
                .stretch::<32>(&Secret::from(text.to_owned()), &[salt; SALT_BYTES])
                .unwrap()
        };
        let first = stretch("passphrase", 1, 64, 1, 1);
        assert_eq!(first, stretch("passphrase", 1, 64, 1, 1));
        for other in [
            stretch("Passphrase", 1, 64, 1, 1),
            stretch("passphrase", 2, 64, 1, 1),
            stretch("passphrase", 1, 72, 1, 1),
            stretch("passphrase", 1, 64, 2, 1),
            stretch("passphrase", 1, 64, 1, 2),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn costs_from_a_header_are_bounded_before_any_memory_is_taken() {
        let costs = KeyStretching {
            memory_kib: u32::MAX,
            passes: 1,
            lanes: 1,
        };
        let refused = costs.stretch::<32>(&Secret::default(), &[0; SALT_BYTES]);
        assert!(matches!(refused, Err(VaultError::Stretching { .. })));
    }
}
