//! An account as a form sends it.

use indexmap::IndexMap;
use serde::Deserialize;
use specta::Type;

use crate::accounts::{ConnectionInput, NewAccount};
use crate::{Console, Fault, Secret};

/// An account to be added, as a form sends it. It may hold a secret, so it cannot be printed.
#[derive(Deserialize, Type)]
pub struct NewAccountInput {
    pub id: String,
    pub tenant: String,
    pub connector: String,
    /// `sandbox` or `production`.
    pub kind: String,
    pub environment: Option<String>,
    pub config: IndexMap<String, String>,
    pub client_id: Option<String>,
    /// The secret; a JSON object of texts where the credential has several parts.
    pub secret: Option<String>,
    /// In any separator; null: the connector's least-privilege default.
    pub scopes: Option<String>,
    /// Null: the connector's first.
    pub grant: Option<String>,
    /// `read` or `write`; null: read.
    pub purpose: Option<String>,
    /// Hosts beyond the connector's own that the user typed to confirm.
    pub allow_hosts: Vec<String>,
}

/// What of an account is to change, as a form sends it. It may hold a secret, so it cannot be printed.
#[derive(Deserialize, Type)]
pub struct AccountInput {
    /// Settings to change; those left out stay, those left empty are taken away.
    pub config: IndexMap<String, String>,
    pub client_id: Option<String>,
    pub secret: Option<String>,
    pub scopes: Option<String>,
    pub allow_hosts: Vec<String>,
    /// Approve the connector as it is now.
    #[serde(default)]
    pub approve: bool,
}

fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// Settings without those left empty: an empty field of a form is a setting not given.
fn settings(config: IndexMap<String, String>) -> Vec<(String, String)> {
    config
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .collect()
}

fn one_of(what: &str, word: &str, known: [&'static str; 2]) -> Result<&'static str, Fault> {
    known.into_iter().find(|one| *one == word).ok_or_else(|| {
        Fault::invalid(
            "invalid_input",
            format!("{word:?} is not a {what}."),
            format!("It is {}.", known.join(" or ")),
        )
    })
}

impl NewAccountInput {
    fn checked(self) -> Result<NewAccount, Fault> {
        Ok(NewAccount {
            kind: one_of("kind of account", &self.kind, ["sandbox", "production"])?,
            purpose: one_of(
                "purpose",
                self.purpose.as_deref().unwrap_or("read"),
                ["read", "write"],
            )?,
            id: self.id,
            tenant: self.tenant,
            connector: self.connector,
            environment: filled(self.environment),
            grant: self.grant,
            connection: ConnectionInput {
                config: settings(self.config),
                client_id: filled(self.client_id),
                client_secret: self
                    .secret
                    .filter(|text| !text.is_empty())
                    .map(Secret::from),
                scopes: filled(self.scopes),
                allowed_hosts: self.allow_hosts,
            },
        })
    }
}

impl Console {
    /// Adds an account as a form sent it.
    ///
    /// # Errors
    /// `invalid_input`, and as [`Console::add_account`].
    pub async fn add_account_of(
        &self,
        input: NewAccountInput,
    ) -> Result<crate::AccountView, Fault> {
        self.add_account(input.checked()?).await
    }

    /// Changes an account as a form sent it.
    ///
    /// # Errors
    /// As [`Console::update_account`].
    pub async fn update_account_of(
        &self,
        id: &str,
        input: AccountInput,
    ) -> Result<crate::AccountView, Fault> {
        let connection = ConnectionInput {
            config: input.config.into_iter().collect(),
            client_id: filled(input.client_id),
            client_secret: input
                .secret
                .filter(|text| !text.is_empty())
                .map(Secret::from),
            scopes: filled(input.scopes),
            allowed_hosts: input.allow_hosts,
        };
        self.update_account(id, connection, input.approve).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn input(kind: &str, secret: &str, environment: &str) -> NewAccountInput {
        NewAccountInput {
            id: "acme".into(),
            tenant: "acme".into(),
            connector: "one".into(),
            kind: kind.into(),
            environment: Some(environment.into()),
            config: IndexMap::from([
                ("url".to_owned(), "https://acme.example".to_owned()),
                ("optional".to_owned(), " ".to_owned()),
            ]),
            client_id: Some(" id ".into()),
            secret: Some(secret.into()),
            scopes: Some(String::new()),
            grant: None,
            purpose: None,
            allow_hosts: Vec::new(),
        }
    }

    #[test]
    fn empty_fields_of_a_form_are_left_out() {
        let new = input("sandbox", "", "  ").checked().unwrap();
        assert_eq!(new.environment, None);
        assert_eq!(new.connection.config.len(), 1);
        assert_eq!(new.connection.client_id.as_deref(), Some("id"));
        assert!(new.connection.client_secret.is_none());
        assert_eq!(new.connection.scopes, None);
    }

    #[test]
    fn a_kind_that_is_none_is_refused() {
        let fault = input("staging", "s", "e").checked().unwrap_err();
        assert_eq!(fault.code, "invalid_input");
        assert_eq!(fault.hint.as_deref(), Some("It is sandbox or production."));
    }
}
