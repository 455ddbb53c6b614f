//! What the shell tells the window without being asked.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager, Runtime};
use tauri_specta::Event;

use crate::Shell;
use crate::shell::WINDOW;

/// Accounts came, went or changed: their status, health, tokens, runs or coverage. None are named where it is tenants
/// that did.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct HealthChanged {
    pub accounts: Vec<String>,
}

/// Alerts came, went or changed.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct AlertsChanged {}

/// Overrides of mappings or the tables they read came or went.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct MappingsChanged {}

/// The catalogue changed: a file of the workspace's connectors was saved.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct ConnectorsChanged {}

/// A place in the window to go to: from a deep link, the tray or a notification.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct Navigate {
    pub to: String,
}

/// The window was to be closed, and nobody has said yet what that means, or there is no tray to close it to.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct CloseAsked {
    /// Whether this desktop shows an icon that brings the window back.
    pub tray: bool,
}

/// The window was locked, or opened again.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct LockChanged {
    pub locked: bool,
}

/// Nobody shows native notifications here: said once for each start of the program.
#[derive(Clone, Debug, Deserialize, Serialize, Type, Event)]
pub struct NotificationsUnavailable {
    pub message: String,
}

/// Tells the window. One that is gone needs no telling.
pub(crate) fn tell<R: Runtime>(app: &AppHandle<R>, event: &(impl Event + Clone + Serialize)) {
    if let Err(error) = event.emit(app) {
        tracing::debug!(%error, "the window was not told");
    }
}

/// Brings the window to the front, and to a place in it. One that comes before the window listens waits until it asks.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>, place: Option<&str>) {
    if let Some(window) = app.get_webview_window(WINDOW) {
        let shown = window
            .show()
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window cannot be brought to the front");
        }
    }
    if let Some(to) = place.and_then(|place| app.state::<Shell>().lead(place)) {
        tell(app, &Navigate { to });
    }
}

/// [`show`], for a place that comes from without: a link, or a notification that may be older than a customer call.
/// What those who look on may not see is not gone to; the window comes to the front all the same.
pub(crate) async fn lead<R: Runtime>(app: &AppHandle<R>, place: &str) {
    let may_show = app.state::<Shell>().may_show(place).await;
    show(app, may_show.then_some(place));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;
    use tauri::async_runtime::block_on;

    use super::*;
    use crate::stage::Stage;

    #[test]
    fn the_window_is_led_where_it_may_go_once_it_listens() {
        let stage = Stage::new();
        let (shell, app) = (stage.shell(), stage.app());
        let told = stage.hears("navigate");
        show(app, Some("/accounts/acme-test"));
        assert!(told.all().is_empty(), "nobody listens yet");
        assert_eq!(
            block_on(shell.first_place()).as_deref(),
            Some("/accounts/acme-test")
        );
        show(app, None);
        assert!(told.all().is_empty(), "it only comes to the front");
        show(app, Some("/alerts"));
        block_on(lead(app, "/accounts/acme-test"));
        let both = [
            json!({ "to": "/alerts" }),
            json!({ "to": "/accounts/acme-test" }),
        ];
        assert_eq!(told.all(), both);

        let console = stage.console();
        block_on(console.add_tenant("acme", None, None)).unwrap();
        block_on(shell.enter_call("acme")).unwrap();
        block_on(lead(app, "/accounts/globex-test"));
        assert_eq!(told.all(), both, "it is somebody else's, if it is there");
    }
}
