//! The sandbox over real HTTP, as a client sees it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod authorization;
mod caller;
mod demo;
mod exported;
mod faults;
mod filters;
mod formats;
mod limits;
mod moving;
mod paging;
mod records;
mod scale;
mod tokens;
