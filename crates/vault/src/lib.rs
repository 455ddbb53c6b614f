//! Secrets: the [`Secret`] type that cannot be printed, the sealing of bytes under an account's key, the two
//! places where those keys live (the OS keyring and a file sealed by a passphrase), and what keeps the memory they are in
//! from others.
//!
//! What must not live here: which columns are sealed (the workspace's matter), how a secret is obtained or sent (the
//! client's), and any choice between the two vaults. A vault is named explicitly by its caller, and nothing here falls
//! back from one to the other or mints a key because one is missing.
//!
//! Everything blocks. Asynchronous callers go through `spawn_blocking`: a keyring may ask the user to unlock it, and
//! opening a passphrase vault stretches the passphrase for tens of milliseconds on purpose.

mod account_keys;
mod compression;
mod entry;
mod key;
mod key_stretching;
mod keyring_lock;
mod keyring_notes;
mod keyring_refusal;
mod keyring_thread;
mod keyring_vault;
mod page_lock;
mod passphrase_vault;
mod process_guard;
mod random;
mod seal_context;
mod seal_error;
mod sealed_value;
mod secret;
mod vault;
mod vault_error;
mod vault_file;

pub use account_keys::{AccountKeys, MAX_RETIRED_KEYS};
pub use entry::{ENTRY_MAX_BYTES, Entry, EntryName, INLINE_CLIENT_SECRET_MAX_BYTES};
pub use key::KeyId;
pub use key_stretching::KeyStretching;
pub use keyring_notes::KeyringNotes;
pub use keyring_vault::KeyringVault;
pub use page_lock::LockedMemory;
pub use passphrase_vault::{PassphraseVault, VAULT_FILE_NAME};
pub use process_guard::ProcessGuard;
pub use seal_context::SealContext;
pub use seal_error::SealError;
pub use sealed_value::MAX_OPENED_BYTES;
pub use secret::{Secret, SecretBytes};
pub use vault::{Vault, VaultKind};
pub use vault_error::VaultError;
pub use zeroize::Zeroizing;
