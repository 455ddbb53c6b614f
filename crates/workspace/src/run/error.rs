use jiff::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};

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
    /// A record it happened to, where one is known.
    pub native_id: Option<String>,
    /// What the provider said the first time, sealed: it may quote a record.
    pub sealed_example: Option<Vec<u8>>,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
}

/// Counts an error under its cause. `native_id` and `sealed_example` are kept from the first of its kind; the example
/// is sealed for table `run_error` and the run's id.
pub fn record_error(
    tx: &WriteTx<'_>,
    run: RunId,
    fault: &RunFault,
    native_id: Option<&str>,
    sealed_example: Option<&[u8]>,
) -> Result<()> {
    let changed = tx.execute(
        "INSERT INTO run_error (run, cause, message, hint, count, native_id, sealed_example, first_at, last_at) \
         SELECT run.id, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?7 FROM run WHERE run.uuid = ?1 \
         ON CONFLICT (run, cause, message) DO UPDATE SET count = count + 1, last_at = excluded.last_at",
        params![run, fault.code, fault.message, fault.hint, native_id, sealed_example, Micros(tx.now())],
    )?;
    if changed == 0 {
        Err(Error::NotFound {
            noun: "run",
            id: run.to_string(),
        })
    } else {
        Ok(())
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
                native_id: row.get(4)?,
                sealed_example: row.get(5)?,
                first_at: row.get::<_, Micros>(6)?.0,
                last_at: row.get::<_, Micros>(7)?.0,
            })
        },
    )
}
