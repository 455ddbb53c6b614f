//! Tokens and secrets after a restore: they do not go back in time with the rest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{add_account, open, options};
use crosswalk_workspace::account::{self, Status};
use crosswalk_workspace::backup::{self, Reason};
use crosswalk_workspace::token::{self, Clocks};
use crosswalk_workspace::{AccountId, Folder, Result, Workspace, WriteTx, alert, credential};

/// Stores tokens, as if `sealed` were what was sealed of them.
fn sign_in(tx: &WriteTx<'_>, account: AccountId, sealed: &[u8], refreshes: bool) -> Result<()> {
    let clocks = Clocks {
        obtained_at: tx.now(),
        usable_at: tx.now(),
        expires_at: None,
        renew_at: None,
        scopes: None,
        refresh_obtained_at: refreshes.then(|| tx.now()),
        refresh_expires_at: None,
        refresh_renew_at: None,
    };
    token::save(tx, account, sealed, &clocks)
}

/// Accounts as they were when the backup was taken: two that were signed in, and one that gets its tokens by itself.
async fn backed_up(workspace: &Workspace) -> ([AccountId; 3], String) {
    let accounts = workspace
        .write(|tx| {
            let mut accounts = Vec::new();
            for slug in ["used", "forgotten", "machine"] {
                let account = add_account(tx, slug)?;
                account::set_status(tx, account.uuid, Status::Active, None)?;
                sign_in(tx, account.uuid, b"first", slug != "machine")?;
                credential::replace(tx, account.uuid, "private_key", Some(b"first key"))?;
                accounts.push(account.uuid);
            }
            Ok(<[AccountId; 3]>::try_from(accounts).unwrap())
        })
        .await
        .unwrap();
    let backup = workspace.back_up(Reason::Manual).await.unwrap();
    (accounts, backup.name)
}

/// Sealed tokens, sealed secrets and status of an account.
fn held(workspace: &Workspace, account: AccountId) -> (Option<Vec<u8>>, Vec<Vec<u8>>, Status) {
    workspace
        .read_blocking(|tx| {
            let token = token::get(tx, account)?.map(|token| token.sealed);
            let secrets = credential::list(tx, account)?;
            let status = account::by_id(tx, account)?.status;
            let secrets = secrets.into_iter().filter_map(|part| part.sealed);
            Ok((token, secrets.collect(), status))
        })
        .unwrap()
}

#[tokio::test]
async fn newer_tokens_and_secrets_are_carried_over_from_what_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let files = Folder::new(folder.path());
    let workspace = open(folder.path());
    let ([used, forgotten, machine], name) = backed_up(&workspace).await;
    workspace
        .write(move |tx| {
            sign_in(tx, used, b"second", true)?;
            credential::replace(tx, used, "private_key", Some(b"second key"))?;
            token::forget(tx, forgotten)?;
            credential::remove_all(tx, forgotten)
        })
        .await
        .unwrap();
    drop(workspace);
    backup::restore(&files, &name, &options()).unwrap();
    let workspace = open(folder.path());
    assert_eq!(
        held(&workspace, used),
        (
            Some(b"second".to_vec()),
            vec![b"second key".to_vec()],
            Status::Active
        )
    );
    assert_eq!(
        held(&workspace, forgotten),
        (None, Vec::new(), Status::NeedsReauth)
    );
    assert_eq!(
        held(&workspace, machine),
        (
            Some(b"first".to_vec()),
            vec![b"first key".to_vec()],
            Status::Active
        )
    );
    drop(workspace);

    // What was replaced is the newer one: brought back, it brings what is newest all the same.
    let replaced = backup::list(&files).unwrap();
    let replaced = replaced
        .iter()
        .find(|backup| backup.reason == Reason::Restore)
        .unwrap();
    backup::restore(&files, &replaced.name, &options()).unwrap();
    let workspace = open(folder.path());
    assert_eq!(held(&workspace, used).0, Some(b"second".to_vec()));
}

#[tokio::test]
async fn where_nothing_can_be_carried_over_refresh_tokens_are_forgotten() {
    for damage in [Some("rubbish"), None] {
        let folder = tempfile::tempdir().unwrap();
        let files = Folder::new(folder.path());
        let workspace = open(folder.path());
        let ([used, forgotten, machine], name) = backed_up(&workspace).await;
        drop(workspace);
        match damage {
            Some(text) => std::fs::write(files.database(), text).unwrap(),
            None => std::fs::remove_file(files.database()).unwrap(),
        }
        backup::restore(&files, &name, &options()).unwrap();
        let workspace = open(folder.path());
        for account in [used, forgotten] {
            let (token, secrets, status) = held(&workspace, account);
            assert_eq!((token, status), (None, Status::NeedsReauth), "{damage:?}");
            assert_eq!(secrets, [b"first key".to_vec()]);
            let account = workspace
                .read_blocking(move |tx| account::by_id(tx, account))
                .unwrap();
            let noted = account.health.last_error.unwrap();
            assert_eq!(noted.code, "needs_reauth", "{damage:?}");
            assert_eq!(noted.hint.as_deref(), Some("Sign in again."));
        }
        let (token, _, status) = held(&workspace, machine);
        assert_eq!(
            (token, status),
            (Some(b"first".to_vec()), Status::Active),
            "{damage:?}"
        );
        let alerts = workspace.read_blocking(alert::open).unwrap();
        let told: Vec<&str> = alerts
            .iter()
            .filter(|alert| alert.kind == alert::kind::NEEDS_REAUTH)
            .filter_map(|alert| alert.hint.as_deref())
            .collect();
        assert_eq!(told, ["Sign in again.", "Sign in again."], "{damage:?}");
    }
}
