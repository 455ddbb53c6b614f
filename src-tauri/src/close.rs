//! What closing the window means: leaving, or going on from the tray. Asked once, then remembered.

use std::time::Duration;

use crosswalk_console::{CloseChoice, Console, Fault};
use tauri::{AppHandle, Manager, Runtime, Window, WindowEvent};

use crate::Shell;
use crate::events::{self, CloseAsked};
use crate::tray_host;

/// What is to happen when the window is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Closing {
    Leave,
    Hide,
    /// With or without a tray to close to.
    Ask {
        tray: bool,
    },
}

/// Without a workspace there is nothing that could go on.
fn leaves(choice: &Result<CloseChoice, Fault>) -> bool {
    matches!(choice, Ok(CloseChoice::Quit) | Err(_))
}

/// Where there is no tray, what was chosen for one is asked again: a hidden window would be lost.
fn closing(choice: CloseChoice, tray: bool) -> Closing {
    match choice {
        CloseChoice::Quit => Closing::Leave,
        CloseChoice::Tray if tray => Closing::Hide,
        CloseChoice::Tray | CloseChoice::Ask => Closing::Ask { tray },
    }
}

/// Hears the window being closed.
pub(crate) fn on_window_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && stays(window.app_handle())
    {
        api.prevent_close();
    }
}

/// Whether the window stays for now, since what closing means is seen to in the background.
fn stays<R: Runtime>(app: &AppHandle<R>) -> bool {
    let choice = app
        .state::<Shell>()
        .console()
        .and_then(Console::close_choice_now);
    if leaves(&choice) {
        return false;
    }
    let app = app.clone();
    let choice = choice.unwrap_or_default();
    tauri::async_runtime::spawn(async move {
        match closing(choice, tray_host::is_shown(&app).await) {
            Closing::Leave => app.exit(0),
            Closing::Hide => hide(&app),
            Closing::Ask { tray } => events::tell(&app, &CloseAsked { tray }),
        }
    });
    true
}

/// How long leaving may take. A request for a token has time limits of its own.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// What is done when the program ends: an answer with a new refresh token is waited for, and the audit anchored.
pub(crate) fn leave<R: Runtime>(app: &AppHandle<R>) {
    let Some(shell) = app.try_state::<Shell>() else {
        return;
    };
    // Limited inside the runtime, whose clock it needs.
    let ended = tauri::async_runtime::block_on(async {
        tokio::time::timeout(LONGEST_FAREWELL, shell.leave()).await
    });
    if ended.is_err() {
        tracing::warn!("something still waited for an answer when the program ended");
    }
}

/// Hides the window; the tray, another start or a notification brings it back.
pub(crate) fn hide<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(crate::shell::WINDOW)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window cannot be hidden");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;
    use crate::stage::Stage;

    #[test]
    fn closing_is_asked_about_once_and_then_done_as_chosen() {
        for (choice, tray, expected) in [
            (CloseChoice::Ask, true, Closing::Ask { tray: true }),
            (CloseChoice::Ask, false, Closing::Ask { tray: false }),
            (CloseChoice::Tray, true, Closing::Hide),
            (CloseChoice::Tray, false, Closing::Ask { tray: false }),
            (CloseChoice::Quit, true, Closing::Leave),
            (CloseChoice::Quit, false, Closing::Leave),
        ] {
            assert_eq!(closing(choice, tray), expected, "{choice:?} {tray}");
        }
        let shut = Err(Fault::locked("workspace_newer", "It is newer.", "Update."));
        assert!(leaves(&shut));
        assert!(leaves(&Ok(CloseChoice::Quit)));
        assert!(!leaves(&Ok(CloseChoice::Ask)));
    }

    #[test]
    fn a_window_stays_and_asks_until_somebody_said_what_closing_means() {
        let stage = Stage::new();
        let asked = stage.hears("close-asked");
        assert!(stays(stage.app()));
        // No icon was put into a tray here.
        assert_eq!(asked.first(), json!({ "tray": false }));
        let quit = stage.console();
        let quit = quit.set_close_choice(CloseChoice::Quit);
        tauri::async_runtime::block_on(quit).unwrap();
        assert!(!stays(stage.app()));
    }
}
