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

#[path = "support/mock.rs"]
mod mock;
#[path = "support/worker.rs"]
mod worker;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crosswalk_console::{SandboxInput, StandIn, start_sandbox};
use serde_json::{Value, json};
use tauri::test::MockRuntime;
use tauri::{App, Listener, WebviewWindow};

use crate::worker::{with_worker, worker};

const OURS: &str = "acme";
const OTHER: &str = "globex";
const RESOURCE: &str = "invoices";
const MODEL: &str = "procurement/invoice";
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

/// What names something of a tenant.
struct Held {
    tenant: String,
    account: String,
    run: Value,
    projection: Value,
    seq: Value,
    alert: Value,
    record: String,
}

impl Held {
    /// What an argument of this name may be: whatever could name something of the tenant.
    fn arguments(&self, name: &str) -> Vec<Value> {
        let (account, model) = (&self.account, MODEL);
        let which = json!({ "level": "account", "scope": account, "model": model, "resource": null,
            "field": "number", "name": "owners" });
        match name {
            "id" => vec![
                json!(self.tenant),
                json!(account),
                self.run.clone(),
                self.alert.clone(),
                json!(self.record),
            ],
            "account" | "a" | "b" | "scope" => vec![json!(account)],
            "tenant" => vec![json!(self.tenant)],
            "run" => vec![self.run.clone()],
            "seq" => vec![self.seq.clone()],
            "projection" => vec![self.projection.clone()],
            "which" => vec![which],
            "draft" => vec![
                json!({ "account": account, "model": model, "resource": null,
                "field": "number", "expression": "id", "level": "account", "field_type": null }),
            ],
            "level" => vec![json!("account")],
            "to" => vec![json!([account])],
            "input" => vec![json!({
                "id": "another", "tenant": self.tenant, "connector": "coupa", "kind": "sandbox",
                "environment": null, "config": {}, "client_id": null, "secret": null, "scopes": null,
                "grant": null, "purpose": "read", "allow_hosts": [],
            })],
            "filter" => vec![
                json!({ "account": account, "resource": null, "limit": 50, "until": null }),
                json!({ "account": null, "resource": null, "limit": 50, "until": null }),
            ],
            "text" => vec![
                json!(self.tenant),
                json!("canary"),
                json!("format: 1\nconnector: coupa\nconnector_version: 1.0.0\n"),
            ],
            _ => vec![anything(name)],
        }
    }
}

/// An argument that names nobody.
fn anything(name: &str) -> Value {
    match name {
        "model" => json!(MODEL),
        "resource" => json!(RESOURCE),
        "field" => json!("number"),
        "table" | "name" => json!("owners"),
        "query" => {
            json!({ "text": "", "offset": 0, "limit": 50, "sort": null, "filter": "", "expanded": null })
        }
        "around" => json!({ "failing_field": null, "after": null, "before": null }),
        "options" => {
            json!({ "mode": "test", "pages": 1, "budget": 100, "fields": null, "restart": true,
            "mark_exported": false, "confirm": null })
        }
        "choice" => json!({ "model": null, "field": null, "tables": true }),
        "rows" => json!({ "offset": 0, "limit": 50, "filter": "" }),
        "changes" => json!({ "name": "changed", "region": null, "contacts": null, "notes": null }),
        "csv" => json!("key,value\na,b\n"),
        "until" => json!("2026-11-22T12:00:00Z"),
        "filters" | "columns" | "resources" | "scopes" | "windows" => json!([]),
        "config" => json!({}),
        "connector" => json!("coupa"),
        "purpose" => json!("read"),
        "path" | "keyPath" | "expression" | "typed" => json!("id"),
        "step" => json!("connected"),
        "channel" => json!("__CHANNEL__:1"),
        "json" => json!("{}"),
        "key" => json!("proxy"),
        "offset" => json!(0),
        "limit" => json!(50),
        "version" => json!(1),
        "reveal" | "force" | "replace" | "partial" | "done" | "on" => json!(false),
        "dryRun" => json!(true),
        _ => Value::Null,
    }
}

/// Every command with the names of its arguments.
fn commands() -> Vec<(String, Vec<String>)> {
    let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/backend/bindings.ts");
    let text = std::fs::read_to_string(bindings).unwrap();
    let calls = text.split("__TAURI_INVOKE(\"").skip(1);
    let read = calls.filter_map(|call| {
        let (name, rest) = call.split_once('"')?;
        let names = match rest.strip_prefix(", { ") {
            Some(names) => names.split_once(" }")?.0,
            None => "",
        };
        let names = names.split(", ").filter(|name| !name.is_empty());
        Some((name.to_owned(), names.map(str::to_owned).collect()))
    });
    read.collect()
}

/// Every way to fill in the arguments with what is held.
fn ways(names: &[String], held: &Held) -> Vec<Value> {
    let mut ways = vec![json!({})];
    for name in names {
        let values = held.arguments(name);
        ways = ways
            .into_iter()
            .flat_map(|way| {
                values.iter().map(move |value| {
                    let mut way = way.clone();
                    way[name] = value.clone();
                    way
                })
            })
            .collect();
    }
    ways
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
    assert!(known.len() > 90, "{}", known.len());
    let mut answered: BTreeSet<String> = BTreeSet::new();
    let mut unread: BTreeSet<String> = BTreeSet::new();
    for (command, names) in &known {
        if LEFT_OUT.contains(&command.as_str()) {
            continue;
        }
        for arguments in ways(names, &other) {
            let answer = stage.call(command, &arguments);
            let text = match &answer {
                Ok(value) | Err(value) => value.to_string(),
            };
            assert!(!text.contains(CANARY), "{command} {arguments}: {text}");
            // Not even what was asked for is repeated: the window shows a refusal.
            assert!(!text.contains(OTHER), "{command} {arguments}: {text}");
            match answer {
                Err(Value::String(why)) if why.contains("invalid args") => {
                    unread.insert(format!("{command}: {why}"));
                }
                Err(fault) => {
                    assert!(fault["code"].is_string(), "{command} {arguments}: {fault}");
                    answered.insert(command.clone());
                }
                Ok(_) => {
                    answered.insert(command.clone());
                }
            }
        }
    }
    unread.retain(|line| !answered.contains(line.split(':').next().unwrap_or_default()));
    println!("{} commands were asked; not: {unread:#?}", answered.len());
    assert!(answered.len() > 75, "{unread:#?}");
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
