//! The real window on a display of its own, driven through WebDriver: one file for each thing a user comes to do.
//!
//! Ignored by default: it needs the programs built with the UI inside (`cargo build --workspace --features
//! crosswalk/custom-protocol`). `cargo xtask test` builds them and runs this with `--ignored`; a story says
//! `skipped:` where Xvfb, dbus-daemon or WebKitWebDriver is missing. A story that fails leaves what the window
//! showed in `target/window-failures`.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod authoring;
mod clock;
mod customer_call;
mod first_run;
mod keyboard;
mod large;
mod looking_after;
mod many_accounts;
mod news;
mod one_workspace;
mod opening;
mod reopening;
mod reports;
mod revealing;
mod screens;
mod studio_screens;
mod support;
mod syncing;
mod wrong_secret;
