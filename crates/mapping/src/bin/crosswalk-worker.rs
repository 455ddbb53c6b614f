//! The process in which Crosswalk evaluates expressions. Started by the app and by `xwalk`, never by hand.

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
