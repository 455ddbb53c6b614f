//! The process in which Crosswalk evaluates expressions. Started by the window, which expects it beside itself, never
//! by hand; `xwalk` starts itself as its worker.

use std::process::ExitCode;

use crosswalk_mapping::{CountingAllocator, worker};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() -> ExitCode {
    // What is no text is no argument of ours.
    let arguments = std::env::args_os().skip(1);
    match worker::main_loop(arguments.filter_map(|word| word.into_string().ok())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
