//! Runs a command: asks the console, prints the answer.

mod account;
pub(crate) mod account_credentials;
pub(crate) mod alerts;
pub(crate) mod audit;
mod backup;
mod compare;
mod connector;
mod custody;
pub(crate) mod daemon;
mod demo;
mod doctor;
mod drift;
mod jsonata;
mod map;
mod map_bundle;
mod map_override;
mod query;
mod records;
pub(crate) mod retention;
mod sandbox;
mod setting;
mod shell;
mod sync;
mod table;
mod tenant;

use std::process::ExitCode;
use std::sync::Arc;

use crosswalk_console::{
    Console, DoctorCheck, Fault, Options, PassphraseSource, RestoredBackup, VaultKind,
    WorkerCommand,
};
use tokio_util::sync::CancellationToken;

use crate::args::{Cli, Command, Global, VaultArg};
use crate::output::Output;
use crate::passphrase;

/// What every command gets: where results go, and how to open the workspace.
pub(crate) struct Context {
    pub(crate) output: Output,
    global: Global,
    /// Cancelled by the first Ctrl-C; the second one ends the program as usual.
    pub(crate) interrupted: CancellationToken,
    /// The console that was opened, for what is done at exit.
    opened: std::sync::OnceLock<Console>,
}

impl Context {
    fn options(&self) -> Result<Options, Fault> {
        let folder = match &self.global.workspace {
            Some(folder) => folder.clone(),
            None => Options::default_folder()?,
        };
        let mut options = Options::new(folder);
        options.vault = self.global.vault.map(|vault| match vault {
            VaultArg::Keyring => VaultKind::Keyring,
            VaultArg::Passphrase => VaultKind::Passphrase,
        });
        let descriptor = self.global.passphrase_fd;
        let source: PassphraseSource = Arc::new(move |new| passphrase::vault(descriptor, new));
        options.passphrase = Some(source);
        options.worker = Some(worker()?);
        Ok(options)
    }

    /// Opens the workspace that was named, creating it on first use and saying so.
    pub(crate) fn console(&self) -> Result<Console, Fault> {
        let console = Console::open(self.options()?)?;
        if console.is_new() {
            eprintln!("Created a workspace in {}.", console.folder());
        }
        let _ = self.opened.set(console.clone());
        Ok(console)
    }

    /// What works here; a workspace that cannot be opened is part of the answer.
    pub(crate) async fn doctor(&self) -> Result<Vec<DoctorCheck>, Fault> {
        Ok(crosswalk_console::doctor(self.options()?).await)
    }

    /// Puts a backup in the workspace's place, which is not open meanwhile.
    pub(crate) async fn restore_backup(&self, name: &str) -> Result<RestoredBackup, Fault> {
        crosswalk_console::restore_backup(&self.options()?, name).await
    }
}

/// The mapping worker: this program itself, started anew with an empty environment. It has no window in it, and can
/// never be of another version.
pub(crate) fn worker() -> Result<WorkerCommand, Fault> {
    let own = std::env::current_exe().map_err(|error| {
        Fault::failed(
            "worker_missing",
            format!("This program's own path is unknown: {error}."),
            "Start xwalk by its full path.",
        )
    })?;
    Ok(WorkerCommand::new(own, [crate::WORKER.to_owned()]))
}

fn cancel_on_interrupt() -> CancellationToken {
    let interrupted = CancellationToken::new();
    let on_signal = interrupted.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            on_signal.cancel();
        }
    });
    interrupted
}

/// Runs the command and gives the exit code of one that ended with a result.
pub(crate) async fn run(cli: Cli, output: Output) -> Result<ExitCode, Fault> {
    let context = Context {
        output,
        global: cli.global,
        interrupted: cancel_on_interrupt(),
        opened: std::sync::OnceLock::new(),
    };
    // These never touch what belongs to the vault, the audit's anchor in the keyring included: the next command does.
    let anchors = !matches!(
        cli.command,
        Command::Tenant(_) | Command::Connector(_) | Command::Audit(_) | Command::Jsonata(_)
    );
    let ended = carry_out(&context, cli.command).await;
    if let Some(console) = context.opened.get() {
        console.finish_background().await;
        console.settle_tokens().await;
    }
    if let Some(console) = context.opened.get().filter(|_| anchors) {
        console.anchor_audit().await?;
    }
    ended
}

async fn carry_out(context: &Context, command: Command) -> Result<ExitCode, Fault> {
    match command {
        Command::Tenant(command) => tenant::run(context, command).await,
        Command::Account(command) => account::run(context, command).await,
        Command::Sync(args) => sync::run(context, args).await,
        Command::Runs {
            account,
            resource,
            limit,
        } => sync::list(context, &account, resource.as_deref(), limit).await,
        Command::Run { id } => sync::show(context, &id).await,
        Command::Records(args) => records::run(context, args).await,
        Command::Get(args) => records::get(context, args).await,
        Command::Drift { account, resource } => {
            drift::run(context, &account, resource.as_deref()).await
        }
        Command::Query(args) => query::run(context, args).await,
        Command::Map(command) => map::run(context, command).await,
        Command::Alerts(args) => alerts::run(context, args).await,
        Command::Daemon(args) => daemon::run(context, args).await,
        Command::Schedule(command) => daemon::schedule(context, command).await,
        Command::Audit(command) => audit::run(context, command).await,
        Command::Custody(command) => custody::run(context, command).await,
        Command::Connector(command) => connector::run(context, command).await,
        Command::Jsonata(args) => jsonata::run(context, args).await,
        Command::Sandbox(args) => sandbox::run(context, args).await,
        Command::Demo(args) => demo::run(context, args).await,
        Command::Backup(command) => backup::run(context, command).await,
        Command::Doctor => doctor::run(context).await,
        Command::Setting(command) => setting::run(context, command).await,
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { out } => shell::manual(context, out.as_deref()),
        Command::Table(command) => table::run(context, command).await,
        Command::Compare(args) => compare::run(context, &args.a, &args.b).await,
    }
}
