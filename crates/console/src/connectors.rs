//! The catalogue: what connectors there are, what each has, and checking one under development.

pub(crate) mod form;

use std::collections::BTreeSet;
use std::path::Path;

use crosswalk_connector::{Catalogue, Definition, Digest, Problem};
use crosswalk_mapping::{EffectiveMapping, Overrides};
use serde::Serialize;

use crate::mapping::check::static_problems;
use crate::views::{ConnectorView, ErrorView};
use crate::{Console, Fault, counted};

/// What a check of connector files found.
#[derive(Debug, Serialize)]
pub struct ConnectorCheck {
    /// Whether everything can be used.
    pub ok: bool,
    /// The connectors that were read.
    pub connectors: Vec<String>,
    /// What is wrong, with file, line and column.
    pub problems: Vec<Problem>,
    /// What is wrong or doubtful in the expressions of mappings.
    pub expressions: Vec<ExpressionProblem>,
    /// That there is something wrong at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

/// What is wrong or doubtful in an expression; line and column are within it.
#[derive(Debug, Serialize)]
pub struct ExpressionProblem {
    /// The mapping's file.
    pub file: String,
    #[serde(flatten)]
    pub problem: crate::views::Problem,
}

/// A connector in full: the definition, its mappings, and its digests.
#[derive(Debug, Serialize)]
pub struct ConnectorDetail {
    /// The definition as it is in force.
    #[serde(flatten)]
    pub connector: crosswalk_connector::Connector,
    /// Which model each resource is mapped to.
    pub mappings: Vec<MappingName>,
    pub digest: String,
    pub trust_digest: String,
    pub origin: &'static str,
}

/// A mapping by name.
#[derive(Debug, Serialize)]
pub struct MappingName {
    pub model: String,
    pub resource: String,
}

/// Checks a connector's folder, or the folder a single file stands in. JSONata is compiled too.
///
/// # Errors
/// `not_found` where there is nothing at the path.
pub fn check_connector(path: &Path) -> Result<ConnectorCheck, Fault> {
    if !path.exists() {
        return Err(Fault::invalid(
            "not_found",
            format!("There is nothing at {}.", path.display()),
            "Name a connector's folder or its connector.yaml.",
        ));
    }
    let folder = if path.is_file() {
        connector_folder(path)
    } else {
        path
    };
    let loaded = Catalogue::check(folder);
    let expressions: Vec<ExpressionProblem> = loaded
        .catalogue
        .iter()
        .flat_map(|one| expression_problems(one))
        .collect();
    let wrong = expressions
        .iter()
        .filter(|problem| problem.problem.severity == "error")
        .count()
        + loaded.problems.len();
    let error = (wrong > 0).then(|| ErrorView {
        code: "connector_invalid".to_owned(),
        message: format!(
            "{} found in {}.",
            counted(wrong, "mistake was", "mistakes were"),
            path.display()
        ),
        hint: Some("Each is listed with its file, line and column.".to_owned()),
        at: None,
    });
    Ok(ConnectorCheck {
        ok: error.is_none(),
        connectors: loaded
            .catalogue
            .iter()
            .map(|one| one.connector.name.clone())
            .collect(),
        problems: loaded.problems,
        expressions,
        error,
    })
}

/// What is wrong with the expressions of a connector's mappings.
fn expression_problems(definition: &Definition) -> Vec<ExpressionProblem> {
    let shared = definition.models.shared_types();
    let none = Overrides::new();
    let mut found = Vec::new();
    for mapping in &definition.mappings {
        let Some(model) = definition.models.get(&mapping.model) else {
            continue;
        };
        let Ok(effective) = EffectiveMapping::merge(model, &shared, mapping, "", &none, &none)
        else {
            continue;
        };
        let file = format!(
            "{}/mappings/{}.{}.yaml",
            definition.connector.name, mapping.model, mapping.resource
        );
        found.extend(
            static_problems(&effective)
                .into_iter()
                .map(|problem| ExpressionProblem {
                    file: file.clone(),
                    problem,
                }),
        );
    }
    found
}

/// The nearest folder above a file that holds a `connector.yaml`, else the file's own.
fn connector_folder(file: &Path) -> &Path {
    file.ancestors()
        .skip(1)
        .find(|folder| folder.join("connector.yaml").is_file())
        .or_else(|| file.parent())
        .unwrap_or(file)
}

/// The format's JSON Schema, as text.
///
/// # Errors
/// Never in practice: the schema is made from types.
pub fn connector_schema() -> Result<String, Fault> {
    let schema = crosswalk_connector::json_schema();
    serde_json::to_string_pretty(&schema)
        .map(|text| text + "\n")
        .map_err(|error| Fault::failed("output_failed", error.to_string(), "Please report this."))
}

impl Console {
    /// Every connector at hand, those that wait for approval among them.
    ///
    /// # Errors
    /// None at present; the catalogue reports problems per definition.
    pub fn connectors(&self) -> Result<Vec<ConnectorView>, Fault> {
        let loaded = self.loaded();
        let mut views: Vec<ConnectorView> = loaded
            .catalogue
            .iter()
            .map(|definition| {
                let connector = &definition.connector;
                let models: BTreeSet<&str> = definition
                    .mappings
                    .iter()
                    .map(|mapping| mapping.model.as_str())
                    .collect();
                ConnectorView {
                    name: connector.name.clone(),
                    label: connector.label.clone(),
                    version: connector.version.to_string(),
                    category: connector.category.clone(),
                    origin: if definition.built_in {
                        "built-in"
                    } else {
                        "workspace"
                    }
                    .to_owned(),
                    resources: connector.resources.len(),
                    models: models.into_iter().map(str::to_owned).collect(),
                    approved: true,
                }
            })
            .collect();
        for waiting in &loaded.shadowing {
            views.push(ConnectorView {
                name: waiting.name.clone(),
                label: waiting.name.clone(),
                version: waiting.workspace_digest.as_str().chars().take(12).collect(),
                category: String::new(),
                origin: "workspace".to_owned(),
                resources: 0,
                models: Vec::new(),
                approved: false,
            });
        }
        Ok(views)
    }

    /// One connector in full.
    ///
    /// # Errors
    /// `not_found`.
    pub fn connector(&self, name: &str) -> Result<ConnectorDetail, Fault> {
        let definition = self.definition(name)?;
        Ok(ConnectorDetail {
            connector: definition.connector.clone(),
            mappings: definition
                .mappings
                .iter()
                .map(|mapping| MappingName {
                    model: mapping.model.clone(),
                    resource: mapping.resource.clone(),
                })
                .collect(),
            digest: definition.digest.as_str().to_owned(),
            trust_digest: definition.trust_digest.as_str().to_owned(),
            origin: if definition.built_in {
                "built-in"
            } else {
                "workspace"
            },
        })
    }

    /// The digests of workspace connectors that were approved to take a built-in one's place.
    pub(crate) fn approved_connectors(&self) -> BTreeSet<Digest> {
        self.approved_digests()
            .iter()
            .filter_map(|text| Digest::parse(text).ok())
            .collect()
    }
}
