//! A window on a workspace with an account of a stand-in instance, driven as the window drives it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crosswalk_console::{
    ConnectionInput, Console, NewAccount, Options, SandboxInput, StandIn, start_sandbox,
};
use serde_json::{Value, json};
use tauri::test::MockRuntime;
use tauri::{App, Listener, WebviewWindow};

use crate::mock;
use crate::worker::with_worker;
pub(crate) use crate::worker::worker;

pub(crate) const ACCOUNT: &str = "acme-sandbox";
pub(crate) const RESOURCE: &str = "invoices";
pub(crate) const MODEL: &str = "procurement/invoice";

/// A window on a workspace with one account of a stand-in instance and one of another tenant.
pub(crate) struct Stage {
    app: App<MockRuntime>,
    pub(crate) window: WebviewWindow<MockRuntime>,
    progress: Arc<Mutex<Vec<Value>>>,
    pub(crate) runtime: tokio::runtime::Runtime,
    _sandbox: StandIn,
    pub(crate) folder: tempfile::TempDir,
}

/// How the workspace is opened.
pub(crate) fn options(folder: &Path) -> Options {
    with_worker(mock::options(folder))
}

impl Stage {
    pub(crate) fn new(records: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let sandbox = runtime.block_on(async {
            let sandbox = start_sandbox(SandboxInput {
                counts: vec![(RESOURCE, records)],
                settle_seconds: Some(0),
                no_limit: true,
                ..SandboxInput::default()
            })
            .await
            .unwrap();
            let console = Console::open(options(folder.path())).unwrap();
            for tenant in ["acme", "globex"] {
                console.add_tenant(tenant, None, None).await.unwrap();
                let connection = ConnectionInput {
                    config: vec![("instance_url".to_owned(), sandbox.url())],
                    client_id: Some(sandbox.client_id().to_owned()),
                    client_secret: Some(sandbox.client_secret().clone()),
                    ..ConnectionInput::default()
                };
                let account = NewAccount {
                    id: format!("{tenant}-sandbox"),
                    tenant: tenant.to_owned(),
                    connector: "coupa".to_owned(),
                    kind: "sandbox",
                    environment: None,
                    grant: None,
                    purpose: "read",
                    connection,
                };
                console.add_account(account).await.unwrap();
            }
            sandbox
        });
        let (app, window) = mock::window_on(options(folder.path()));
        let progress: Arc<Mutex<Vec<Value>>> = Arc::default();
        let seen = Arc::clone(&progress);
        app.listen_any("run-progress", move |event| {
            let payload = serde_json::from_str(event.payload()).unwrap();
            seen.lock().unwrap().push(payload);
        });
        Self {
            app,
            window,
            progress,
            runtime,
            _sandbox: sandbox,
            folder,
        }
    }

    pub(crate) fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let _inside = self.runtime.enter();
        mock::call(&self.window, command, arguments)
    }

    pub(crate) fn code(&self, command: &str, arguments: Value) -> String {
        let fault = self.call(command, arguments).unwrap_err();
        assert!(fault["message"].as_str().is_some(), "{command}: {fault}");
        assert!(fault["hint"].as_str().is_some(), "{command}: {fault}");
        fault["code"].as_str().unwrap().to_owned()
    }

    /// Adds another account of a tenant. Nobody answers at its instance.
    pub(crate) fn add_account(
        &self,
        tenant: &str,
        id: &str,
        kind: &str,
        environment: Option<&str>,
    ) {
        let input = json!({
            "id": id, "tenant": tenant, "connector": "coupa", "kind": kind, "environment": environment,
            "config": { "instance_url": "http://127.0.0.1:9", "custom_object_id": "" }, "client_id": "client",
            "secret": "secret-of-the-test", "scopes": null, "grant": "client_credentials", "purpose": "read",
            "allow_hosts": [],
        });
        self.call("add_account", json!({ "input": input })).unwrap();
    }

    /// What the shell tells by an event from now on, and when.
    pub(crate) fn hear(&self, event: &str) -> Arc<Mutex<Vec<(Instant, Value)>>> {
        let heard: Arc<Mutex<Vec<(Instant, Value)>>> = Arc::default();
        let told = Arc::clone(&heard);
        self.app.listen_any(event, move |event| {
            let payload = serde_json::from_str(event.payload()).unwrap();
            told.lock().unwrap().push((Instant::now(), payload));
        });
        heard
    }

    /// Waits until the last the window was told is that a run stands so.
    pub(crate) fn hears(&self, run: &Value, status: &str) -> Value {
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            let last = self.progress.lock().unwrap().last().cloned();
            if let Some(last) = last.filter(|last| last["run"] == *run && last["status"] == status)
            {
                return last;
            }
            assert!(Instant::now() < until, "{run} is never {status}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Syncs and waits for the last of the progress.
    pub(crate) fn sync(&self, mode: &str) -> Value {
        let options = json!({ "mode": mode, "pages": null, "budget": 100, "fields": null, "restart": false,
            "mark_exported": false, "confirm": null });
        let run = self
            .call(
                "start_sync",
                json!({ "account": ACCOUNT, "resource": RESOURCE, "options": options }),
            )
            .unwrap();
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            let last = self.progress.lock().unwrap().last().cloned();
            if let Some(last) =
                last.filter(|last| last["run"] == run && last["status"] != "running")
            {
                return last;
            }
            assert!(Instant::now() < until, "the sync does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

pub(crate) fn of(more: Value) -> Value {
    let mut arguments = json!({ "account": ACCOUNT, "resource": RESOURCE });
    for (key, value) in more.as_object().unwrap() {
        arguments[key] = value.clone();
    }
    arguments
}
