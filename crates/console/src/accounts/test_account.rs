//! A workspace with one account, for the tests of this crate.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
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
    let console = opened(home).await;
    let connector = stood_in_for(&console);
    add(&console, connector, grant, address, client).await;
    console
}

/// As [`with_account`], of a copy of that connector whose token may be used at once and whose browser comes back to this
/// port, or to any free one.
pub(crate) async fn with_account_coming_back_to(
    home: &Path,
    port: Option<u16>,
    address: String,
    client: (&str, &str),
) -> Console {
    const COPY: &str = "standin";
    let console = opened(home).await;
    let name = stood_in_for(&console);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../connectors")
        .join(&name);
    let port = port.map_or_else(String::new, |port| format!("port: {port}, "));
    let mut text = fs::read_to_string(shipped.join("connector.yaml")).unwrap();
    for (old, new) in [
        (format!("\nname: {name}\n"), format!("\nname: {COPY}\n")),
        ("settle: 5s".to_owned(), "settle: 0s".to_owned()),
        ("port: 47823, ".to_owned(), port),
    ] {
        assert_eq!(text.matches(&old).count(), 1, "{old:?}");
        text = text.replace(&old, &new);
    }
    let folder = console.connectors_folder().join(COPY);
    copy(&shipped.join("mappings"), &folder.join("mappings"));
    fs::write(folder.join("connector.yaml"), text).unwrap();
    console.reload_connectors();
    let grant = GrantKind::AuthorizationCode;
    add(&console, COPY.to_owned(), grant, address, client).await;
    console
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

async fn opened(home: &Path) -> Console {
    let mut options = Options::new(home.join("workspace"));
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from("a passphrase".to_owned()))));
    let console = Console::open(options).unwrap();
    console.add_tenant("acme", None, None).await.unwrap();
    console
}

/// The name of the connector the stand-in instance stands in for.
fn stood_in_for(console: &Console) -> String {
    let loaded = console.loaded();
    let connector = loaded.catalogue.iter().next().unwrap();
    connector.connector.name.clone()
}

async fn add(
    console: &Console,
    connector: String,
    grant: GrantKind,
    address: String,
    client: (&str, &str),
) {
    let new = NewAccount {
        id: ACCOUNT.to_owned(),
        tenant: "acme".to_owned(),
        connector,
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
}
