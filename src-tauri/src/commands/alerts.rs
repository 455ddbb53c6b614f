//! Alerts.

use crosswalk_console::{AlertView, Fault};
use jiff::Timestamp;
use serde::Deserialize;
use specta::Type;
use tauri::State;

use crate::Shell;
use crate::notifications::{self, NotificationTrial};

/// Which alerts to list.
#[derive(Clone, Debug, Default, Deserialize, Type)]
pub(crate) struct AlertFilter {
    /// Only what falls due until then; null: everything.
    until: Option<Timestamp>,
    /// Also what was resolved in the last so many days; null: none.
    resolved_days: Option<u32>,
}

/// The alert, if those who look on may see it.
async fn admit(shell: &Shell, id: &str) -> Result<(), Fault> {
    let audience = shell.audience();
    if audience.tenant().is_none() {
        return Ok(());
    }
    let alerts = shell.console()?.alerts(None).await?;
    let tenant = alerts
        .into_iter()
        .find(|alert| alert.id == id)
        .and_then(|alert| alert.tenant);
    audience.admit_to(tenant.as_deref(), "alert")
}

/// What is due, active or to come, earliest first; then what was resolved, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn alerts(
    shell: State<'_, Shell>,
    filter: AlertFilter,
) -> Result<Vec<AlertView>, Fault> {
    let console = shell.console()?;
    let mut alerts = console.alerts(filter.until).await?;
    if let Some(days) = filter.resolved_days {
        alerts.extend(console.resolved_alerts(days).await?);
    }
    Ok(shell
        .audience()
        .only(alerts, |alert| alert.tenant.as_deref().unwrap_or_default()))
}

/// Notes that somebody has seen an alert.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ack_alert(shell: State<'_, Shell>, id: String) -> Result<AlertView, Fault> {
    admit(&shell, &id).await?;
    let alert = shell.console()?.ack_alert(&id).await;
    shell.waker.wake();
    alert
}

/// Keeps an alert quiet until a time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn snooze_alert(
    shell: State<'_, Shell>,
    id: String,
    until: Timestamp,
) -> Result<AlertView, Fault> {
    admit(&shell, &id).await?;
    let alert = shell.console()?.snooze_alert(&id, until).await;
    shell.waker.wake();
    alert
}

/// Why nobody shows notifications here, found out since the program began; the window may have listened later.
#[tauri::command]
#[specta::specta]
pub(crate) async fn notifications_unavailable(
    shell: State<'_, Shell>,
) -> Result<Option<String>, Fault> {
    Ok(shell.silent())
}

/// Shows a notification that says that notifications work.
#[tauri::command]
#[specta::specta]
pub(crate) async fn test_notification() -> Result<NotificationTrial, Fault> {
    tauri::async_runtime::spawn_blocking(notifications::try_out)
        .await
        .map_err(|error| {
            Fault::failed(
                "notification_failed",
                format!("The trial ended early: {error}."),
                "Try again.",
            )
        })
}
