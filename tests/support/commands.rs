//! The commands of the window as the generated bindings list them, so that a new one is looked at from its first day.

use std::path::Path;

/// Every command with the names of its arguments.
pub(crate) fn commands() -> Vec<(String, Vec<String>)> {
    let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/backend/bindings.ts");
    let text = std::fs::read_to_string(bindings).unwrap();
    let calls = text.split("__TAURI_INVOKE(\"").skip(1);
    let read = calls.filter_map(|call| {
        let (name, rest) = call.split_once('"')?;
        let names = match rest.strip_prefix(", { ") {
            Some(names) => names.split_once(" }")?.0,
            None => "",
        };
        let names = names.split(", ").filter(|name| !name.is_empty());
        Some((name.to_owned(), names.map(str::to_owned).collect()))
    });
    read.collect()
}
