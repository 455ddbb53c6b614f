//! The application's state: the console the window looks at, and who looks at the window.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crosswalk_console::{Console, Fault, Options, Secret};
use tauri::{AppHandle, Builder, Manager as _, RunEvent, Runtime, WebviewWindowBuilder, Wry};
use tauri_plugin_window_state::StateFlags;
use tracing_appender::non_blocking::WorkerGuard;

use crate::arrival::Arrival;
use crate::audience::Audience;
use crate::commands::lock::LockState;
use crate::idle_lock::{IdleLock, Reading};
use crate::scheduler::Waker;
use crate::tray::Standing;
use crate::{
    close, deep_link, environment, events, ipc, lock_watch, logs, news, scheduler, tray, watch,
};

/// The one window's label.
pub(crate) const WINDOW: &str = "main";

/// Said by the desktop when it starts the program with the session.
const HIDDEN: &str = "--hidden";

/// The console the window looks at, or why it could not be opened.
///
/// A workspace that cannot be opened does not keep the window shut: every command answers with
/// the reason, so that the user reads it where the user looks.
pub struct Shell {
    console: Result<Console, Fault>,
    audience: Mutex<Audience>,
    idle_lock: Mutex<IdleLock>,
    arrival: Mutex<Arrival>,
    /// What the tray shows.
    in_tray: Mutex<Option<(Standing, usize)>>,
    /// Why nobody shows notifications here, once that was found out.
    silent: Mutex<Option<String>>,
    /// Wakes what goes on in the background.
    pub(crate) waker: Waker,
    /// Writes the rest of the log when it goes.
    log: Option<WorkerGuard>,
}

impl Shell {
    /// Opens the workspace in `folder`, creating it on first use.
    pub fn open(folder: PathBuf) -> Self {
        Self::open_with(Ok(Options::new(folder)))
    }

    /// Opens the workspace that the environment names, else the one in the platform's data folder.
    /// The log is written into it. `passphrase` is what [`crate::take_passphrase`] took.
    pub fn open_default(passphrase: Option<&Secret>) -> Self {
        let options = environment::options(|name| match name {
            environment::PASSPHRASE => passphrase.map(|secret| secret.expose().to_owned()),
            name => std::env::var(name).ok(),
        });
        #[cfg(feature = "test-clock")]
        let options = options.map(|mut options| {
            options.clock = crosswalk_console::clock_of_environment();
            options
        });
        let mut shell = Self::open_with(options);
        if let Ok(console) = &shell.console {
            // Without a log the window works as well; `doctor` tells of a folder that cannot be written to.
            shell.log = logs::start(&console.logs_folder()).ok();
        }
        shell
    }

    /// Opens a workspace as `options` say, or keeps why there are none.
    pub fn open_with(options: Result<Options, Fault>) -> Self {
        let console = options.and_then(Console::open);
        let idle_lock = Mutex::new(IdleLock::new(reading(console.as_ref().ok())));
        Self {
            console,
            audience: Mutex::default(),
            idle_lock,
            arrival: Mutex::default(),
            in_tray: Mutex::default(),
            silent: Mutex::default(),
            waker: Waker::default(),
            log: None,
        }
    }

    /// The console, for what concerns no single tenant.
    ///
    /// # Errors
    /// Why the workspace could not be opened.
    pub(crate) fn console(&self) -> Result<&Console, Fault> {
        self.console.as_ref().map_err(Clone::clone)
    }

    /// The console, for what concerns one account: during a customer call an account of another tenant does not exist.
    ///
    /// # Errors
    /// `not_found`, and why the workspace could not be opened.
    pub(crate) async fn console_of(&self, account: &str) -> Result<&Console, Fault> {
        self.console_of_what_is_of(account, "account").await
    }

    /// The console, for one run: during a customer call another tenant's does not exist.
    ///
    /// # Errors
    /// `not_found`, and why the workspace could not be opened.
    pub(crate) async fn console_of_run(&self, run: &str) -> Result<&Console, Fault> {
        let account = self.console()?.account_of_run(run).await;
        let account = self.audience().found(account, "run")?;
        self.console_of_what_is_of(&account, "run").await
    }

    /// [`Self::console_of`], for something that was asked for by an id of its own: a refusal says `noun`.
    ///
    /// # Errors
    /// `not_found`, and why the workspace could not be opened.
    pub(crate) async fn console_of_what_is_of(
        &self,
        account: &str,
        noun: &str,
    ) -> Result<&Console, Fault> {
        let console = self.console()?;
        let audience = self.audience();
        if audience.tenant().is_some() {
            let held = audience.found(console.account(account).await, noun)?;
            audience.admit_to(Some(&held.tenant), noun)?;
        }
        Ok(console)
    }

    /// Whether a place may be gone to that comes from without: a link, a notification from before a customer call.
    /// During a call an account of somebody else is not even named.
    pub(crate) async fn may_show(&self, place: &str) -> bool {
        match deep_link::account_of(place) {
            Some(account) if self.audience().tenant().is_some() => {
                self.console_of(account).await.is_ok()
            }
            _ => true,
        }
    }

    /// The console, for what must not be done with a customer looking on.
    ///
    /// # Errors
    /// `in_customer_call`, and why the workspace could not be opened.
    pub(crate) fn console_unless_called(&self) -> Result<&Console, Fault> {
        if self.audience().tenant().is_some() {
            return Err(Fault::invalid(
                "in_customer_call",
                "A customer call is running.",
                "Leave the call first.",
            ));
        }
        self.console()
    }

    fn arrival(&self) -> MutexGuard<'_, Arrival> {
        self.arrival.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place the window is to go to, given back if it listens; else it waits for [`Self::first_place`].
    pub(crate) fn lead(&self, place: &str) -> Option<String> {
        self.arrival().lead(place.to_owned())
    }

    /// Where the window is to go first, asked once it listens: what it was led to until then, if it may be shown.
    pub(crate) async fn first_place(&self) -> Option<String> {
        let place = self.arrival().ask()?;
        self.may_show(&place).await.then_some(place)
    }

    fn idle_lock(&self) -> MutexGuard<'_, IdleLock> {
        self.idle_lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn idle_limit(&self) -> Result<Option<Duration>, Fault> {
        let minutes = self.console()?.idle_lock_minutes().await?;
        Ok(minutes.map(|minutes| Duration::from_mins(minutes.into())))
    }

    /// Where the idle lock stands.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) async fn lock_state(&self) -> Result<LockState, Fault> {
        let limit = self.idle_limit().await?;
        let console = self.console()?;
        let locked = self.idle_lock().is_locked(reading(Some(console)), limit);
        Ok(LockState {
            locked,
            minutes: console.idle_lock_minutes().await?,
            by: console.presence_asked_by().await?.to_owned(),
        })
    }

    /// Lets through what the idle lock covers: revealing, exporting, writing at a provider, credentials.
    ///
    /// # Errors
    /// `window_locked`, and when the workspace cannot be read.
    pub(crate) async fn unlocked(&self) -> Result<(), Fault> {
        if self.lock_state().await?.locked {
            return Err(Fault::invalid(
                "window_locked",
                "The window is locked, because nobody has used it for a while.",
                "Unlock it at its foot, then do it again.",
            ));
        }
        Ok(())
    }

    /// Notes that somebody is at the window.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) async fn touch(&self) -> Result<(), Fault> {
        let limit = self.idle_limit().await?;
        let now = reading(Some(self.console()?));
        self.idle_lock().touch(now, limit);
        Ok(())
    }

    /// Locks the window now.
    pub(crate) fn lock(&self) {
        self.idle_lock().lock();
    }

    /// Opens the lock for somebody who has shown to be there.
    ///
    /// # Errors
    /// `vault_wrong_passphrase`, `not_confirmed`, and what keeps the vault from answering.
    pub(crate) async fn unlock(&self, answer: Secret) -> Result<(), Fault> {
        let console = self.console()?;
        console.confirm_presence(answer).await?;
        let now = reading(Some(console));
        self.idle_lock().open(now);
        Ok(())
    }

    /// Who looks at the window.
    pub(crate) fn audience(&self) -> Audience {
        self.audience
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Begins a customer call.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) async fn enter_call(&self, tenant: &str) -> Result<(), Fault> {
        let known = self.console()?.tenants().await?;
        if !known.iter().any(|one| one.id == tenant) {
            return Err(Fault::invalid(
                "not_found",
                format!("There is no tenant {tenant}."),
                "Choose a tenant from the list.",
            ));
        }
        *self.audience.lock().unwrap_or_else(PoisonError::into_inner) = Audience::of(tenant);
        self.waker.wake();
        Ok(())
    }

    /// Ends the customer call.
    pub(crate) fn leave_call(&self) {
        *self.audience.lock().unwrap_or_else(PoisonError::into_inner) = Audience::default();
        self.waker.wake();
    }

    /// What is done before the program ends: requests for tokens are waited for, and the audit is anchored up to its
    /// head.
    pub(crate) async fn leave(&self) {
        let Ok(console) = &self.console else {
            return;
        };
        console.settle_tokens().await;
        if let Err(fault) = console.anchor_audit().await {
            tracing::warn!(code = fault.code, "{}", fault.message);
        }
    }

    /// Notes why nobody shows notifications here: the window may not listen yet.
    pub(crate) fn note_silent(&self, message: String) {
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = Some(message);
    }

    /// Why nobody shows notifications here; none while nothing speaks against it.
    pub(crate) fn silent(&self) -> Option<String> {
        self.silent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes what the tray is to show, and says whether that is news.
    pub(crate) fn shown_in_tray(&self, standing: Standing, due: usize) -> bool {
        let mut shown = self.in_tray.lock().unwrap_or_else(PoisonError::into_inner);
        let news = *shown != Some((standing, due));
        *shown = Some((standing, due));
        news
    }
}

/// Hears what happens to the running application.
pub fn on_run_event<R: Runtime>(app: &AppHandle<R>, event: &RunEvent) {
    if matches!(event, RunEvent::Exit) {
        close::leave(app);
    }
}

/// The clocks now; the wall clock is the workspace's, which tests move.
fn reading(console: Option<&Console>) -> Reading {
    Reading {
        monotonic: Instant::now(),
        wall: console.map_or_else(jiff::Timestamp::now, Console::now),
    }
}

/// The application over `shell`, ready to run.
pub fn builder(shell: Shell) -> Builder<Wry> {
    let ipc = ipc::<Wry>();
    let mut builder = Builder::<Wry>::new();
    // Under WebDriver every test has a window of its own, of the size it asks for.
    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none() {
        builder = builder
            .plugin(tauri_plugin_single_instance::init(|app, _, _| {
                events::show(app, None);
            }))
            .plugin(
                tauri_plugin_window_state::Builder::default()
                    .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
                    .build(),
            );
    }
    builder
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_autostart::Builder::new().arg(HIDDEN).build())
        .manage(shell)
        .invoke_handler(ipc.invoke_handler())
        .on_window_event(close::on_window_event)
        .setup(move |app| {
            ipc.mount_events(app);
            let app = app.app_handle();
            open_window(app)?;
            tray::build(app);
            deep_link::follow(app);
            watch::start(app);
            scheduler::start(app);
            news::start(app);
            lock_watch::start(app);
            #[cfg(all(target_os = "linux", target_env = "gnu"))]
            crate::memory::start();
            if std::env::args_os().any(|word| word == HIDDEN) {
                close::hide(app);
            }
            Ok(())
        })
}

/// Opens the window as it is configured, and lets its page clear the clipboard of a revealed value when the time is over:
/// without being allowed to, `WebKit` writes to it only right after a click or a key.
fn open_window<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    for config in &app.config().app.windows {
        WebviewWindowBuilder::from_config(app, config)?
            .enable_clipboard_access()
            .build()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::path::Path;
    use std::sync::Arc;

    use crosswalk_console::{ConnectionInput, NewAccount, VaultKind};

    use super::*;

    fn shell_in(folder: &Path) -> Shell {
        let mut options = Options::new(folder.to_path_buf());
        options.vault = Some(VaultKind::Passphrase);
        options.passphrase = Some(Arc::new(|_| Ok(Secret::from("for this test".to_owned()))));
        Shell::open_with(Ok(options))
    }

    async fn add_account(console: &Console, tenant: &str) {
        console.add_tenant(tenant, None, None).await.unwrap();
        let account = NewAccount {
            id: format!("{tenant}-test"),
            tenant: tenant.to_owned(),
            connector: "coupa".to_owned(),
            kind: "sandbox",
            environment: None,
            grant: None,
            purpose: "read",
            connection: ConnectionInput {
                config: vec![("instance_url".to_owned(), "http://127.0.0.1:9".to_owned())],
                client_id: Some("client".to_owned()),
                client_secret: Some(Secret::from("secret".to_owned())),
                ..ConnectionInput::default()
            },
        };
        console.add_account(account).await.unwrap();
    }

    #[tokio::test]
    async fn during_a_call_no_way_from_without_leads_to_an_account_of_another_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let shell = shell_in(folder.path());
        for tenant in ["acme", "globex"] {
            add_account(shell.console().unwrap(), tenant).await;
        }
        for (call, place, expected) in [
            (None, "/accounts/globex-test", true),
            (None, "/accounts/gone", true),
            (Some("acme"), "/accounts/acme-test", true),
            (Some("acme"), "/accounts/globex-test", false),
            (Some("acme"), "/accounts/gone", false),
            (Some("acme"), "/alerts", true),
        ] {
            match call {
                Some(tenant) => shell.enter_call(tenant).await.unwrap(),
                None => shell.leave_call(),
            }
            assert_eq!(shell.may_show(place).await, expected, "{call:?} {place}");
        }
        assert_eq!(shell.lead("/accounts/globex-test"), None, "it waits");
        assert_eq!(shell.first_place().await, None, "and a call is running");
        assert_eq!(shell.lead("/alerts").as_deref(), Some("/alerts"));
    }

    #[tokio::test]
    async fn the_audit_is_anchored_up_to_its_head_when_the_program_ends() {
        let folder = tempfile::tempdir().unwrap();
        let shell = shell_in(folder.path());
        let console = shell.console().unwrap();
        add_account(console, "acme").await;
        let before = console.verify_audit(None).await.unwrap();
        assert_ne!(before.anchored_seq, before.head.map(|head| head.seq));
        shell.leave().await;
        let verdict = console.verify_audit(None).await.unwrap();
        assert!(verdict.ok, "{verdict:?}");
        assert_eq!(verdict.anchored_seq, verdict.head.map(|head| head.seq));
    }
}
