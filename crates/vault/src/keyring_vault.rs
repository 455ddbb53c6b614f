use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Error as KeyringError};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::entry::{Entry, EntryName};
use crate::keyring_refusal::refusal;
use crate::keyring_thread::{KeyringThread, NoReply};
use crate::random::random;
use crate::vault::{Vault, VaultKind};
use crate::vault_error::VaultError;

/// The service all entries are filed under; the user is the entry's name.
pub(crate) const SERVICE: &str = "crosswalk";

/// Long enough to type a password, short enough that a hidden prompt is noticed.
const PATIENCE: Duration = Duration::from_mins(1);

/// The vault kept by the platform: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
pub struct KeyringVault {
    thread: KeyringThread,
    patience: Duration,
}

impl KeyringVault {
    /// Opens the platform's keyring, waiting up to a minute for each answer.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`] where there is none: a server without a session bus, a session without a keyring.
    pub fn open() -> Result<Self, VaultError> {
        Self::open_with_patience(PATIENCE)
    }

    /// As [`Self::open`], waiting up to `patience` for each answer. A process that no user watches wants a short one.
    pub fn open_with_patience(patience: Duration) -> Result<Self, VaultError> {
        Self::start(platform_store, patience)
    }

    /// Over a store of the caller's choice; for tests, and for platforms with several.
    pub fn over(store: Arc<CredentialStore>, patience: Duration) -> Result<Self, VaultError> {
        Self::start(move || Ok(store), patience)
    }

    fn start(
        open: impl FnOnce() -> Result<Arc<CredentialStore>, String> + Send + 'static,
        patience: Duration,
    ) -> Result<Self, VaultError> {
        let vault = Self::begin(open, patience)?;
        let opened = vault.thread.ask(patience, |store| {
            store.as_ref().map(drop).map_err(String::clone)
        });
        match opened {
            Ok(Ok(())) => Ok(vault),
            Ok(Err(detail)) => Err(VaultError::Unavailable { detail }),
            Err(reply) => Err(no_reply(reply, patience)),
        }
    }

    /// Over the platform's keyring, opened beside the caller: where there is none, the first call fails.
    pub(crate) fn unopened(patience: Duration) -> Result<Self, VaultError> {
        Self::begin(platform_store, patience)
    }

    fn begin(
        open: impl FnOnce() -> Result<Arc<CredentialStore>, String> + Send + 'static,
        patience: Duration,
    ) -> Result<Self, VaultError> {
        let thread = KeyringThread::start(open).map_err(|reply| no_reply(reply, patience))?;
        Ok(Self { thread, patience })
    }

    /// Tries the keyring out: writes, reads and removes an entry that belongs to no account.
    pub fn probe(&self) -> Result<(), VaultError> {
        let name = EntryName {
            workspace: Uuid::nil(),
            account: Uuid::from_bytes(random()?),
        };
        self.call(name, move |keyring| {
            let written = random::<32>()
                .map_err(|_| KeyringError::NotSupportedByStore("no randomness".into()))?;
            keyring.set_secret(&written)?;
            let read = keyring.get_secret();
            keyring.delete_credential()?;
            if read? == written {
                Ok(())
            } else {
                Err(KeyringError::BadStoreFormat(
                    "it does not give back what was stored".into(),
                ))
            }
        })
    }

    /// What a call fails with that is not answered.
    pub(crate) fn no_answer(&self) -> VaultError {
        no_reply(NoReply::TimedOut, self.patience)
    }

    pub(crate) fn call<T: Send + 'static>(
        &self,
        name: EntryName,
        job: impl FnOnce(&keyring_core::Entry) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let answer = self.thread.ask(self.patience, move |store| match store {
            Ok(store) => store
                .build(SERVICE, &name.to_string(), None)
                .and_then(|entry| job(&entry)),
            Err(_) => Err(KeyringError::NoDefaultStore),
        });
        match answer {
            Ok(done) => done.map_err(|error| refusal(error, name)),
            Err(reply) => Err(no_reply(reply, self.patience)),
        }
    }
}

impl Vault for KeyringVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Keyring
    }

    fn load(&self, name: &EntryName) -> Result<Entry, VaultError> {
        let bytes = self.call(*name, |keyring| keyring.get_secret().map(Zeroizing::new))?;
        Entry::decode(&bytes).map_err(|defect| defect.of(*name))
    }

    fn store(&self, name: &EntryName, entry: &Entry) -> Result<(), VaultError> {
        let encoded = entry.encode()?;
        self.call(*name, move |keyring| keyring.set_secret(&encoded))
    }

    fn remove(&self, name: &EntryName) -> Result<(), VaultError> {
        self.call(*name, keyring_core::Entry::delete_credential)
    }
}

impl fmt::Debug for KeyringVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringVault")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// The platform's store. `keyring` tries once per process and remembers the outcome.
fn platform_store() -> Result<Arc<CredentialStore>, String> {
    match keyring::Entry::store_status() {
        Ok(()) => {
            keyring_core::get_default_store().ok_or_else(|| "it could not be opened".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn no_reply(reply: NoReply, waited: Duration) -> VaultError {
    match reply {
        NoReply::TimedOut => VaultError::NoAnswer { waited },
        NoReply::Ended => VaultError::KeyringFailed {
            detail: "its library ended unexpectedly".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::any::Any;
    use std::collections::HashMap;
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use keyring_core::api::CredentialStoreApi;
    use keyring_core::mock;

    use super::*;
    use crate::account_keys::AccountKeys;
    use crate::secret::Secret;

    const NAME: EntryName = EntryName {
        workspace: Uuid::from_u128(1),
        account: Uuid::from_u128(2),
    };

    fn entry() -> Entry {
        Entry {
            keys: AccountKeys::generate().unwrap(),
            client_secret: Some(Secret::from("client secret".to_owned())),
        }
    }

    fn mock_vault() -> (KeyringVault, Arc<mock::Store>) {
        let store = mock::Store::new().unwrap();
        let vault = KeyringVault::over(store.clone(), Duration::from_secs(5)).unwrap();
        (vault, store)
    }

    /// What the mock holds for the entry, to be made to fail or to be damaged.
    fn with_cred(store: &mock::Store, act: impl FnOnce(&mock::Cred)) {
        let entry = store.build(SERVICE, &NAME.to_string(), None).unwrap();
        act(entry.as_any().downcast_ref().unwrap());
    }

    #[test]
    fn entries_go_in_come_back_and_go_away() {
        let (vault, _store) = mock_vault();
        assert!(matches!(
            vault.load(&NAME),
            Err(VaultError::NotFound { .. })
        ));
        let entry = entry();
        vault.store(&NAME, &entry).unwrap();
        let loaded = vault.load(&NAME).unwrap();
        assert_eq!(loaded.keys.current(), entry.keys.current());
        assert_eq!(loaded.client_secret, entry.client_secret);
        vault.probe().unwrap();
        vault.remove(&NAME).unwrap();
        assert!(matches!(
            vault.remove(&NAME),
            Err(VaultError::NotFound { .. })
        ));
    }

    #[test]
    fn a_refusal_reaches_the_caller_and_changes_nothing() {
        let (vault, store) = mock_vault();
        let entry = entry();
        vault.store(&NAME, &entry).unwrap();
        with_cred(&store, |cred| {
            cred.set_error(KeyringError::NoStorageAccess("locked".into()));
        });
        assert_eq!(vault.load(&NAME).unwrap_err().code(), "vault_locked");
        with_cred(&store, |cred| {
            cred.set_error(KeyringError::TooLong("secret".into(), 100));
        });
        assert!(matches!(
            vault.store(&NAME, &entry),
            Err(VaultError::EntryTooLarge { limit: 100, .. })
        ));
        assert_eq!(
            vault.load(&NAME).unwrap().keys.current(),
            entry.keys.current()
        );
    }

    #[test]
    fn a_damaged_or_newer_entry_is_an_error_and_stays() {
        let (vault, store) = mock_vault();
        for (bytes, code) in [
            (&b""[..], "vault_corrupt"),
            (b"\x01\x01", "vault_corrupt"),
            (b"\x02", "vault_newer"),
        ] {
            store
                .build(SERVICE, &NAME.to_string(), None)
                .unwrap()
                .set_secret(bytes)
                .unwrap();
            assert_eq!(vault.load(&NAME).unwrap_err().code(), code);
        }
    }

    #[test]
    fn no_store_is_unavailable() {
        let opened = KeyringVault::start(|| Err("no bus".into()), Duration::from_secs(5));
        assert!(matches!(opened, Err(VaultError::Unavailable { detail }) if detail == "no bus"));
    }

    #[test]
    fn a_library_that_panics_is_an_error() {
        #[expect(clippy::panic, reason = "what is tested")]
        let opened = KeyringVault::start(
            || panic!("the platform's library panicked"),
            Duration::from_secs(5),
        );
        assert_eq!(opened.unwrap_err().code(), "vault_failed");
    }

    /// A store that waits for a user who is away: each call is announced and then waits to be let go.
    #[derive(Debug)]
    struct Prompting {
        called: Mutex<Sender<()>>,
        let_go: Mutex<Receiver<()>>,
    }

    impl CredentialStoreApi for Prompting {
        fn vendor(&self) -> String {
            String::new()
        }

        fn id(&self) -> String {
            String::new()
        }

        fn build(
            &self,
            _: &str,
            _: &str,
            _: Option<&HashMap<&str, &str>>,
        ) -> Result<keyring_core::Entry, KeyringError> {
            self.called.lock().unwrap().send(()).unwrap();
            let _ = self.let_go.lock().unwrap().recv();
            Err(KeyringError::NoEntry)
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    #[test]
    fn a_prompt_nobody_answers_ends_in_time_and_what_was_given_up_is_not_done_later() {
        let (called, calls) = channel();
        let (let_go, gate) = channel();
        let store = Arc::new(Prompting {
            called: Mutex::new(called),
            let_go: Mutex::new(gate),
        });
        let mut vault = KeyringVault::over(store, Duration::from_millis(30)).unwrap();
        for _ in 0..3 {
            let error = vault.store(&NAME, &entry()).unwrap_err();
            assert!(matches!(error, VaultError::NoAnswer { .. }));
            assert_eq!(error.code(), "vault_locked");
        }
        // The user answers: the call that waits goes on, the two behind it are dropped, and the vault works again.
        let_go.send(()).unwrap();
        let_go.send(()).unwrap();
        vault.patience = Duration::from_secs(5);
        assert!(matches!(
            vault.load(&NAME),
            Err(VaultError::NotFound { .. })
        ));
        assert_eq!(calls.try_iter().count(), 2);
    }
}
