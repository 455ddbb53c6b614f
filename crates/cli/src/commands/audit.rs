//! `xwalk audit`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use crosswalk_console::{AuditFilter, AuditVerdict, AuditView, Edge, Fault, counted, moment_ago};

use super::Context;
use crate::args::AuditCommand;
use crate::output::{or_dash, pairs, say_head, table, write_out};

/// What `audit verify` takes.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// An earlier export or report whose rows must still be there
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

/// What `audit export` takes.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[arg(long, value_name = "A")]
    account: Option<String>,
    #[arg(long, value_name = "T")]
    tenant: Option<String>,
    /// Only this kind of row: call, account:active…
    #[arg(long, value_name = "K")]
    kind: Option<String>,
    /// Only rows since then: a time, a day, or a length of time ago such as 30d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only rows until then: a time, a day, or a length of time ago
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[arg(long, value_enum, default_value = "jsonl")]
    format: ExportFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// JSON Lines
    Jsonl,
    /// For spreadsheets; what looks like a formula is made plain text
    Csv,
}

fn verdict(verdict: &AuditVerdict) -> String {
    let mut rows = vec![
        (
            "chain",
            if verdict.ok { "unbroken" } else { "BROKEN" }.to_owned(),
        ),
        ("rows", verdict.rows.to_string()),
        (
            "anchored",
            verdict
                .anchored_seq
                .map_or_else(|| "nowhere".into(), |seq| format!("up to row {seq}")),
        ),
    ];
    if let (Some(fault), Some(at)) = (&verdict.fault, verdict.broken_at) {
        rows.push((
            "broken at",
            format!("row {at}, {}", fault.replace('_', " ")),
        ));
    }
    if let Some(compared) = verdict.compared {
        let compared = counted(compared, "row", "rows");
        rows.push(("compared", format!("{compared} of the file")));
    }
    if let Some(head) = &verdict.head {
        rows.push(("head", format!("{} {}", head.seq, head.hash)));
    }
    for note in &verdict.notes {
        rows.push(("note", note.clone()));
    }
    pairs(&rows)
}

async fn verify(context: &Context, args: VerifyArgs) -> Result<ExitCode, Fault> {
    let against = match &args.against {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            Fault::invalid(
                "not_found",
                format!("{} cannot be read: {error}.", path.display()),
                "Name an earlier export.",
            )
        })?),
        None => None,
    };
    let found = context.console()?.verify_audit(against.as_deref()).await?;
    context.output.result(&found, verdict)?;
    Ok(if found.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn export(context: &Context, args: ExportArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let time = |text: &Option<String>, edge: Edge| {
        text.as_deref()
            .map(|text| moment_ago(text, console.now(), edge))
            .transpose()
    };
    let filter = AuditFilter {
        since: time(&args.since, Edge::First)?,
        until: time(&args.until, Edge::Last)?,
        tenant: args.tenant,
        account: args.account,
        kind: args.kind,
    };
    if args.format == ExportFormat::Csv {
        write_out(AuditView::csv_names().as_bytes())?;
    }
    let head = console
        .export_audit(filter, |row| match args.format {
            ExportFormat::Csv => write_out(row.csv_line().as_bytes()),
            ExportFormat::Jsonl => context.output.line(row),
        })
        .await?;
    say_head(head.as_ref());
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn run(context: &Context, command: AuditCommand) -> Result<ExitCode, Fault> {
    let (account, tenant, limit) = match command {
        AuditCommand::Verify(args) => return verify(context, args).await,
        AuditCommand::Export(args) => return export(context, args).await,
        AuditCommand::List {
            account,
            tenant,
            limit,
        } => (account, tenant, limit),
    };
    let rows = context
        .console()?
        .audit(account.as_deref(), tenant.as_deref(), limit)
        .await?;
    context.output.result(&rows, |rows| {
        let rows = rows.iter().map(|row| {
            vec![
                row.seq.to_string(),
                row.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                row.kind.clone(),
                or_dash(row.account.as_deref()),
                match (&row.method, &row.endpoint) {
                    (Some(method), Some(endpoint)) => format!("{method} {endpoint}"),
                    _ => or_dash(row.detail.as_deref()),
                },
                row.status
                    .map_or_else(|| "-".into(), |status| status.to_string()),
                row.records
                    .map_or_else(|| "-".into(), |records| records.to_string()),
            ]
        });
        table(
            &[
                "seq", "at (UTC)", "kind", "account", "what", "status", "records",
            ],
            rows,
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
