//! `xwalk connector`.

use std::process::ExitCode;

use crosswalk_console::{Fault, check_connector, connector_schema, counted};

use super::Context;
use crate::args::ConnectorCommand;
use crate::output::{table, write_out};

pub(super) async fn run(context: &Context, command: ConnectorCommand) -> Result<ExitCode, Fault> {
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
            if connectors.iter().any(|connector| !connector.approved) {
                context.output.note(
                    "One is not approved. When you know who wrote it: xwalk connector approve NAME",
                );
            }
        }
        ConnectorCommand::Show { name } => {
            let connector = context.console()?.connector(&name)?;
            context.output.result(&connector, |connector| {
                serde_json::to_string_pretty(connector).unwrap_or_default()
            })?;
        }
        ConnectorCommand::Approve { name } => {
            let console = context.console()?;
            console.approve_connector(&name).await?;
            let approved = console.connector(&name)?;
            context.output.result(&approved, |approved| {
                let connector = &approved.connector;
                let hosts: Vec<String> = connector.hosts.iter().map(ToString::to_string).collect();
                let hosts = if hosts.is_empty() {
                    "any host an account names".to_owned()
                } else {
                    hosts.join(", ")
                };
                format!(
                    "{} {} of the workspace takes the built-in one's place until its files change.\n\
                     Secrets may go to: {hosts}",
                    connector.label, connector.version
                )
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
