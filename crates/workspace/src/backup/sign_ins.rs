//! What must not go back in time with the rest of a workspace. A refresh token that was used since a backup was taken
//! counts as stolen when it is used again, and ends every token of its family; a secret that was replaced since is no
//! longer taken.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::account::{self, Status};
use crate::alert::{self, kind};
use crate::error::Result;
use crate::id::AccountId;
use crate::token;
use crate::tx::{ReadTx, WriteTx};

/// The tables that hold them, and the column that dates a row.
const DATED: [(&str, &str); 2] = [("token", "obtained_at"), ("credential", "created_at")];

/// Puts the tokens and secrets of `present`, the database that is about to be replaced, in the place of older ones. An
/// account that has none there gets none: they were forgotten since.
pub(super) fn carry_over(tx: &WriteTx<'_>, present: &Connection) -> Result<()> {
    let present = ReadTx::new(present);
    let accounts: Vec<AccountId> =
        present.rows("SELECT uuid FROM account", [], |row| row.get(0))?;
    for id in accounts {
        let known = tx.row("SELECT 1 FROM account WHERE uuid = ?1", [id], |_| Ok(()))?;
        if known.is_none() {
            continue;
        }
        let signed_in =
            token::clocks(tx, id)?.is_some_and(|clocks| clocks.refresh_obtained_at.is_some());
        for (table, dated) in DATED {
            carry(tx, &present, id, table, dated)?;
        }
        let clocks = token::clocks(tx, id)?;
        alert::plan_clocks(tx, id, clocks.as_ref())?;
        if signed_in && clocks.is_none() {
            ask_to_sign_in(tx, id)?;
        }
    }
    Ok(())
}

/// Forgets every refresh token: what was there before is lost, so nobody knows which of them were used since.
pub(super) fn forget_refresh_tokens(tx: &WriteTx<'_>) -> Result<()> {
    for (id, clocks) in token::all_clocks(tx)? {
        if clocks.refresh_obtained_at.is_some() {
            token::forget(tx, id)?;
            ask_to_sign_in(tx, id)?;
        }
    }
    Ok(())
}

fn ask_to_sign_in(tx: &WriteTx<'_>, account: AccountId) -> Result<()> {
    let why = "a backup was restored, and its refresh token may have been used since";
    account::set_status(tx, account, Status::NeedsReauth, Some(why))?;
    let message =
        "A backup was restored, and its refresh token may have been used since: it was forgotten.";
    let hint = Some("Sign in again.");
    account::record_error(tx, account, "needs_reauth", message, hint)?;
    alert::raise(tx, account, kind::NEEDS_REAUTH, message, hint)
}

fn carry(
    tx: &WriteTx<'_>,
    present: &ReadTx<'_>,
    account: AccountId,
    table: &str,
    dated: &str,
) -> Result<()> {
    let now = newest(present, account, table, dated)?;
    let then = newest(tx, account, table, dated)?;
    // The backup may be the newer one: taken before what is there now was brought back from one that is older still.
    if now.is_some() && now < then {
        return Ok(());
    }
    // What is there now may be of an earlier format.
    let held = columns(present, table)?;
    let mut columns = columns(tx, table)?;
    columns.retain(|column| held.contains(column));
    let list = columns.join(", ");
    let rows = present.rows(
        &format!("SELECT {list} FROM {table} WHERE account = ?1"),
        [account],
        |row| {
            (0..columns.len())
                .map(|at| row.get::<_, Value>(at))
                .collect::<rusqlite::Result<Vec<Value>>>()
        },
    )?;
    tx.execute(
        &format!("DELETE FROM {table} WHERE account = ?1"),
        [account],
    )?;
    let places: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
    let insert = format!(
        "INSERT INTO {table} ({list}) VALUES ({})",
        places.join(", ")
    );
    for row in rows {
        tx.execute(&insert, params_from_iter(row))?;
    }
    Ok(())
}

fn newest(tx: &ReadTx<'_>, account: AccountId, table: &str, dated: &str) -> Result<Option<i64>> {
    let sql = format!("SELECT max({dated}) FROM {table} WHERE account = ?1");
    Ok(tx.row(&sql, [account], |row| row.get(0))?.flatten())
}

fn columns(tx: &ReadTx<'_>, table: &str) -> Result<Vec<String>> {
    tx.rows("SELECT name FROM pragma_table_info(?1)", [table], |row| {
        row.get(0)
    })
}
