//! A window on Tauri's mock runtime over a workspace whose vault is sealed under a passphrase, so that neither a display
//! nor a keyring is needed.

use std::path::Path;
use std::sync::Arc;

use crosswalk::{Shell, ipc};
use crosswalk_console::{Options, Secret, VaultKind};
use serde_json::Value;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{
    INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets,
};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};

/// How the workspace is opened.
pub(crate) fn options(folder: &Path) -> Options {
    let mut options = Options::new(folder.to_path_buf());
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from("for tests".to_owned()))));
    options
}

/// The program and its window.
pub(crate) fn window_on(options: Options) -> (App<MockRuntime>, WebviewWindow<MockRuntime>) {
    let app = mock_builder()
        .manage(Shell::open_with(Ok(options)))
        .invoke_handler(ipc::<MockRuntime>().invoke_handler())
        .build(mock_context(noop_assets()))
        .unwrap();
    ipc::<MockRuntime>().mount_events(&app);
    let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
        .build()
        .unwrap();
    (app, window)
}

/// Calls a command as the page does.
pub(crate) fn call(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    arguments: Value,
) -> Result<Value, Value> {
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
        body: InvokeBody::Json(arguments),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}
