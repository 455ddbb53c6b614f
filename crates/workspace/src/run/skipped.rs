//! What a run's log says of records that could not be stored: it names each of those whose ids the causes keep.

use super::{MOST_IDS, RunError, RunFault, Severity, errors, log, log_lines};
use crate::error::Result;
use crate::id::RunId;
use crate::tx::WriteTx;

fn why(code: &str, message: &str) -> String {
    format!("{} ({code}).", message.trim_end_matches('.'))
}

/// Names a record that a cause was just kept with.
pub(crate) fn log_skipped(
    tx: &WriteTx<'_>,
    run: RunId,
    native_id: &str,
    fault: &RunFault,
) -> Result<()> {
    let line = format!("{native_id} skipped: {}", why(&fault.code, &fault.message));
    log(tx, run, Severity::Error, &line)
}

/// How many records of a cause the log does not name. None where it names them all.
fn unnamed(error: &RunError) -> Option<String> {
    let named = error.native_ids.len();
    let more = error.count.saturating_sub(named as u64);
    let whom = match (named, more) {
        (_, 0) => return None,
        (0, 1) => "1 record whose id is not known".to_owned(),
        (0, more) => format!("{more} records whose ids are not known"),
        // A record that was met twice counts twice and is named once.
        (MOST_IDS.., more) => format!("And up to {more} more"),
        _ => return None,
    };
    Some(format!(
        "{whom} skipped: {}",
        why(&error.cause, &error.message)
    ))
}

/// Says at a run's end how many records its log does not name. What an earlier end of the run said is not said again.
pub fn log_unnamed(tx: &WriteTx<'_>, run: RunId) -> Result<()> {
    let lines: Vec<String> = errors(tx, run)?.iter().filter_map(unnamed).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let said = log_lines(tx, run)?;
    for line in lines {
        if said.iter().all(|said| said.message != line) {
            log(tx, run, Severity::Error, &line)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_is_not_named_is_counted() {
        for (named, count, expected) in [
            (0, 0, None),
            (
                0,
                1,
                Some("1 record whose id is not known skipped: no id (c)."),
            ),
            (
                0,
                4,
                Some("4 records whose ids are not known skipped: no id (c)."),
            ),
            (3, 3, None),
            // Met twice.
            (3, 4, None),
            (50, 50, None),
            (50, 120, Some("And up to 70 more skipped: no id (c).")),
        ] {
            let error = RunError {
                cause: "c".to_owned(),
                message: "no id.".to_owned(),
                hint: None,
                count,
                native_ids: (0..named).map(|id: u32| id.to_string()).collect(),
                sealed_example: None,
                first_at: Timestamp::UNIX_EPOCH,
                last_at: Timestamp::UNIX_EPOCH,
            };
            assert_eq!(unnamed(&error).as_deref(), expected, "{named} {count}");
        }
    }
}
