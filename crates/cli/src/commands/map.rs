//! `xwalk map show` and `xwalk map check`.

use std::process::ExitCode;

use crosswalk_console::{Fault, MapCheck, MappingView};

use super::Context;
use crate::args::MapCommand;
use crate::output::table;

fn show(mapping: &MappingView) -> String {
    let rows = mapping.fields.iter().map(|(name, field)| {
        vec![
            name.clone(),
            field.level.clone(),
            field
                .expression
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        ]
    });
    format!(
        "{} from {}\n\n{}",
        mapping.model,
        mapping.resource,
        table(&["field", "level", "expression"], rows)
    )
}

fn checked(check: &MapCheck) -> String {
    let mut text = String::new();
    for model in &check.models {
        text.push_str(&format!(
            "{} from {}, {} stored records\n",
            model.model, model.resource, model.records
        ));
        if model.problems.is_empty() {
            text.push_str("  no problems\n");
        }
        for problem in &model.problems {
            let many = problem
                .records
                .map_or_else(String::new, |records| format!(" ({records} records)"));
            text.push_str(&format!(
                "  {:<7} {}: {}{many}\n",
                problem.severity, problem.field, problem.message
            ));
        }
        for unread in &model.unread_custom_fields {
            text.push_str(&format!(
                "  unread  {} is filled in {} of {} records and nothing reads it\n",
                unread.path, unread.filled, unread.of
            ));
        }
        text.push('\n');
    }
    text
}

pub(super) async fn run(context: &Context, command: MapCommand) -> Result<ExitCode, Fault> {
    match command {
        MapCommand::Show {
            account,
            model,
            resource,
        } => {
            let mapping = context
                .console()?
                .mapping(&account, &model, resource.as_deref())
                .await?;
            context.output.result(&mapping, show)?;
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Check { account, model } => {
            let check = context
                .console()?
                .check_mapping(&account, model.as_deref())
                .await?;
            context.output.result(&check, checked)?;
            Ok(if check.ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            })
        }
        _ => Err(super::not_yet("this command")),
    }
}
