//! House-keeping over months.

#![allow(clippy::unwrap_used, reason = "tests")]

use crosswalk_vault::Secret;
use crosswalk_workspace::account::Status;
use crosswalk_workspace::credential;
use crosswalk_workspace::setting::{self, Level};
use jiff::SignedDuration;
use serde_json::json;

use super::rig::Rig;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_retired_after_ninety_days_and_dropped_with_the_last_backup_that_needs_it() {
    let rig = Rig::with(1).await;
    let mut runner = rig.runner();
    let keys = || async {
        let account = rig.console.find_account("a000").await.unwrap();
        let entry = rig.console.entry(&account).await.unwrap();
        (entry.keys.current(), entry.keys.retired().count())
    };
    // Something that nothing writes anew, as a token is each day.
    let account = rig.console.find_account("a000").await.unwrap();
    let (uuid, entry) = (account.uuid, rig.console.entry(&account).await.unwrap());
    let secret = Secret::from("kept".to_owned());
    let sealed = credential::seal(&entry.keys, uuid, "spare", &secret).unwrap();
    rig.console
        .workspace()
        .write(move |tx| credential::replace(tx, uuid, "spare", Some(&sealed)))
        .await
        .unwrap();
    let mut ran = 1;
    rig.beat(&mut runner, ran).await;
    let (first, _) = keys().await;
    rig.clock.advance(DAY * 89);
    ran += 60;
    rig.beat(&mut runner, ran).await;
    assert_eq!(keys().await, (first, 0));
    rig.clock.advance(DAY);
    ran += 60;
    rig.beat(&mut runner, ran).await;
    let (second, retired) = keys().await;
    assert_ne!(first, second);
    assert_eq!(retired, 1);
    // Seven daily and four weekly backups later nothing needs the old one.
    let mut gone_after = None;
    for day in 1..60 {
        rig.clock.advance(DAY);
        ran += 60;
        rig.beat(&mut runner, ran).await;
        // What the old key sealed is readable all along.
        let (current, retired) = keys().await;
        assert_eq!(current, second);
        if retired == 0 {
            gone_after = Some(day);
            break;
        }
    }
    let gone_after = gone_after.unwrap();
    assert!((7..=36).contains(&gone_after), "after {gone_after} days");
    let parts = rig
        .console
        .workspace()
        .read(move |tx| credential::list(tx, uuid))
        .await
        .unwrap();
    let spare = parts.iter().find(|part| part.part == "spare").unwrap();
    let keys = rig.console.entry(&account).await.unwrap().keys;
    assert_eq!(spare.open(&keys, uuid).unwrap(), Some(secret));
    let history = rig.console.credential_history("a000", 500).await.unwrap();
    for kind in [
        "account:keys_rotated",
        "account:resealed",
        "account:keys_dropped",
    ] {
        assert!(history.iter().any(|event| event.kind == kind), "{kind}");
    }
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgetting_that_cannot_be_ended_keeps_no_other_from_it() {
    let rig = Rig::with(2).await;
    let mut accounts = Vec::new();
    for id in ["a000", "a001"] {
        accounts.push(rig.console.find_account(id).await.unwrap());
    }
    accounts.sort_by_key(|account| account.uuid.to_string());
    for account in &accounts {
        let (level, note) = (
            Level::Account(account.uuid),
            json!({ "how": "failed", "done": false }),
        );
        rig.console
            .workspace()
            .write(move |tx| setting::set(tx, &level, "forgotten", Some(&note)))
            .await
            .unwrap();
    }
    // Nobody can lock a folder: the first one's lease is not to be had.
    let leases = rig.console.workspace().folder().leases();
    let lock = leases.join(format!("{}-token.lock", accounts[0].uuid));
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let statuses = || async {
        let mut statuses = Vec::new();
        for account in &accounts {
            let held = rig.console.find_account(&account.slug).await.unwrap();
            statuses.push(held.status);
        }
        statuses
    };
    assert_eq!(rig.console.carry_on().await.len(), 1);
    assert_eq!(
        statuses().await,
        [Status::Active, Status::AwaitingCredentials]
    );
    // Tried again once it can be done.
    std::fs::remove_dir(&lock).unwrap();
    assert!(rig.console.carry_on().await.is_empty());
    assert_eq!(statuses().await, [Status::AwaitingCredentials; 2]);
}
