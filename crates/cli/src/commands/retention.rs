//! `xwalk account retention`.

use std::process::ExitCode;

use clap::Args;
use crosswalk_console::{Fault, RetentionView, counted};

use super::Context;
use super::tenant::confirm;
use crate::output::pairs;

/// What `account retention` takes.
#[derive(Debug, Args)]
pub(crate) struct RetentionArgs {
    id: String,
    /// Days from the last fetch, `default` (30 days), or `none`: records are never on disk. Without it: how it is
    #[arg(value_name = "DAYS|default|none")]
    retention: Option<String>,
    /// Do not ask where records would go at once
    #[arg(long)]
    yes: bool,
}

fn shown(view: &RetentionView) -> String {
    let kept = match view.days {
        0 => "not on disk at all".to_owned(),
        days => format!("{} from their last fetch", counted(days, "day", "days")),
    };
    let mut rows = vec![
        ("account", view.account.clone()),
        ("records are kept", kept),
    ];
    if let Some(at) = view.oldest_ends_at {
        rows.push((
            "the oldest goes",
            at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        ));
    }
    if view.due > 0 {
        rows.push(("past their time", view.due.to_string()));
    }
    if view.log_due {
        rows.push((
            "still in the log",
            "what was removed, until whoever reads the workspace now is done".to_owned(),
        ));
    }
    pairs(&rows)
}

pub(super) async fn run(context: &Context, args: RetentionArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let Some(wanted) = args.retention else {
        let view = console.retention(&args.id, None).await?;
        context.output.result(&view, shown)?;
        return Ok(ExitCode::SUCCESS);
    };
    let would = console.retention(&args.id, Some(&wanted)).await?;
    if would.due > 0 {
        let consequence = format!(
            "Older than that, and removed at once: {} of {}. Only a sync brings back what the provider still has.",
            counted(would.due, "stored record", "stored records"),
            args.id
        );
        confirm(args.yes, &args.id, &consequence)?;
    }
    let view = console.set_retention(&args.id, &wanted).await?;
    context.output.result(&view, shown)?;
    Ok(ExitCode::SUCCESS)
}
