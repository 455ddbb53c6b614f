//! Rules of the house that no other tool checks: the engine names no provider, files stay about one noun, every picture
//! is shown.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::step::{Outcome, output};

/// The crates in which no provider may be named: connectors are data.
const ENGINE: &[&str] = &[
    "connector",
    "client",
    "mapping",
    "sync",
    "workspace",
    "console",
];

/// The folder of pictures, which a page of its own shows.
const GALLERY: &str = "docs/screenshots";

/// The length at which a source file asks to be split.
const LONGEST: usize = 500;

fn tracked(root: &Path, patterns: &[&str]) -> Result<Vec<String>, String> {
    let listed = output(
        Command::new("git")
            .args([
                "ls-files",
                "--cached",
                "--others",
                "--exclude-standard",
                "--",
            ])
            .args(patterns)
            .current_dir(root),
    )?;
    Ok(listed.lines().map(str::to_owned).collect())
}

/// Names of connector folders, which are the providers' names.
fn providers(root: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root.join("connectors")) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("connector.yaml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

fn named(text: &str, provider: &str) -> Option<usize> {
    text.lines()
        .position(|line| line.to_lowercase().contains(provider))
}

/// No provider's name in the engine's sources.
pub(crate) fn no_provider_in_engine(root: &Path) -> Outcome {
    let patterns: Vec<String> = ENGINE
        .iter()
        .map(|name| format!("crates/{name}/src"))
        .collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let files = match tracked(root, &patterns) {
        Ok(files) => files,
        Err(why) => return Outcome::Failed(why),
    };
    let providers = providers(root);
    let mut found = String::new();
    for file in &files {
        let Ok(text) = std::fs::read_to_string(root.join(file)) else {
            continue;
        };
        for provider in &providers {
            if let Some(line) = named(&text, provider) {
                let _ = writeln!(
                    found,
                    "{file}:{}: names {provider}; say it in the connector's data",
                    line + 1
                );
            }
        }
    }
    if found.is_empty() {
        Outcome::Passed(format!(
            "{} files, {} providers",
            files.len(),
            providers.len()
        ))
    } else {
        Outcome::Failed(found)
    }
}

/// No source file over the length at which it asks to be split.
pub(crate) fn file_lengths(root: &Path) -> Outcome {
    let files = match tracked(root, &["*.rs", "*.ts", "*.tsx"]) {
        Ok(files) => files,
        Err(why) => return Outcome::Failed(why),
    };
    let mut long = String::new();
    for file in files.iter().filter(|file| !file.ends_with("bindings.ts")) {
        let Ok(text) = std::fs::read_to_string(root.join(file)) else {
            continue;
        };
        let lines = text.lines().count();
        if lines > LONGEST {
            let _ = writeln!(
                long,
                "{file}: {lines} lines, more than {LONGEST}; split it by noun"
            );
        }
    }
    if long.is_empty() {
        Outcome::Passed(format!("{} files", files.len()))
    } else {
        Outcome::Failed(long)
    }
}

fn is_picture(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "png")
}

/// The pictures that a page names, in its links.
fn pictures_named(page: &str) -> BTreeSet<String> {
    page.split("](")
        .skip(1)
        .filter_map(|link| link.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| is_picture(target))
        .map(str::to_owned)
        .collect()
}

/// A line for each picture that only the folder or only its page has.
fn unlike(kept: &BTreeSet<String>, named: &BTreeSet<String>) -> String {
    let mut found = String::new();
    for picture in kept.difference(named) {
        let _ = writeln!(found, "{GALLERY}/README.md does not show {picture}");
    }
    for picture in named.difference(kept) {
        let _ = writeln!(
            found,
            "{GALLERY}/README.md shows {picture}, which is not there: cargo xtask screenshots takes it"
        );
    }
    found
}

/// The gallery shows every picture, and none that is not there.
pub(crate) fn gallery(root: &Path) -> Outcome {
    let folder = root.join(GALLERY);
    let (page, entries) = match (
        std::fs::read_to_string(folder.join("README.md")),
        std::fs::read_dir(&folder),
    ) {
        (Ok(page), Ok(entries)) => (page, entries),
        (Err(error), _) | (_, Err(error)) => {
            return Outcome::Failed(format!("{GALLERY}: {error}"));
        }
    };
    let kept: BTreeSet<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_picture(name))
        .collect();
    let found = unlike(&kept, &pictures_named(&page));
    if found.is_empty() {
        Outcome::Passed(format!("{} pictures", kept.len()))
    } else {
        Outcome::Failed(found)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{pictures_named, unlike};

    fn kept(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_gallery_names_what_is_kept_and_nothing_else() {
        let page = "| ![Runs](runs-light.png) | ![Runs, dark](runs-dark.png) |\nSee [the guide](../guide.md).";
        let named = pictures_named(page);
        assert_eq!(named, kept(&["runs-light.png", "runs-dark.png"]));
        assert_eq!(unlike(&named, &named), "");
        let more = unlike(
            &kept(&["alerts-light.png", "runs-light.png", "runs-dark.png"]),
            &named,
        );
        assert!(more.contains("does not show alerts-light.png"), "{more}");
        let fewer = unlike(&kept(&["runs-light.png"]), &named);
        assert!(
            fewer.contains("shows runs-dark.png, which is not there"),
            "{fewer}"
        );
    }
}
