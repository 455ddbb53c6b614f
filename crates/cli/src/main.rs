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
mod usage;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use args::Cli;
use clap::Parser;
use crosswalk_console::{CountingAllocator, Fault, ProcessGuard};
use output::Output;

/// Counts only when this program serves as a mapping worker; otherwise one relaxed load an allocation.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

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

/// The word that makes this program a mapping worker. Looked for before anything else is done: a worker has no
/// threads, files or environment of its own.
pub(crate) const WORKER: &str = "mapping-worker";

fn main() -> ExitCode {
    // As they are: a folder's name need not be text.
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    if words.first().is_some_and(|word| word == WORKER) {
        let own = words.into_iter().skip(1);
        let own = own.filter_map(|word| word.into_string().ok());
        return match crosswalk_console::worker::main_loop(own) {
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
        Err(error) => return usage::failure(&error, &words),
    };
    start_logging(cli.global.verbose);
    // A command that is still to come takes all words behind it as its own.
    let output = Output::new(cli.global.json || usage::wants_json(&words));
    let lines_mode = usage::prints_lines(&words);
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
