//! `xwalk account test` and `renew`: from credentials to a token and first reads.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::answer;
use crate::support::instance::Instance;
use crate::support::manners::Manners;
use crate::support::outcome::has_keys;
use crate::support::workspace::{ACCOUNT, Workspace};

fn added(instance: &Instance, scopes: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace
        .add_account(instance, &["--scope", scopes])
        .exits(0);
    workspace
}

fn step<'a>(report: &'a Value, name: &str) -> &'a Value {
    let steps = report["steps"].as_array().unwrap();
    let found = steps
        .iter()
        .find(|step| step["name"].as_str().unwrap().contains(name));
    found.unwrap_or_else(|| panic!("no step {name} in {report:#}"))
}

#[test]
fn a_good_connection_becomes_active() {
    let instance = Instance::start();
    let workspace = added(&instance, "core.common.read core.invoice.read");
    let report = workspace.json(&["account", "test", ACCOUNT]).done();
    assert_eq!(report["status"], "active");
    assert_eq!(report["missing_scopes"], json!([]));
    for step in report["steps"].as_array().unwrap() {
        has_keys(step, &["name", "ok", "ms", "message"]);
        assert!(step["ok"] == true && step["ms"].is_u64(), "{step}");
    }
    assert_eq!(step(&report, "token")["ok"], true);
    assert_eq!(step(&report, "invoices")["ok"], true);

    let tokens = instance.requests_of("/oauth2/token");
    assert_eq!(tokens.len(), 1);
    assert!(tokens[0].query.is_empty() && tokens[0].header("authorization").is_empty());
    assert!(
        tokens[0]
            .form()
            .contains(&("scope".into(), "core.common.read core.invoice.read".into()))
    );
    for read in instance
        .requests()
        .iter()
        .filter(|request| request.is_read())
    {
        assert_eq!(read.param("limit"), Some("1"), "{read:?}");
        assert_eq!(read.header("accept"), "application/json");
        assert_eq!(read.header("content-type"), "application/json");
        for other in ["purchase_orders", "suppliers", "requisitions"] {
            assert!(
                !read.path.ends_with(other),
                "read although its scope was not asked: {read:?}"
            );
        }
    }
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "active");
    has_keys(
        &account["token"],
        &["obtained_at", "expires_at", "renew_at"],
    );
    assert_eq!(account["refresh_token"], json!(null));
}

#[test]
fn a_wrong_secret_is_refused_in_the_providers_own_words() {
    let instance = Instance::start();
    let workspace = added(&instance, "core.common.read");
    let args = ["account", "update", ACCOUNT, "--client-secret-stdin"];
    workspace.json_with(&args, b"not-the-secret\n").exits(0);
    let outcome = workspace.json(&["account", "test", ACCOUNT]);
    let report = outcome.result_with_error(3);
    has_keys(&report, &["status", "steps", "missing_scopes"]);
    assert_ne!(report["status"], "active");
    let token = step(&report, "token");
    assert_eq!(token["ok"], false);
    let said = token["message"].as_str().unwrap();
    assert!(
        said.contains("Client authentication failed") || said.contains("invalid_client"),
        "{said}"
    );
    assert!(
        !outcome.everything().contains("not-the-secret"),
        "{outcome}"
    );
    assert!(instance.requests().iter().all(|request| !request.is_read()));
    let human = workspace.human(&["account", "test", ACCOUNT]);
    assert!(
        human.exits(3).everything().contains("invalid_client"),
        "{human}"
    );
    // What is kept of it says the next step, and counts no run.
    let health = workspace.json(&["account", "show", ACCOUNT]).done()["health"].clone();
    let error = &health["last_error"];
    assert_eq!(error["code"], "auth_refused");
    assert!(
        error["hint"].as_str().unwrap().contains("secret"),
        "{health}"
    );
    assert_eq!(health["failed_runs"], 0);
    // The right one mends it.
    let secret = instance.manners().client_secret.clone();
    workspace.json_with(&args, secret.as_bytes()).exits(0);
    assert_eq!(
        workspace.json(&["account", "test", ACCOUNT]).done()["status"],
        "active"
    );
}

#[test]
fn a_plural_scope_is_corrected() {
    let instance = Instance::start();
    let workspace = Workspace::new();
    let typed = "core.purchase_orders.read, core.invoices.read\ncore.common.read";
    let account = workspace.add_account(&instance, &["--scope", typed]).done();
    let expected = json!([
        "core.purchase_order.read",
        "core.invoice.read",
        "core.common.read"
    ]);
    assert_eq!(account["scopes"], expected);
    assert!(
        account.to_string().contains("core.purchase_orders.read"),
        "it says so: {account}"
    );
    workspace.json(&["account", "test", ACCOUNT]).exits(0);
}

#[test]
fn an_unknown_scope_is_refused_by_the_provider() {
    let instance = Instance::start();
    let workspace = added(&instance, "core.common.read core.telepathy.read");
    let report = workspace
        .json(&["account", "test", ACCOUNT])
        .result_with_error(3);
    assert_eq!(step(&report, "token")["ok"], false);
    let text = report.to_string();
    assert!(text.contains("requested scope is invalid"), "{text}");
}

#[test]
fn a_read_that_is_forbidden_names_the_scope_and_the_rest_still_works() {
    let instance = Instance::start();
    instance.fault(|request| {
        (request.path == "/api/invoices")
            .then(|| answer::json(403, &json!({ "error": "forbidden" })))
    });
    let workspace = added(&instance, "core.common.read core.invoice.read");
    let report = workspace.json(&["account", "test", ACCOUNT]).done();
    assert_eq!(report["status"], "active");
    assert_eq!(step(&report, "invoices")["ok"], false);
    assert_eq!(step(&report, "currencies")["ok"], true);
    assert_eq!(report["missing_scopes"], json!(["core.invoice.read"]));
    let forbidden =
        || workspace.json(&["account", "show", ACCOUNT]).done()["health"]["last_forbidden"].clone();
    assert_eq!(forbidden()["resource"], "invoices");
    assert_eq!(forbidden()["missing_scopes"], json!(["core.invoice.read"]));
    instance.heal();
    workspace.json(&["account", "test", ACCOUNT]).done();
    assert_eq!(forbidden(), json!(null));
}

#[test]
fn a_module_the_instance_does_not_have_is_a_failed_step_and_no_missing_scope() {
    let instance = Instance::start();
    instance
        .fault(|request| (request.path == "/api/invoices").then(|| answer::html(404, "Not found")));
    let workspace = added(&instance, "core.common.read core.invoice.read");
    let report = workspace.json(&["account", "test", ACCOUNT]).done();
    assert_eq!(report["status"], "active");
    assert_eq!(step(&report, "invoices")["ok"], false);
    assert_eq!(report["missing_scopes"], json!([]));
}

#[test]
fn no_read_at_all_is_not_active() {
    let instance = Instance::start();
    instance.fault(|request| request.is_read().then(|| answer::json(403, &json!({}))));
    let workspace = added(&instance, "core.common.read");
    let report = workspace
        .json(&["account", "test", ACCOUNT])
        .result_with_error(3);
    assert_ne!(report["status"], "active");
    assert_eq!(report["missing_scopes"], json!(["core.common.read"]));
}

#[test]
fn a_token_that_opens_nothing_is_an_error_of_what_follows() {
    let instance = Instance::start();
    let elsewhere = || answer::html(404, "Not found");
    instance.fault(move |request| request.is_read().then(elsewhere));
    let workspace = added(&instance, "core.common.read");
    let report = workspace
        .json(&["account", "test", ACCOUNT])
        .result_with_error(1);
    assert_eq!(report["status"], "post_install_error", "{report:#}");
    assert_eq!(step(&report, "token")["ok"], true);
    instance.heal();
    let report = workspace.json(&["account", "test", ACCOUNT]).done();
    assert_eq!(report["status"], "active");
    let history = workspace.json(&["account", "history", ACCOUNT]).done();
    let kinds: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .filter(|kind| ["account:active", "account:post_install_error"].contains(kind))
        .collect();
    assert_eq!(kinds, ["account:active", "account:post_install_error"]);
}

#[test]
fn a_network_that_is_down_leaves_a_refused_account_as_it_is() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    instance.fault(|request| {
        (request.path == "/oauth2/token")
            .then(|| answer::json(401, &json!({ "error": "invalid_client" })))
    });
    workspace.json(&["account", "renew", ACCOUNT]).fails(3);
    drop(instance);
    let report = workspace
        .json(&["account", "test", ACCOUNT])
        .result_with_error(1);
    assert_eq!(report["status"], "needs_reauth", "{report:#}");
}

#[test]
fn a_token_is_kept_and_shared_by_commands() {
    let instance = Instance::start();
    instance.put("invoices", crate::support::invoice::invoices(3));
    let workspace = Workspace::connected(&instance);
    workspace.sync("invoices", &[]).exits(0);
    workspace.json(&["get", ACCOUNT, "/invoices/1"]).exits(0);
    assert_eq!(instance.tokens_issued(), 1);
    let before = workspace.json(&["account", "show", ACCOUNT]).done();
    let renewed = workspace.json(&["account", "renew", ACCOUNT]).done();
    assert_eq!(instance.tokens_issued(), 2);
    assert_eq!(renewed["id"], ACCOUNT);
    assert_ne!(
        before["token"]["obtained_at"],
        renewed["token"]["obtained_at"]
    );
}

#[test]
fn the_built_in_connector_waits_until_a_token_has_settled() {
    let instance = Instance::with(Manners {
        settle: Duration::from_secs(5),
        ..Manners::default()
    });
    instance.put("invoices", crate::support::invoice::invoices(2));
    let workspace = Workspace::bare();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let setting = format!("instance_url={}", instance.url());
    let args = [
        "account",
        "add",
        ACCOUNT,
        "--tenant",
        "acme",
        "--connector",
        "coupa",
        "--kind",
        "sandbox",
        "--set",
        &setting,
        "--client-id",
        &instance.manners().client_id,
        "--client-secret-stdin",
        "--scope",
        "core.common.read core.invoice.read",
    ];
    workspace
        .json_with(&args, instance.manners().client_secret.as_bytes())
        .exits(0);
    let report = workspace.json(&["account", "test", ACCOUNT]).done();
    assert!(
        step(&report, "settle")["ms"].as_u64().unwrap() >= 4_000,
        "{report:#}"
    );
    let run = workspace.sync("invoices", &[]).done();
    assert_eq!(run["stored"], 2);
    let requests = instance.requests();
    let token = requests
        .iter()
        .find(|request| request.path == "/oauth2/token")
        .unwrap();
    let first = requests.iter().find(|request| request.is_read()).unwrap();
    assert!(first.at - token.at >= Duration::from_secs(5));
    assert_eq!(instance.tokens_issued(), 1);
}

#[test]
fn an_account_without_credentials_cannot_be_tested() {
    let instance = Instance::start();
    let workspace = Workspace::new();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let setting = format!("instance_url={}", instance.url());
    let args = [
        "account",
        "add",
        ACCOUNT,
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--set",
        &setting,
    ];
    workspace.json(&args).exits(0);
    for args in [
        &["account", "test", ACCOUNT][..],
        &["account", "renew", ACCOUNT],
        &["sync", ACCOUNT, "invoices"],
    ] {
        let outcome = workspace.json(args);
        let document = outcome.document();
        assert!(matches!(outcome.code, Some(1..=3)), "{outcome}");
        outcome.whole_error(&document["error"]);
    }
    assert!(instance.requests().is_empty());
    assert_eq!(
        workspace.json(&["account", "show", ACCOUNT]).done()["status"],
        "awaiting_credentials"
    );
}
