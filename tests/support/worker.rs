//! The mapping worker, where it is built.

use std::path::PathBuf;

use crosswalk_console::{Options, WorkerCommand};

/// It lies beside the tests' folder.
pub(crate) fn worker() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    let name = format!("crosswalk-worker{}", std::env::consts::EXE_SUFFIX);
    let path = own.parent()?.parent()?.join(name);
    path.is_file().then_some(path)
}

/// The workspace with that worker.
pub(crate) fn with_worker(mut options: Options) -> Options {
    options.worker = worker().map(|path| WorkerCommand::new(path, Vec::<String>::new()));
    options
}
