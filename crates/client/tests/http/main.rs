//! The client over real HTTP: small servers for what a provider can do, and the stand-in instance for one that does it all.
#![allow(
    clippy::expect_used,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests: a skipped one says so, and a story is told in one piece"
)]

mod encodings;
mod faults;
mod grants;
mod hands;
mod hostile;
mod instance;
mod issuer;
#[path = "../../../../tests/support/mutation.rs"]
mod mutation;
mod paging;
mod recorded;
mod refresh;
mod rig;
mod secrets;
mod sign_in;
mod speed;
mod tls;
mod tokens;
mod unsaved;
