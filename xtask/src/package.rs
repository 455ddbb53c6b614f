//! `cargo xtask package`: what a user installs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{self, command, output};
use crate::{sbom, setup};

/// What `tauri.conf.json` takes into the package from `target/package`, and the words of `xwalk` that print it.
const PRINTED: &[(&str, &str)] = &[
    ("xwalk.bash", "completions bash"),
    ("xwalk.fish", "completions fish"),
    ("_xwalk", "completions zsh"),
    ("xwalk.1", "man"),
];

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))
}

/// Puts the programs, the shell completions, the manual page and the bill of materials where the bundle
/// configuration expects them.
fn stage(root: &Path, built: &Path) -> Result<(), String> {
    let stage = root.join("target/package");
    std::fs::create_dir_all(&stage).map_err(|error| format!("{}: {error}", stage.display()))?;
    for program in ["xwalk", "crosswalk-worker"] {
        copy(&built.join(program), &stage.join(program))?;
    }
    for (name, words) in PRINTED {
        let mut print = Command::new(built.join("xwalk"));
        let text = output(print.args(words.split(' ')))?;
        let file = stage.join(name);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    // Without a time and name inside, so that the same page gives the same bytes.
    output(&mut command(
        &stage,
        "gzip --best --no-name --force xwalk.1",
    ))?;
    sbom::run(root)
}

/// The deb that the last build left.
fn newest_deb(folder: &Path) -> Option<PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "deb"))
        .max_by_key(|path| path.metadata().and_then(|meta| meta.modified()).ok())
}

/// Builds the package; `--debug` takes the development profile, to look at what is inside.
///
/// # Errors
/// What the build or the bundler printed.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err(
            "Only the Linux package is configured; docs/install.md says what this system needs."
                .into(),
        );
    }
    setup::run(root, setup::Need::Build)?;
    let debug = words.iter().any(|word| word == "--debug");
    let (profile, flag) = if debug {
        ("debug", "--profile=dev")
    } else {
        ("release", "--release")
    };
    eprintln!("Building the programs");
    output(&mut command(
        root,
        &format!(
            "cargo build {flag} --package crosswalk --package crosswalk-cli --package crosswalk-mapping \
             --bin xwalk --bin crosswalk-worker --features crosswalk/custom-protocol"
        ),
    ))?;
    let built = root.join("target").join(profile);
    stage(root, &built)?;
    eprintln!("Building the window and the package");
    let mut bundle = step::tauri(root, "build --bundles deb");
    if debug {
        bundle.arg("--debug");
    }
    output(&mut bundle)?;
    let deb = newest_deb(&built.join("bundle/deb")).ok_or("The bundler left no package.")?;
    println!("{}", deb.display());
    Ok(())
}
