//! `xwalk alerts` and `xwalk daemon`: what falls due is known ahead, told of, and seen to.

use serde_json::{Value, json};

use crate::support::connector_copy::ConnectorCopy;
use crate::support::instance::Instance;
use crate::support::invoice::invoices;
use crate::support::manners::Manners;
use crate::support::outcome::has_keys;
use crate::support::workspace::{ACCOUNT, Workspace};

/// Whose tokens are renewed after a second.
fn hasty(instance: &Instance) -> Workspace {
    let connector = ConnectorCopy::named("standin").with("renew_at: 20h", "renew_at: 1s");
    let workspace = Workspace::with(&connector);
    workspace.connect(instance);
    workspace
}

fn kinds(alerts: &Value) -> Vec<(String, String)> {
    let text = |alert: &Value, key: &str| alert[key].as_str().unwrap().to_owned();
    alerts
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| (text(alert, "kind"), text(alert, "state")))
        .collect()
}

fn tokens_issued(instance: &Instance) -> usize {
    instance.requests_of("/oauth2/token").len()
}

#[test]
fn the_token_is_due_at_its_threshold_and_the_forecast_ends_where_it_is_asked_to() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let alerts = workspace.json(&["alerts", "--until", "21h"]).done();
    assert_eq!(kinds(&alerts), [("access_token".into(), "upcoming".into())]);
    has_keys(&alerts[0], &["id", "account", "kind", "due_at", "state"]);
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(alerts[0]["due_at"], account["token"]["renew_at"]);
    assert_eq!(alerts[0]["account"], ACCOUNT);
    assert_eq!(
        workspace.json(&["alerts", "--until", "19h"]).done(),
        json!([])
    );
    // Without an end all that is known ahead.
    assert_eq!(
        kinds(&workspace.json(&["alerts"]).done()),
        [
            ("access_token".into(), "upcoming".into()),
            ("custody".into(), "upcoming".into())
        ]
    );
    // Up to an instant and with it; a time that is past asks for what fell due before.
    let due_at = alerts[0]["due_at"].as_str().unwrap();
    for (until, expected) in [
        (due_at, 1),
        ("89d", 1),
        ("2999-12-31", 2),
        ("+21h", 1),
        ("2020-02-29", 0),
        ("2020-02-29T12:00:00Z", 0),
    ] {
        let listed = workspace.json(&["alerts", "--until", until]).done();
        assert_eq!(kinds(&listed).len(), expected, "{until}: {listed}");
    }
    for wrong in ["soon", "2021-02-29", "21:00", ""] {
        let refused = workspace.json(&["alerts", "--until", wrong]).fails(2);
        assert_eq!(refused["code"], "invalid_time", "{wrong}");
    }
    let id = alerts[0]["id"].as_str().unwrap();
    // What has not fallen due cannot be waved away.
    let acked = workspace.json(&["alerts", "ack", id]).done();
    assert_eq!(acked["state"], "upcoming");
    workspace.json(&["alerts", "ack", "no-such-alert"]).fails(2);
}

#[test]
fn refused_credentials_are_an_alert_that_is_acknowledged_and_goes_by_itself() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    workspace
        .json_with(
            &["account", "update", ACCOUNT, "--client-secret-stdin"],
            b"wrong",
        )
        .exits(0);
    workspace.json(&["account", "renew", ACCOUNT]).fails(3);
    let alerts = workspace.json(&["alerts"]).done();
    assert!(
        kinds(&alerts).contains(&("needs_reauth".into(), "active".into())),
        "{alerts}"
    );
    let id = alerts
        .as_array()
        .unwrap()
        .iter()
        .find(|alert| alert["kind"] == "needs_reauth")
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let acked = workspace.json(&["alerts", "ack", &id]).done();
    assert_eq!(acked["state"], "acknowledged");
    let secret = instance.manners().client_secret.clone();
    workspace
        .json_with(
            &["account", "update", ACCOUNT, "--client-secret-stdin"],
            secret.as_bytes(),
        )
        .exits(0);
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    let alerts = workspace.json(&["alerts", "--until", "21h"]).done();
    assert_eq!(kinds(&alerts), [("access_token".into(), "upcoming".into())]);
}

#[test]
fn a_token_without_expires_in_is_an_alert() {
    let instance = Instance::with(Manners {
        expires_in: Value::Null,
        ..Manners::default()
    });
    let workspace = Workspace::connected(&instance);
    let alerts = workspace.json(&["alerts"]).done();
    assert!(
        kinds(&alerts).contains(&("no_expiry".into(), "active".into())),
        "{alerts}"
    );
}

#[test]
fn the_daemon_renews_what_fell_due_and_says_so_without_naming_anybody() {
    let instance = Instance::start();
    let workspace = hasty(&instance);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(
        kinds(&workspace.json(&["alerts", "--until", "21h"]).done()),
        [("access_token".into(), "due".into())]
    );
    let before = tokens_issued(&instance);
    let outcome = workspace.json(&["daemon", "--once"]);
    let lines = outcome.exits(0).lines();
    assert_eq!(tokens_issued(&instance), before + 1);
    assert_eq!(lines.len(), 1, "{outcome}");
    assert_eq!(lines[0]["kind"], "renewed");
    let said = format!("{} {}", lines[0]["title"], lines[0]["body"]);
    assert!(!said.to_lowercase().contains("acme"), "{said}");
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "active");
    assert!(
        workspace
            .json(&["backup", "list"])
            .done()
            .as_array()
            .unwrap()
            .iter()
            .any(|backup| backup["reason"] == "daily")
    );
}

#[test]
fn with_renewal_off_the_user_is_told_once() {
    let instance = Instance::start();
    let workspace = hasty(&instance);
    workspace
        .json(&["setting", "set", "auto_renew", "off"])
        .exits(0);
    workspace
        .json(&["setting", "set", "notify_names", "on"])
        .exits(0);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let before = tokens_issued(&instance);
    let lines = workspace.json(&["daemon", "--once"]).exits(0).lines();
    assert_eq!(tokens_issued(&instance), before);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["actions"], json!(["renew", "open", "snooze"]));
    assert!(
        lines[0]["body"]
            .as_str()
            .unwrap()
            .starts_with("Acme (acme-test): ")
    );
    assert!(
        workspace
            .json(&["daemon", "--once"])
            .exits(0)
            .lines()
            .is_empty()
    );
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    assert_eq!(
        kinds(&workspace.json(&["alerts", "--until", "21h"]).done()),
        [("access_token".into(), "upcoming".into())]
    );
}

#[test]
fn a_refusal_at_the_threshold_is_one_notification_and_needs_somebody() {
    let instance = Instance::start();
    let workspace = hasty(&instance);
    instance.fault(|request| {
        request.path.ends_with("/oauth2/token").then(|| {
            crate::support::answer::json(
                401,
                &json!({ "error": "invalid_client", "error_description": "gone" }),
            )
        })
    });
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let lines = workspace.json(&["daemon", "--once"]).exits(0).lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["kind"], "needs_reauth");
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "needs_reauth");
}

#[test]
fn a_workspace_has_one_runner() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    let mut first = workspace.start(&["daemon"]);
    // Its first turn ends with a backup.
    let begun = std::time::Instant::now();
    let made = || {
        let backups = workspace.folder().join("backups");
        std::fs::read_dir(backups).is_ok_and(|mut found| found.next().is_some())
    };
    while !made() {
        assert!(begun.elapsed().as_secs() < 60);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let second = workspace.json(&["daemon", "--once"]);
    assert_eq!(second.code, Some(1), "{second}");
    assert!(second.everything().contains("runner_elsewhere"), "{second}");
    assert!(first.is_running());
    first.signal(libc::SIGINT);
    first.outcome().exits(0);
    workspace.json(&["daemon", "--once"]).exits(0);
}

/// Who does what is planned, as `xwalk doctor` says it.
fn planned_work(workspace: &Workspace) -> String {
    let checks = workspace.json(&["doctor"]).document();
    let mut checks = checks.as_array().unwrap().iter();
    let check = checks.find(|check| check["name"] == "planned work");
    check.unwrap()["message"].as_str().unwrap().to_owned()
}

#[test]
fn the_daemon_ends_in_order_however_it_is_asked_to() {
    let instance = Instance::start();
    let workspace = Workspace::connected(&instance);
    assert!(planned_work(&workspace).contains("nobody"));
    for signal in [libc::SIGINT, libc::SIGTERM] {
        let mut daemon = workspace.start(&["daemon"]);
        let words = format!("process {} does what is planned", daemon.pid());
        let begun = std::time::Instant::now();
        while !planned_work(&workspace).contains(&words) {
            assert!(daemon.is_running() && begun.elapsed().as_secs() < 60);
        }
        daemon.signal(signal);
        daemon.outcome().exits(0);
        // It anchored the audit up to its head.
        let verdict = workspace.json(&["audit", "verify"]).done();
        assert_eq!(verdict["anchored_seq"], verdict["rows"], "{verdict}");
        assert!(planned_work(&workspace).contains("nobody"));
    }
}

#[test]
fn scheduled_syncs_run_when_their_time_has_come_and_wait_in_quiet_windows() {
    let instance = Instance::start();
    instance.put("invoices", invoices(5));
    let workspace = Workspace::connected(&instance);
    workspace
        .json(&["schedule", "set", ACCOUNT, "invoices", "--every", "1m"])
        .fails(2);
    workspace
        .json(&["schedule", "set", ACCOUNT, "nonsense", "--every", "1h"])
        .fails(2);
    workspace
        .json(&["schedule", "set", ACCOUNT, "invoices", "--every", "6h"])
        .exits(0);
    workspace
        .json(&[
            "schedule",
            "quiet",
            "acme",
            "mon-sun 00:00-23:59, mon-sun 12:00-11:59",
        ])
        .exits(0);
    workspace.json(&["daemon", "--once"]).exits(0);
    assert_eq!(workspace.json(&["runs", ACCOUNT]).done(), json!([]));
    workspace.json(&["schedule", "quiet", "acme", "-"]).exits(0);
    for _ in 0..2 {
        workspace.json(&["daemon", "--once"]).exits(0);
    }
    let runs = workspace.json(&["runs", ACCOUNT]).done();
    assert_eq!(runs.as_array().unwrap().len(), 1, "{runs}");
    assert_eq!(
        (&runs[0]["mode"], &runs[0]["status"]),
        (&json!("incremental"), &json!("completed"))
    );
    let listed = workspace.json(&["schedule", "list"]).done();
    assert!(listed[0]["next_at"].is_string());
    workspace
        .json(&["schedule", "unset", ACCOUNT, "invoices"])
        .exits(0);
    assert_eq!(workspace.json(&["schedule", "list"]).done(), json!([]));
}
