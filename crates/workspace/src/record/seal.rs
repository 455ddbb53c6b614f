use crosswalk_vault::{AccountKeys, SealContext, SealError, Zeroizing};

use super::native_id::{NativeId, Watermark};
use crate::id::AccountId;

/// A record ready to be stored. Sealing costs more than storing, so it happens on the workers' threads, before the
/// write is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// Its id at the provider.
    pub native_id: NativeId,
    /// When the provider last changed it.
    pub watermark: Option<Watermark>,
    /// Length of the bytes received.
    pub size: u64,
    /// The bytes received, sealed; none if only that it was seen is to be kept.
    pub body: Option<Vec<u8>>,
    /// Whether the body is for this process's memory and never for the disk.
    pub in_memory: bool,
}

impl SealedRecord {
    /// Seals the bytes a provider sent, for the one place where they may be opened again.
    pub fn seal(
        keys: &AccountKeys,
        account: AccountId,
        resource: &str,
        native_id: NativeId,
        watermark: Option<Watermark>,
        raw: &[u8],
    ) -> Result<Self, SealError> {
        let row = row_key(resource, &native_id);
        let body = keys.seal(&context(account, &row), raw)?;
        Ok(Self {
            body: Some(body),
            ..Self::seen(native_id, watermark, raw.len())
        })
    }

    /// The same with a body that is held in this process's memory only, as for an account without retention.
    #[must_use]
    pub fn in_memory(self) -> Self {
        Self {
            in_memory: true,
            ..self
        }
    }

    /// A record of which only that it was seen is kept.
    pub fn seen(native_id: NativeId, watermark: Option<Watermark>, size: usize) -> Self {
        Self {
            native_id,
            watermark,
            size: size as u64,
            body: None,
            in_memory: false,
        }
    }
}

/// Opens a body that [`SealedRecord::seal`] sealed for the same place.
pub(super) fn open(
    keys: &AccountKeys,
    account: AccountId,
    resource: &str,
    native_id: &NativeId,
    body: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    keys.open(&context(account, &row_key(resource, native_id)), body)
}

fn context(account: AccountId, row: &[u8]) -> SealContext<'_> {
    SealContext {
        account: account.uuid(),
        table: "record",
        row,
    }
}

/// Resource and id, apart by a byte that no resource's name holds.
fn row_key(resource: &str, native_id: &NativeId) -> Vec<u8> {
    format!("{resource}\0{native_id}").into_bytes()
}
