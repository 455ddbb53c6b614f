//! A workspace with one account, for the tests of this crate.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use crosswalk_connector::GrantKind;
use crosswalk_vault::{Secret, VaultKind};

use crate::{ConnectionInput, Console, NewAccount, Options};

/// The account's id.
pub(crate) const ACCOUNT: &str = "acme-test";

/// A workspace in `home` with an account of the built-in connector at an address, not connected yet.
pub(crate) async fn with_account(
    home: &Path,
    grant: GrantKind,
    address: String,
    client: (&str, &str),
) -> Console {
    let mut options = Options::new(home.join("workspace"));
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from("a passphrase".to_owned()))));
    let console = Console::open(options).unwrap();
    console.add_tenant("acme", None, None).await.unwrap();
    // The one the stand-in instance stands in for.
    let loaded = console.loaded();
    let connector = loaded.catalogue.iter().next().unwrap();
    let new = NewAccount {
        id: ACCOUNT.to_owned(),
        tenant: "acme".to_owned(),
        connector: connector.connector.name.clone(),
        kind: "sandbox",
        environment: None,
        grant: Some(grant.as_str().to_owned()),
        purpose: "read",
        connection: ConnectionInput {
            config: vec![("instance_url".to_owned(), address)],
            client_id: Some(client.0.to_owned()),
            client_secret: Some(Secret::from(client.1.to_owned())),
            scopes: Some("core.common.read".to_owned()),
            allowed_hosts: Vec::new(),
        },
    };
    console.add_account(new).await.unwrap();
    console
}
