//! `xwalk alerts`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use crosswalk_console::{AlertView, Fault, moment};

use super::Context;
use crate::output::{or_dash, table};

/// What `alerts` takes.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct AlertsArgs {
    /// Only what falls due until then: 2026-12-01, 2026-12-01T08:00:00Z, 20h, 80d
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(subcommand)]
    command: Option<AlertsCommand>,
}

#[derive(Debug, Subcommand)]
enum AlertsCommand {
    /// Note that you have seen an alert
    Ack { id: String },
    /// Keep an alert quiet until a time
    Snooze {
        id: String,
        #[arg(long, value_name = "TIME", default_value = "1h")]
        until: String,
    },
}

fn listed(alerts: &[AlertView]) -> String {
    if alerts.is_empty() {
        return "Nothing falls due.".into();
    }
    let rows = alerts.iter().map(|alert| {
        vec![
            alert.due_at.strftime("%Y-%m-%d %H:%M").to_string(),
            alert.state.clone(),
            or_dash(alert.account.as_deref()),
            alert.title.clone(),
            alert.id.clone(),
        ]
    });
    table(&["due (UTC)", "state", "account", "what", "id"], rows)
}

fn one(alert: &AlertView) -> String {
    format!("{} ({}): {}.", alert.title, alert.id, alert.state)
}

pub(super) async fn run(context: &Context, args: AlertsArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    match args.command {
        None => {
            let until = args
                .until
                .map(|text| moment(&text, console.now()))
                .transpose()?;
            // There may be no runner that does. What is planned already is listed all the same.
            if let Err(fault) = console.plan_alerts().await {
                tracing::warn!(code = fault.code, "reminders were not planned");
            }
            context
                .output
                .result(&console.alerts(until).await?, |alerts| listed(alerts))?;
        }
        Some(AlertsCommand::Ack { id }) => {
            context.output.result(&console.ack_alert(&id).await?, one)?;
        }
        Some(AlertsCommand::Snooze { id, until }) => {
            let until = moment(&until, console.now())?;
            context
                .output
                .result(&console.snooze_alert(&id, until).await?, one)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
