use keyring_core::Error;

/// Whether using an entry would ask somebody to unlock something. A call to a locked Secret Service shows a prompt, also
/// one that only looks whether an entry is there; what is asked here shows none.
#[cfg(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
))]
pub(crate) fn would_ask(service: &str, user: &str) -> Result<bool, Error> {
    use std::collections::HashMap;

    use secret_service::blocking::SecretService;
    use secret_service::{EncryptionType, Error as ServiceError};

    let failed = |error: ServiceError| Error::PlatformFailure(Box::new(error));
    // No secret goes over this session.
    let keyring = SecretService::connect(EncryptionType::Plain).map_err(failed)?;
    // A new entry goes there. Some services name no entry of a locked keyring at all.
    let locked = match keyring.get_default_collection() {
        Ok(collection) => collection.is_locked().map_err(failed)?,
        Err(ServiceError::NoResult) => false,
        Err(error) => return Err(failed(error)),
    };
    if locked {
        return Ok(true);
    }
    let named = HashMap::from([("service", service), ("username", user)]);
    let found = keyring.search_items(named).map_err(failed)?;
    Ok(!found.locked.is_empty())
}

/// Keychain and Credential Manager are unlocked with the login, and say nothing beforehand.
#[cfg(not(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
)))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the Secret Service may fail to say"
)]
pub(crate) fn would_ask(_: &str, _: &str) -> Result<bool, Error> {
    Ok(false)
}
