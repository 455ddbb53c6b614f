//! `xwalk tenant`.

use std::process::ExitCode;

use crosswalk_console::Fault;

use super::Context;
use crate::args::TenantCommand;
use crate::output::{or_dash, table, write_file, write_out};
use crate::passphrase;

pub(super) async fn run(context: &Context, command: TenantCommand) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    match command {
        TenantCommand::Add { id, name, region } => {
            let tenant = console
                .add_tenant(&id, name.as_deref(), region.as_deref())
                .await?;
            context.output.result(&tenant, |tenant| {
                format!(
                    "Added tenant {}.\nNext: xwalk account add {0}-test --tenant {0} --connector NAME --kind sandbox …",
                    tenant.id
                )
            })?;
        }
        TenantCommand::List => {
            let tenants = console.tenants().await?;
            context.output.result(&tenants, |tenants| {
                if tenants.is_empty() {
                    return "No tenants yet. Add one: xwalk tenant add ID --name NAME".into();
                }
                let rows = tenants.iter().map(|tenant| {
                    vec![
                        tenant.id.clone(),
                        tenant.name.clone(),
                        or_dash(tenant.region.as_deref()),
                    ]
                });
                table(&["id", "name", "region"], rows)
            })?;
        }
        TenantCommand::SecurityReport { id, output } => {
            let page = console.security_report(&id).await?;
            let Some(path) = output else {
                if context.output.is_json() {
                    context
                        .output
                        .result(&serde_json::json!({ "html": page }), |_| String::new())?;
                } else {
                    write_out(page.as_bytes())?;
                }
                return Ok(ExitCode::SUCCESS);
            };
            write_file(&path, page.as_bytes())?;
            if let Some(region) = console.tenant_region(&id).await? {
                context
                    .output
                    .note(&format!("Data of {id} must stay in {region}."));
            }
            context.output.result(
                &serde_json::json!({ "path": path.display().to_string() }),
                |_| {
                    format!(
                        "Wrote {}. Open it in a browser to print it.",
                        path.display()
                    )
                },
            )?;
        }
        TenantCommand::Remove { id } => {
            let tenant = console.remove_tenant(&id).await?;
            context
                .output
                .result(&tenant, |tenant| format!("Removed tenant {}.", tenant.id))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Has the name typed before something is destroyed; `--yes` says it was meant.
pub(super) fn confirm(yes: bool, id: &str, consequence: &str) -> Result<(), Fault> {
    if yes {
        return Ok(());
    }
    eprintln!("{consequence}");
    match passphrase::line(&format!("Type {id} to confirm: ")) {
        Some(typed) if typed == id => Ok(()),
        Some(_) => Err(Fault::invalid(
            "not_confirmed",
            "The name typed is another one; nothing was changed.",
            "Type the name as it is shown.",
        )),
        None => Err(Fault::invalid(
            "not_confirmed",
            "This needs a confirmation and nobody can be asked.",
            "Add --yes.",
        )),
    }
}
