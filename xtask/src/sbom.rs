//! `cargo xtask sbom`: what the packages are made of, as CycloneDX. `xtask/sbom.mjs` writes it, because the
//! sources are JSON and Node is needed for the window anyway.

use std::path::Path;

use crate::step::{command, output};

/// Where it is written, from the project's root.
pub(crate) const PATH: &str = "target/package/crosswalk.cdx.json";

/// Writes the bill of materials: every crate and npm package with version, licence and checksum.
///
/// # Errors
/// What `cargo metadata` or Node printed.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let printed = output(&mut command(root, &format!("node xtask/sbom.mjs {PATH}")))?;
    println!("{PATH}: {}", printed.trim());
    Ok(())
}
