//! The format as JSON Schema.

use std::sync::LazyLock;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::{Connector, Mapping, Model, SharedTypes};

/// The format as one JSON Schema (draft 2020-12): `$defs` holds `Connector`, `Mapping`, `Model` and `SharedTypes` with all they consist of; a
/// document is one of the four. It is committed as `connectors/connector.schema.json`.
pub fn json_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let roots = [
        root::<Connector>(&mut generator),
        root::<Mapping>(&mut generator),
        root::<Model>(&mut generator),
        root::<SharedTypes>(&mut generator),
    ];
    let mut definitions = generator.take_definitions(true);
    definitions.sort_keys();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of Crosswalk's connector format: a connector, a mapping, a model or shared types",
        "anyOf": roots,
        "$defs": definitions,
    })
}

fn root<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// The schema of one kind of file.
pub(crate) fn of(name: &str) -> &'static Value {
    static SCHEMAS: LazyLock<[(&str, Value); 4]> = LazyLock::new(|| {
        let definitions = json_schema()["$defs"].take();
        ["Connector", "Mapping", "Model", "SharedTypes"].map(|name| {
            (
                name,
                json!({ "$ref": format!("#/$defs/{name}"), "$defs": definitions.clone() }),
            )
        })
    });
    SCHEMAS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(&Value::Null, |(_, schema)| schema)
}
