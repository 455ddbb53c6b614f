//! `xwalk map export`, `import`, `copy` and `promote`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crosswalk_console::{
    AuditHead, ChangeReport, Choice, CopyInput, Destination, ExportedText, Fault, ImportInput,
    counted,
};
use serde::Serialize;

use super::Context;
use crate::args::ChoiceArgs;
use crate::output;
use crate::passphrase;

/// A text that was written to a file.
#[derive(Serialize)]
struct WrittenText<'a> {
    path: String,
    bytes: usize,
    head: Option<&'a AuditHead>,
}

/// Writes an exported text, and says the audit's head: with `--json` as `{"text","head"}`, or of a file as
/// `{"path","bytes","head"}`.
pub(super) fn written(
    context: &Context,
    exported: &ExportedText,
    out: Option<&Path>,
) -> Result<ExitCode, Fault> {
    let ExportedText { text, head } = exported;
    match out {
        None if context.output.is_json() => {
            context.output.result(exported, |_| String::new())?;
        }
        None => output::write_out(text.as_bytes())?,
        Some(path) => {
            output::write_file(path, text.as_bytes())?;
            let file = WrittenText {
                path: path.display().to_string(),
                bytes: text.len(),
                head: head.as_ref(),
            };
            context
                .output
                .result(&file, |file| format!("Wrote {}.", file.path))?;
        }
    }
    output::say_head(head.as_ref());
    Ok(ExitCode::SUCCESS)
}

/// The effective mapping of an account as JSONata: of one model, or all of them one behind the other.
pub(super) async fn documents(
    context: &Context,
    account: &str,
    model: Option<String>,
    resource: Option<String>,
    out: Option<PathBuf>,
) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let wanted = match model {
        Some(model) => vec![(model, resource)],
        None => console.mapped_models(account).await?,
    };
    let mut documents = Vec::with_capacity(wanted.len());
    let mut head = None;
    for (model, resource) in wanted {
        let exported = console
            .export_jsonata(account, &model, resource.as_deref())
            .await?;
        documents.push(exported.text);
        // The last one's holds all the others.
        head = exported.head;
    }
    let exported = ExportedText {
        text: documents.join("\n"),
        head,
    };
    written(context, &exported, out.as_deref())
}

fn said(expression: Option<&String>) -> String {
    let text = expression.map_or_else(|| "-".to_owned(), |text| text.replace('\n', " "));
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

pub(super) fn report(report: &ChangeReport) -> String {
    let mut text = String::new();
    if let (Some(for_), Some(present)) = (&report.written_for, &report.present)
        && for_ != present
    {
        text.push_str(&format!("Written for {for_}; this is {present}.\n"));
    }
    if report.changes.is_empty() && report.tables.is_empty() {
        text.push_str("Nothing changes: it says this already.\n");
    }
    if !report.changes.is_empty() {
        let rows = report.changes.iter().map(|change| {
            vec![
                change.scope.clone(),
                change.model.clone(),
                if change.request {
                    format!("filter {}", change.field)
                } else {
                    change.field.clone()
                },
                said(change.before.as_ref()),
                said(change.after.as_ref()),
            ]
        });
        text.push_str(&output::table(
            &["to", "model", "field", "before", "after"],
            rows,
        ));
        text.push('\n');
    }
    for one in &report.tables {
        text.push_str(&format!(
            "table {} of {}: {} added, {} changed\n",
            one.table, one.scope, one.added, one.changed
        ));
    }
    for one in &report.unfit {
        text.push_str(&format!(
            "does not fit  {} {}: {}\n",
            one.model, one.field, one.reason
        ));
    }
    for one in &report.accounts {
        let what = match &one.error {
            Some(error) => error.clone(),
            None => format!(
                "{} of {} changed, {} newly failing, {} checked",
                one.changed,
                counted(one.records, "record", "records"),
                one.newly_failing,
                counted(one.pins, "pin", "pins")
            ),
        };
        text.push_str(&format!("{} ({}): {what}\n", one.account, one.kind));
        for pin in &one.broken_pins {
            text.push_str(&format!("  the pin of {pin} no longer holds\n"));
        }
    }
    text.push_str(&if report.dry_run {
        format!(
            "{} would be written; nothing was.\n",
            counted(report.versions, "version", "versions")
        )
    } else {
        let written = counted(report.versions, "version was", "versions were");
        format!("{written} written.\n")
    });
    text
}

/// Copies or promotes; first it says what for whom, and a person is asked.
pub(super) async fn copy(
    context: &Context,
    account: String,
    to: Destination,
    args: ChoiceArgs,
) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    let mut input = CopyInput {
        account,
        to,
        choice: Choice {
            model: args.model,
            field: args.field,
            tables: args.tables,
        },
        dry_run: true,
        note: args.note,
    };
    let asked = !args.dry_run && !args.yes;
    if asked {
        let planned = console.copy_overrides(input.clone()).await?;
        let production = planned.accounts.iter().any(|one| one.kind == "production");
        let touching = production.then_some("it touches production accounts");
        if let Some(why) = touching.or_else(|| harm(&planned)) {
            confirm(context, &planned, why)?;
        }
    }
    input.dry_run = args.dry_run;
    let done = console.copy_overrides(input).await?;
    context.output.result(&done, report)?;
    Ok(ExitCode::SUCCESS)
}

/// What speaks against writing it: records that would newly fail, pins that would no longer hold.
fn harm(planned: &ChangeReport) -> Option<&'static str> {
    if planned.accounts.iter().any(|one| one.newly_failing > 0) {
        Some("records would newly fail")
    } else if planned
        .accounts
        .iter()
        .any(|one| !one.broken_pins.is_empty())
    {
        Some("pins would no longer hold")
    } else {
        None
    }
}

/// Brings a bundle in. Where it does harm a person is asked first; a bundle that does not fit is refused before that.
pub(super) async fn import(
    context: &Context,
    mut input: ImportInput,
    yes: bool,
) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    if !input.dry_run && !yes {
        input.dry_run = true;
        let planned = console.import_bundle(input.clone()).await?;
        input.dry_run = false;
        let fits = planned.unfit.is_empty() || input.partial;
        if let Some(why) = harm(&planned).filter(|_| fits) {
            confirm(context, &planned, why)?;
        }
    }
    let done = console.import_bundle(input).await?;
    context.output.result(&done, report)?;
    Ok(ExitCode::SUCCESS)
}

fn confirm(context: &Context, planned: &ChangeReport, why: &str) -> Result<(), Fault> {
    let touched: Vec<&str> = planned
        .accounts
        .iter()
        .map(|one| one.account.as_str())
        .collect();
    if !context.output.is_json() && std::io::stdin().is_terminal() {
        eprint!("{}", report(planned));
        if passphrase::line("Write it? Type yes: ").as_deref() == Some("yes") {
            return Ok(());
        }
    }
    Err(Fault::invalid(
        "not_confirmed",
        format!("Nothing was written: {why} ({}).", touched.join(", ")),
        "Look at it with --dry-run; --yes writes it.",
    ))
}
