//! What is in the binary is without fault.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use crosswalk_connector::Catalogue;

#[test]
fn the_built_in_definitions_have_no_problem() {
    let loaded = Catalogue::builtin();
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        loaded
            .catalogue
            .iter()
            .all(|definition| definition.built_in)
    );
}
