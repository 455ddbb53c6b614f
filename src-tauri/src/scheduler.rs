//! What goes on while the window is open or closed to the tray: the workspace's runner and its notifications. The
//! window is told by [`crate::news`].

use std::time::Duration;

use crosswalk_console::{Console, Notice, NoticeAction, Runner};
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::Shell;
use crate::deep_link::account_place;
use crate::events::{self, NotificationsUnavailable};
use crate::{notifications, run_events, tray};

/// How long to wait before looking again whether another process still is the workspace's runner.
const WHILE_ANOTHER_RUNS: Duration = Duration::from_mins(1);

/// With the test clock time passes in jumps: look often.
#[cfg(feature = "test-clock")]
const LONGEST_REST: Duration = Duration::from_millis(200);
#[cfg(not(feature = "test-clock"))]
const LONGEST_REST: Duration = Duration::from_mins(1);

/// Wakes the scheduler: something was changed that may have made something due.
#[derive(Debug, Default)]
pub(crate) struct Waker(Notify);

impl Waker {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Runs until the program ends.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) {
    let Ok(console) = app.state::<Shell>().console().cloned() else {
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(fault) = console.resume_demo_sandbox().await {
            tracing::warn!(code = fault.code, "{}", fault.message);
        }
        let stop = CancellationToken::new();
        loop {
            match Runner::start(console.clone()) {
                Ok(Some(runner)) => {
                    let runner = runner
                        .telling_while(alone(app.clone()))
                        .watched_by(run_events::to_window(&app));
                    run(&app, &console, runner, &stop).await;
                }
                Ok(None) => {
                    tray::refresh(&app, &console).await;
                    tokio::time::sleep(WHILE_ANOTHER_RUNS).await;
                }
                Err(fault) => {
                    tracing::warn!(code = fault.code, "{}", fault.message);
                    tokio::time::sleep(WHILE_ANOTHER_RUNS).await;
                }
            }
        }
    });
}

/// Whether nobody looks on, asked anew each time: with a customer there nothing pops up, and what still is due then does
/// afterwards.
fn alone<R: Runtime>(app: AppHandle<R>) -> impl Fn() -> bool + Send + Sync + 'static {
    move || app.state::<Shell>().audience().tenant().is_none()
}

/// Tells the window that nobody shows notifications here, and keeps it for one that does not listen yet.
fn unavailable<R: Runtime>(app: AppHandle<R>) -> impl FnOnce(String) + Send + 'static {
    move |message| {
        app.state::<Shell>().note_silent(message.clone());
        events::tell(&app, &NotificationsUnavailable { message });
    }
}

/// How long a turn is rested from. One that failed is not tried again at once, though what it was to do still is due.
fn rest(went_well: bool, left: Duration) -> Duration {
    if went_well {
        left.min(LONGEST_REST)
    } else {
        LONGEST_REST
    }
}

/// Beats until the program ends. A turn that failed, as on a full disk, is tried again.
async fn run<R: Runtime>(
    app: &AppHandle<R>,
    console: &Console,
    mut runner: Runner,
    stop: &CancellationToken,
) {
    loop {
        let went_well = match runner.beat(runner.reading(), stop).await {
            Ok(notices) => {
                for notice in notices {
                    show(app, console, &notice);
                }
                true
            }
            Err(fault) => {
                tracing::warn!(code = fault.code, "{}", fault.message);
                false
            }
        };
        tray::refresh(app, console).await;
        let left = runner.sleep_for().await.unwrap_or(LONGEST_REST);
        let shell = app.state::<Shell>();
        tokio::select! {
            () = tokio::time::sleep(rest(went_well, left)) => {}
            () = shell.waker.0.notified() => {}
            () = runner.sync_ended() => {}
        }
    }
}

/// Shows one notification, and does what is chosen on it.
fn show<R: Runtime>(app: &AppHandle<R>, console: &Console, notice: &Notice) {
    let (app, console) = (app.clone(), console.clone());
    let place = notice
        .account
        .as_deref()
        .map_or_else(|| "/alerts".to_owned(), account_place);
    let alerts = notice.alerts.clone();
    let failed = unavailable(app.clone());
    let act = move |action: NoticeAction| {
        tauri::async_runtime::spawn(async move {
            if action == NoticeAction::Open {
                events::lead(&app, &place).await;
                return;
            }
            for alert in &alerts {
                let done = console
                    .act_on(alert, action, &CancellationToken::new())
                    .await;
                if let Err(fault) = done {
                    // The account's screen says what is wrong and what to do.
                    tracing::warn!(code = fault.code, "{}", fault.message);
                    events::lead(&app, &place).await;
                }
            }
            app.state::<Shell>().waker.wake();
        });
    };
    notifications::show(notice, act, failed);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;
    use crate::stage::Stage;

    #[test]
    fn a_turn_that_failed_is_rested_from_whatever_is_due() {
        let (soon, late) = (LONGEST_REST / 2, LONGEST_REST * 2);
        for (went_well, left, expected) in [
            (true, soon, soon),
            (true, late, LONGEST_REST),
            (false, soon, LONGEST_REST),
            (false, late, LONGEST_REST),
        ] {
            assert_eq!(rest(went_well, left), expected, "{went_well} {left:?}");
        }
    }

    #[test]
    fn nothing_pops_up_while_a_customer_looks_on() {
        let stage = Stage::new();
        let console = stage.console();
        tauri::async_runtime::block_on(console.add_tenant("acme", None, None)).unwrap();
        let alone = alone(stage.app().clone());
        assert!(alone());
        let shell = stage.shell();
        tauri::async_runtime::block_on(shell.enter_call("acme")).unwrap();
        assert!(!alone());
        shell.leave_call();
        assert!(alone());
    }

    #[test]
    fn the_window_is_told_that_nobody_shows_notifications() {
        let stage = Stage::new();
        let told = stage.hears("notifications-unavailable");
        assert_eq!(stage.shell().silent(), None);
        unavailable(stage.app().clone())("Nobody shows them.".to_owned());
        assert_eq!(
            stage.shell().silent().as_deref(),
            Some("Nobody shows them."),
            "a window that listens later can ask"
        );
        assert_eq!(told.all(), [json!({ "message": "Nobody shows them." })]);
    }
}
