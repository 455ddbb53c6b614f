//! `xwalk daemon` and `xwalk schedule`.

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use crosswalk_console::{Fault, Notice, Runner, ScheduleView};
use tokio_util::sync::CancellationToken;

use super::Context;
use crate::output::{or_dash, table};

/// What `daemon` takes.
#[derive(Debug, Args)]
pub(crate) struct DaemonArgs {
    /// Do what is due now, and end
    #[arg(long)]
    once: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ScheduledMode {
    /// What changed since the last completed run
    Incremental,
    /// Every record
    Full,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleCommand {
    /// All schedules, or one account's
    List { account: Option<String> },
    /// Sync a resource by itself, every so often
    Set {
        account: String,
        resource: String,
        /// 30m, 6h, 1d; 5m at least
        #[arg(long, value_name = "PERIOD")]
        every: String,
        #[arg(long, value_enum, default_value = "incremental")]
        mode: ScheduledMode,
    },
    /// Sync a resource by itself no longer
    Unset { account: String, resource: String },
    /// When scheduled syncs of a tenant wait: "22:00-06:00, mon-fri 08:00-18:00 Europe/Berlin, month-end 3"; without a
    /// zone in this machine's; none shows, - removes
    Quiet {
        tenant: String,
        windows: Option<String>,
    },
}

fn schedules(views: &[ScheduleView]) -> String {
    if views.is_empty() {
        return "Nothing is scheduled. Begin: xwalk schedule set ACCOUNT RESOURCE --every 6h"
            .into();
    }
    let rows = views.iter().map(|view| {
        let next = view
            .next_at
            .map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        vec![
            view.account.clone(),
            view.resource.clone(),
            view.mode.clone(),
            view.every.clone(),
            or_dash(next.as_deref()),
            or_dash(view.waits.as_deref()),
        ]
    });
    table(
        &[
            "account",
            "resource",
            "mode",
            "every",
            "next (UTC)",
            "waits",
        ],
        rows,
    )
}

pub(super) async fn schedule(
    context: &Context,
    command: ScheduleCommand,
) -> Result<ExitCode, Fault> {
    let (console, output) = (context.console()?, context.output);
    match command {
        ScheduleCommand::List { account } => {
            output.result(&console.schedules(account.as_deref()).await?, |views| {
                schedules(views)
            })?;
        }
        ScheduleCommand::Set {
            account,
            resource,
            every,
            mode,
        } => {
            let mode = match mode {
                ScheduledMode::Incremental => "incremental",
                ScheduledMode::Full => "full",
            };
            let set = console
                .set_schedule(&account, &resource, Some((mode, &every)))
                .await?;
            output.result(&set, |views| schedules(views))?;
        }
        ScheduleCommand::Unset { account, resource } => {
            let left = console.set_schedule(&account, &resource, None).await?;
            output.result(&left, |views| schedules(views))?;
        }
        ScheduleCommand::Quiet { tenant, windows } => {
            match windows.as_deref() {
                None => {}
                Some("-") => console.set_quiet_windows(&tenant, None).await?,
                Some(text) => console.set_quiet_windows(&tenant, Some(text)).await?,
            }
            let held = console.quiet_windows(&tenant).await?;
            let view = serde_json::json!({ "tenant": tenant, "quiet_windows": held });
            output.result(&view, |_| {
                held.clone().unwrap_or_else(|| "No quiet windows.".into())
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Lines with `--json`, sentences without; a daemon has nobody to show a notification to.
fn told(context: &Context, notice: &Notice) -> Result<(), Fault> {
    if context.output.is_json() {
        context.output.line(notice)
    } else {
        context.output.progress(&format!(
            "{}: {}\n",
            notice.title,
            notice.body.replace('\n', ", ")
        ));
        Ok(())
    }
}

/// A service manager ends a daemon with SIGTERM; it ends as on Ctrl-C.
#[cfg(unix)]
fn end_when_terminated(interrupted: &CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            let interrupted = interrupted.clone();
            tokio::spawn(async move {
                if terminated.recv().await.is_some() {
                    interrupted.cancel();
                }
            });
        }
        Err(error) => tracing::warn!(%error, "SIGTERM ends this program at once"),
    }
}

#[cfg(not(unix))]
fn end_when_terminated(_interrupted: &CancellationToken) {}

pub(super) async fn run(context: &Context, args: DaemonArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    end_when_terminated(&context.interrupted);
    let Some(mut runner) = Runner::start(console)? else {
        return Err(Fault::failed(
            "runner_elsewhere",
            "Another process does what is planned in this workspace.",
            "The window does while it or its tray icon runs; end it to run this instead.",
        ));
    };
    if args.once {
        let reading = runner.reading();
        for notice in runner.beat(reading, &context.interrupted).await? {
            told(context, &notice)?;
        }
        runner.catch_up(&context.interrupted).await?;
        for notice in runner.tell().await? {
            told(context, &notice)?;
        }
        if context.interrupted.is_cancelled() {
            runner.finish().await?;
        } else {
            runner.drain().await?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    context
        .output
        .note("Doing what is planned; interrupt to end.");
    runner
        .run(&context.interrupted, |notice| {
            // A reader that went away does not end the work.
            let _ = told(context, &notice);
        })
        .await?;
    Ok(ExitCode::SUCCESS)
}
