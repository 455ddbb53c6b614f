//! `xwalk account rotate` and `revoke`: a new secret without a gap, and an account forgotten for good.

use serde_json::json;

use crate::support::answer;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

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
