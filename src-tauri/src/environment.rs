//! What a machine without a desktop keyring says through environment variables, the same as `xwalk` reads.

use std::path::PathBuf;
use std::sync::Arc;

use crosswalk_console::{Fault, Options, Secret, VaultKind};

/// What holds the vault's passphrase.
pub(crate) const PASSPHRASE: &str = "XWALK_PASSPHRASE";

/// Takes the vault's passphrase out of the environment, which the processes that draw the window, and a browser that is
/// opened from it, would inherit.
///
/// # Safety
/// No other thread may run yet: the environment is shared by all.
pub unsafe fn take_passphrase() -> Option<Secret> {
    let passphrase = std::env::var(PASSPHRASE).ok().map(Secret::from);
    // SAFETY: the caller says that nobody reads it meanwhile.
    unsafe { std::env::remove_var(PASSPHRASE) };
    passphrase
}

/// Which workspace to open and how: `XWALK_WORKSPACE` (else the one in the platform's data folder), `XWALK_VAULT`
/// (else what the workspace remembers) and `XWALK_PASSPHRASE`.
///
/// # Errors
/// `no_home`, and `invalid_setting` for a vault there is none of.
pub(crate) fn options(variable: impl Fn(&str) -> Option<String>) -> Result<Options, Fault> {
    let folder = variable("XWALK_WORKSPACE")
        .map(PathBuf::from)
        .map_or_else(Options::default_folder, Ok)?;
    let mut options = Options::new(folder);
    options.vault = match variable("XWALK_VAULT").as_deref() {
        None | Some("") => None,
        Some("keyring") => Some(VaultKind::Keyring),
        Some("passphrase") => Some(VaultKind::Passphrase),
        Some(other) => {
            return Err(Fault::invalid(
                "invalid_setting",
                format!("XWALK_VAULT is {other:?}, and there is no such vault."),
                "Set it to keyring or passphrase, or leave it out.",
            ));
        }
    };
    if let Some(passphrase) = variable(PASSPHRASE) {
        let passphrase = Secret::from(passphrase);
        options.passphrase = Some(Arc::new(move |_| {
            Ok(Secret::from(passphrase.expose().to_owned()))
        }));
    }
    Ok(options)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn with(variables: &'static [(&str, &str)]) -> Result<Options, Fault> {
        options(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn takes_the_vault_and_its_passphrase_from_the_environment() {
        let plain = with(&[("XWALK_WORKSPACE", "/w")]).unwrap();
        assert!(plain.vault.is_none() && plain.passphrase.is_none());
        let given = with(&[
            ("XWALK_WORKSPACE", "/w"),
            ("XWALK_VAULT", "passphrase"),
            ("XWALK_PASSPHRASE", "p"),
        ])
        .unwrap();
        assert_eq!(given.vault, Some(VaultKind::Passphrase));
        assert_eq!(given.passphrase.unwrap()(false).unwrap().expose(), "p");
        let wrong = with(&[("XWALK_WORKSPACE", "/w"), ("XWALK_VAULT", "drawer")]).unwrap_err();
        assert_eq!(wrong.code, "invalid_setting");
    }
}
