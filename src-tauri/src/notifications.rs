//! Native notifications, with what can be done about them as buttons where the answer to a button was tried: on
//! desktops that follow freedesktop.org. Elsewhere a notification says what is due, and the window does the rest.

#[cfg(all(unix, not(target_os = "macos")))]
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(all(unix, not(target_os = "macos")))]
use std::sync::{Mutex, MutexGuard, PoisonError};

use crosswalk_console::{NOTIFICATIONS_STEP, Notice, NoticeAction};
use notify_rust::Notification;
use serde::Serialize;
use specta::Type;

/// Whether notifications have buttons here.
const BUTTONS: bool = cfg!(all(unix, not(target_os = "macos")));

/// What came of a trial.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct NotificationTrial {
    pub(crate) delivered: bool,
    /// Who shows notifications here, where the system says.
    pub(crate) server: Option<String>,
    pub(crate) message: String,
    /// The next step, where nobody shows them.
    pub(crate) hint: Option<String>,
}

impl NotificationTrial {
    fn of(shown: Result<(), String>, server: Option<String>) -> Self {
        match shown {
            Ok(()) => Self {
                delivered: true,
                message: "A notification was shown.".to_owned(),
                server,
                hint: None,
            },
            Err(error) => Self {
                delivered: false,
                message: format!("Nobody shows notifications here: {error}."),
                server,
                hint: Some(NOTIFICATIONS_STEP.to_owned()),
            },
        }
    }
}

/// Whether a failure was told of: once is enough, alerts are in the console all the same.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Bodies are markup to some servers (Desktop Notifications Specification, "Markup").
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The word a server answers with when a button is pressed.
fn word(action: NoticeAction) -> &'static str {
    match action {
        NoticeAction::Renew => "renew",
        NoticeAction::Open => "open",
        NoticeAction::Snooze => "snooze",
    }
}

/// The action a server's answer means; a click beside the buttons opens.
fn action(word: &str) -> Option<NoticeAction> {
    match word {
        "renew" => Some(NoticeAction::Renew),
        "open" | "default" => Some(NoticeAction::Open),
        "snooze" => Some(NoticeAction::Snooze),
        _ => None,
    }
}

fn notification(notice: &Notice) -> Notification {
    let mut shown = Notification::new();
    shown
        .appname("Crosswalk")
        .icon("crosswalk")
        .summary(&notice.title)
        .body(&escaped(&notice.body));
    if BUTTONS {
        for action in &notice.actions {
            shown.action(word(*action), action.label());
        }
        shown.action("default", "Open");
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    if notice.urgent {
        shown.urgency(notify_rust::Urgency::Critical);
    }
    shown.finalize()
}

/// The notifications that can be seen, by what they are about.
#[cfg(all(unix, not(target_os = "macos")))]
#[derive(Debug)]
struct Seen {
    shown: u64,
    last: BTreeMap<String, Place>,
}

/// A notification that can be seen.
#[cfg(all(unix, not(target_os = "macos")))]
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The server's number for it, which a newer one that takes its place gets too.
    number: u32,
    turn: u64,
}

#[cfg(all(unix, not(target_os = "macos")))]
impl Seen {
    const fn new() -> Self {
        Self {
            shown: 0,
            last: BTreeMap::new(),
        }
    }

    /// The number of the one about the same.
    fn number(&self, about: &str) -> Option<u32> {
        self.last.get(about).map(|place| place.number)
    }

    /// Notes one that is shown, and gives its turn.
    fn put(&mut self, about: &str, number: u32) -> u64 {
        self.shown += 1;
        let turn = self.shown;
        self.last.insert(about.to_owned(), Place { number, turn });
        turn
    }

    /// Whether none about the same came after it. What is chosen is told to everybody who waits for the number.
    fn is_last(&self, about: &str, turn: u64) -> bool {
        self.last.get(about).is_some_and(|place| place.turn == turn)
    }

    /// Notes that it cannot be seen any more: its number may be another's soon.
    fn gone(&mut self, about: &str, turn: u64) {
        if self.is_last(about, turn) {
            self.last.remove(about);
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn seen() -> MutexGuard<'static, Seen> {
    static SEEN: Mutex<Seen> = Mutex::new(Seen::new());
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows a notification in the place of the one about the same that can still be seen, and calls `act` with what is
/// chosen on it. Blocks until it is answered or gone.
#[cfg(all(unix, not(target_os = "macos")))]
fn show_and_wait(
    about: &str,
    mut shown: Notification,
    act: impl FnOnce(NoticeAction),
) -> Result<(), notify_rust::error::Error> {
    if let Some(number) = seen().number(about) {
        shown.id(number);
    }
    let handle = shown.show()?;
    let turn = seen().put(about, handle.id());
    handle.wait_for_action(|answer| {
        let is_last = seen().is_last(about, turn);
        if is_last && let Some(action) = action(answer) {
            act(action);
        }
    });
    seen().gone(about, turn);
    Ok(())
}

/// Nothing was offered to choose.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn show_and_wait(
    _: &str,
    shown: Notification,
    act: impl FnOnce(NoticeAction),
) -> Result<(), notify_rust::error::Error> {
    drop(act);
    shown.show().map(drop)
}

/// Shows a notification, and calls `act` with what was chosen on it, where it has [`BUTTONS`]; where nobody shows it,
/// `failed` is told why, once for a program. On a thread of its own, which ends when the notification is gone: waiting
/// for a button blocks.
pub(crate) fn show(
    notice: &Notice,
    act: impl FnOnce(NoticeAction) + Send + 'static,
    failed: impl FnOnce(String) + Send + 'static,
) {
    let (about, shown) = (notice.id.clone(), notification(notice));
    let started = std::thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || {
            if let Err(error) = show_and_wait(&about, shown, act)
                && !FAILED.swap(true, Ordering::Relaxed)
            {
                tracing::warn!(%error, "native notifications cannot be shown here");
                failed(format!(
                    "Nobody shows notifications here: {error}. {NOTIFICATIONS_STEP}"
                ));
            }
        });
    if let Err(error) = started {
        tracing::warn!(%error, "a notification was not shown");
    }
}

/// Shows a notification that says that notifications work. Blocks.
pub(crate) fn try_out() -> NotificationTrial {
    #[cfg(all(unix, not(target_os = "macos")))]
    let server = notify_rust::get_server_information()
        .ok()
        .map(|server| format!("{} {}", server.name, server.version));
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    let server = None;
    let shown = Notification::new()
        .appname("Crosswalk")
        .icon("crosswalk")
        .summary("Notifications work")
        .body("This is how Crosswalk tells you that a credential needs you.")
        .show();
    let shown = shown.map(drop).map_err(|error| error.to_string());
    NotificationTrial::of(shown, server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_comes_back_as_its_action() {
        for one in [
            NoticeAction::Renew,
            NoticeAction::Open,
            NoticeAction::Snooze,
        ] {
            assert_eq!(action(word(one)), Some(one));
        }
        assert_eq!(action("default"), Some(NoticeAction::Open));
        assert_eq!(action("__closed"), None);
    }

    #[test]
    fn buttons_are_shown_only_where_their_answer_is_heard() {
        let notice = Notice {
            id: "1".to_owned(),
            kind: "access_token".to_owned(),
            title: "Access token due for renewal".to_owned(),
            body: "It is due.".to_owned(),
            urgent: false,
            account: None,
            accounts: Vec::new(),
            alerts: Vec::new(),
            actions: vec![NoticeAction::Renew, NoticeAction::Snooze],
        };
        let shown = notification(&notice).actions;
        let all = ["renew", "Renew now", "snooze", "Snooze", "default", "Open"];
        assert_eq!(shown, if BUTTONS { &all[..] } else { &[] });
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn a_newer_notification_takes_the_place_of_the_one_about_the_same() {
        let mut seen = Seen::new();
        assert_eq!(seen.number("several"), None);
        let first = seen.put("several", 7);
        let other = seen.put("renewed", 8);
        assert_eq!(seen.number("several"), Some(7));
        assert_eq!(seen.number("an alert"), None);

        let second = seen.put("several", 7);
        assert!(
            !seen.is_last("several", first),
            "it is not the one that is seen"
        );
        assert!(seen.is_last("several", second) && seen.is_last("renewed", other));
        seen.gone("several", first);
        assert_eq!(seen.number("several"), Some(7));
        seen.gone("several", second);
        assert_eq!(seen.number("several"), None, "its number is free");
        assert_eq!(seen.number("renewed"), Some(8));
    }

    #[test]
    fn a_trial_that_fails_says_the_next_step() {
        let failed = NotificationTrial::of(Err("no bus".to_owned()), None);
        assert!(!failed.delivered);
        assert_eq!(failed.message, "Nobody shows notifications here: no bus.");
        assert_eq!(failed.hint.as_deref(), Some(NOTIFICATIONS_STEP));
        let shown = NotificationTrial::of(Ok(()), Some("dunst 1.9".to_owned()));
        assert!(shown.delivered && shown.hint.is_none());
    }

    #[test]
    fn bodies_hold_no_markup() {
        assert_eq!(escaped("<b>A & B</b>"), "&lt;b&gt;A &amp; B&lt;/b&gt;");
    }
}
