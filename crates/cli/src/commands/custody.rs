//! `xwalk custody`.

use std::process::ExitCode;

use crosswalk_console::{CustodyList, Fault};
use serde_json::json;

use super::Context;
use crate::args::CustodyCommand;
use crate::output::write_file;

pub(super) async fn run(context: &Context, command: CustodyCommand) -> Result<ExitCode, Fault> {
    let CustodyCommand::Export { output } = command;
    let console = context.console()?;
    let list = console.custody().await?;
    let Some(path) = output else {
        context.output.result(&list, CustodyList::text)?;
        console.custody_written(list.written_at).await?;
        return Ok(ExitCode::SUCCESS);
    };
    let text = if context.output.is_json() {
        serde_json::to_string_pretty(&list).unwrap_or_default()
    } else {
        list.text()
    };
    write_file(&path, text.as_bytes())?;
    console.custody_written(list.written_at).await?;
    context.output.result(
        &json!({ "path": path.display().to_string(), "head": list.head, "accounts": list.tenants.iter().map(|tenant| tenant.accounts.len()).sum::<usize>() }),
        |_| {
            format!(
                "Wrote {}. Keep it away from this machine.",
                path.display()
            )
        },
    )?;
    Ok(ExitCode::SUCCESS)
}
