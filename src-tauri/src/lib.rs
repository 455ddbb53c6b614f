//! The desktop shell: the window, and commands that are each one call of the console.
//! What a user can do is decided in `crosswalk-console`; nothing here reads the workspace itself.

mod arrival;
mod audience;
mod close;
mod commands;
mod deep_link;
#[cfg(target_os = "linux")]
mod drawing;
mod environment;
mod events;
#[cfg(test)]
mod fences;
mod idle_lock;
mod ipc;
mod lock_watch;
mod logs;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory;
mod news;
mod notifications;
mod raw_bytes;
mod run_events;
mod scheduler;
mod shell;
#[cfg(test)]
mod stage;
mod tray;
mod tray_host;
mod watch;

#[cfg(target_os = "linux")]
pub use drawing::adapt;
pub use environment::take_passphrase;
pub use ipc::ipc;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use memory::spare;
pub use shell::{Shell, builder, on_run_event};
