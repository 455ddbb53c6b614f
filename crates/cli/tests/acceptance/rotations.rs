//! `xwalk account rotate` and `revoke`: a new secret without a gap, and an account forgotten for good.

use serde_json::json;

use crate::support::answer;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::token;
use crate::support::workspace::{ACCOUNT, Workspace, ids};

#[test]
fn a_secret_the_provider_refuses_changes_nothing() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let rotate = ["account", "rotate", ACCOUNT, "--client-secret-stdin"];
    workspace
        .json_with(&rotate, b"not-the-secret-canary")
        .fails(3);
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    let secret = instance.manners().client_secret.clone();
    let rotated = workspace.json_with(&rotate, secret.as_bytes()).done();
    assert_eq!(rotated["status"], "active");
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    let rows = workspace
        .json(&["audit", "list", "--limit", "1000"])
        .done()
        .to_string();
    assert!(rows.contains("credential:rotated"), "{rows}");
    for canary in ["not-the-secret-canary", secret.as_str()] {
        assert!(!rows.contains(canary));
    }
}

#[test]
fn a_secret_is_rotated_under_a_scheduled_sync_that_goes_on_without_a_loss() {
    const PAGES: &str = "/api/invoices";
    const NEW: &str = "the-second-secret";
    let instance = Instance::start();
    instance.put("invoices", invoices(500));
    let workspace = Workspace::connected_unlimited(&instance);
    let plan = [
        "schedule", "set", ACCOUNT, "invoices", "--every", "5m", "--mode", "full",
    ];
    workspace.json(&plan).exits(0);
    let asked = instance.requests_of(PAGES).len();
    instance.hold_after(PAGES, asked + 3);
    let daemon = workspace.start(&["daemon", "--once"]);
    instance.wait_for(PAGES, asked + 4);

    // While pages are on their way, the old token ends, and with the new secret in force the old one too.
    instance.revoke_tokens();
    instance.accept_secret(NEW);
    let rotate = ["account", "rotate", ACCOUNT, "--client-secret-stdin"];
    workspace.json_with(&rotate, NEW.as_bytes()).exits(0);
    let old = instance.manners().client_secret.clone();
    instance.fault(move |request| {
        let sent = ("client_secret".to_owned(), old.clone());
        (request.path == "/oauth2/token" && request.form().contains(&sent))
            .then(|| token::refused(401, "invalid_client", "gone"))
    });
    let tokens = instance.requests_of("/oauth2/token").len();
    instance.release();
    daemon.outcome().exits(0);

    let runs = workspace.json(&["runs", ACCOUNT, "invoices"]).done();
    assert_eq!(runs.as_array().unwrap().len(), 1, "{runs:#}");
    assert_eq!(
        (&runs[0]["status"], &runs[0]["stored"], &runs[0]["errors"]),
        (&json!("completed"), &json!(500), &json!(0)),
        "{runs:#}"
    );
    let stored = workspace.records("invoices", "raw");
    assert_eq!(ids(&stored), (1..=500).collect::<Vec<_>>());
    // The run took the token that the rotation brought, and the old secret was not tried.
    assert_eq!(instance.requests_of("/oauth2/token").len(), tokens);
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "active", "{account:#}");
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
}

#[test]
fn a_forgotten_account_holds_nothing_and_can_be_connected_again() {
    let instance = Instance::start();
    instance.put("invoices", invoices(5));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    workspace.json(&["account", "revoke", ACCOUNT]).fails(2);
    let revoked = workspace
        .json(&["account", "revoke", ACCOUNT, "--yes"])
        .done();
    assert_eq!(revoked["status"], "awaiting_credentials");
    assert_eq!(
        (&revoked["id"], &revoked["token"]),
        (&json!(ACCOUNT), &json!(null))
    );
    // The provider has no way to end a token, and the answer does not pretend it had.
    assert_eq!(revoked["revoked"], false);
    assert!(revoked["valid_until"].is_string(), "{revoked}");
    assert!(
        revoked["admin_message"]
            .as_str()
            .unwrap()
            .contains("crosswalk-acceptance")
    );
    let after = workspace.json(&["records", ACCOUNT, "invoices"]);
    assert!(!after.stdout.contains("invoice-number"), "{after}");
    let secret = instance.manners().client_secret.clone();
    let update = ["account", "update", ACCOUNT, "--client-secret-stdin"];
    workspace.json_with(&update, secret.as_bytes()).exits(0);
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
    workspace
        .sync("invoices", &["--mode", "full", "--restart"])
        .exits(0);
    assert_eq!(workspace.records("invoices", "raw").len(), 5);
}

#[test]
fn forgetting_goes_on_when_the_provider_does_not_answer() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    instance.fault(|_| Some(answer::html(500, "Down")));
    let revoked = workspace
        .json(&["account", "revoke", ACCOUNT, "--yes"])
        .done();
    assert_eq!(revoked["status"], "awaiting_credentials");
}

#[test]
fn an_account_that_nobody_signs_in_to_offers_no_sign_in() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let error = workspace.json(&["account", "connect", ACCOUNT]).fails(2);
    assert_eq!(error["code"], "unknown_grant");
}
