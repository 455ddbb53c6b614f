//! What closing the window means: leaving, or going on from the tray. Asked once, then remembered.

use crosswalk_console::{CloseChoice, Console, Fault};
use tauri::{AppHandle, Manager, Runtime, Window, WindowEvent};

use crate::Shell;
use crate::events::{self, CloseAsked};

/// What is to happen when the window is closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Closing {
    Leave,
    Hide,
    Ask,
}

/// Without a workspace there is nothing that could go on.
fn closing(choice: &Result<CloseChoice, Fault>) -> Closing {
    match choice {
        Ok(CloseChoice::Ask) => Closing::Ask,
        Ok(CloseChoice::Tray) => Closing::Hide,
        Ok(CloseChoice::Quit) | Err(_) => Closing::Leave,
    }
}

/// Hears the window being closed.
pub(crate) fn on_window_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    let app = window.app_handle();
    let choice = app
        .state::<Shell>()
        .console()
        .and_then(Console::close_choice_now);
    match closing(&choice) {
        Closing::Leave => {}
        Closing::Hide => {
            api.prevent_close();
            hide(app);
        }
        Closing::Ask => {
            api.prevent_close();
            events::tell(app, &CloseAsked {});
        }
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
    use super::*;

    #[test]
    fn closing_is_asked_about_once_and_then_done_as_chosen() {
        let shut = Err(Fault::locked("workspace_newer", "It is newer.", "Update."));
        for (choice, expected) in [
            (Ok(CloseChoice::Ask), Closing::Ask),
            (Ok(CloseChoice::Tray), Closing::Hide),
            (Ok(CloseChoice::Quit), Closing::Leave),
            (shut, Closing::Leave),
        ] {
            assert_eq!(closing(&choice), expected);
        }
    }
}
