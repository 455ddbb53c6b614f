//! The process in which Crosswalk evaluates expressions. Started by the window, which expects it beside itself, never
//! by hand; `xwalk` starts itself as its worker.

use std::process::ExitCode;

use crosswalk_mapping::{CountingAllocator, worker};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() -> ExitCode {
    match worker::main_loop(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
