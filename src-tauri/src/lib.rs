//! The desktop shell: the window, and commands that are each one call of the console.
//! What a user can do is decided in `crosswalk-console`; nothing here reads the workspace itself.

mod audience;
mod commands;
mod environment;
mod ipc;
mod run_events;
mod shell;

pub use ipc::ipc;
pub use shell::{Shell, builder};
