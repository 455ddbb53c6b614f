//! What is generated and committed: the connector format's JSON Schema and the TypeScript bindings.
//! Each is written by the test that also checks it, so that there is one way to make it.

use std::path::Path;

use crate::step::{command, output};

/// Writes every generated file.
///
/// # Errors
/// What the generating test printed.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    for line in [
        "cargo test --quiet --package crosswalk-connector --test schema",
        "cargo test --quiet --package crosswalk --test bindings",
    ] {
        output(command(root, line).env("CROSSWALK_BLESS", "1"))?;
    }
    println!("Wrote connectors/connector.schema.json and ui/src/backend/bindings.ts.");
    Ok(())
}
