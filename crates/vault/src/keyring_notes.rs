use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use keyring_core::Error as KeyringError;
use uuid::Uuid;

use crate::entry::EntryName;
use crate::keyring_lock::would_ask;
use crate::keyring_vault::{KeyringVault, SERVICE};
use crate::vault_error::VaultError;

/// How long to wait for an answer. Nobody is asked anything, so one that takes longer hardly comes.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a keyring that did not answer is left alone.
const REST: Duration = Duration::from_mins(10);

/// Whether using an entry of a service and a user would ask somebody to unlock something.
type WouldAsk = fn(&str, &str) -> Result<bool, KeyringError>;

/// A note for each workspace in the platform's keyring, beside its accounts' entries. A note is no secret and opens
/// nothing, and nobody is asked to unlock the keyring for one: while it is locked, notes are neither read nor kept.
#[derive(Debug)]
pub struct KeyringNotes {
    keyring: KeyringVault,
    would_ask: WouldAsk,
    rest: Duration,
    silent_since: Mutex<Option<Instant>>,
}

impl KeyringNotes {
    /// The one of this process: a keyring that never answers then blocks one thread and no more.
    ///
    /// # Errors
    /// [`VaultError::KeyringFailed`] where no thread can be started. A keyring that is not there fails the first call.
    pub fn shared() -> Result<&'static Self, VaultError> {
        static SHARED: OnceLock<KeyringNotes> = OnceLock::new();
        if let Some(notes) = SHARED.get() {
            return Ok(notes);
        }
        let notes = Self::over(KeyringVault::unopened(PATIENCE)?, would_ask);
        Ok(SHARED.get_or_init(|| notes))
    }

    fn over(keyring: KeyringVault, would_ask: WouldAsk) -> Self {
        Self {
            keyring,
            would_ask,
            rest: REST,
            silent_since: Mutex::default(),
        }
    }

    /// The note kept for a workspace; none if there is none.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::NoAnswer`] and what else keeps the keyring from answering.
    pub fn note(&self, workspace: Uuid) -> Result<Option<String>, VaultError> {
        match self.call(workspace, keyring_core::Entry::get_secret) {
            Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
            Err(VaultError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a note for a workspace, in place of the one there may be.
    ///
    /// # Errors
    /// As [`Self::note`].
    pub fn keep_note(&self, workspace: Uuid, note: &str) -> Result<(), VaultError> {
        let bytes = note.as_bytes().to_vec();
        self.call(workspace, move |entry| entry.set_secret(&bytes))
    }

    fn call<T: Send + 'static>(
        &self,
        workspace: Uuid,
        job: impl FnOnce(&keyring_core::Entry) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let silent_since = || {
            self.silent_since
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if silent_since().is_some_and(|since| since.elapsed() < self.rest) {
            return Err(self.keyring.no_answer());
        }
        let (name, would_ask) = (note_name(workspace), self.would_ask);
        let done = self.keyring.call(name, move |entry| {
            if would_ask(SERVICE, &name.to_string())? {
                return Err(KeyringError::NoStorageAccess(
                    "nobody was asked to unlock it".into(),
                ));
            }
            job(entry)
        });
        let silent = matches!(done, Err(VaultError::NoAnswer { .. }));
        *silent_since() = silent.then(Instant::now);
        done
    }
}

/// No account has this id, so no account's entry has this name.
fn note_name(workspace: Uuid) -> EntryName {
    EntryName {
        workspace,
        account: Uuid::nil(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use keyring_core::mock;

    use super::*;
    use crate::vault::Vault;

    const WORKSPACE: Uuid = Uuid::from_u128(1);

    fn notes(store: &Arc<mock::Store>, patience: Duration, would_ask: WouldAsk) -> KeyringNotes {
        let keyring = KeyringVault::over(store.clone(), patience).unwrap();
        KeyringNotes::over(keyring, would_ask)
    }

    #[test]
    fn a_note_is_kept_beside_the_entries() {
        let store = mock::Store::new().unwrap();
        let notes = notes(&store, Duration::from_secs(5), |_, _| Ok(false));
        assert_eq!(notes.note(WORKSPACE).unwrap(), None);
        notes.keep_note(WORKSPACE, "first").unwrap();
        notes.keep_note(WORKSPACE, "second").unwrap();
        assert_eq!(notes.note(WORKSPACE).unwrap().as_deref(), Some("second"));
        assert_eq!(notes.note(Uuid::from_u128(2)).unwrap(), None);
        let account = EntryName {
            workspace: WORKSPACE,
            account: Uuid::from_u128(2),
        };
        assert!(matches!(
            notes.keyring.load(&account),
            Err(VaultError::NotFound { .. })
        ));
    }

    #[test]
    fn a_locked_keyring_is_neither_read_nor_written() {
        let store = mock::Store::new().unwrap();
        let open = notes(&store, Duration::from_secs(5), |_, _| Ok(false));
        open.keep_note(WORKSPACE, "before").unwrap();
        let locked = notes(&store, Duration::from_secs(5), |_, _| Ok(true));
        for error in [
            locked.note(WORKSPACE).unwrap_err(),
            locked.keep_note(WORKSPACE, "after").unwrap_err(),
        ] {
            assert_eq!(
                error.to_string(),
                "the keyring is locked: nobody was asked to unlock it"
            );
            assert_eq!(error.code(), "vault_locked");
        }
        assert_eq!(open.note(WORKSPACE).unwrap().as_deref(), Some("before"));
    }

    #[test]
    fn a_keyring_that_does_not_answer_is_left_alone_for_a_while() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        #[expect(clippy::unnecessary_wraps, reason = "as a keyring is asked")]
        fn silent_once(_: &str, _: &str) -> Result<bool, KeyringError> {
            if CALLS.fetch_add(1, Ordering::SeqCst) == 0 {
                thread::sleep(Duration::from_millis(300));
            }
            Ok(false)
        }
        let store = mock::Store::new().unwrap();
        let mut notes = notes(&store, Duration::from_millis(100), silent_once);
        for _ in 0..3 {
            let error = notes.note(WORKSPACE).unwrap_err();
            assert!(matches!(error, VaultError::NoAnswer { .. }), "{error}");
            thread::sleep(Duration::from_millis(300));
        }
        assert_eq!(CALLS.load(Ordering::SeqCst), 1, "it was left alone");
        notes.rest = Duration::ZERO;
        let answered = (0..50).find_map(|_| notes.note(WORKSPACE).ok());
        assert_eq!(answered, Some(None));
    }
}
