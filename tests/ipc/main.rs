//! Every command of the window, over Tauri's mock runtime: no display is needed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod accounts;
mod calls;
mod connectors;
mod credentials;
mod custody;
mod frame;
mod lock;
#[path = "../support/mock.rs"]
mod mock;
mod settings;
mod tenants;
mod window;
