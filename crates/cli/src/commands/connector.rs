//! `xwalk connector`.

use std::process::ExitCode;

use crosswalk_console::{Fault, check_connector, connector_schema, counted};

use super::Context;
use crate::args::ConnectorCommand;
use crate::output::{table, write_out};

pub(super) fn run(context: &Context, command: ConnectorCommand) -> Result<ExitCode, Fault> {
    match command {
        ConnectorCommand::List => {
            let connectors = context.console()?.connectors()?;
            context.output.result(&connectors, |connectors| {
                let rows = connectors.iter().map(|connector| {
                    vec![
                        connector.name.clone(),
                        connector.label.clone(),
                        connector.version.clone(),
                        connector.category.clone(),
                        connector.origin.clone(),
                        connector.resources.to_string(),
                        if connector.approved { "yes" } else { "no" }.to_owned(),
                    ]
                });
                table(
                    &[
                        "name",
                        "label",
                        "version",
                        "category",
                        "origin",
                        "resources",
                        "approved",
                    ],
                    rows,
                )
            })?;
        }
        ConnectorCommand::Show { name } => {
            let connector = context.console()?.connector(&name)?;
            context.output.result(&connector, |connector| {
                serde_json::to_string_pretty(connector).unwrap_or_default()
            })?;
        }
        ConnectorCommand::Check { path } => {
            let check = check_connector(&path)?;
            context.output.result(&check, |check| {
                let mut text: String = check
                    .problems
                    .iter()
                    .map(|problem| format!("{problem}\n"))
                    .collect();
                for found in &check.expressions {
                    let problem = &found.problem;
                    text.push_str(&format!(
                        "{}: {}: {} [{}]\n",
                        found.file, problem.field, problem.message, problem.code
                    ));
                }
                if check.ok {
                    text.push_str(&format!(
                        "{}: {}, no errors.",
                        path.display(),
                        counted(check.connectors.len(), "definition", "definitions")
                    ));
                }
                text
            })?;
            return Ok(if check.ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            });
        }
        ConnectorCommand::Schema => write_out(connector_schema()?.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}
