//! `xwalk query`.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use crosswalk_console::{Fault, FilterValue, FilterView, UnifiedAnswer, UnifiedQuery, counted};

use super::Context;
use super::records::{say_region, sensitive};
use crate::args::QueryArgs;
use crate::output::table;

fn filter(word: &str) -> Result<FilterValue, Fault> {
    let (name, value) = word.split_once('=').ok_or_else(|| {
        Fault::invalid(
            "invalid_filter",
            format!("{word:?} is not K=V."),
            "Write --filter updated_after=2026-01-31; --list tells the filters there are.",
        )
    })?;
    Ok(FilterValue {
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

fn listed(filters: &[FilterView]) -> String {
    if filters.is_empty() {
        return "No filter is mapped. Say how: xwalk map set --request MODEL FILTER EXPR"
            .to_owned();
    }
    let rows = filters.iter().map(|one| {
        let value = if one.enum_values.is_empty() {
            one.kind.clone()
        } else {
            one.enum_values.join(" ")
        };
        let expression = one.expression.split_whitespace().collect::<Vec<_>>();
        vec![
            one.name.clone(),
            value,
            one.level.clone(),
            expression.join(" "),
        ]
    });
    table(&["filter", "value", "level", "asks for"], rows)
}

/// What was asked and what came, for a person; stdout holds the records alone.
fn told(answer: &UnifiedAnswer) -> String {
    let asked = if answer.asked.is_empty() {
        "everything".to_owned()
    } else {
        answer.asked.join(" & ")
    };
    let mut text = format!(
        "Asked {} for {asked}: {}",
        answer.resource,
        counted(answer.ids.len(), "record", "records")
    );
    if answer.left_out > 0 {
        text.push_str(&format!(
            ", and {} left out",
            counted(
                answer.left_out,
                "that does not match was",
                "that do not match were"
            )
        ));
    }
    text.push_str(if answer.more {
        "; there are more."
    } else {
        "."
    });
    text
}

fn broken(error: &std::io::Error) -> Fault {
    Fault::failed(
        "output_failed",
        format!("The records could not be written: {error}."),
        "Check what stdout is connected to.",
    )
}

/// Asks the provider, and prints a unified object a line.
pub(super) async fn run(context: &Context, args: QueryArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    if args.list {
        let filters = console
            .model_filters(&args.account, &args.model, args.resource.as_deref())
            .await?;
        context.output.result(&filters, |filters| listed(filters))?;
        return Ok(ExitCode::SUCCESS);
    }
    say_region(context, &console, &args.account).await?;
    let sensitive = sensitive(args.sensitive);
    let query = UnifiedQuery {
        account: args.account,
        model: args.model,
        resource: args.resource,
        filters: args
            .filters
            .iter()
            .map(|word| filter(word))
            .collect::<Result<Vec<_>, _>>()?,
        native: Vec::new(),
        limit: args.limit,
    };
    let answer = console
        .query_unified_to_print(query, sensitive, &context.interrupted)
        .await?;
    eprintln!("{}", told(&answer));
    let mut stdout = BufWriter::new(std::io::stdout());
    for line in &answer.unified {
        match writeln!(stdout, "{line}") {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => break,
            written => written.map_err(|error| broken(&error))?,
        }
    }
    match stdout.flush() {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(broken(&error)),
        _ => Ok(ExitCode::SUCCESS),
    }
}
