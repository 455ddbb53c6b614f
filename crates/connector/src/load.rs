//! From files to definitions.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::definition::{trust_digest, whole_digest};
use crate::document::Document;
use crate::files::Files;
use crate::problem::{Problem, ProblemCode, suggestion};
use crate::{
    Connector, Definition, Mapping, Model, Models, Sample, SharedTypes, check, schema, structure,
};

/// A file that is what its kind should be, with its places.
pub(crate) struct Parsed<T> {
    pub document: Document,
    pub value: T,
}

/// Reads one file of a kind: YAML, structure, then the type.
fn parse<T: DeserializeOwned>(
    kind: &str,
    file: &str,
    bytes: &[u8],
) -> Result<Parsed<T>, Vec<Problem>> {
    let document = Document::parse(file, bytes).map_err(|problem| vec![problem])?;
    if let Some(other) = document
        .value
        .get("format")
        .filter(|format| format.is_u64() && **format != 1)
    {
        let message = format!("this is format {other}; this version of the program reads format 1");
        let hint =
            Some("use a newer version of the program, or write the file in format 1".to_owned());
        return Err(vec![document.problem(
            "/format",
            ProblemCode::OtherFormat,
            message,
            hint,
        )]);
    }
    let problems = structure::check(&document, schema::of(kind));
    if !problems.is_empty() {
        return Err(problems);
    }
    match serde_json::from_value(document.value.clone()) {
        Ok(value) => Ok(Parsed { document, value }),
        Err(error) => Err(vec![document.problem(
            "",
            ProblemCode::Malformed,
            error.to_string(),
            None,
        )]),
    }
}

/// What a folder of connectors holds, and what is wrong in it.
#[derive(Default)]
pub(crate) struct Read {
    pub definitions: IndexMap<String, Definition>,
    pub models: Arc<Models>,
    pub problems: Vec<Problem>,
}

/// A file of a folder of connectors.
struct File<'f> {
    /// Its path below the connector's folder, or below `models/`.
    rest: &'f str,
    /// Its whole path.
    path: &'f str,
    bytes: &'f [u8],
}

impl File<'_> {
    /// Whether it is a note for people, which may stand anywhere.
    fn is_note(&self) -> bool {
        self.rest
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ending == "md")
    }
}

/// Reads a folder. Its models are added to `base`'s; one that is there already can be repeated, not replaced. A connector with a problem is left out, the
/// others are not affected.
pub(crate) fn read(files: &Files, base: &Models, built_in: bool) -> Read {
    let mut problems = Vec::new();
    let mut folders: BTreeMap<&str, Vec<File>> = BTreeMap::new();
    for (path, bytes) in files {
        if let Some((folder, rest)) = path.split_once('/') {
            folders
                .entry(folder)
                .or_default()
                .push(File { rest, path, bytes });
        }
    }
    let models = Arc::new(read_models(
        &folders.remove("models").unwrap_or_default(),
        base,
        &mut problems,
    ));
    let mut definitions = IndexMap::new();
    for (folder, files) in folders {
        match read_definition(folder, &files, &models, built_in) {
            Ok(definition) => {
                definitions.insert(folder.to_owned(), definition);
            }
            Err(found) => problems.extend(found),
        }
    }
    Read {
        definitions,
        models,
        problems,
    }
}

fn read_models(files: &[File], base: &Models, problems: &mut Vec<Problem>) -> Models {
    let mut models = base.clone();
    let mut shared = None;
    let mut added = Vec::new();
    for file in files.iter().filter(|file| !file.is_note()) {
        match file.rest.strip_suffix(".yaml") {
            None => problems.push(misplaced(
                file.path,
                "only .yaml files and notes (.md) stand under models/",
            )),
            Some("shared") => match parse::<SharedTypes>("SharedTypes", file.path, file.bytes) {
                Ok(parsed) => shared = Some(parsed),
                Err(found) => problems.extend(found),
            },
            Some(name) => match parse::<Model>("Model", file.path, file.bytes) {
                Ok(parsed) if parsed.value.model != name => {
                    let message = format!(
                        "the model calls itself `{}` but stands at `{name}`",
                        parsed.value.model
                    );
                    problems.push(parsed.document.problem(
                        "/model",
                        ProblemCode::Misplaced,
                        message,
                        None,
                    ));
                }
                Ok(parsed) => match models.models.get(name) {
                    Some(present) if *present == parsed.value => {}
                    Some(_) => problems.push(taken(&parsed.document, "/model", name)),
                    None => added.push(parsed),
                },
                Err(found) => problems.extend(found),
            },
        }
    }
    if let Some(parsed) = &shared {
        for (name, fields) in &parsed.value.types {
            match models.shared.get(name) {
                Some(present) if present == fields => {}
                Some(_) => problems.push(taken(&parsed.document, &format!("/types/{name}"), name)),
                None => {
                    models.shared.insert(name.clone(), fields.clone());
                }
            }
        }
        for (name, fields) in &parsed.value.types {
            check::model::fields(
                &parsed.document,
                &format!("/types/{name}"),
                fields,
                &models,
                problems,
            );
        }
    }
    for parsed in added {
        let before = problems.len();
        check::model::model(&parsed, &models, problems);
        if problems.len() == before {
            models
                .models
                .insert(parsed.value.model.clone(), parsed.value);
        }
    }
    models
}

fn read_definition(
    folder: &str,
    files: &[File],
    models: &Arc<Models>,
    built_in: bool,
) -> Result<Definition, Vec<Problem>> {
    let Some(root) = files.iter().find(|file| file.rest == "connector.yaml") else {
        let hint = "a connector's folder holds connector.yaml; remove the folder if it is none";
        return Err(vec![Problem {
            hint: Some(hint.to_owned()),
            ..misplaced(folder, "there is no connector.yaml here")
        }]);
    };
    let mut problems = Vec::new();
    let parsed: Option<Parsed<Connector>> = match parse("Connector", root.path, root.bytes) {
        Ok(parsed) => Some(parsed),
        Err(found) => {
            problems.extend(found);
            None
        }
    };
    if let Some(parsed) = &parsed {
        if parsed.value.name != folder {
            let message = format!(
                "the connector calls itself `{}` but stands in `{folder}`",
                parsed.value.name
            );
            problems.push(
                parsed
                    .document
                    .problem("/name", ProblemCode::Misplaced, message, None),
            );
        }
        check::connector(parsed, &mut problems);
    }
    let connector = parsed.as_ref().map(|parsed| &parsed.value);
    let mut mappings = Vec::new();
    let mut mapping_values: IndexMap<String, Value> = IndexMap::new();
    let mut samples = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.rest != "connector.yaml" && !file.is_note())
    {
        let File { rest, path, bytes } = *file;
        if let Some(name) = rest
            .strip_prefix("mappings/")
            .and_then(|rest| rest.strip_suffix(".yaml"))
        {
            match parse::<Mapping>("Mapping", path, bytes) {
                Ok(parsed) => {
                    check::mapping::mapping(&parsed, name, connector, models, &mut problems);
                    mapping_values.insert(rest.to_owned(), parsed.document.value);
                    mappings.push(parsed.value);
                }
                Err(found) => problems.extend(found),
            }
        } else if let Some(name) = rest
            .strip_prefix("samples/")
            .and_then(|rest| rest.strip_suffix(".json"))
        {
            samples.extend(read_sample(name, path, bytes, connector, &mut problems));
        } else {
            problems.push(misplaced(
                path,
                "a connector's folder holds connector.yaml, mappings/<category>/<model>.<resource>.yaml, samples/*.json and *.md",
            ));
        }
    }
    match parsed {
        Some(mut parsed) if problems.is_empty() => {
            parsed.value.fill_defaults();
            Ok(Definition {
                digest: whole_digest(&parsed.document.value, &mapping_values, &mappings, models),
                trust_digest: trust_digest(&parsed.document.value, &parsed.value),
                connector: parsed.value,
                mappings,
                samples,
                models: Arc::clone(models),
                built_in,
            })
        }
        _ => Err(problems),
    }
}

fn read_sample(
    name: &str,
    path: &str,
    bytes: &[u8],
    connector: Option<&Connector>,
    problems: &mut Vec<Problem>,
) -> Option<Sample> {
    let resource = name.split('.').next().unwrap_or_default();
    if let Err(error) = serde_json::from_slice::<Value>(bytes) {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let message = format!("the sample is not JSON: {error}");
        problems.push(Problem {
            file: path.to_owned(),
            line,
            column,
            code: ProblemCode::Json,
            message,
            hint: None,
        });
        return None;
    }
    if let Some(connector) = connector
        && !connector.resources.contains_key(resource)
    {
        let hint = suggestion(resource, connector.resources.keys().map(String::as_str));
        let message = format!(
            "the sample is named for the resource `{resource}`, which the connector does not have"
        );
        let problem = Problem {
            code: ProblemCode::UnknownResource,
            hint,
            ..misplaced(path, "")
        };
        problems.push(Problem { message, ..problem });
        return None;
    }
    Some(Sample {
        name: name.to_owned(),
        resource: resource.to_owned(),
        json: bytes.to_vec(),
    })
}

fn misplaced(path: &str, message: &str) -> Problem {
    Problem {
        file: path.to_owned(),
        line: 0,
        column: 0,
        code: ProblemCode::Misplaced,
        message: message.to_owned(),
        hint: None,
    }
}

fn taken(document: &Document, pointer: &str, name: &str) -> Problem {
    let hint = Some("choose another name; what came with the program is not replaced".to_owned());
    document.problem(
        pointer,
        ProblemCode::NameTaken,
        format!("`{name}` exists already"),
        hint,
    )
}
