//! The project's own commands. `cargo xtask demo` and `cargo xtask test` do all the set-up a fresh
//! machine needs; `cargo xtask help` lists the rest. Only the standard library is used, so that the
//! first command a newcomer types starts within seconds.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks on its streams"
)]

mod bench;
mod checks;
mod demo;
mod generate;
mod icons;
mod package;
mod sbom;
mod screenshots;
mod setup;
mod step;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  demo       set up, build, and show the main job against the embedded sandbox;
             opens the window on it where there is a display
  test       set up and run every check and test (--only NAME for one step, --list for their names)
  bench      measure the figures of docs/benchmarks.md, release build (--quick only prints, after fewer repeats)
  generate   write what is generated: the connector schema, the TypeScript bindings
  icons      draw every size of icons/crosswalk.svg
  screenshots  take docs/screenshots anew: every screen, light and dark, from the real window
  sbom       write the packages' bill of materials, target/package/crosswalk.cdx.json (CycloneDX)
  package    build the package to install: a deb with the window, xwalk and the worker (--debug: faster, not optimised)
  dev        the window in development, reloading as files change
";

/// The project's root folder: the parent of this package.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let rest = words.get(1..).unwrap_or_default();
    let outcome = match words.first().map(String::as_str) {
        Some("demo") => demo::run(&root(), rest),
        Some("test") => suite::run(&root(), rest),
        Some("bench") => bench::run(&root(), rest),
        Some("generate") => generate::run(&root()),
        Some("icons") => icons::run(&root()),
        Some("sbom") => sbom::run(&root()),
        Some("screenshots") => screenshots::run(&root()),
        Some("package") => package::run(&root(), rest),
        Some("dev") => demo::dev(&root()),
        Some("help" | "--help" | "-h") | None => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(other) => {
            eprintln!("There is no command {other:?}.\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
