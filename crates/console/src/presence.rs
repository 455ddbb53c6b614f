//! Whether the person at the machine is the one it belongs to, as far as the vault can tell.

use crosswalk_vault::{KeyringVault, PassphraseVault, Secret, VAULT_FILE_NAME, VaultKind};
use crosswalk_workspace::setting;

use crate::console::blocking;
use crate::settings::IDLE_LOCK;
use crate::{Console, Fault};

/// What is typed where the system's keyring holds the secrets: an explicit act, and no proof of who does it.
const WORD: &str = "unlock";

/// After how many minutes without input the window locks unless somebody says otherwise.
pub(crate) const IDLE_LOCK_DEFAULT: u32 = 15;

/// The minutes a setting's text means; none: never.
pub(crate) fn idle_minutes(text: Option<&str>) -> Option<u32> {
    match text {
        None => Some(IDLE_LOCK_DEFAULT),
        Some(text) => text.parse().ok().filter(|minutes| *minutes > 0),
    }
}

impl Console {
    /// After how many minutes without input the window locks; none: never.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn idle_lock_minutes(&self) -> Result<Option<u32>, Fault> {
        let value = self
            .workspace()
            .read(|tx| setting::get(tx, &setting::Level::Workspace, IDLE_LOCK))
            .await?;
        Ok(idle_minutes(
            value.as_ref().and_then(serde_json::Value::as_str),
        ))
    }

    /// What [`Console::confirm_presence`] takes: `passphrase`, or `word` where the keyring holds the secrets.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn presence_asked_by(&self) -> Result<&'static str, Fault> {
        Ok(match self.workspace().vault_kind().await? {
            Some(VaultKind::Passphrase) => "passphrase",
            _ => "word",
        })
    }

    /// Takes somebody's word that it is them. With a passphrase vault the passphrase must open it. With the system's
    /// keyring the word `unlock` is typed and the keyring has to answer, which asks for its password where it is
    /// locked; where it is open this is an explicit act and no proof.
    ///
    /// # Errors
    /// `vault_wrong_passphrase`, `not_confirmed`, and what keeps the vault from answering.
    pub async fn confirm_presence(&self, answer: Secret) -> Result<(), Fault> {
        let kind = self.workspace().vault_kind().await?;
        if kind == Some(VaultKind::Passphrase) {
            let path = self.workspace().folder().path().join(VAULT_FILE_NAME);
            blocking(move || PassphraseVault::open(path, &answer).map(drop)).await??;
            return Ok(());
        }
        if answer.expose().trim() != WORD {
            return Err(Fault::invalid(
                "not_confirmed",
                "The window stays locked.",
                format!("Type {WORD}."),
            ));
        }
        if kind == Some(VaultKind::Keyring) {
            blocking(|| KeyringVault::open().and_then(|vault| vault.probe())).await??;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_comes_after_fifteen_minutes_unless_said_otherwise() {
        for (text, minutes) in [
            (None, Some(15)),
            (Some("5"), Some(5)),
            (Some("0"), None),
            (Some("off"), None),
        ] {
            assert_eq!(idle_minutes(text), minutes, "{text:?}");
        }
    }
}
