//! `xwalk audit list`.

use std::process::ExitCode;

use crosswalk_console::Fault;

use super::Context;
use crate::args::AuditCommand;
use crate::output::{or_dash, table};

pub(super) async fn run(context: &Context, command: AuditCommand) -> Result<ExitCode, Fault> {
    let AuditCommand::List {
        account,
        tenant,
        limit,
    } = command
    else {
        return Err(super::not_yet("audit verify"));
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
