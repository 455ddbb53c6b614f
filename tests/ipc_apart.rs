//! One customer never sees another: during a customer call no command, whatever it is asked for, answers with anything of
//! another tenant, and none changes anything of it. Commands are those of the generated bindings, so that a new one is
//! looked at from its first day.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "tests"
)]

#[path = "support/arguments.rs"]
mod arguments;
#[path = "support/commands.rs"]
mod commands;
#[path = "support/mock.rs"]
mod mock;
#[path = "support/worker.rs"]
mod worker;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crosswalk_console::{SandboxInput, StandIn, start_sandbox};
use serde_json::{Value, json};
use tauri::test::MockRuntime;
use tauri::{App, Listener, WebviewWindow};

use crate::arguments::{Held, MODEL, RESOURCE};
use crate::commands::commands;
use crate::worker::{with_worker, worker};

const OURS: &str = "acme";
const OTHER: &str = "globex";
/// Is in everything that was ever written about the other tenant.
const CANARY: &str = "CANARY";

/// These leave the call, end or hide the program, or reach out of it.
const LEFT_OUT: [&str; 10] = [
    "enter_call",
    "leave_call",
    "quit",
    "hide_window",
    "open_external",
    "test_notification",
    "autostart",
    "set_autostart",
    "start_demo_sandbox",
    "workspace_info",
];

struct Stage {
    _app: App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
    told: Arc<Mutex<Vec<Value>>>,
    runtime: tokio::runtime::Runtime,
    sandbox: StandIn,
    _folder: tempfile::TempDir,
}

fn account(tenant: &str) -> String {
    format!("{tenant}-sandbox")
}

/// What is written about a tenant; of the other one canaries.
fn words(tenant: &str, what: &str) -> String {
    if tenant == OTHER {
        format!("{CANARY}{what}")
    } else {
        format!("our {what}")
    }
}

impl Stage {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let sandbox = runtime.block_on(async {
            start_sandbox(SandboxInput {
                counts: vec![(RESOURCE, 20)],
                settle_seconds: Some(0),
                no_limit: true,
                ..SandboxInput::default()
            })
            .await
            .unwrap()
        });
        let (app, window) = mock::window_on(with_worker(mock::options(folder.path())));
        let told: Arc<Mutex<Vec<Value>>> = Arc::default();
        let heard = Arc::clone(&told);
        app.listen_any("run-progress", move |event| {
            let payload = serde_json::from_str(event.payload()).unwrap();
            heard.lock().unwrap().push(payload);
        });
        Self {
            _app: app,
            window,
            told,
            runtime,
            sandbox,
            _folder: folder,
        }
    }

    fn call(&self, command: &str, arguments: &Value) -> Result<Value, Value> {
        let _inside = self.runtime.enter();
        mock::call(&self.window, command, arguments.clone())
    }

    fn ask(&self, command: &str, arguments: &Value) -> Value {
        self.call(command, arguments)
            .unwrap_or_else(|fault| panic!("{command}: {fault}"))
    }

    /// A tenant with an account, records, an override, a table, a pin and an alert.
    fn grow(&self, tenant: &str) -> Held {
        let account = account(tenant);
        self.ask(
            "add_tenant",
            &json!({ "id": tenant, "name": words(tenant, "name"), "region": words(tenant, "region") }),
        );
        let changes = json!({ "name": null, "region": null, "contacts": words(tenant, "contact"),
            "notes": words(tenant, "notes") });
        self.ask(
            "update_tenant",
            &json!({ "id": tenant, "changes": changes }),
        );
        let input = json!({
            "id": account, "tenant": tenant, "connector": "coupa", "kind": "sandbox",
            "environment": "shared", "config": { "instance_url": self.sandbox.url(), "custom_object_id": "" },
            "client_id": self.sandbox.client_id(), "secret": self.sandbox.client_secret().expose(),
            "scopes": null, "grant": "client_credentials", "purpose": "read", "allow_hosts": [],
        });
        self.ask("add_account", &json!({ "input": input }));
        self.ask("renew_token", &json!({ "account": account }));
        let sync = json!({ "mode": "test", "pages": 1, "budget": 100, "fields": null, "restart": false,
            "mark_exported": false, "confirm": null });
        let run = self.ask(
            "start_sync",
            &json!({ "account": account, "resource": RESOURCE, "options": sync }),
        );
        let until = Instant::now() + Duration::from_mins(1);
        while self.ask("run", &json!({ "id": run }))["status"] != "completed" {
            assert!(Instant::now() < until, "the sync does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        let table = json!({ "level": "account", "scope": account, "name": "owners" });
        let entry = json!([{ "key": words(tenant, "key"), "value": words(tenant, "value") }]);
        self.ask(
            "save_table",
            &json!({ "which": table, "changes": entry, "note": words(tenant, "note") }),
        );
        if worker().is_some() {
            let which = json!({ "level": "account", "scope": account, "model": MODEL, "resource": null,
                "field": "number" });
            let expression = format!("`invoice-number` & '{}'", words(tenant, "expression"));
            self.ask(
                "save_override",
                &json!({ "which": which, "expression": expression, "fieldType": null,
                    "note": words(tenant, "note"), "force": true }),
            );
        }
        let arguments =
            json!({ "account": account, "resource": RESOURCE, "columns": ["id", "status"] });
        let projection = self.ask("open_projection", &arguments)["projection"].clone();
        let calls = json!({ "account": account, "query": { "text": "", "offset": 0, "limit": 1 } });
        let seq = self.ask("calls", &calls)["rows"][0]["seq"].clone();
        let alerts = self.ask("alerts", &json!({ "filter": { "until": null } }));
        let alert = alerts.as_array().and_then(|alerts| {
            let of_account = |alert: &&Value| alert["account"] == account.as_str();
            alerts.iter().find(of_account)
        });
        let alert = alert.map_or(Value::Null, |alert| alert["id"].clone());
        let raw = json!({ "account": account, "resource": RESOURCE,
            "around": { "failing_field": null, "after": null, "before": null } });
        let record = self.call("record_ids", &raw).unwrap_or_default()["next"].clone();
        Held {
            tenant: tenant.to_owned(),
            account,
            run,
            projection,
            seq,
            alert,
            record: record.as_str().unwrap_or("1").to_owned(),
        }
    }
}

/// What there is of the other tenant, to be compared with later.
fn all_of(stage: &Stage, held: &Held) -> Vec<Value> {
    let account = &held.account;
    let which = json!({ "level": "account", "scope": account, "model": MODEL, "resource": null,
        "field": "number", "name": "owners" });
    let runs = json!({ "account": account, "resource": null, "limit": 50 });
    let mut said = vec![
        stage.ask("tenant", &json!({ "id": held.tenant })),
        stage.ask("account", &json!({ "id": account })),
        stage.ask("runs", &json!({ "filter": runs })),
        stage.ask("override_history", &json!({ "which": which })),
        stage.ask("table_history", &json!({ "which": which })),
        stage.ask("pins", &json!({ "account": account, "model": null })),
    ];
    let calls = json!({ "account": account, "query": { "text": "", "offset": 0, "limit": 1 } });
    said.push(stage.ask("calls", &calls)["total"].clone());
    said
}

#[test]
fn nothing_of_another_tenant_is_told_or_changed_during_a_customer_call() {
    let stage = Stage::new();
    let (ours, other) = (stage.grow(OURS), stage.grow(OTHER));
    let before = all_of(&stage, &other);
    assert!(json!(before).to_string().contains(CANARY));
    stage.ask("enter_call", &json!({ "tenant": OURS }));
    stage.told.lock().unwrap().clear();

    let known = commands();
    assert!(known.len() > 140, "{}", known.len());
    for left_out in LEFT_OUT {
        assert!(known.iter().any(|(name, _)| name == left_out), "{left_out}");
    }
    for (command, names) in &known {
        if LEFT_OUT.contains(&command.as_str()) {
            continue;
        }
        for arguments in other.ways(command, names) {
            let answer = stage.call(command, &arguments);
            let text = match &answer {
                Ok(value) | Err(value) => value.to_string(),
            };
            assert!(!text.contains(CANARY), "{command} {arguments}: {text}");
            // Not even what was asked for is repeated: the window shows a refusal.
            assert!(!text.contains(OTHER), "{command} {arguments}: {text}");
            if let Err(fault) = answer {
                // Arguments that cannot be read would say nothing of the command: `tests/support/arguments.rs`.
                assert!(fault["code"].is_string(), "{command} {arguments}: {fault}");
            }
        }
    }
    // Nor is anything reached over something of our own.
    let choice = json!({ "model": null, "field": null, "tables": false });
    for (one, two) in [
        (&ours.account, &other.account),
        (&other.account, &ours.account),
    ] {
        let copy =
            json!({ "account": one, "to": [two], "choice": choice, "dryRun": false, "note": null });
        for (command, arguments) in [
            ("compare_accounts", json!({ "a": one, "b": two })),
            ("copy_overrides", copy),
        ] {
            let fault = stage.call(command, &arguments).unwrap_err();
            assert_eq!(fault["code"], "not_found", "{command} {arguments}: {fault}");
            assert!(!fault.to_string().contains(OTHER), "{command}: {fault}");
        }
    }
    let told = json!(*stage.told.lock().unwrap()).to_string();
    assert!(!told.contains(OTHER), "{told}");

    // Lists and figures are those of a workspace with one tenant.
    for (command, arguments) in [
        ("overview", json!({})),
        ("list_tenants", json!({})),
        ("list_accounts", json!({})),
    ] {
        let rows = stage.ask(command, &arguments);
        assert_eq!(rows.as_array().map(Vec::len), Some(1), "{command}: {rows}");
    }
    let cards = stage.ask("list_connectors", &json!({}));
    let uses: u64 = cards
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|card| card["accounts"].as_u64())
        .sum();
    assert_eq!(uses, 1, "{cards}");
    stage.ask("account", &json!({ "id": ours.account }));

    stage.ask("leave_call", &json!({}));
    assert_eq!(all_of(&stage, &other), before);
}
