//! The customer's live integration is never disturbed: production is asked at a quarter of the provider's limit, a reading
//! account only reads, and the exported flag is written only past three guards.

use std::time::Duration;

use crate::support::connector_copy::ConnectorCopy;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::workspace::Workspace;

const PROD: &str = "acme-prod";

/// An instance, and a workspace with a production account of a purpose.
fn production(purpose: &str, scopes: &str, connector: &ConnectorCopy) -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(1_500));
    let workspace = Workspace::with(connector);
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let setting = format!("instance_url={}", instance.url());
    let args = [
        "account",
        "add",
        PROD,
        "--tenant",
        "acme",
        "--connector",
        "standin",
        "--set",
        &setting,
        "--client-id",
        &instance.manners().client_id,
        "--client-secret-stdin",
        "--purpose",
        purpose,
        "--scope",
        scopes,
    ];
    let secret = instance.manners().client_secret.clone();
    let added = workspace.json_with(&args, secret.as_bytes()).done();
    assert_eq!(added["kind"], "production", "what is not said counts as it");
    workspace.json(&["account", "test", PROD]).exits(0);
    (instance, workspace)
}

#[test]
fn production_is_asked_at_a_quarter_of_what_the_provider_allows() {
    let connector = ConnectorCopy::named("standin").with(
        "{ requests: 25, per: 1s, burst: 20 }",
        "{ requests: 200, per: 1s, burst: 8 }",
    );
    let scopes = "core.common.read core.invoice.read";
    let (instance, workspace) = production("read", scopes, &connector);
    let sync = ["sync", PROD, "invoices", "--mode", "full"];
    let run = workspace.json(&sync).done();
    assert_eq!(run["stored"], 1_500, "{run:#}");
    let asked = instance.requests_of("/api/invoices");
    let took = asked.last().unwrap().at - asked[0].at;
    let beyond_burst = u32::try_from(asked.len()).unwrap().saturating_sub(8);
    // 50 a second, and a tenth for how the requests travel.
    let least = Duration::from_millis(20) * beyond_burst * 9 / 10;
    assert!(took >= least, "{} requests in {took:?}", asked.len());
}

#[test]
fn a_reading_account_only_reads_whatever_it_is_asked() {
    let connector = ConnectorCopy::named("standin").unlimited();
    let scopes = "core.common.read core.invoice.read";
    let (instance, workspace) = production("read", scopes, &connector);
    for mode in ["test", "full", "incremental", "unexported"] {
        workspace
            .json(&["sync", PROD, "invoices", "--mode", mode])
            .exits(0);
    }
    let mark = ["--mode", "unexported", "--mark-exported", "--confirm"];
    let asked = instance.requests().len();
    for typed in ["acme", PROD, "yes", ""] {
        let args = [&["sync", PROD, "invoices"], &mark[..], &[typed]].concat();
        let refused = workspace.json(&args).fails(2);
        assert_eq!(refused["code"], "marking_refused", "{refused}");
        let said = refused["message"].as_str().unwrap();
        assert!(said.contains("are for reading"), "{refused}");
    }
    assert_eq!(
        instance.requests().len(),
        asked,
        "refused before anything is sent, the question for a token included"
    );
    workspace.json(&["get", PROD, "/invoices/1"]).exits(0);
    workspace.json(&["account", "renew", PROD]).exits(0);
    for request in instance.requests() {
        let token = request.path == "/oauth2/token";
        let expected = if token { "POST" } else { "GET" };
        assert_eq!(request.method, expected, "{}", request.path);
    }
    let untouched = |record: &serde_json::Value| {
        record["exported"] == (record["id"].as_i64().unwrap() % 2 == 0)
    };
    assert!(instance.truth("invoices").iter().all(untouched));
}

#[test]
fn the_exported_flag_needs_write_credentials_the_mode_and_the_tenants_id() {
    let connector = ConnectorCopy::named("standin").unlimited();
    let scopes = "core.common.read core.invoice.read core.invoice.write";
    let (instance, workspace) = production("write", scopes, &connector);
    instance.put("invoices", invoices(4));
    let marked = |instance: &Instance| {
        let requests = instance.requests();
        requests
            .iter()
            .filter(|request| request.method == "PUT")
            .count()
    };
    for words in [
        // No wish to mark.
        &["--mode", "unexported"][..],
        // No confirmation, and a wrong one.
        &["--mode", "unexported", "--mark-exported"],
        &[
            "--mode",
            "unexported",
            "--mark-exported",
            "--confirm",
            "Acme Inc",
        ],
        // Another mode.
        &["--mode", "full", "--mark-exported", "--confirm", "acme"],
        &["--mode", "test", "--mark-exported", "--confirm", "acme"],
    ] {
        workspace.json(&[&["sync", PROD, "invoices"], words].concat());
        assert_eq!(marked(&instance), 0, "{words:?}");
    }
    let all = [
        "--mode",
        "unexported",
        "--mark-exported",
        "--confirm",
        "acme",
    ];
    workspace
        .json(&[&["sync", PROD, "invoices"], &all[..]].concat())
        .exits(0);
    assert_eq!(marked(&instance), 2);
}
