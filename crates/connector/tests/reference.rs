//! The examples of docs/connector-format.md are complete and right, and its tables name what there is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::path::Path;

use crosswalk_connector::{Catalogue, Source};

fn reference() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/connector-format.md"))
        .unwrap()
}

#[test]
fn the_examples_load_without_a_problem() {
    let text = reference();
    let blocks: Vec<&str> = text
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    let [connector, mapping, model] = blocks.as_slice() else {
        panic!("{} examples", blocks.len())
    };
    let model = model
        .replace("list: Line", "list: ExampleLine")
        .replace("type: Ref", "type: ExampleRef");
    let shared = "format: 1\ntypes: {ExampleLine: {number: {type: integer}}, ExampleRef: {id: {type: id}}}\n";
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("example/connector.yaml", (*connector).to_owned()),
        (
            "example/mappings/procurement/example_order.orders.yaml",
            mapping.replace("procurement/order", "procurement/example_order"),
        ),
        (
            "models/procurement/example_order.yaml",
            model.replace("procurement/order", "procurement/example_order"),
        ),
        ("models/shared.yaml", shared.to_owned()),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let loaded = Catalogue::check(folder.path());
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(loaded.catalogue.get("example").is_some());
}

/// Every key and word of the schema occurs in the reference.
#[test]
fn every_key_of_the_format_is_in_the_reference() {
    fn words(schema: &serde_json::Value, found: &mut Vec<String>) {
        match schema {
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    match (key.as_str(), value) {
                        ("properties", serde_json::Value::Object(properties)) => {
                            found.extend(properties.keys().cloned());
                        }
                        ("const", serde_json::Value::String(word)) => found.push(word.clone()),
                        ("enum", serde_json::Value::Array(all)) => {
                            found.extend(
                                all.iter()
                                    .filter_map(|word| word.as_str().map(str::to_owned)),
                            );
                        }
                        _ => {}
                    }
                    words(value, found);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| words(item, found)),
            _ => {}
        }
    }
    let text = reference();
    let mut found = Vec::new();
    words(&crosswalk_connector::json_schema(), &mut found);
    found.extend(Source::ALL.map(|(_, word)| word.to_owned()));
    // Written there in ranges: RS/PS/ES 256…; methods beyond those named.
    let in_ranges = |word: &String| {
        word.len() == 5 && word.ends_with(['2', '4', '6'])
            || ["PATCH", "PUT", "DELETE"].contains(&word.as_str())
    };
    let missing: Vec<String> = found
        .into_iter()
        .filter(|word| !in_ranges(word) && !text.contains(word.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "not in docs/connector-format.md: {missing:?}"
    );
}
