//! New secrets that a process died with before they stood in their place.

#![allow(clippy::unwrap_used, reason = "tests")]

use crosswalk_connector::GrantKind;
use crosswalk_vault::Secret;
use crosswalk_workspace::account::Status;
use crosswalk_workspace::credential;
use indexmap::IndexMap;
use tempfile::TempDir;

use super::CLIENT_ID;
use crate::accounts::test_account::{ACCOUNT, with_account};
use crate::{ConnectionInput, Console};

const SECRET: &str = "client_secret";

async fn console(home: &TempDir) -> Console {
    let address = "http://127.0.0.1:9".to_owned();
    let client = ("first-client", "first");
    with_account(home.path(), GrantKind::ClientCredentials, address, client).await
}

fn parts(client: &str, secret: &str) -> IndexMap<String, Secret> {
    [(CLIENT_ID, client), (SECRET, secret)]
        .into_iter()
        .map(|(part, text)| (part.to_owned(), Secret::from(text.to_owned())))
        .collect()
}

fn typed(secret: &str) -> ConnectionInput {
    ConnectionInput {
        client_secret: Some(Secret::from(secret.to_owned())),
        ..ConnectionInput::default()
    }
}

/// The client and the secret the account signs in with.
async fn in_force(console: &Console) -> (String, String) {
    let account = console.find_account(ACCOUNT).await.unwrap();
    let entry = console.entry(&account).await.unwrap();
    let credential = console.credential(&account, &entry).await.unwrap();
    (
        credential[CLIENT_ID].expose().to_owned(),
        credential[SECRET].expose().to_owned(),
    )
}

fn both(client: &str, secret: &str) -> (String, String) {
    (client.to_owned(), secret.to_owned())
}

async fn staged(console: &Console) -> usize {
    let account = console.find_account(ACCOUNT).await.unwrap().uuid;
    let staged = console
        .workspace()
        .read(move |tx| credential::staged(tx, account))
        .await;
    staged.unwrap().len()
}

#[tokio::test]
async fn what_is_typed_after_a_rotation_cut_short_stays_in_force() {
    let home = TempDir::new().unwrap();
    let console = console(&home).await;
    let account = console.find_account(ACCOUNT).await.unwrap();
    let second = parts("second-client", "second");
    console.stage_rotation(&account, &second).await.unwrap();
    assert_eq!(in_force(&console).await, both("second-client", "second"));
    console
        .update_account(ACCOUNT, typed("third"), false)
        .await
        .unwrap();
    assert_eq!(in_force(&console).await, both("second-client", "third"));
    assert_eq!(staged(&console).await, 0);
    assert!(console.carry_on().await.is_empty());
    assert_eq!(in_force(&console).await, both("second-client", "third"));
}

#[tokio::test]
async fn a_rotation_of_an_account_forgotten_meanwhile_leaves_nothing_behind() {
    let home = TempDir::new().unwrap();
    let console = console(&home).await;
    let account = console.find_account(ACCOUNT).await.unwrap();
    console.revoke_and_forget(ACCOUNT).await.unwrap();
    let second = parts("second-client", "second");
    let fault = console.stage_rotation(&account, &second).await.unwrap_err();
    assert_eq!(fault.code, "awaiting_credentials");
    assert_eq!(staged(&console).await, 0);
    assert_eq!(
        console.find_account(ACCOUNT).await.unwrap().status,
        Status::AwaitingCredentials
    );
}

#[tokio::test]
async fn what_is_sealed_under_keys_that_are_gone_keeps_nobody_from_anything() {
    let home = TempDir::new().unwrap();
    let console = console(&home).await;
    let account = console.find_account(ACCOUNT).await.unwrap();
    let keys = console.entry(&account).await.unwrap().keys;
    let uuid = account.uuid;
    let secret = Secret::from("second".to_owned());
    let lost = credential::seal(&keys, uuid, SECRET, &secret).unwrap();
    console.revoke_and_forget(ACCOUNT).await.unwrap();
    let stage = || {
        let lost = lost.clone();
        console
            .workspace()
            .write(move |tx| credential::stage(tx, uuid, SECRET, &lost))
    };
    stage().await.unwrap();
    assert!(console.carry_on().await.is_empty());
    assert_eq!(staged(&console).await, 0);
    // Nor from connecting it again.
    stage().await.unwrap();
    console
        .update_account(ACCOUNT, typed("third"), false)
        .await
        .unwrap();
    assert_eq!(in_force(&console).await, both("first-client", "third"));
    assert_eq!(staged(&console).await, 0);
}
