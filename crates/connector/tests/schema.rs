//! The committed JSON Schema is the one the types generate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;

#[test]
fn the_committed_schema_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors/connector.schema.json");
    let generated =
        serde_json::to_string_pretty(&crosswalk_connector::json_schema()).unwrap() + "\n";
    if std::env::var_os("CROSSWALK_BLESS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(
        committed == generated,
        "connectors/connector.schema.json is out of date; run the test again with CROSSWALK_BLESS=1"
    );
}
