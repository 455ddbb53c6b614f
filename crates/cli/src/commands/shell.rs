//! Completion scripts and manual pages.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use crosswalk_console::{Fault, counted};
use serde_json::json;

use super::Context;
use crate::args::Cli;
use crate::output::write_out;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Fault> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "xwalk", &mut text);
    write_out(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The sections of all commands below one, each under its whole name. Options that every command takes stand at the
/// front of the page alone.
fn sections(of: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    for command in of.get_subcommands().filter(|one| !one.is_hide_set()) {
        let name = command.get_bin_name().unwrap_or(command.get_name());
        let mut head = Roff::default();
        head.control("SH", [name]);
        head.text([roman(
            command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )]);
        head.to_writer(page)?;
        let own = command.clone().mut_args(|arg| {
            let everywhere = arg.is_global_set() || arg.get_id() == "help";
            let hidden = arg.is_hide_set();
            arg.hide(hidden || everywhere)
        });
        let man = Man::new(own);
        let mut text = Vec::new();
        man.render_synopsis_section(&mut text)?;
        man.render_options_section(&mut text)?;
        let text = String::from_utf8_lossy(&text).replace("\n.SH ", "\n.SS ");
        page.extend_from_slice(text.as_bytes());
        sections(command, page)?;
    }
    Ok(())
}

/// A command and all below it.
fn count(of: &clap::Command) -> usize {
    let below = of.get_subcommands().filter(|one| !one.is_hide_set());
    1 + below.map(count).sum::<usize>()
}

fn page() -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page)?;
    let mut root = Cli::command();
    root.build();
    sections(&root, &mut page)?;
    Ok(page)
}

/// The manual as one page on stdout, or a page for each command in a folder.
pub(super) fn manual(context: &Context, folder: Option<&Path>) -> Result<ExitCode, Fault> {
    let failed = |error: io::Error| {
        Fault::failed(
            "output_failed",
            format!("The manual could not be written: {error}."),
            "Name a folder you may write to, or use `xwalk --help`.",
        )
    };
    let Some(folder) = folder else {
        write_out(&page().map_err(failed)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
    let pages = count(&Cli::command());
    let written = json!({ "path": folder.display().to_string(), "pages": pages });
    context.output.result(&written, |_| {
        let pages = counted(pages, "page", "pages");
        format!("{pages} in {}.", folder.display())
    })?;
    Ok(ExitCode::SUCCESS)
}
