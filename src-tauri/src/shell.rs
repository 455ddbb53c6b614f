//! The application's state: the console the window looks at, and who looks at the window.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crosswalk_console::{Console, Fault, Options};
use tauri::{Builder, Wry};

use crate::audience::Audience;
use crate::{environment, ipc};

/// The console the window looks at, or why it could not be opened.
///
/// A workspace that cannot be opened does not keep the window shut: every command answers with
/// the reason, so that the user reads it where the user looks.
pub struct Shell {
    console: Result<Console, Fault>,
    audience: Mutex<Audience>,
}

impl Shell {
    /// Opens the workspace in `folder`, creating it on first use.
    pub fn open(folder: PathBuf) -> Self {
        Self::open_with(Ok(Options::new(folder)))
    }

    /// Opens the workspace that the environment names, else the one in the platform's data folder.
    pub fn open_default() -> Self {
        Self::open_with(environment::options(|name| std::env::var(name).ok()))
    }

    /// Opens a workspace as `options` say, or keeps why there are none.
    pub fn open_with(options: Result<Options, Fault>) -> Self {
        Self {
            console: options.and_then(Console::open),
            audience: Mutex::default(),
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
        let console = self.console()?;
        let audience = self.audience();
        if audience.tenant().is_some() {
            let tenant = console.account(account).await?.tenant;
            if !audience.may_see(&tenant) {
                return Err(Fault::invalid(
                    "not_found",
                    format!("There is no account {account} in this customer call."),
                    "Leave the call to see the whole workspace.",
                ));
            }
        }
        Ok(console)
    }

    /// The console, for one run: during a customer call another tenant's does not exist.
    ///
    /// # Errors
    /// `not_found`, and why the workspace could not be opened.
    pub(crate) async fn console_of_run(&self, run: &str) -> Result<&Console, Fault> {
        let account = self.console()?.account_of_run(run).await?;
        self.console_of(&account).await
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
        Ok(())
    }

    /// Ends the customer call.
    pub(crate) fn leave_call(&self) {
        *self.audience.lock().unwrap_or_else(PoisonError::into_inner) = Audience::default();
    }
}

/// The application over `shell`, ready to run.
pub fn builder(shell: Shell) -> Builder<Wry> {
    let ipc = ipc::<Wry>();
    Builder::<Wry>::new()
        .manage(shell)
        .invoke_handler(ipc.invoke_handler())
}
