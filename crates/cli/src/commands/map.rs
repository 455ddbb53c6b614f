//! `xwalk map`.

use std::path::Path;
use std::process::ExitCode;

use crosswalk_console::{
    Destination, Fault, ImportInput, MapCheck, MappingView, OverrideChange, PreviewInput, counted,
};

use super::{Context, map_bundle, map_override, table};
use crate::args::{FieldArgs, MapCommand};
use crate::output;

/// Unread raw fields a person is shown for each model.
const UNREAD_SHOWN: usize = 20;

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
        output::table(&["field", "level", "expression"], rows)
    )
}

fn checked(check: &MapCheck) -> String {
    let mut text = String::new();
    for model in &check.models {
        text.push_str(&format!(
            "{} from {}, {}\n",
            model.model,
            model.resource,
            counted(model.records, "stored record", "stored records")
        ));
        if model.problems.is_empty() {
            text.push_str("  no problems\n");
        }
        for problem in &model.problems {
            let many = problem.records.map_or_else(String::new, |records| {
                format!(" ({})", counted(records, "record", "records"))
            });
            text.push_str(&format!(
                "  {:<7} {}: {}{many}\n",
                problem.severity, problem.field, problem.message
            ));
        }
        if model.pins.checked > 0 {
            text.push_str(&format!("  pins    {} checked\n", model.pins.checked));
        }
        for unread in model.unread.iter().take(UNREAD_SHOWN) {
            text.push_str(&format!(
                "  unread  {} is filled in {} of {} and nothing reads it{}\n",
                unread.path,
                unread.filled,
                counted(unread.of, "record", "records"),
                if unread.custom { " (custom)" } else { "" }
            ));
        }
        if model.unread.len() > UNREAD_SHOWN {
            text.push_str(&format!(
                "  unread  and {} more; --json lists them all\n",
                model.unread.len() - UNREAD_SHOWN
            ));
        }
        text.push('\n');
    }
    text
}

#[expect(clippy::too_many_lines, reason = "an arm for each command")]
pub(super) async fn run(context: &Context, command: MapCommand) -> Result<ExitCode, Fault> {
    match command {
        MapCommand::Show {
            account,
            model,
            resource,
            request,
        } => {
            let (console, resource) = (context.console()?, resource.as_deref());
            let mapping = if request {
                console.query_mapping(&account, &model, resource).await?
            } else {
                console.mapping(&account, &model, resource).await?
            };
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
        MapCommand::Set {
            model,
            field,
            expr,
            holder,
            resource,
            field_type,
            request,
            note,
            force,
        } => {
            let which = FieldArgs {
                model,
                field,
                holder,
                resource,
                request,
            };
            let change = OverrideChange::Set {
                expression: map_override::text_of(expr)?,
                field_type,
            };
            map_override::change(context, which.target(), change, note, force).await
        }
        MapCommand::Unset { which, note, force } => {
            let change = OverrideChange::Inherit;
            map_override::change(context, which.target(), change, note, force).await
        }
        MapCommand::History { which } => map_override::list(context, which.target()).await,
        MapCommand::Restore {
            which,
            version,
            to,
            note,
            force,
        } => {
            let change = match version.or(to) {
                Some(version) => OverrideChange::Restore(version),
                None => OverrideChange::Undo,
            };
            map_override::change(context, which.target(), change, note, force).await
        }
        MapCommand::Preview {
            account,
            model,
            field,
            expr,
            level,
            resource,
            field_type,
            sample,
            examples,
        } => {
            if expr == "-" && sample.as_deref() == Some(Path::new("-")) {
                return Err(Fault::invalid(
                    "invalid_input",
                    "The expression and the sample cannot both come from stdin.",
                    "Give one of them as a file or an argument.",
                ));
            }
            let input = PreviewInput {
                account,
                model,
                resource,
                field,
                level: level.as_str().to_owned(),
                change: OverrideChange::Set {
                    expression: map_override::text_of(expr)?,
                    field_type,
                },
                samples: sample.as_deref().map(table::read_file).transpose()?,
            };
            map_override::preview(context, input, examples).await
        }
        MapCommand::Pin(command) => map_override::pin(context, command).await,
        MapCommand::Export {
            account,
            level,
            scope,
            jsonata,
            model,
            resource,
            out,
        } => {
            let of = account.or(scope).unwrap_or_default();
            let console = context.console()?;
            if jsonata {
                return map_bundle::documents(context, &of, model, resource, out).await;
            }
            let exported = console
                .export_bundle(level.as_str(), &of, model.as_deref())
                .await?;
            map_bundle::written(context, &exported, out.as_deref())
        }
        MapCommand::Import {
            file,
            holder,
            dry_run,
            partial,
            note,
            yes,
        } => {
            let input = ImportInput {
                level: holder.level.as_str().to_owned(),
                scope: holder.scope,
                text: table::read_file(&file)?,
                dry_run,
                partial,
                note,
            };
            map_bundle::import(context, input, yes).await
        }
        MapCommand::Copy {
            account,
            to,
            choice,
        } => map_bundle::copy(context, account, Destination::Accounts(to), choice).await,
        MapCommand::Promote {
            account,
            twin,
            choice,
        } => {
            let to = if twin {
                Destination::Twin
            } else {
                Destination::Environment
            };
            map_bundle::copy(context, account, to, choice).await
        }
    }
}
