//! A connector with everything that belongs to it.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::{Connector, Digest, Mapping, Models};

/// A connector with its mappings, its samples and the models they speak of: checked, complete, and the same until it is loaded again.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The connector; its defaults are filled into its resources.
    pub connector: Connector,
    /// Its mappings, by model and resource.
    pub mappings: Vec<Mapping>,
    /// Its samples, by file name.
    pub samples: Vec<Sample>,
    /// The models of the catalogue it was loaded into.
    pub models: Arc<Models>,
    /// Whether it came with the program.
    pub built_in: bool,
    /// Over the connector, its mappings and the models they use.
    pub digest: Digest,
    /// Over what decides where secrets go: `auth`, `base_url`, `hosts`, and the defaults of the settings those name. Credentials are bound
    /// to it; when it changes nothing is sent until the user approves.
    pub trust_digest: Digest,
}

/// A synthetic record, or a list of them, in the provider's shape: the file `samples/<resource>.json` or `samples/<resource>.<case>.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The file's name without `.json`.
    pub name: String,
    /// The resource.
    pub resource: String,
    /// The file's bytes.
    pub json: Vec<u8>,
}

impl Definition {
    /// The mapping of `resource` to a model, if there is one: the first, when there are several.
    pub fn mapping_of(&self, resource: &str) -> Option<&Mapping> {
        self.mappings
            .iter()
            .find(|mapping| mapping.resource == resource)
    }

    /// The mappings to `model`.
    pub fn mappings_to<'d>(&'d self, model: &str) -> impl Iterator<Item = &'d Mapping> {
        self.mappings
            .iter()
            .filter(move |mapping| mapping.model == model)
    }
}

/// The digest over the whole: the documents as written, and of the models only those that are mapped to, with the shared types they name.
pub(crate) fn whole_digest(
    connector: &Value,
    mappings: &IndexMap<String, Value>,
    used: &[Mapping],
    models: &Models,
) -> Digest {
    let mut used_models = serde_json::Map::new();
    let mut shared = serde_json::Map::new();
    for model in used.iter().filter_map(|mapping| models.get(&mapping.model)) {
        used_models.insert(model.model.clone(), json!(model));
        for name in models.used_by(&model.fields) {
            shared.insert(name.to_owned(), json!(models.shared_type(name)));
        }
    }
    Digest::of(
        &json!({ "connector": connector, "mappings": mappings, "models": used_models, "types": shared }),
    )
}

/// The digest over what decides where secrets go.
pub(crate) fn trust_digest(document: &Value, connector: &Connector) -> Digest {
    let text = format!("{}{}", document["auth"], document["base_url"]);
    let named = |key: &str| text.contains(&format!("config.{key}"));
    let defaults: serde_json::Map<String, Value> = connector
        .config
        .iter()
        .filter(|field| named(&field.key))
        .filter_map(|field| Some((field.key.clone(), Value::String(field.default.clone()?))))
        .collect();
    let mut trusted = json!({
        "auth": document["auth"],
        "base_url": document["base_url"],
        "hosts": document["hosts"],
    });
    if !defaults.is_empty() {
        trusted["defaults"] = Value::Object(defaults);
    }
    Digest::of(&trusted)
}
