//! `xwalk`: the console without a window, for scripts, servers and tests.

#![allow(
    clippy::print_stderr,
    reason = "a command line program speaks on its streams"
)]

mod args;
mod commands;
mod output;
mod passphrase;
mod progress;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;
use clap::error::ErrorKind;
use crosswalk_console::{CountingAllocator, Fault, ProcessGuard};
use output::Output;

/// Counts only when this program serves as a mapping worker; otherwise one relaxed load an allocation.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// Commands that print JSON Lines, whose failures therefore go to stderr.
fn is_lines_mode(command: &Command) -> bool {
    matches!(
        command,
        Command::Records(_)
            | Command::Sandbox(_)
            | Command::Daemon(_)
            | Command::Audit(args::AuditCommand::Export(_))
    ) || matches!(command, Command::Jsonata(args) if args.batch)
        || matches!(command, Command::Query(args) if !args.list)
}

fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    // Everybody else's words only when something is wrong: an HTTP library at `debug` may print headers.
    let filter =
        tracing_subscriber::EnvFilter::new(format!("warn,xwalk={level},crosswalk={level}"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .init();
}

/// Wrong usage, told in the form that was asked for.
fn usage_failure(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if std::env::args().any(|word| word == "--json") {
        let text = error.to_string();
        let message = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let fault = Fault::invalid(
            "usage",
            message,
            "`xwalk --help` and `xwalk COMMAND --help` say what can be typed.",
        );
        return Output::new(true).failure(&fault, false);
    }
    let _ = error.print();
    ExitCode::from(2)
}

/// The word that makes this program a mapping worker. Looked for before anything else is done: a worker has no
/// threads, files or environment of its own.
pub(crate) const WORKER: &str = "mapping-worker";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(WORKER) {
        return match crosswalk_console::worker::main_loop(std::env::args().skip(2)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error}");
                ExitCode::FAILURE
            }
        };
    }
    // Before any secret is in memory; what the system refuses is what `xwalk doctor` tells of.
    ProcessGuard::raise();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage_failure(&error),
    };
    start_logging(cli.global.verbose);
    // A command that is still to come takes all words behind it as its own.
    let json = cli.global.json || std::env::args().any(|word| word == "--json");
    let output = Output::new(json);
    let lines_mode = is_lines_mode(&cli.command);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            let fault = Fault::failed(
                "no_runtime",
                format!("The program cannot start threads: {error}."),
                "Free some memory or raise the limit of processes.",
            );
            return output.failure(&fault, lines_mode);
        }
    };
    let ended = runtime.block_on(commands::run(cli, output));
    // A prompt or a read of stdin may still block a thread; nothing of ours is pending on it.
    runtime.shutdown_background();
    match ended {
        Ok(code) => code,
        Err(fault) => output.failure(&fault, lines_mode),
    }
}
