//! Where results go: one JSON document or human text on stdout, everything else on stderr.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use crosswalk_console::{AuditHead, Fault, FaultClass, private_file};
use serde::Serialize;
use serde_json::json;

/// Writes results in the form that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

/// The exit code of a class of failure, per the contract of the command line.
pub(crate) fn exit_code(class: FaultClass) -> u8 {
    match class {
        FaultClass::Failed => 1,
        FaultClass::Invalid => 2,
        FaultClass::Refused => 3,
        FaultClass::Locked => 4,
        FaultClass::Interrupted => 130,
    }
}

const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Prints a result: the document with `--json`, else what `human` makes of it.
    pub(crate) fn result<T: Serialize>(
        self,
        value: &T,
        human: impl FnOnce(&T) -> String,
    ) -> Result<(), Fault> {
        if self.json {
            let mut text = serde_json::to_string(value).map_err(|error| not_serialised(&error))?;
            text.push('\n');
            write_out(text.as_bytes())
        } else {
            let mut text = human(value);
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            write_styled(&text)
        }
    }

    /// Prints one line of a result in lines.
    #[expect(clippy::unused_self, reason = "the one way to print")]
    pub(crate) fn line<T: Serialize>(self, value: &T) -> Result<(), Fault> {
        let mut text = serde_json::to_string(value).map_err(|error| not_serialised(&error))?;
        text.push('\n');
        write_out(text.as_bytes())
    }

    /// Shows a part of a longer result as it comes; with `--json` the whole comes at the end.
    pub(crate) fn progress(self, text: &str) {
        if !self.json {
            let _ = write_styled(text);
        }
    }

    /// Says something to a person; nothing with `--json`, whose stderr is for progress and logs only.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            let _ = writeln!(anstream::stderr(), "{DIM}{text}{DIM:#}");
        }
    }

    /// Reports a failure that left no result, and gives its exit code.
    pub(crate) fn failure(self, fault: &Fault, lines_mode: bool) -> ExitCode {
        if self.json {
            let text = format!("{}\n", json!({ "error": fault }));
            if lines_mode {
                let _ = io::stderr().write_all(text.as_bytes());
            } else {
                let _ = write_out(text.as_bytes());
            }
        } else {
            let mut stderr = anstream::stderr();
            let _ = writeln!(
                stderr,
                "{RED}error{RED:#}: {} {DIM}[{}]{DIM:#}",
                fault.message, fault.code
            );
            if let Some(hint) = &fault.hint {
                let _ = writeln!(stderr, "  {hint}");
            }
        }
        ExitCode::from(exit_code(fault.class))
    }
}

fn not_serialised(error: &serde_json::Error) -> Fault {
    Fault::failed(
        "output_failed",
        format!("The result could not be written as JSON: {error}."),
        "Please report this.",
    )
}

fn not_written(error: &io::Error) -> Fault {
    Fault::failed(
        "output_failed",
        format!("The output could not be written: {error}."),
        "Check what stdout is connected to.",
    )
}

/// Writes a file that only its owner may read, in the place of one that is there.
///
/// # Errors
/// `output_failed`.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    private_file(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| {
            Fault::failed(
                "output_failed",
                format!("{} cannot be written: {error}.", path.display()),
                "Name a file in a folder you may write to.",
            )
        })
}

/// Says up to where the audit's chain went when something was handed out, in the words `audit verify --against` reads.
/// Always on stderr: what is handed out stays the same bytes.
pub(crate) fn say_head(head: Option<&AuditHead>) {
    if let Some(head) = head {
        eprintln!("Audit head: row {} {}", head.seq, head.hash);
    }
}

/// Writes bytes to stdout; a reader that has gone away is no failure.
pub(crate) fn write_out(bytes: &[u8]) -> Result<(), Fault> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(not_written(&error)),
        _ => Ok(()),
    }
}

fn write_styled(text: &str) -> Result<(), Fault> {
    let mut stdout = anstream::stdout();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(not_written(&error)),
        _ => Ok(()),
    }
}

/// A table without lines, its heads dimmed; fits the terminal.
pub(crate) fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(heads.iter().map(|head| head.to_uppercase()));
    for row in rows {
        table.add_row(row);
    }
    if !io::stdout().is_terminal() {
        table.set_width(200);
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Columns whose numbers stand under each other.
pub(crate) fn pairs(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| format!("{DIM}{name:<width$}{DIM:#}  {value}\n"))
        .collect()
}

/// What is absent, in a table.
pub(crate) fn or_dash(value: Option<&str>) -> String {
    value.unwrap_or("-").to_owned()
}
