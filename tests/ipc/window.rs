//! A window on Tauri's mock runtime, and calls of its commands.

use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tauri::test::MockRuntime;
use tauri::{App, Listener, WebviewWindow};

use crate::mock;

/// A window over a workspace, without a display.
pub(crate) struct Window {
    app: App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
}

impl Window {
    /// Opens a workspace in `folder`.
    pub(crate) fn on(folder: &Path) -> Self {
        let (app, window) = mock::window_on(mock::options(folder));
        Self { app, window }
    }

    /// Calls a command.
    pub(crate) fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        mock::call(&self.window, command, arguments)
    }

    /// Calls a command that works.
    pub(crate) fn ask(&self, command: &str, arguments: Value) -> Value {
        self.call(command, arguments)
            .unwrap_or_else(|fault| panic!("{command}: {fault}"))
    }

    /// The code a command fails with; a failure says what to do next.
    pub(crate) fn refusal(&self, command: &str, arguments: Value) -> String {
        let fault = match self.call(command, arguments) {
            Ok(answer) => panic!("{command} answered {answer}"),
            Err(fault) => fault,
        };
        for part in ["message", "hint"] {
            assert!(
                fault[part].as_str().is_some_and(|text| !text.is_empty()),
                "{command} has no {part}: {fault}"
            );
        }
        fault["code"].as_str().unwrap_or_default().to_owned()
    }

    /// What the shell tells by an event from now on.
    pub(crate) fn hear(&self, event: &str) -> Arc<Mutex<Vec<Value>>> {
        let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
        let told = Arc::clone(&heard);
        self.app.listen_any(event, move |event| {
            let payload = serde_json::from_str(event.payload()).unwrap();
            told.lock().unwrap().push(payload);
        });
        heard
    }

    /// Adds a tenant with an account that has a secret.
    pub(crate) fn add_account(&self, tenant: &str, account: &str) {
        if self.call("tenant", json!({ "id": tenant })).is_err() {
            self.ask(
                "add_tenant",
                json!({ "id": tenant, "name": format!("The {tenant}"), "region": "EU" }),
            );
        }
        self.ask(
            "add_account",
            json!({ "input": account_input(tenant, account) }),
        );
    }
}

/// What the connection form sends.
pub(crate) fn account_input(tenant: &str, account: &str) -> Value {
    json!({
        "id": account,
        "tenant": tenant,
        "connector": "coupa",
        "kind": "sandbox",
        "environment": null,
        "config": { "instance_url": "http://127.0.0.1:9", "custom_object_id": "" },
        "client_id": "client",
        "secret": "secret-of-the-test",
        "scopes": null,
        "grant": "client_credentials",
        "purpose": "read",
        "allow_hosts": [],
    })
}
