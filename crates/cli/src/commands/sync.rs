//! `xwalk sync`, `xwalk runs`, `xwalk run`.

use std::process::ExitCode;

use crosswalk_console::{Fault, RunDetail, RunView, SyncInput};
use jiff::tz::TimeZone;

use super::Context;
use crate::args::{FieldsArg, ModeArg, SyncArgs};
use crate::output::{exit_code, pairs, table};
use crate::passphrase;
use crate::progress::RunBar;

/// Milliseconds in the unit a person would say them in.
fn duration(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
        _ => format!("{} min {} s", millis / 60_000, millis / 1_000 % 60),
    }
}

fn totals(run: &RunView) -> String {
    let mut rows = vec![
        ("run", run.run.clone()),
        ("resource", format!("{} of {}", run.resource, run.account)),
        ("mode", run.mode.clone()),
        ("status", run.status.clone()),
        ("stored", run.stored.to_string()),
    ];
    if run.duplicates > 0 {
        rows.push(("duplicates", run.duplicates.to_string()));
    }
    if run.errors > 0 {
        rows.push(("errors", run.errors.to_string()));
    }
    rows.push((
        "requests",
        format!(
            "{} in {}, {}/s",
            run.requests,
            duration(run.duration_ms),
            run.requests_per_second
        ),
    ));
    if run.retries > 0 || run.rate_limited > 0 {
        rows.push((
            "retries",
            format!("{}, rate-limited {}", run.retries, run.rate_limited),
        ));
    }
    let mut text = pairs(&rows);
    if let Some(error) = &run.error {
        text.push_str(&format!("\n{}\n", error.message));
        if let Some(hint) = &error.hint {
            text.push_str(&format!("  {hint}\n"));
        }
    }
    text
}

fn detail(detail: &RunDetail) -> String {
    let mut text = totals(&detail.run);
    if !detail.error_groups.is_empty() {
        text.push_str("\nErrors by cause\n");
        let rows = detail.error_groups.iter().map(|group| {
            vec![
                group.count.to_string(),
                group.cause.clone(),
                group.message.clone(),
                group.records.join(", "),
            ]
        });
        text.push_str(&table(&["count", "cause", "message", "records"], rows));
        text.push('\n');
    }
    if !detail.log.is_empty() {
        text.push_str("\nLog\n");
        for line in &detail.log {
            text.push_str(&format!(
                "{}  {:<7}  {}\n",
                line.at.strftime("%H:%M:%S"),
                line.severity,
                line.message
            ));
        }
    }
    text
}

/// The tenant's id, typed, before anything is written at the provider.
fn confirmation(args: &SyncArgs) -> Option<String> {
    if !args.mark_exported {
        return None;
    }
    args.confirm.clone().or_else(|| {
        eprintln!(
            "--mark-exported takes records out of a queue that the customer's live integration may share. It cannot be undone here."
        );
        passphrase::line("Type the tenant's id to confirm: ")
    })
}

pub(super) async fn run(context: &Context, args: SyncArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let input = SyncInput {
        account: args.account.clone(),
        resource: args.resource.clone(),
        mode: match args.mode {
            ModeArg::Test => "test",
            ModeArg::Full => "full",
            ModeArg::Incremental => "incremental",
            ModeArg::Unexported => "unexported",
        },
        pages: args.pages,
        budget_percent: args.budget,
        whole_objects: args.fields.map(|fields| matches!(fields, FieldsArg::All)),
        restart: args.restart,
        mark_exported: args.mark_exported,
        confirmation: confirmation(&args),
    };
    let tenant = console.account(&args.account).await?.tenant;
    if let Some(quiet) = console.quiet_now(&tenant).await? {
        let until = quiet.until.map_or_else(String::new, |at| {
            let local = at.to_zoned(TimeZone::system());
            format!(" until {}", local.strftime("%Y-%m-%d %H:%M"))
        });
        context.output.note(&format!(
            "{tenant} wants quiet now{until} ({}). Going on, since you asked for it.",
            quiet.windows
        ));
    }
    let bar = RunBar::new(&format!("{} {}", args.account, args.resource));
    let done = console
        .sync(input, |progress| bar.show(progress), &context.interrupted)
        .await;
    drop(bar);
    let done = done?;
    context.output.result(&done.run, totals)?;
    Ok(done
        .failure
        .map_or(ExitCode::SUCCESS, |class| ExitCode::from(exit_code(class))))
}

pub(super) async fn list(
    context: &Context,
    account: &str,
    resource: Option<&str>,
    limit: usize,
) -> Result<ExitCode, Fault> {
    let runs = context.console()?.runs(account, resource, limit).await?;
    context.output.result(&runs, |runs| {
        if runs.is_empty() {
            return format!("No runs yet. Try one: xwalk sync {account} RESOURCE");
        }
        let rows = runs.iter().map(|run| {
            vec![
                run.run.clone(),
                run.resource.clone(),
                run.mode.clone(),
                run.status.clone(),
                run.stored.to_string(),
                run.errors.to_string(),
                duration(run.duration_ms),
                run.started_at.strftime("%Y-%m-%d %H:%M").to_string(),
            ]
        });
        table(
            &[
                "run",
                "resource",
                "mode",
                "status",
                "stored",
                "errors",
                "took",
                "started (UTC)",
            ],
            rows,
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn show(context: &Context, id: &str) -> Result<ExitCode, Fault> {
    let run = context.console()?.run(id).await?;
    context.output.result(&run, detail)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_read_as_a_person_says_them() {
        for (millis, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_000, "1.0 s"),
            (3_640, "3.6 s"),
            (61_000, "1 min 1 s"),
        ] {
            assert_eq!(duration(millis), text);
        }
    }
}
