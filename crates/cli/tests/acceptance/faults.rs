//! What a sync makes of answers that fail: it goes on where that helps, else it ends with a clear message and keeps what it has.

use serde_json::{Value, json};

use crate::support::answer::{self, Answer};
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::request::Request;
use crate::support::workspace::{ACCOUNT, Workspace, ids};
use crate::syncs::adds_up;

const FULL: [&str; 4] = ["--mode", "full", "--fields", "all"];

fn connected() -> (Instance, Workspace) {
    let instance = Instance::start();
    instance.put("invoices", invoices(160));
    let workspace = Workspace::connected(&instance);
    (instance, workspace)
}

/// Message and next step of an error.
fn words(error: &Value) -> String {
    format!("{} {}", error["message"], error["hint"])
}

fn is_page(request: &Request) -> bool {
    request.path == "/api/invoices" && request.method == "GET"
}

/// One answer of this kind in between: the sync completes with the truth.
#[track_caller]
fn passes(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Value {
    let (instance, workspace) = connected();
    let before = instance.requests_of("/api/invoices").len();
    instance.fault(move |request| (is_page(request) && request.nth == before + 2).then(&answer));
    let run = workspace.sync("invoices", &FULL).done();
    adds_up(&run);
    assert_eq!(
        (&run["status"], &run["stored"]),
        (&json!("completed"), &json!(160)),
        "{run:#}"
    );
    assert_eq!(
        workspace.records("invoices", "raw"),
        instance.truth("invoices")
    );
    run
}

/// Such an answer to every page after the first two: the sync ends with exit 1 and an error; healed, it completes.
#[track_caller]
fn stops(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Value {
    let (instance, workspace) = connected();
    let before = instance.requests_of("/api/invoices").len();
    instance.fault(move |request| (is_page(request) && request.nth > before + 2).then(&answer));
    let outcome = workspace.sync("invoices", &FULL);
    let run = outcome.result_with_error(1);
    adds_up(&run);
    assert!(
        ["paused", "failed"].contains(&run["status"].as_str().unwrap()),
        "{run:#}"
    );
    let kept = workspace.records("invoices", "raw");
    assert_eq!(
        kept.len() as u64,
        run["stored"].as_u64().unwrap(),
        "what was stored stays"
    );
    let human = workspace.human(&["run", run["run"].as_str().unwrap()]);
    assert!(
        human
            .exits(0)
            .stdout
            .contains(run["error"]["message"].as_str().unwrap()),
        "{human}"
    );
    instance.heal();
    let healed = workspace.sync("invoices", &FULL).done();
    adds_up(&healed);
    assert_eq!(
        (&healed["status"], &healed["stored"]),
        (&json!("completed"), &json!(160)),
        "{healed:#}"
    );
    assert_eq!(
        workspace.records("invoices", "raw"),
        instance.truth("invoices")
    );
    run
}

#[test]
fn one_server_error_is_retried() {
    let run = passes(|| answer::json(503, &json!({ "errors": { "base": ["try later"] } })));
    assert!(run["retries"].as_u64().unwrap() >= 1, "{run:#}");
}

#[test]
fn one_web_page_is_retried() {
    passes(|| answer::html(502, "Bad Gateway"));
    passes(|| answer::html(200, "Scheduled maintenance"));
}

#[test]
fn one_truncated_body_is_retried() {
    let run = passes(|| answer::cut_off("[{\"id\":51,\"invoice-num", 40_000));
    assert!(run["retries"].as_u64().unwrap() >= 1, "{run:#}");
}

#[test]
fn one_429_is_waited_out() {
    let run = passes(|| answer::text(429, "text/plain", "Too many requests"));
    assert!(run["rate_limited"].as_u64().unwrap() >= 1, "{run:#}");
    let with_time = || answer::text(429, "text/plain", "Too many requests");
    passes(move || answer::with_header(with_time(), "retry-after", "0"));
}

#[test]
fn a_token_revoked_in_between_is_fetched_anew_once() {
    let (instance, workspace) = connected();
    instance.revoke_tokens();
    let run = workspace.sync("invoices", &FULL).done();
    assert_eq!(run["stored"], 160);
    assert_eq!(instance.tokens_issued(), 2);
}

#[test]
fn server_errors_that_stay_stop_the_run() {
    let run = stops(|| answer::json(500, &json!({ "errors": { "base": ["Snapped belt"] } })));
    assert!(
        run.to_string().contains("500") || run.to_string().contains("Snapped belt"),
        "{run:#}"
    );
}

#[test]
fn a_web_page_that_stays_is_named() {
    let run = stops(|| answer::html(200, "Please sign in"));
    assert!(
        run["error"]["message"]
            .as_str()
            .unwrap()
            .contains("web page"),
        "{run:#}"
    );
}

#[test]
fn xml_where_json_was_due_is_named() {
    let run = stops(|| {
        answer::xml(
            200,
            "<invoices type=\"array\"><invoice><id>1</id></invoice></invoices>",
        )
    });
    assert!(
        run["error"]["message"].as_str().unwrap().contains("XML"),
        "{run:#}"
    );
}

#[test]
fn truncated_bodies_that_stay_stop_the_run() {
    stops(|| answer::cut_off("[{\"id\":151,", 9_000));
}

#[test]
fn json_that_is_no_list_stops_the_run() {
    stops(|| answer::json(200, &json!({ "message": "hello" })));
    stops(|| answer::text(200, "application/json", ""));
}

#[test]
fn too_many_429_pause_the_run() {
    let run = stops(|| answer::text(429, "text/plain", "Too many requests"));
    assert_eq!(run["status"], "paused", "{run:#}");
    assert_ne!(run["checkpoint"], json!(null));
}

#[test]
fn a_body_over_the_cap_is_not_taken_in() {
    let run = stops(|| answer::enormous(100));
    assert!(
        run["error"]["message"].as_str().unwrap().contains("64 MiB"),
        "{run:#}"
    );
}

#[test]
fn a_redirect_is_never_followed() {
    let elsewhere = Instance::start();
    let target = format!("{}/api/invoices", elsewhere.url());
    let run = stops(move || answer::with_header(answer::html(302, "Moved"), "location", &target));
    assert!(elsewhere.requests().is_empty());
    assert!(
        run["error"]["message"]
            .as_str()
            .unwrap()
            .contains("127.0.0.1"),
        "{run:#}"
    );
}

#[test]
fn a_token_that_is_never_good_needs_a_person() {
    let (instance, workspace) = connected();
    instance.fault(|request| is_page(request).then(|| answer::json(401, &json!({}))));
    let run = workspace.sync("invoices", &FULL).result_with_error(3);
    assert_eq!(run["error"]["code"], "needs_reauth", "{run:#}");
    assert!(instance.tokens_issued() <= 3, "one new token and one retry");
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "needs_reauth");
}

#[test]
fn a_permission_taken_away_names_the_scope() {
    let (instance, workspace) = connected();
    instance.fault(|request| is_page(request).then(|| answer::json(403, &json!({}))));
    let run = workspace.sync("invoices", &FULL).result_with_error(3);
    let error = &run["error"];
    assert_eq!(error["code"], "forbidden", "{run:#}");
    // The token holds it, so it cannot be what is missing.
    assert!(
        words(error).contains("holds the scope core.invoice.read"),
        "{run:#}"
    );
    assert!(words(error).contains("allow-list"), "{run:#}");
}

#[test]
fn a_scope_the_token_does_not_hold_is_named_by_the_sync_as_by_the_test() {
    let (_instance, workspace) = connected();
    let run = workspace.sync("suppliers", &FULL).result_with_error(3);
    let error = &run["error"];
    assert_eq!(error["code"], "forbidden", "{run:#}");
    assert!(
        words(error).contains("the scope core.supplier.read is missing"),
        "{run:#}"
    );
    assert!(!words(error).contains("allow-list"), "{run:#}");
    let health = workspace.json(&["account", "show", ACCOUNT]).done()["health"].clone();
    assert!(
        health.to_string().contains("core.supplier.read"),
        "{health:#}"
    );
}

#[test]
fn three_failed_runs_in_a_row_are_unhealthy() {
    let (instance, workspace) = connected();
    instance.fault(|request| is_page(request).then(|| answer::json(500, &json!({}))));
    for _ in 0..3 {
        workspace
            .sync("invoices", &["--mode", "full", "--restart"])
            .exits(1);
    }
    let health = workspace.json(&["account", "show", ACCOUNT]).done()["health"].clone();
    assert!(health.to_string().contains("false"), "{health:#}");
    instance.heal();
    workspace
        .sync("invoices", &["--mode", "full", "--restart"])
        .exits(0);
    let healed = workspace.json(&["account", "show", ACCOUNT]).done()["health"].clone();
    assert_ne!(health, healed);
    assert_eq!(ids(&workspace.records("invoices", "raw")).len(), 160);
}
