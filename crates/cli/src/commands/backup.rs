//! `xwalk backup`.

use std::process::ExitCode;

use crosswalk_console::Fault;

use super::Context;
use super::tenant::confirm;
use crate::args::BackupCommand;
use crate::output::table;

pub(super) async fn run(context: &Context, command: BackupCommand) -> Result<ExitCode, Fault> {
    match command {
        BackupCommand::Create => {
            let backup = context.console()?.create_backup().await?;
            context.output.result(&backup, |backup| {
                format!(
                    "Wrote and verified {} ({} bytes).",
                    backup.name, backup.bytes
                )
            })?;
        }
        BackupCommand::List => {
            let backups = context.console()?.backups()?;
            context.output.result(&backups, |backups| {
                if backups.is_empty() {
                    return "No backups yet. Make one: xwalk backup create".into();
                }
                let rows = backups.iter().map(|backup| {
                    vec![
                        backup.name.clone(),
                        backup.created_at.strftime("%Y-%m-%d %H:%M").to_string(),
                        backup.bytes.to_string(),
                        backup.reason.clone(),
                    ]
                });
                table(&["name", "made (UTC)", "bytes", "why"], rows)
            })?;
        }
        BackupCommand::Restore { name, yes } => {
            confirm(
                yes,
                &name,
                &format!(
                    "This puts {name} in the place of the present workspace, which is backed up first."
                ),
            )?;
            let restored = context.restore_backup(&name).await?;
            context.output.result(&restored, |restored| {
                let mut lines = vec![format!("Restored {}.", restored.backup.name)];
                lines.extend(restored.notes.iter().cloned());
                lines.join("\n")
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
