use jiff::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::column::{Count, Micros};
use crate::error::{Error, Result};
use crate::id::RunId;
use crate::tx::{ReadTx, WriteTx};

/// What stopped a run, in our own words: it is stored in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFault {
    /// Its stable code.
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

/// The most records that one cause is kept with. A run in which every record fails would else keep each id twice.
pub const MOST_IDS: usize = 50;

/// The errors of a run that have one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError {
    /// The cause's stable code: `record_without_id`, `forbidden`…
    pub cause: String,
    /// The cause in our own words, the same for each.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
    /// How often.
    pub count: u64,
    /// Records it happened to, where their ids are known: the first [`MOST_IDS`] of them.
    pub native_ids: Vec<String>,
    /// What the provider said the first time, sealed: it may quote a record.
    pub sealed_example: Option<Vec<u8>>,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
}

/// The ids kept of a cause: a JSON list, or one id alone as it was written before there were several.
fn ids(stored: Option<&str>) -> Vec<String> {
    stored.map_or_else(Vec::new, |stored| {
        serde_json::from_str(stored).unwrap_or_else(|_| vec![stored.to_owned()])
    })
}

/// What to keep once a cause was met again. A record met twice, as after a resume, is kept once.
fn with_id(stored: Option<&str>, native_id: Option<&str>) -> Option<String> {
    let mut kept = ids(stored);
    if let Some(id) = native_id
        && kept.len() < MOST_IDS
        && !kept.iter().any(|known| known == id)
    {
        kept.push(id.to_owned());
    }
    (!kept.is_empty()).then(|| Value::from(kept).to_string())
}

/// Counts an error under its cause. Of its kind the first [`MOST_IDS`] native ids are kept, and the first
/// `sealed_example`, which is sealed for table `run_error` and the run's id. Says whether the record is one that the
/// cause was not kept with before, and now is.
pub fn record_error(
    tx: &WriteTx<'_>,
    run: RunId,
    fault: &RunFault,
    native_id: Option<&str>,
    sealed_example: Option<&[u8]>,
) -> Result<bool> {
    let stored: Option<String> = tx
        .row(
            "SELECT native_id FROM run_error WHERE run = (SELECT id FROM run WHERE uuid = ?1) AND cause = ?2 \
             AND message = ?3",
            params![run, fault.code, fault.message],
            |row| row.get::<_, Option<String>>(0),
        )?
        .flatten();
    let kept = with_id(stored.as_deref(), native_id);
    let named = ids(kept.as_deref()).len() > ids(stored.as_deref()).len();
    let changed = tx.execute(
        "INSERT INTO run_error (run, cause, message, hint, count, native_id, sealed_example, first_at, last_at) \
         SELECT run.id, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?7 FROM run WHERE run.uuid = ?1 \
         ON CONFLICT (run, cause, message) DO UPDATE SET count = count + 1, native_id = excluded.native_id, \
         last_at = excluded.last_at",
        params![
            run,
            fault.code,
            fault.message,
            fault.hint,
            kept,
            sealed_example,
            Micros(tx.now())
        ],
    )?;
    if changed == 0 {
        Err(Error::NotFound {
            noun: "run",
            id: run.to_string(),
        })
    } else {
        Ok(named)
    }
}

/// A run's errors by cause, the most frequent first.
pub fn errors(tx: &ReadTx<'_>, run: RunId) -> Result<Vec<RunError>> {
    tx.rows(
        "SELECT cause, message, hint, count, native_id, sealed_example, first_at, last_at FROM run_error \
         WHERE run = (SELECT id FROM run WHERE uuid = ?1) ORDER BY count DESC, id",
        [run],
        |row| {
            Ok(RunError {
                cause: row.get(0)?,
                message: row.get(1)?,
                hint: row.get(2)?,
                count: row.get::<_, Count>(3)?.0,
                native_ids: ids(row.get::<_, Option<String>>(4)?.as_deref()),
                sealed_example: row.get(5)?,
                first_at: row.get::<_, Micros>(6)?.0,
                last_at: row.get::<_, Micros>(7)?.0,
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kept_once_each_and_up_to_the_limit() {
        let full = Value::from((1..=50).map(|id| id.to_string()).collect::<Vec<_>>()).to_string();
        for (stored, id, expected) in [
            (None, None, None),
            (None, Some("7"), Some(r#"["7"]"#)),
            (Some(r#"["7"]"#), Some("8"), Some(r#"["7","8"]"#)),
            (Some(r#"["7"]"#), Some("7"), Some(r#"["7"]"#)),
            (Some(r#"["7"]"#), None, Some(r#"["7"]"#)),
            (Some(full.as_str()), Some("51"), Some(full.as_str())),
            // Written before there were several.
            (Some("7"), Some("8"), Some(r#"["7","8"]"#)),
            (Some("PO-000123"), None, Some(r#"["PO-000123"]"#)),
        ] {
            assert_eq!(
                with_id(stored, id).as_deref(),
                expected,
                "{stored:?} {id:?}"
            );
        }
        assert_eq!(ids(None), Vec::<String>::new());
        assert_eq!(ids(Some("7")), ["7"]);
    }
}
