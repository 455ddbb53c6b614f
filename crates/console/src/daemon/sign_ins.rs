//! Tokens of accounts that somebody signs in to, where renewing does not help for ever.

#![allow(clippy::unwrap_used, reason = "tests")]

use crosswalk_sandbox::SandboxConfig;
use crosswalk_workspace::account::Status;
use crosswalk_workspace::alert::{self, State, kind};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::LONGEST_SLEEP;
use super::rig::Rig;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_that_no_renewal_replaces_asks_for_a_person_and_the_provider_once() {
    let config = SandboxConfig {
        rotate_refresh_tokens: false,
        ..SandboxConfig::for_tests()
    };
    let rig = Rig::at(config).await;
    rig.sign_in("a000").await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    let asked = || rig.sandbox.stats().token_requests;
    let before = asked();
    rig.clock.advance(HOUR * 24 * 80);
    let told = rig.beat(&mut runner, 61).await;
    assert_eq!(asked() - before, 1);
    assert!(
        told.iter().any(|notice| notice.kind == kind::REFRESH_TOKEN),
        "{told:#?}"
    );
    let alert = rig.alert(kind::REFRESH_TOKEN).await;
    assert_eq!(alert.state, State::Active);
    assert!(
        alert.message.contains("brought no new refresh token"),
        "{alert:#?}"
    );
    assert_eq!(alert.hint.as_deref(), Some("Sign in again before then."));
    assert_eq!(runner.sleep_for().await.unwrap(), LONGEST_SLEEP);
    for second in 1..=5 {
        rig.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(rig.beat(&mut runner, 61 + second).await, []);
    }
    assert_eq!(asked() - before, 1);
    // The access token is renewed for as long as that goes.
    rig.clock.advance(HOUR * 20);
    rig.beat(&mut runner, 126).await;
    assert_eq!(asked() - before, 2);
    assert_eq!(rig.status("a000").await, Status::Active);
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_without_a_refresh_token_is_told_of_at_the_threshold_and_serves_to_its_end() {
    let config = SandboxConfig {
        narrow_scopes: true,
        ..SandboxConfig::for_tests()
    };
    let rig = Rig::at(config.without_scope("offline_access")).await;
    rig.sign_in("a000").await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    let asked = || rig.sandbox.stats().token_requests;
    let before = asked();
    rig.clock.advance(HOUR * 20);
    let told = rig.beat(&mut runner, 61).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].kind, kind::ACCESS_TOKEN);
    let alert = rig.alert(kind::ACCESS_TOKEN).await;
    assert_eq!(alert.state, State::Active);
    assert!(alert.message.contains("no refresh token"), "{alert:#?}");
    // Nor is it ended by somebody who tries.
    let never = CancellationToken::new();
    let fault = rig.console.renew_token("a000", &never).await.unwrap_err();
    assert_eq!(fault.code, "needs_reauth");
    assert_eq!(rig.status("a000").await, Status::Active);
    rig.clock.advance(HOUR * 4);
    rig.beat(&mut runner, 121).await;
    assert_eq!(rig.status("a000").await, Status::NeedsReauth);
    let held = rig.console.find_account("a000").await.unwrap();
    let noted = held.health.last_error.unwrap();
    assert_eq!(noted.code, "needs_reauth", "the account itself says why");
    assert!(noted.hint.is_some());
    assert_eq!(asked(), before);
    runner.drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_somebody_was_told_of_is_renewed_once_that_is_possible_again() {
    let rig = Rig::with(2).await;
    let mut runner = rig.runner();
    rig.beat(&mut runner, 1).await;
    let asked = || rig.sandbox.stats().token_requests;
    let before = asked();
    rig.clock.advance(HOUR * 21);
    // As after half an hour without a network: one was seen, the other was not.
    rig.console
        .workspace()
        .write(|tx| {
            for row in alert::open(tx)? {
                if row.kind == kind::ACCESS_TOKEN {
                    alert::activate(tx, row.uuid, None)?;
                }
                if row.account.as_deref() == Some("a001") {
                    alert::acknowledge(tx, &row.uuid.to_string())?;
                }
            }
            Ok(())
        })
        .await
        .unwrap();
    rig.beat(&mut runner, 61).await;
    assert_eq!(asked() - before, 2);
    let open = rig.open().await;
    let now = rig.console.now();
    let planned = open
        .iter()
        .filter(|alert| alert.kind == kind::ACCESS_TOKEN)
        .all(|alert| alert.state == State::Upcoming && alert.due_at > now);
    assert!(planned, "{open:#?}");
    runner.drain().await.unwrap();
}
