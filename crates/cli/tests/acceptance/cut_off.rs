//! Programs killed in the middle of changing an account's credentials: nothing that was received is lost, and what is
//! lost is said.

use std::time::Duration;

use serde_json::{Value, json};

use crate::renewals::{TOKEN, any_port, sign_in, with_person};
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::{ACCOUNT, Workspace};

const RENEW: [&str; 3] = ["account", "renew", ACCOUNT];
const ROTATE: [&str; 4] = ["account", "rotate", ACCOUNT, "--client-secret-stdin"];
const REVOKE: [&str; 4] = ["account", "revoke", ACCOUNT, "--yes"];

/// Starts a command, waits until the provider has been asked and keeps the answer, and kills it.
fn killed_while_waiting(
    instance: &Instance,
    workspace: &Workspace,
    path: &str,
    command: &[&str],
    stdin: &[u8],
) {
    let before = instance.requests_of(path).len();
    instance.hold_after(path, before);
    let running = workspace.start_with(command, stdin);
    instance.wait_for(path, before + 1);
    running.kill();
    // The provider carries the request out all the same.
    instance.release();
}

/// Kills a command at ever other moments of its life, and looks after each.
fn killed_at_many_moments(
    workspace: &Workspace,
    command: &[&str],
    stdin: &[u8],
    mut look: impl FnMut(Duration),
) {
    let begun = std::time::Instant::now();
    let whole = workspace.start_with(command, stdin).outcome();
    let takes = begun.elapsed();
    whole.exits(0);
    // Uneven steps over the time it takes, the later part closer, since that is where things are written.
    for part in [0.15, 0.3, 0.45, 0.55, 0.65, 0.73, 0.81, 0.87, 0.93, 0.98] {
        let after = takes.mul_f64(part);
        let running = workspace.start_with(command, stdin);
        std::thread::sleep(after);
        running.kill();
        look(after);
    }
}

fn status(workspace: &Workspace) -> Value {
    workspace.json(&["account", "show", ACCOUNT]).done()["status"].clone()
}

fn chain_is_whole(workspace: &Workspace) {
    let verified = workspace.json(&["audit", "verify"]).done();
    assert_eq!(verified["ok"], true, "{verified}");
}

#[test]
fn a_refresh_whose_answer_nobody_read_is_said_to_be_the_reason() {
    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    sign_in(&workspace);
    killed_while_waiting(&instance, &workspace, TOKEN, &RENEW, b"");
    let before = instance.requests_of(TOKEN).len();
    let error = workspace.json(&RENEW).fails(3);
    assert_eq!(error["code"], "needs_reauth");
    assert!(
        error["message"].as_str().unwrap().contains("interrupted"),
        "{error}"
    );
    // The old one was tried, once.
    assert_eq!(instance.requests_of(TOKEN).len(), before + 1);
    assert_eq!(status(&workspace), "needs_reauth");
    let alerts = workspace.json(&["alerts"]).done();
    let reason = alerts
        .as_array()
        .unwrap()
        .iter()
        .find(|alert| alert["kind"] == "needs_reauth")
        .unwrap()["detail"]
        .clone();
    assert!(reason.as_str().unwrap().contains("cut off"), "{reason}");
    sign_in(&workspace);
    workspace.json(&RENEW).exits(0);
    assert_eq!(status(&workspace), "active");
    chain_is_whole(&workspace);
}

#[test]
fn a_refresh_killed_at_any_moment_loses_no_token_that_was_stored() {
    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    sign_in(&workspace);
    killed_at_many_moments(&workspace, &RENEW, b"", |after| {
        let renewed = workspace.json(&RENEW);
        if renewed.code == Some(0) {
            return;
        }
        // Killed between the provider's answer and its being stored.
        let error = renewed.fails(3);
        assert!(
            error["message"].as_str().unwrap().contains("interrupted"),
            "after {after:?}: {error}"
        );
        sign_in(&workspace);
    });
    assert_eq!(status(&workspace), "active");
    chain_is_whole(&workspace);
}

#[test]
fn a_rotation_of_the_secret_killed_at_any_moment_leaves_one_that_works() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let secret = instance.manners().client_secret.clone();
    killed_while_waiting(&instance, &workspace, TOKEN, &ROTATE, b"a-new-secret");
    // The provider did not take it, and nobody stored it.
    workspace.json(&RENEW).exits(0);
    killed_at_many_moments(&workspace, &ROTATE, secret.as_bytes(), |_| {
        workspace.json(&RENEW).exits(0);
    });
    let long = "l".repeat(2_000);
    instance.accept_secret(&long);
    // Sealed in the workspace, since it is too long for a vault entry.
    killed_at_many_moments(&workspace, &ROTATE, long.as_bytes(), |_| {
        workspace.json(&RENEW).exits(0);
    });
    assert_eq!(status(&workspace), "active");
    chain_is_whole(&workspace);
}

#[test]
fn a_revocation_killed_while_the_provider_is_asked_is_ended_by_the_next_program() {
    let instance = Instance::start();
    instance.put("invoices", invoices(5));
    let connector = any_port().with(
        "    settle: 0s",
        "    settle: 0s\n    revoke_url: \"{{config.instance_url}}/oauth2/revoke\"",
    );
    let workspace = Workspace::with(&connector);
    workspace.connect(&instance);
    workspace.sync("invoices", &["--mode", "full"]).exits(0);
    assert_eq!(workspace.records("invoices", "raw").len(), 5);
    killed_while_waiting(&instance, &workspace, "/oauth2/revoke", &REVOKE, b"");
    // Whatever is done next, the account's keys are gone.
    let renewed = workspace.json(&RENEW);
    assert_ne!(renewed.code, Some(0), "{renewed}");
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "awaiting_credentials");
    assert_eq!(account["token"], json!(null));
    let after = workspace.json(&["records", ACCOUNT, "invoices"]);
    assert!(!after.stdout.contains("invoice-number"), "{after}");
    chain_is_whole(&workspace);
}

#[test]
fn a_revocation_killed_at_any_moment_is_not_begun_or_is_ended() {
    let instance = Instance::start();
    instance.put("invoices", invoices(3));
    let workspace = Workspace::connected(&instance);
    let secret = instance.manners().client_secret.clone();
    let connect = || {
        let update = ["account", "update", ACCOUNT, "--client-secret-stdin"];
        workspace.json_with(&update, secret.as_bytes()).exits(0);
        workspace.json(&["account", "test", ACCOUNT]).exits(0);
        workspace
            .sync("invoices", &["--mode", "full", "--restart"])
            .exits(0);
    };
    connect();
    let mut first = true;
    killed_at_many_moments(&workspace, &REVOKE, b"", |after| {
        if std::mem::take(&mut first) {
            connect();
            return;
        }
        let renewed = workspace.json(&RENEW);
        let records = workspace.json(&["records", ACCOUNT, "invoices"]);
        if renewed.code == Some(0) {
            assert_eq!(records.exits(0).lines().len(), 3, "after {after:?}");
            assert_eq!(status(&workspace), "active");
        } else {
            assert_eq!(
                status(&workspace),
                "awaiting_credentials",
                "after {after:?}: {renewed}"
            );
            assert!(!records.stdout.contains("invoice-number"), "{records}");
            connect();
        }
    });
    chain_is_whole(&workspace);
}
