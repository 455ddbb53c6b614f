use jiff::Timestamp;
use rusqlite::params;

use super::native_id::NativeId;
use crate::column::{Count, Micros};
use crate::error::Result;
use crate::id::AccountId;
use crate::resource;
use crate::tx::ReadTx;

/// Where a record stands among those of its resource that are present, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The record before it.
    pub previous: Option<NativeId>,
    /// The record after it.
    pub next: Option<NativeId>,
    /// How many stand up to it, itself included; 0 without an id.
    pub position: u64,
    /// How many there are.
    pub total: u64,
}

/// Which way to go from a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards higher ids.
    Up,
    /// Towards lower ids.
    Down,
}

const PRESENT: &str = "body IS NOT NULL AND deleted_at IS NULL";

/// Where `id` stands, or would; without an id, before the first.
pub fn place(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    id: Option<&NativeId>,
) -> Result<Place> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(Place::default());
    };
    let next = ids(tx, account, resource, Direction::Up, id, 1)?.pop();
    let total = tx.row(
        &format!("SELECT count(*) FROM record WHERE resource = ?1 AND {PRESENT}"),
        [number],
        |row| row.get::<_, Count>(0),
    )?;
    let mut place = Place {
        previous: None,
        next,
        position: 0,
        total: total.map_or(0, |Count(total)| total),
    };
    if let Some(id) = id {
        place.previous = ids(tx, account, resource, Direction::Down, Some(id), 1)?.pop();
        let position = tx.row(
            &format!(
                "SELECT count(*) FROM record WHERE resource = ?1 AND native_id <= ?2 AND {PRESENT}"
            ),
            params![number, id],
            |row| row.get::<_, Count>(0),
        )?;
        place.position = position.map_or(0, |Count(position)| position);
    }
    Ok(place)
}

/// The ids of records that are present, going from `from` (exclusive; absent: from the end the direction comes from),
/// at most `limit`.
pub fn ids(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    direction: Direction,
    from: Option<&NativeId>,
    limit: u32,
) -> Result<Vec<NativeId>> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(Vec::new());
    };
    let (than, order) = match direction {
        Direction::Up => (">", "ASC"),
        Direction::Down => ("<", "DESC"),
    };
    match from {
        Some(from) => tx.rows(
            &format!(
                "SELECT native_id FROM record WHERE resource = ?1 AND native_id {than} ?2 AND {PRESENT} \
                 ORDER BY native_id {order} LIMIT ?3"
            ),
            params![number, from, limit],
            |row| row.get(0),
        ),
        None => tx.rows(
            &format!(
                "SELECT native_id FROM record WHERE resource = ?1 AND {PRESENT} \
                 ORDER BY native_id {order} LIMIT ?2"
            ),
            params![number, limit],
            |row| row.get(0),
        ),
    }
}

/// How many records each resource of an account has present, by the resource's name.
pub fn present_by_resource(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<(String, u64)>> {
    tx.rows(
        &format!(
            "SELECT resource.name, (SELECT count(*) FROM record WHERE record.resource = resource.id AND {PRESENT}) \
             FROM resource WHERE account = ?1 ORDER BY resource.name"
        ),
        [account],
        |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)),
    )
}

/// When a record that is present was last received; none where it is not.
pub fn fetched_at(
    tx: &ReadTx<'_>,
    account: AccountId,
    resource: &str,
    id: &NativeId,
) -> Result<Option<Timestamp>> {
    let Some(number) = resource::number(tx, account, resource)? else {
        return Ok(None);
    };
    tx.row(
        &format!(
            "SELECT fetched_at FROM record WHERE resource = ?1 AND native_id = ?2 AND {PRESENT}"
        ),
        params![number, id],
        |row| row.get::<_, Micros>(0).map(|Micros(at)| at),
    )
}
