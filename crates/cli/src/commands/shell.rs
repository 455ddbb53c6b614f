//! Completion scripts and the manual page.

use std::process::ExitCode;

use clap::CommandFactory;
use crosswalk_console::Fault;

use crate::args::Cli;
use crate::output::write_out;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Fault> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "xwalk", &mut text);
    write_out(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn manual() -> Result<ExitCode, Fault> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut text)
        .map_err(|error| {
            Fault::failed(
                "output_failed",
                format!("The manual page could not be made: {error}."),
                "Use `xwalk --help`.",
            )
        })?;
    write_out(&text)?;
    Ok(ExitCode::SUCCESS)
}
