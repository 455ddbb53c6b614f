//! Whether this desktop shows tray icons at all: a window must not be closed to where nobody finds it again.

#[cfg(target_os = "linux")]
use std::time::Duration;

use tauri::{AppHandle, Runtime};

use crate::tray;

/// A desktop that does not answer shows none; closing a window cannot wait for longer.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether somebody sees the icon.
pub(crate) async fn is_shown<R: Runtime>(app: &AppHandle<R>) -> bool {
    tray::is_built(app) && has_host().await
}

#[cfg(not(target_os = "linux"))]
async fn has_host() -> bool {
    true
}

/// Whether anything watches for icons (freedesktop.org, *StatusNotifierItem*: a host needs the watcher).
#[cfg(target_os = "linux")]
async fn has_host() -> bool {
    match tokio::time::timeout(PATIENCE, watcher_has_owner()).await {
        Ok(Ok(owned)) => owned,
        Ok(Err(error)) => {
            tracing::debug!(%error, "the session bus was not asked for a tray");
            false
        }
        Err(_) => false,
    }
}

#[cfg(target_os = "linux")]
async fn watcher_has_owner() -> zbus::Result<bool> {
    let bus = zbus::Connection::session().await?;
    let answer = bus
        .call_method(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "NameHasOwner",
            &"org.kde.StatusNotifierWatcher",
        )
        .await?;
    answer.body().deserialize()
}
