//! `xwalk drift`.

use std::process::ExitCode;

use crosswalk_console::{DriftChange, Fault, ResourceDrift, counted};

use super::Context;
use crate::output::{or_dash, table};

fn said(change: &DriftChange) -> String {
    match change.kind.as_str() {
        "type" => format!(
            "{} -> {}",
            change.before.join(", "),
            change.after.join(", ")
        ),
        "words" => format!("+ {}", change.after.join(", ")),
        _ => String::new(),
    }
}

fn joined(fields: &[String]) -> String {
    or_dash(Some(fields.join(", ").as_str()).filter(|text| !text.is_empty()))
}

fn shown(found: &[ResourceDrift]) -> String {
    if found.is_empty() {
        return "No run was looked at yet. Sync a resource: xwalk sync ACCOUNT RESOURCE".to_owned();
    }
    let mut text = String::new();
    for one in found {
        text.push_str(&format!(
            "{}: {} of the run of {}\n",
            one.resource,
            counted(one.records, "record", "records"),
            one.at
        ));
        match one.compared_with {
            None => text
                .push_str("  the first run that was looked at; the next one is held against it\n"),
            Some(before) if one.changes.is_empty() => {
                text.push_str(&format!("  as the run of {before}\n"));
            }
            Some(_) => {
                let rows = one.changes.iter().map(|change| {
                    vec![
                        change.kind.clone(),
                        change.path.clone(),
                        said(change),
                        format!("{} of {}", change.present, change.of),
                        joined(&change.read_by),
                    ]
                });
                let heads = ["what", "path", "", "records", "read by"];
                text.push_str(&table(&heads, rows));
                text.push('\n');
            }
        }
        for gone in &one.gone {
            text.push_str(&format!(
                "  {} is gone since {}; read by: {}\n",
                gone.path,
                gone.since,
                joined(&gone.read_by)
            ));
        }
        if !one.paths.is_empty() {
            let rows = one.paths.iter().map(|path| {
                vec![
                    path.path.clone(),
                    path.types.join(", "),
                    format!("{} of {}", path.filled, path.of),
                    joined(path.words.as_deref().unwrap_or_default()),
                    joined(&path.read_by),
                ]
            });
            let heads = ["path", "type", "filled", "values", "read by"];
            text.push_str(&format!("\n{}\n", table(&heads, rows)));
        }
        text.push('\n');
    }
    text
}

/// Prints what changed.
pub(super) async fn run(
    context: &Context,
    account: &str,
    resource: Option<&str>,
) -> Result<ExitCode, Fault> {
    let found = context.console()?.drift(account, resource).await?;
    context.output.result(&found, |found| shown(found))?;
    Ok(ExitCode::SUCCESS)
}
