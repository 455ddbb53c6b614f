//! The promise of the clock, as a person meets it: somebody signed in, the clock passes twenty hours and then eighty days,
//! the alert stands in the window, a real notification server shows it, and its button brings the account back.

use std::path::PathBuf;

use crosswalk_sandbox::{Resource, SandboxConfig};
use jiff::SignedDuration;

use crate::support::{Customer, Dunst, Seed, Stage, Window, play};

const ACCOUNT: &str = "acme-person";
const HOUR: i64 = 3_600;

/// Moves the clock, sees the alert by its title, presses "Renew now" on the notification and sees all clear.
async fn renews(
    window: &Window,
    dunst: &Dunst,
    seed: &Seed,
    clock: &PathBuf,
    hours: i64,
    title: &str,
) {
    let before = seed.account_view(ACCOUNT).await;
    window.misses("Wrong now").await;
    std::fs::write(clock, (hours * HOUR + 60).to_string()).unwrap();
    window.sees("Wrong now").await;
    window.lists(title).await;
    dunst.wait("the notification", |dunst| dunst.displayed() > 0);
    dunst.press("Renew now");
    window.misses("Wrong now").await;
    dunst.wait("the notification to go", |dunst| {
        dunst.told().contains(title)
    });
    let after = seed.account_view(ACCOUNT).await;
    assert_eq!(after.status, "active");
    let obtained = |view: &crosswalk_console::AccountView| view.token.as_ref().unwrap().obtained_at;
    assert!(obtained(&after).duration_since(obtained(&before)) >= SignedDuration::from_hours(20));
    // One token is for one use: the new one's ninety days have begun.
    let refreshed = after.refresh_token.unwrap().obtained_at;
    assert!(refreshed > before.refresh_token.unwrap().obtained_at);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn twenty_hours_and_eighty_days_are_told_of_and_renewed() {
    let Some(stage) = Stage::set("clock") else {
        return;
    };
    let Some(dunst) = stage.notifications() else {
        return;
    };
    let clock = stage.clock();
    let seed = stage.seed();
    let instance = seed
        .signs_in(Customer {
            tenant: "acme",
            name: "Acme Manufacturing",
            account: ACCOUNT,
            kind: "production",
            instance: SandboxConfig::for_tests().with(Resource::Invoices, 20),
        })
        .await;
    seed.setting("auto_renew", "off").await;
    // Both thresholds are the connector's.
    let account = seed.account_view(ACCOUNT).await;
    for (token, hours) in [
        (account.token.unwrap(), 20),
        (account.refresh_token.unwrap(), 80 * 24),
    ] {
        let age = token.renew_at.unwrap().duration_since(token.obtained_at);
        assert_eq!(age, SignedDuration::from_hours(hours));
    }
    play(&stage, |window| async move {
        window.go("/alerts").await;
        window.sees("To come").await;
        renews(
            &window,
            &dunst,
            &seed,
            &clock,
            20,
            "Access token due for renewal",
        )
        .await;
        let later = 20 + 80 * 24;
        renews(
            &window,
            &dunst,
            &seed,
            &clock,
            later,
            "Refresh token near its end",
        )
        .await;
        window.go(&format!("/accounts/{ACCOUNT}/credentials")).await;
        window.sees("active").await;
    })
    .await;
    drop(instance);
}
