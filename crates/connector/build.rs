//! Rebuilds the crate when a definition is added or removed; `include_dir` alone notices only changes inside known files.

#![allow(
    clippy::print_stdout,
    reason = "cargo reads what a build script prints"
)]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../../connectors");
}
