//! Looking after credentials: the window is locked and opened, the audit verified, the custody list written, and a
//! production account revoked with its name typed, after which the truth stands on its screen.

use crosswalk_sandbox::{Resource, SandboxConfig};

use crate::support::{Customer, PASSPHRASE, Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_locked_window_waits_and_a_revoked_account_says_what_is_still_valid() {
    let Some(stage) = Stage::set("looking-after") else {
        return;
    };
    let seed = stage.seed();
    let instance = seed
        .customer(Customer {
            tenant: "acme",
            name: "Acme Manufacturing",
            account: "acme-prod",
            kind: "production",
            instance: SandboxConfig::for_tests().with(Resource::Invoices, 20),
        })
        .await;
    seed.sync("acme-prod", "invoices", "test").await;
    drop(seed);
    play(&stage, |window| async move {
        window.go("/settings").await;
        window.press("Verify").await;
        window.sees("unbroken").await;
        window.sees("Never written yet.").await;
        window.chord("Ctrl+K").await;
        window.types("lock the window").await;
        window.sees("Lock the window").await;
        window.chord("Enter").await;
        window.sees("Locked: nothing is revealed").await;
        window.press("Write it").await;
        window.sees("The window is locked").await;
        window.press("Unlock").await;
        window.fill("Passphrase", PASSPHRASE).await;
        window.chord("Enter").await;
        window.misses("Locked: nothing is revealed").await;
        window.press("Write it").await;
        window.sees("custody-").await;
        window.sees("Audit head: row").await;

        window.go("/accounts/acme-prod/credentials").await;
        window.sees("Data stays in EU").await;
        window.sees("core.invoice.read").await;
        window.sees("credential:stored").await;
        window.press("Revoke and forget…").await;
        window.fill("to confirm", "acme-prod").await;
        window.press("Revoke and forget").await;
        let told = window.sees("Connect again").await;
        assert!(told.contains("Forgotten here"), "{told}");
        assert!(told.contains("deactivates"), "{told}");
        window.sees("account:forgotten").await;
        window.go("/").await;
        window.sees("acme-prod").await;
    })
    .await;
    drop(instance);
}
