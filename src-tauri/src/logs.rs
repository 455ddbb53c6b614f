//! The program's log: files in the workspace's `logs/`, one a day, fourteen kept. Secrets cannot be in it: their types do
//! not print.

use std::path::Path;

use crosswalk_console::Fault;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Days that are kept.
const DAYS: usize = 14;

/// Lines that wait to be written. Room for all of them is taken at once: by itself the library takes 4 MB.
const WAITING_LINES: usize = 8_192;

/// Our own words at `info`, everybody else's only when something is wrong: an HTTP library at `debug` prints headers.
const WHAT: &str = "warn,crosswalk=info,crosswalk_client=info,crosswalk_console=info,crosswalk_mapping=info,\
crosswalk_sync=info,crosswalk_vault=info,crosswalk_workspace=info";

/// Writes the log to `folder` until the answer is dropped.
///
/// # Errors
/// `logs_failed` where the folder cannot be written to, or a log is written already.
pub(crate) fn start(folder: &Path) -> Result<WorkerGuard, Fault> {
    let failed = |why: String| {
        Fault::failed(
            "logs_failed",
            format!("The log cannot be written: {why}."),
            "Look at the rights of the workspace's folder.",
        )
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("crosswalk")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .map_err(|error| failed(error.to_string()))?;
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING_LINES)
        .finish(files);
    tracing_subscriber::registry()
        .with(EnvFilter::new(WHAT))
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(writer),
        )
        .try_init()
        .map_err(|error| failed(error.to_string()))?;
    Ok(guard)
}
