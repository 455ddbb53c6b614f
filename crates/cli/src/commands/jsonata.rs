//! `xwalk jsonata`: opens no workspace and no vault.

use std::io::{BufRead, Read, Write};
use std::process::ExitCode;

use crosswalk_console::{Evaluation, Fault, evaluate_jsonata, evaluate_jsonata_batch};

use super::{Context, worker};
use crate::args::JsonataArgs;
use crate::output::write_out;

fn not_read(error: &std::io::Error) -> Fault {
    Fault::invalid(
        "input_unreadable",
        format!("Stdin could not be read: {error}."),
        "Pipe JSON in, as UTF-8.",
    )
}

/// One expression on the JSON of stdin; an empty stdin is no input at all.
async fn one(context: &Context, expr: &str) -> Result<ExitCode, Fault> {
    let mut input = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut input)
        .map_err(|error| not_read(&error))?;
    let data = Some(input).filter(|text| !text.trim().is_empty());
    match evaluate_jsonata(worker()?, expr, data.as_deref()).await? {
        Evaluation::Value(json) => write_out(format!("{json}\n").as_bytes())?,
        Evaluation::Undefined if context.output.is_json() => write_out(b"{\"undefined\":true}\n")?,
        Evaluation::Undefined => context
            .output
            .note("The expression gives nothing (undefined)."),
    }
    Ok(ExitCode::SUCCESS)
}

/// Each line of stdin gives a line; a bad case never ends the batch.
async fn batch() -> Result<ExitCode, Fault> {
    let mut evaluator = evaluate_jsonata_batch(worker()?);
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    let mut stdout = std::io::stdout().lock();
    loop {
        line.clear();
        if input
            .read_until(b'\n', &mut line)
            .map_err(|error| not_read(&error))?
            == 0
        {
            return Ok(ExitCode::SUCCESS);
        }
        let answer = evaluator.line(&line).await;
        let written = stdout
            .write_all(answer.as_bytes())
            .and_then(|()| stdout.write_all(b"\n"))
            .and_then(|()| stdout.flush());
        if written.is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

pub(super) async fn run(context: &Context, args: JsonataArgs) -> Result<ExitCode, Fault> {
    match args.expr {
        Some(expr) if !args.batch => one(context, &expr).await,
        _ => batch().await,
    }
}
