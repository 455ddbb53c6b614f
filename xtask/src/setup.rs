//! What a machine needs before anything can be built or tested, and its installation.

use std::path::Path;
use std::process::Command;

use crate::step::{command, have, output};

/// Debian packages without which nothing builds (Tauri 2 prerequisites for Linux).
const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libssl-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libxdo-dev",
    "libdbus-1-dev",
    "file",
];

/// Debian packages the tests use: a display, a keyring daemon, a WebDriver.
const TEST: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "dunst",
    "gnome-keyring",
    "libnotify-bin",
    "openbox",
    "xdotool",
    "imagemagick",
    "fonts-dejavu-core",
];

/// How much a machine must be able to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Need {
    /// Build and run.
    Build,
    /// Build, run and test.
    Test,
}

/// Which of `wanted` the package database does not list as installed.
fn missing(wanted: &[&str]) -> Vec<String> {
    wanted
        .iter()
        .filter(|package| {
            !Command::new("dpkg-query")
                .args(["-W", "-f=${db:Status-Status}", package])
                .output()
                .is_ok_and(|done| done.status.success() && done.stdout == b"installed")
        })
        .map(ToString::to_string)
        .collect()
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|done| done.stdout.trim_ascii() == b"0")
}

/// Installs what is missing, or says the exact line to type.
fn install_packages(need: Need) -> Result<(), String> {
    if !have("dpkg-query") || !have("apt-get") {
        if cfg!(target_os = "linux") && !have("pkg-config") {
            return Err(
                "This is not a Debian-like system, so nothing was installed. Install what \
                https://v2.tauri.app/start/prerequisites/ lists for your distribution, then run \
                this again."
                    .into(),
            );
        }
        return Ok(());
    }
    let mut packages = missing(BUILD);
    if need == Need::Test {
        packages.extend(missing(TEST));
    }
    if packages.is_empty() {
        return Ok(());
    }
    let install = format!(
        "apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    );
    let prefix = if is_root() {
        ""
    } else if output(Command::new("sudo").args(["-n", "true"])).is_ok() {
        "sudo -n "
    } else {
        return Err(format!(
            "These packages are missing and installing them needs root. Run this, then try again:\n\n  \
             sudo apt-get update && sudo {install}\n"
        ));
    };
    eprintln!("Installing system packages: {}", packages.join(" "));
    let here = Path::new("/");
    output(&mut command(here, &format!("{prefix}apt-get update -qq")))?;
    output(command(here, &format!("{prefix}{install}")).env("DEBIAN_FRONTEND", "noninteractive"))?;
    Ok(())
}

/// True if what `npm ci` last installed is not what the lock file names.
fn npm_is_stale(root: &Path) -> bool {
    let modified = |path: &str| {
        root.join(path)
            .metadata()
            .and_then(|meta| meta.modified())
            .ok()
    };
    match (
        modified("ui/package-lock.json"),
        modified("ui/node_modules/.package-lock.json"),
    ) {
        (Some(lock), Some(installed)) => lock > installed,
        _ => true,
    }
}

/// Brings the machine to where it can do what is needed.
///
/// # Errors
/// What is missing and the line that installs it.
pub(crate) fn run(root: &Path, need: Need) -> Result<(), String> {
    install_packages(need)?;
    if !have("npm") {
        return Err(
            "Node.js 20 or newer is needed (https://nodejs.org); `npm` was not found.".into(),
        );
    }
    if npm_is_stale(root) {
        eprintln!("Installing the window's packages (npm ci)");
        output(&mut command(
            &root.join("ui"),
            "npm ci --no-audit --no-fund --loglevel=error",
        ))?;
    }
    Ok(())
}
