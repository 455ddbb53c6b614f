//! Every command of the window, over Tauri's mock runtime: no display is needed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod accounts;
mod alerts;
#[path = "../support/arguments.rs"]
mod arguments;
mod calls;
#[path = "../support/commands.rs"]
mod commands;
mod connectors;
mod credentials;
mod custody;
mod every;
mod frame;
mod lock;
#[path = "../support/mock.rs"]
mod mock;
mod settings;
mod tenants;
mod window;
