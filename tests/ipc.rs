//! Every command of the window, over Tauri's mock runtime: no display is needed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;

use crosswalk::{Shell, ipc};
use crosswalk_console::{Console, Options};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{
    INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets,
};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};

fn app(folder: &Path) -> (App<MockRuntime>, WebviewWindow<MockRuntime>) {
    let app = mock_builder()
        .manage(Shell::open(folder.to_path_buf()))
        .invoke_handler(ipc::<MockRuntime>().invoke_handler())
        .build(mock_context(noop_assets()))
        .unwrap();
    let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
        .build()
        .unwrap();
    (app, window)
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: if cfg!(windows) {
            "http://tauri.localhost"
        } else {
            "tauri://localhost"
        }
        .parse()
        .unwrap(),
        body: InvokeBody::default(),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

#[test]
fn an_empty_workspace_answers_with_empty_lists() {
    let folder = tempfile::tempdir().unwrap();
    let (_app, window) = app(folder.path());
    assert_eq!(call(&window, "list_tenants"), Ok(json!([])));
    assert_eq!(call(&window, "list_accounts"), Ok(json!([])));
    let info = call(&window, "workspace_info").unwrap();
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(info["folder"], folder.path().to_str().unwrap());
}

#[test]
fn tenants_added_elsewhere_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let console = Console::open(Options::new(folder.path().to_path_buf())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime
        .block_on(console.add_tenant("acme", Some("Acme"), Some("EU")))
        .unwrap();
    let (_app, window) = app(folder.path());
    assert_eq!(
        call(&window, "list_tenants"),
        Ok(json!([{ "id": "acme", "name": "Acme", "region": "EU" }]))
    );
}

#[test]
fn a_workspace_that_cannot_be_opened_says_why_and_what_next() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("workspace.db"), vec![b'x'; 8192]).unwrap();
    let (_app, window) = app(folder.path());
    for command in ["workspace_info", "list_tenants", "list_accounts"] {
        let fault = call(&window, command).unwrap_err();
        assert!(
            fault["code"].as_str().is_some_and(|code| !code.is_empty()),
            "{fault}"
        );
        assert!(
            fault["hint"].as_str().is_some_and(|hint| !hint.is_empty()),
            "{fault}"
        );
    }
}
