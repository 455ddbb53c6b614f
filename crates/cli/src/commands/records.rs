//! `xwalk records` and `xwalk get`.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use crosswalk_console::{Console, Fault, RecordFormat, RecordQuery, Sensitive};

use super::Context;
use crate::args::{FormatArg, GetArgs, RecordsArgs, SensitiveArgs};

/// Says where the data must stay, to a person: it is about to leave the workspace.
pub(super) async fn say_region(
    context: &Context,
    console: &Console,
    account: &str,
) -> Result<(), Fault> {
    let tenant = console.account(account).await?.tenant;
    if let Some(region) = console.tenant_region(&tenant).await? {
        context
            .output
            .note(&format!("Data of {tenant} must stay in {region}."));
    }
    Ok(())
}

/// What becomes of sensitive values.
pub(super) fn sensitive(args: SensitiveArgs) -> Sensitive {
    match (args.masked, args.reveal) {
        (true, _) => Sensitive::Masked,
        (_, true) => Sensitive::Revealed,
        _ => Sensitive::AsSet,
    }
}

/// Writes records as they come; a reader that has gone away ends the command quietly.
pub(super) async fn run(context: &Context, args: RecordsArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let sensitive = sensitive(args.sensitive);
    say_region(context, &console, &args.account).await?;
    let query = RecordQuery {
        account: args.account,
        resource: args.resource,
        format: match args.format {
            FormatArg::Raw => RecordFormat::Raw,
            FormatArg::Unified => RecordFormat::Unified,
            FormatArg::Both => RecordFormat::Both,
        },
        native_id: args.id,
        limit: args.limit,
    };
    let mut stream = console.records_to_print(query, sensitive).await?;
    let mut stdout = BufWriter::with_capacity(1 << 16, std::io::stdout());
    while let Some(batch) = stream.next().await? {
        let written = batch
            .iter()
            .try_for_each(|line| {
                stdout
                    .write_all(line)
                    .and_then(|()| stdout.write_all(b"\n"))
            })
            .and_then(|()| stdout.flush());
        if let Err(error) = written {
            if error.kind() == std::io::ErrorKind::BrokenPipe {
                break;
            }
            return Err(Fault::failed(
                "output_failed",
                format!("The records could not be written: {error}."),
                "Check what stdout is connected to.",
            ));
        }
        if context.interrupted.is_cancelled() {
            return Ok(ExitCode::from(130));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn get(context: &Context, args: GetArgs) -> Result<ExitCode, Fault> {
    let query = args
        .query
        .iter()
        .map(|word| {
            word.split_once('=')
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .ok_or_else(|| {
                    Fault::invalid(
                        "invalid_query",
                        format!("{word:?} is not K=V."),
                        "Write --query KEY=VALUE, unencoded.",
                    )
                })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let answer = context
        .console()?
        .pass_through(&args.account, &args.path, &query, &context.interrupted)
        .await?;
    context.output.result(&answer, |answer| {
        let body = match &answer.body {
            serde_json::Value::String(text) => text.clone(),
            other => serde_json::to_string_pretty(other).unwrap_or_default(),
        };
        format!("HTTP {}\n{body}", answer.status)
    })?;
    Ok(ExitCode::SUCCESS)
}
