//! `xwalk doctor`.

use std::process::ExitCode;

use crosswalk_console::Fault;

use super::Context;
use crate::output::table;

pub(super) async fn run(context: &Context) -> Result<ExitCode, Fault> {
    let checks = context.doctor().await?;
    context.output.result(&checks, |checks| {
        let rows = checks.iter().map(|check| {
            vec![
                check.state.clone(),
                check.name.clone(),
                check.message.clone(),
                check.hint.clone().unwrap_or_default(),
            ]
        });
        table(&["", "what", "how it is", "next"], rows)
    })?;
    let failed = checks.iter().any(|check| check.state == "failed");
    Ok(if failed {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}
