//! Sealing anew, under the current key, what retired keys of an account sealed: afterwards the workspace needs them no
//! more, and only its backups do.

use crosswalk_vault::{AccountKeys, KeyId, SealContext, SealError, Secret};
use rusqlite::params;

use crate::error::Result;
use crate::id::AccountId;
use crate::tx::{ReadTx, WriteTx};

/// A column that holds sealed values, and what each value's place is named by.
struct Column {
    table: &'static str,
    /// The rows of account ?1.
    rows: &'static str,
    /// Sealed value and key of row ?1.
    value: &'static str,
    /// Puts ?2 in the place of the value in row ?1.
    update: &'static str,
    /// Secrets are sealed uncompressed.
    secret: bool,
}

const COLUMNS: [Column; 9] = [
    Column {
        table: "credential",
        rows: "SELECT rowid FROM credential WHERE account = ?1",
        value: "SELECT sealed, CAST(part AS BLOB) FROM credential WHERE rowid = ?1",
        update: "UPDATE credential SET sealed = ?2 WHERE rowid = ?1",
        secret: true,
    },
    Column {
        table: "token",
        rows: "SELECT rowid FROM token WHERE account = ?1",
        value: "SELECT sealed, x'' FROM token WHERE rowid = ?1",
        update: "UPDATE token SET sealed = ?2 WHERE rowid = ?1",
        secret: true,
    },
    Column {
        table: "table_version",
        rows: "SELECT id FROM table_version WHERE level = 'account' AND scope = ?1",
        value: "SELECT sealed_changes, CAST(name AS BLOB) FROM table_version WHERE id = ?1",
        // A version is never overwritten, and is not: what it says stays the same, letter by letter.
        update: "INSERT OR REPLACE INTO table_version (id, level, scope, name, version, entries, added, changed, \
                 removed, restored_version, note, actor, at, sealed_changes, changes) SELECT id, level, scope, name, \
                 version, entries, added, changed, removed, restored_version, note, actor, at, ?2, changes \
                 FROM table_version WHERE id = ?1",
        secret: false,
    },
    Column {
        table: "pin",
        rows: "SELECT id FROM pin WHERE account = ?1",
        value: "SELECT sealed, CAST(model || char(0) || resource || char(0) || native_id AS BLOB) FROM pin \
                WHERE id = ?1",
        update: "UPDATE pin SET sealed = ?2 WHERE id = ?1",
        secret: false,
    },
    Column {
        table: "schema_seen",
        rows: "SELECT schema_seen.id FROM schema_seen JOIN resource ON resource.id = schema_seen.resource \
               WHERE resource.account = ?1",
        value: "SELECT sealed, CAST(resource.name AS BLOB) FROM schema_seen \
                JOIN resource ON resource.id = schema_seen.resource WHERE schema_seen.id = ?1",
        update: "UPDATE schema_seen SET sealed = ?2 WHERE id = ?1",
        secret: false,
    },
    // The place that a provider gave to go on from stands in hexadecimal inside the checkpoint, as syncs write it.
    Column {
        table: "run",
        rows: "SELECT run.id FROM run JOIN resource ON resource.id = run.resource WHERE resource.account = ?1 \
               AND json_extract(run.checkpoint, '$.stage.next.position.sealed') IS NOT NULL",
        value: "SELECT unhex(json_extract(run.checkpoint, '$.stage.next.position.sealed')), \
                CAST(resource.name AS BLOB) FROM run JOIN resource ON resource.id = run.resource WHERE run.id = ?1",
        update: "UPDATE run SET checkpoint = json_set(checkpoint, '$.stage.next.position.sealed', lower(hex(?2))) \
                 WHERE id = ?1",
        secret: false,
    },
    Column {
        table: "run_error",
        rows: "SELECT run_error.id FROM run_error JOIN run ON run.id = run_error.run \
               JOIN resource ON resource.id = run.resource WHERE resource.account = ?1",
        value: "SELECT sealed_example, run.uuid FROM run_error JOIN run ON run.id = run_error.run \
                WHERE run_error.id = ?1",
        update: "UPDATE run_error SET sealed_example = ?2 WHERE id = ?1",
        secret: false,
    },
    Column {
        table: "call_answer",
        rows: "SELECT seq FROM call_answer WHERE account = ?1",
        value: "SELECT sealed, row_key FROM call_answer WHERE seq = ?1",
        update: "UPDATE call_answer SET sealed = ?2 WHERE seq = ?1",
        secret: false,
    },
    Column {
        table: "record",
        rows: "SELECT record.id FROM record JOIN resource ON resource.id = record.resource \
               WHERE resource.account = ?1",
        value: "SELECT body, CAST(resource.name || char(0) || native_id AS BLOB) FROM record \
                JOIN resource ON resource.id = record.resource WHERE record.id = ?1",
        update: "UPDATE record SET body = ?2 WHERE id = ?1",
        secret: false,
    },
];

/// A walk over all that is sealed of an account.
#[derive(Debug)]
pub struct Resealing {
    account: AccountId,
    /// Column and row, the next one last.
    left: Vec<(usize, i64)>,
    /// Values sealed anew so far.
    pub resealed: u64,
    /// Retired keys under which something stays sealed, since it does not open: it is damaged.
    pub stuck: Vec<KeyId>,
}

impl Resealing {
    /// Begins a walk. What is stored from now on is not on it: it is sealed under the current key.
    pub fn begin(tx: &ReadTx<'_>, account: AccountId) -> Result<Self> {
        let mut left = Vec::new();
        for (at, column) in COLUMNS.iter().enumerate() {
            let there = tx.row(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                [column.table],
                |_| Ok(()),
            )?;
            // A table of another format than this one.
            if there.is_none() {
                continue;
            }
            let rows = tx.rows(column.rows, [account], |row| row.get::<_, i64>(0))?;
            left.extend(rows.into_iter().map(|row| (at, row)));
        }
        Ok(Self {
            account,
            left,
            resealed: 0,
            stuck: Vec::new(),
        })
    }

    /// Whether every value was looked at.
    pub fn is_done(&self) -> bool {
        self.left.is_empty()
    }

    /// Looks at up to `count` values more, and seals those anew that a retired key sealed. The log may still hold the old
    /// ones: [`crate::Workspace::empty_log`].
    pub fn go_on(mut self, tx: &WriteTx<'_>, keys: &AccountKeys, count: usize) -> Result<Self> {
        let rest = self.left.len().saturating_sub(count);
        for (at, row) in self.left.split_off(rest) {
            let Some(column) = COLUMNS.get(at) else {
                continue;
            };
            let value = tx.row(column.value, [row], |row| {
                Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
            // Removed meanwhile, or never there.
            let Some((Some(sealed), key)) = value else {
                continue;
            };
            let Ok(held_by) = AccountKeys::key_of(&sealed) else {
                continue;
            };
            if held_by == keys.current() {
                continue;
            }
            let context = SealContext {
                account: self.account.uuid(),
                table: column.table,
                row: &key,
            };
            match anew(keys, &context, &sealed, column.secret) {
                Ok(fresh) => {
                    tx.execute(column.update, params![row, fresh])?;
                    self.resealed += 1;
                }
                Err(_) if self.stuck.contains(&held_by) => {}
                Err(_) => self.stuck.push(held_by),
            }
        }
        Ok(self)
    }
}

fn anew(
    keys: &AccountKeys,
    context: &SealContext<'_>,
    sealed: &[u8],
    secret: bool,
) -> std::result::Result<Vec<u8>, SealError> {
    if secret {
        let plain: Secret = keys.open_secret(context, sealed)?;
        keys.seal_secret(context, &plain)
    } else {
        keys.seal(context, &keys.open(context, sealed)?)
    }
}
