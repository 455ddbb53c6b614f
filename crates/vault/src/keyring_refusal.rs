use keyring_core::Error;
use keyring_core::error::PlatformError;
use zeroize::Zeroizing;

use crate::entry::{ENTRY_MAX_BYTES, EntryName};
use crate::vault::VaultKind;
use crate::vault_error::VaultError;

/// What a refusal of the keyring means. Takes the error by value: some variants hold the secret that was read, which
/// must not travel on inside ours.
pub(crate) fn refusal(error: Error, name: EntryName) -> VaultError {
    match error {
        Error::NoEntry => VaultError::NotFound {
            kind: VaultKind::Keyring,
            name,
        },
        Error::NoDefaultStore => VaultError::Unavailable {
            detail: "none could be opened".into(),
        },
        Error::NoStorageAccess(reason) => no_access(&reason),
        Error::TooLong(_, limit) => VaultError::EntryTooLarge {
            bytes: ENTRY_MAX_BYTES,
            limit: usize::try_from(limit).unwrap_or(ENTRY_MAX_BYTES),
        },
        Error::Ambiguous(entries) => VaultError::EntryAmbiguous {
            name,
            count: entries.len(),
        },
        Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _) => {
            drop(Zeroizing::new(bytes));
            VaultError::EntryCorrupt { name }
        }
        // Their texts name no secret: a platform's reason, a store's format, an attribute's name.
        other => VaultError::KeyringFailed {
            detail: other.to_string(),
        },
    }
}

/// The Secret Service tells three reasons apart. `NoResult` comes from a service that has no default keyring, as in a
/// session nobody logged in to: there is nothing to unlock.
#[cfg(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
))]
fn no_access(reason: &PlatformError) -> VaultError {
    use secret_service::Error as ServiceError;
    match reason.downcast_ref() {
        Some(ServiceError::NoResult) => VaultError::Unavailable {
            detail: "the session's Secret Service has no default keyring".into(),
        },
        Some(ServiceError::Prompt) => VaultError::Locked {
            detail: "the prompt to unlock it was dismissed or could not be shown".into(),
        },
        _ => VaultError::Locked {
            detail: reason.to_string(),
        },
    }
}

/// Keychain and Credential Manager report a locked store and a refusing user alike.
#[cfg(not(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
)))]
fn no_access(reason: &PlatformError) -> VaultError {
    VaultError::Locked {
        detail: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_refusal_gets_the_code_a_face_acts_on() {
        let name = EntryName {
            workspace: Uuid::nil(),
            account: Uuid::nil(),
        };
        let reason = || PlatformError::from("reason");
        let hidden = b"hidden".to_vec();
        for (error, code) in [
            (Error::NoEntry, "vault_entry_missing"),
            (Error::NoDefaultStore, "vault_unavailable"),
            (Error::NoStorageAccess(reason()), "vault_locked"),
            (
                Error::TooLong("secret".into(), 2560),
                "vault_entry_too_large",
            ),
            (Error::Ambiguous(Vec::new()), "vault_entry_ambiguous"),
            (Error::BadEncoding(hidden.clone()), "vault_corrupt"),
            (Error::BadDataFormat(hidden, reason()), "vault_corrupt"),
            (Error::BadStoreFormat("odd".into()), "vault_failed"),
            (Error::PlatformFailure(reason()), "vault_failed"),
            (Error::Invalid("a".into(), "b".into()), "vault_failed"),
            (Error::NotSupportedByStore("c".into()), "vault_failed"),
        ] {
            let refusal = refusal(error, name);
            assert_eq!(refusal.code(), code, "{refusal:?}");
            assert!(!format!("{refusal:?} {refusal}").contains("hidden"));
            assert!(!refusal.hint().is_empty());
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_service_without_a_keyring_is_not_called_locked() {
        use secret_service::Error as ServiceError;
        for (reason, code) in [
            (ServiceError::NoResult, "vault_unavailable"),
            (ServiceError::Prompt, "vault_locked"),
            (ServiceError::Locked, "vault_locked"),
        ] {
            assert_eq!(no_access(&PlatformError::from(reason)).code(), code);
        }
    }
}
