//! `xwalk map set`, `unset`, `history`, `restore`, `preview` and `pin`.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use crosswalk_console::{
    Fault, Impact, OverrideChange, OverrideInput, OverrideTarget, OverrideVersion, PinView,
    PreviewInput, counted,
};
use serde_json::Value;

use super::Context;
use crate::args::{FieldArgs, PinCommand};
use crate::output::{or_dash, pairs, table};
use crate::passphrase;
use crate::progress::CountBar;

/// The text of an argument, or of stdin for `-`.
pub(super) fn text_of(argument: String) -> Result<String, Fault> {
    if argument != "-" {
        return Ok(argument);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| {
            Fault::invalid(
                "input_unreadable",
                format!("stdin could not be read: {error}."),
                "Give UTF-8 text.",
            )
        })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

impl FieldArgs {
    pub(super) fn target(self) -> OverrideTarget {
        OverrideTarget {
            level: self.holder.level.as_str().to_owned(),
            scope: self.holder.scope,
            model: self.model,
            resource: self.resource,
            field: self.field,
            request: self.request,
        }
    }
}

fn version(version: &OverrideVersion) -> String {
    let said = match version.action.as_str() {
        "remove" => "takes the field away".to_owned(),
        "inherit" => "says nothing: the levels below hold".to_owned(),
        _ => version.expression.clone().unwrap_or_default(),
    };
    let mut text = format!(
        "{} {} of {} {}, version {}\n  {said}\n",
        version.model, version.field, version.level, version.scope, version.version
    );
    for warning in &version.warnings {
        text.push_str(&format!("  look at: {warning}\n"));
    }
    text
}

fn history(versions: &[OverrideVersion]) -> String {
    if versions.is_empty() {
        return "This field was never changed at this level.".to_owned();
    }
    let rows = versions.iter().map(|version| {
        vec![
            version.version.to_string(),
            version.at.to_string(),
            version.actor.clone(),
            version
                .expression
                .clone()
                .unwrap_or_else(|| version.action.clone()),
            or_dash(version.note.as_deref()),
        ]
    });
    table(&["version", "at", "who", "says", "note"], rows)
}

/// Changes an override; where a required field would fail a terminal is asked, and everything else is told.
pub(super) async fn change(
    context: &Context,
    target: OverrideTarget,
    change: OverrideChange,
    note: Option<String>,
    force: bool,
) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let mut input = OverrideInput {
        target,
        change,
        note,
        force,
    };
    let saved = match console.override_field(input.clone()).await {
        Err(fault)
            if fault.code == "required_field_fails"
                && !context.output.is_json()
                && std::io::stdin().is_terminal() =>
        {
            eprintln!("{}", fault.message);
            match passphrase::line("Save it all the same? Type yes: ") {
                Some(typed) if typed == "yes" => {
                    input.force = true;
                    console.override_field(input).await?
                }
                _ => return Err(fault),
            }
        }
        saved => saved?,
    };
    context.output.result(&saved, version)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn list(context: &Context, target: OverrideTarget) -> Result<ExitCode, Fault> {
    let versions = context.console()?.override_history(&target).await?;
    context
        .output
        .result(&versions, |versions| history(versions))?;
    Ok(ExitCode::SUCCESS)
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => return "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

pub(super) fn impact(impact: &Impact) -> String {
    let mut text = pairs(&[
        ("records", impact.records.to_string()),
        ("changed", impact.changed.to_string()),
        ("newly filled", impact.newly_filled.to_string()),
        ("newly empty", impact.newly_empty.to_string()),
        ("newly failing", impact.newly_failing.to_string()),
        ("failing", impact.errors.to_string()),
        ("not fetched", impact.not_fetched.to_string()),
        (
            "pins",
            format!(
                "{} checked, {}",
                impact.pins.checked,
                counted(
                    impact.pins.broken.len(),
                    "field no longer holds",
                    "fields no longer hold"
                )
            ),
        ),
    ]);
    if !impact.examples.is_empty() {
        let rows = impact.examples.iter().map(|example| {
            vec![
                example.id.clone(),
                example.field.clone(),
                example.kind.clone(),
                cell(&example.before),
                cell(&example.after),
            ]
        });
        text.push('\n');
        text.push_str(&table(&["id", "field", "kind", "before", "after"], rows));
        text.push('\n');
    }
    for broken in &impact.pins.broken {
        text.push_str(&format!(
            "pin {} {}: {} was {}, would be {}\n",
            broken.resource,
            broken.id,
            broken.field,
            cell(&broken.expected),
            cell(&broken.actual)
        ));
    }
    text
}

pub(super) async fn preview(
    context: &Context,
    input: PreviewInput,
    examples: usize,
) -> Result<ExitCode, Fault> {
    let bar = CountBar::new("preview");
    let previewed = context
        .console()?
        .preview(
            input,
            |done, total| bar.show(done, total),
            &context.interrupted,
        )
        .await;
    drop(bar);
    let mut found = previewed?;
    found.examples.truncate(examples);
    context.output.result(&found, impact)?;
    Ok(ExitCode::SUCCESS)
}

fn pinned(pin: &PinView) -> String {
    format!(
        "{} {} of {} is pinned for {}.",
        pin.resource, pin.id, pin.account, pin.model
    )
}

pub(super) async fn pin(context: &Context, command: PinCommand) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    match command {
        PinCommand::Add {
            account,
            model,
            id,
            resource,
            note,
        } => {
            let pin = console
                .pin(&account, &model, resource.as_deref(), &id, note.as_deref())
                .await?;
            context.output.result(&pin, pinned)?;
        }
        PinCommand::Remove {
            account,
            model,
            id,
            resource,
        } => {
            let pin = console
                .unpin(&account, &model, resource.as_deref(), &id)
                .await?;
            context.output.result(&pin, |pin| {
                format!("{} {} is no longer pinned.", pin.resource, pin.id)
            })?;
        }
        PinCommand::List { account, model } => {
            let pins = console.pins(&account, model.as_deref()).await?;
            context.output.result(&pins, |pins| {
                if pins.is_empty() {
                    return "No pins yet. Pin a record: xwalk map pin add ACCOUNT MODEL ID".into();
                }
                let rows = pins.iter().map(|pin| {
                    vec![
                        pin.model.clone(),
                        pin.resource.clone(),
                        pin.id.clone(),
                        pin.at.to_string(),
                        or_dash(pin.note.as_deref()),
                    ]
                });
                table(&["model", "resource", "record", "pinned", "note"], rows)
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
