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
    let held = held(tx, number)?;
    let mut place = Place {
        previous: None,
        next,
        position: 0,
        total: total.map_or(0, |Count(total)| total) + held.len() as u64,
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
        let before = held.iter().filter(|held| *held <= id).count() as u64;
        place.position = position.map_or(0, |Count(position)| position) + before;
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
    let mut found = match from {
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
    }?;
    let mut held = held(tx, number)?;
    if !held.is_empty() {
        held.retain(|id| match direction {
            Direction::Up => from.is_none_or(|from| id > from),
            Direction::Down => from.is_none_or(|from| id < from),
        });
        found.append(&mut held);
        found.sort();
        if direction == Direction::Down {
            found.reverse();
        }
        found.truncate(limit as usize);
    }
    Ok(found)
}

/// The ids of records that are present and whose bodies are held in memory only.
fn held(tx: &ReadTx<'_>, resource: i64) -> Result<Vec<NativeId>> {
    let Some(memory) = tx.memory().filter(|memory| memory.count(resource).0 > 0) else {
        return Ok(Vec::new());
    };
    let mut held = Vec::new();
    for id in memory.ids(resource, None, usize::MAX) {
        let present: Option<i64> = tx.row(
            "SELECT 1 FROM record WHERE resource = ?1 AND native_id = ?2 AND body IS NULL AND deleted_at IS NULL",
            params![resource, id],
            |row| row.get(0),
        )?;
        held.extend(present.map(|_| id));
    }
    Ok(held)
}

/// How many records each resource of an account has present, by the resource's name.
pub fn present_by_resource(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<(String, u64)>> {
    let counted: Vec<(i64, String, u64)> = tx.rows(
        &format!(
            "SELECT resource.id, resource.name, (SELECT count(*) FROM record WHERE record.resource = resource.id \
             AND {PRESENT}) FROM resource WHERE account = ?1 ORDER BY resource.name"
        ),
        [account],
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Count>(2)?.0)),
    )?;
    counted
        .into_iter()
        .map(|(number, name, count)| Ok((name, count + held(tx, number)?.len() as u64)))
        .collect()
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
    if tx.memory().is_some_and(|memory| memory.count(number).0 > 0) {
        let found = super::read::get(tx, account, resource, id)?;
        let present = found.filter(|found| found.body.is_some() && found.deleted_at.is_none());
        return Ok(present.map(|found| found.fetched_at));
    }
    tx.row(
        &format!(
            "SELECT fetched_at FROM record WHERE resource = ?1 AND native_id = ?2 AND {PRESENT}"
        ),
        params![number, id],
        |row| row.get::<_, Micros>(0).map(|Micros(at)| at),
    )
}
