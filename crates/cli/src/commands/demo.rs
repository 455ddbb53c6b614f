//! `xwalk demo`.

use std::fmt::Write as _;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use crosswalk_console::{Demo, DemoOptions, DemoRecord, DemoStep, Fault, counted, demo};
use serde_json::Value;

use super::{Context, worker};
use crate::args::DemoArgs;
use crate::output::table;

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default();

fn heading(number: usize, text: &str) -> String {
    format!("\n{BOLD}{number}. {text}{BOLD:#}\n")
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() > 38 {
        format!("{}…", text.chars().take(37).collect::<String>())
    } else {
        text
    }
}

/// A few fields that show what a mapping does: their value, and the raw paths they were made from.
fn compared(record: &DemoRecord) -> String {
    let Some(fields) = record.fields.as_object() else {
        return String::new();
    };
    let shown = fields.iter().filter(|(name, field)| {
        field["status"] == "ok"
            && !record.unified[name.as_str()].is_array()
            && field["reads"]
                .as_array()
                .is_some_and(|reads| reads.len() <= 3)
    });
    let rows = shown.take(12).map(|(name, field)| {
        let reads: Vec<&str> = field["reads"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        vec![
            name.clone(),
            short(&record.unified[name.as_str()]),
            field["level"].as_str().unwrap_or_default().to_owned(),
            reads.join(", "),
        ]
    });
    table(&["unified field", "value", "level", "read from"], rows)
}

fn tell(step: &DemoStep<'_>) -> String {
    let mut text = String::new();
    match step {
        DemoStep::Serving(url) => {
            text = format!(
                "{BOLD}Crosswalk demo{BOLD:#}\nA stand-in instance serves synthetic data at {url}, with the provider's rate limit.\n"
            );
        }
        DemoStep::Connected(report) => {
            let ok = report.steps.iter().filter(|step| step.ok).count();
            text.push_str(&heading(1, "Connect"));
            let _ = writeln!(
                text,
                "   {ok} of {} passed, account is {GREEN}{}{GREEN:#}",
                counted(report.steps.len(), "step", "steps"),
                report.status
            );
            for step in report.steps.iter().filter(|step| !step.ok) {
                let _ = writeln!(text, "   {}: {}", step.name, step.message);
            }
        }
        DemoStep::Tested(run) => {
            text.push_str(&heading(2, "Test sync"));
            let _ = writeln!(
                text,
                "   {} in {}, whole objects, nothing written at the provider",
                counted(run.stored, "record", "records"),
                counted(run.requests, "request", "requests")
            );
        }
        DemoStep::Synced(run) => {
            text.push_str(&heading(3, "Full sync"));
            let _ = writeln!(
                text,
                "   {} in {} ms: {}, {} a second, {} refused by the rate limit",
                counted(run.stored, "record", "records"),
                run.duration_ms,
                counted(run.requests, "request", "requests"),
                run.requests_per_second,
                run.rate_limited
            );
        }
        DemoStep::Compared(record) => {
            text.push_str(&heading(4, "Compare raw and unified"));
            let size = record.raw.to_string().len();
            let _ = writeln!(text, "   record {}, {size} bytes of raw JSON\n", record.id);
            for line in compared(record).lines() {
                let _ = writeln!(text, "   {line}");
            }
        }
        DemoStep::Overridden(done) => {
            text.push_str(&heading(5, "Override for this one account"));
            let _ = writeln!(
                text,
                "   {} is filled in {} of {} and nothing read it\n   {} := {}\n   gives {} ({GREEN}level {}{GREEN:#}); every other account keeps the connector's mapping",
                done.unread.path,
                done.unread.filled,
                counted(done.unread.of, "record", "records"),
                done.field,
                done.expression,
                short(&done.value),
                done.level
            );
        }
    }
    text
}

fn closing(demo: &Demo, kept: bool) -> String {
    let mut text = format!(
        "\nDone in {}.{} s.\n",
        demo.elapsed_ms / 1_000,
        demo.elapsed_ms % 1_000 / 100
    );
    if kept {
        let _ = writeln!(
            text,
            "The workspace is in {}; its vault's passphrase died with the demo, its tenants and runs can be listed.",
            demo.workspace
        );
    } else {
        text.push_str(
            "The throw-away workspace is gone. Next: xwalk sandbox, or xwalk tenant add ID.\n",
        );
    }
    text
}

pub(super) async fn run(context: &Context, args: DemoArgs) -> Result<ExitCode, Fault> {
    let scratch = tempfile::Builder::new()
        .prefix("crosswalk-demo-")
        .tempdir()
        .map_err(|error| {
            Fault::failed(
                "disk_failed",
                format!("No folder can be made for the demo: {error}."),
                "Free some space in the temporary folder.",
            )
        })?;
    let folder = args
        .keep
        .clone()
        .unwrap_or_else(|| scratch.path().join("workspace"));
    if folder.join("workspace.db").exists() {
        return Err(Fault::invalid(
            "already_exists",
            format!("There is a workspace in {} already.", folder.display()),
            "Name another folder: --keep DIR.",
        ));
    }
    let options = DemoOptions {
        folder,
        worker: worker()?,
        connector: "coupa".to_owned(),
        resource: "invoices",
    };
    let output = context.output;
    let done = demo(
        options,
        |step| output.progress(&tell(&step)),
        &context.interrupted,
    )
    .await?;
    output.result(&done, |done| closing(done, args.keep.is_some()))?;
    Ok(ExitCode::SUCCESS)
}
