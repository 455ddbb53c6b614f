//! Which backups are kept. Seven daily ones whole, four weekly ones without records, pins and samples; those before a migration or a
//! restore for seven days, and so long the files of a damaged database that a restore replaced; those somebody asked for
//! until somebody removes them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{
    Backup, DAMAGED, Reason, alone, beside, copy_file, drop_database, list, one_file, parse_name,
    remove_if_there, sync_folder,
};
use crate::column::Micros;
use crate::connection;
use crate::error::{Error, Result};
use crate::folder::Folder;

const DAILY: i64 = 7;
/// Days for which what was replaced is kept.
const REPLACED: i64 = 7;
const WEEKLY: usize = 4;

/// What is to become of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    /// Keep it without records and what quotes them.
    Strip,
    Remove,
}

/// How many backups were thinned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thinned {
    /// Kept without records.
    pub stripped: usize,
    /// Removed.
    pub removed: usize,
    /// What could not be done, a sentence each.
    pub failed: Vec<String>,
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count * 24)
}

/// Decides for each backup, newest first.
fn fates(backups: &[Backup], now: Timestamp) -> Vec<Fate> {
    let (mut seen_days, mut seen_weeks) = (BTreeSet::new(), BTreeSet::new());
    backups
        .iter()
        .map(|backup| {
            let age = now.duration_since(backup.at);
            let date = backup.at.to_zoned(TimeZone::UTC).date();
            match backup.reason {
                Reason::Manual => Fate::Keep,
                Reason::Migration | Reason::Restore if age < days(REPLACED) => Fate::Keep,
                Reason::Migration | Reason::Restore => Fate::Remove,
                Reason::Daily if age < days(DAILY) => {
                    if seen_days.insert(date) {
                        Fate::Keep
                    } else {
                        Fate::Remove
                    }
                }
                Reason::Daily | Reason::Weekly => {
                    let week = date.iso_week_date();
                    let first = seen_weeks.insert((week.year(), week.week()));
                    let kept = first && seen_weeks.len() <= WEEKLY && age < days(DAILY + 4 * 7);
                    match (kept, backup.reason) {
                        (false, _) => Fate::Remove,
                        (true, Reason::Weekly) => Fate::Keep,
                        (true, _) => Fate::Strip,
                    }
                }
            }
        })
        .collect()
}

/// Thins the backups of a workspace, and removes what a process that died left of one. A backup that cannot be stripped
/// is removed: it would keep records for too long. One that fails keeps no other from its fate.
pub fn thin(folder: &Folder, now: Timestamp) -> Result<Thinned> {
    let _alone = alone(folder)?;
    let mut thinned = Thinned {
        failed: sweep(folder)?,
        ..Thinned::default()
    };
    let backups = list(folder)?;
    for (backup, fate) in backups.iter().zip(fates(&backups, now)) {
        match fate {
            Fate::Keep => continue,
            Fate::Strip => match strip(folder, backup, now) {
                Ok(()) => {
                    thinned.stripped += 1;
                    continue;
                }
                Err(error) => thinned.failed.push(format!(
                    "Records could not be taken out of the backup {}, so it goes as a whole: {error}.",
                    backup.name
                )),
            },
            Fate::Remove => {}
        }
        match remove_if_there(&folder.backups().join(&backup.name)) {
            Ok(()) => thinned.removed += 1,
            Err(error) => thinned.failed.push(format!(
                "The backup {} could not be removed: {error}.",
                backup.name
            )),
        }
    }
    remove_damaged(folder, now, &mut thinned)?;
    if thinned != Thinned::default() {
        sync_folder(&folder.backups())?;
    }
    Ok(thinned)
}

/// Removes what is left of damaged databases that were replaced long enough ago: they hold records too.
fn remove_damaged(folder: &Folder, now: Timestamp, thinned: &mut Thinned) -> Result<()> {
    let path = folder.backups();
    for entry in fs::read_dir(&path).map_err(Error::file(&path))? {
        let entry = entry.map_err(Error::file(&path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(Ok(at)) = name.strip_suffix(DAMAGED).map(str::parse::<Timestamp>) else {
            continue;
        };
        if now.duration_since(at) < days(REPLACED) {
            continue;
        }
        match fs::remove_dir_all(entry.path()) {
            Ok(()) => thinned.removed += 1,
            Err(error) => thinned.failed.push(format!(
                "The damaged database {name} could not be removed: {error}."
            )),
        }
    }
    Ok(())
}

/// Removes copies that were never finished, and says of which that fails. Whoever makes one now has the lock that the
/// caller holds.
fn sweep(folder: &Folder) -> Result<Vec<String>> {
    let path = folder.backups();
    let mut failed = Vec::new();
    for entry in fs::read_dir(&path).map_err(Error::file(&path))? {
        let entry = entry.map_err(Error::file(&path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name
            .split_once(".partial")
            .is_some_and(|(stem, _)| parse_name(&format!("{stem}.db")).is_some());
        if ours && let Err(error) = remove_if_there(&entry.path()) {
            failed.push(format!(
                "The half copy {name} could not be removed: {error}."
            ));
        }
    }
    Ok(failed)
}

/// Takes records and what quotes them out of a backup, and gives it its new name. Leaves nothing but the backup where
/// that fails.
fn strip(folder: &Folder, backup: &Backup, now: Timestamp) -> Result<()> {
    let path = folder.backups().join(&backup.name);
    let partial = path.with_extension("partial");
    if let Err(error) = stripped(&path, &partial, now) {
        drop(drop_database(&partial));
        return Err(error);
    }
    let weekly = path.with_file_name(backup.name.replace(
        &format!("-{}", Reason::Daily),
        &format!("-{}", Reason::Weekly),
    ));
    fs::rename(&partial, &weekly).map_err(Error::file(&weekly))?;
    remove_if_there(&path)
}

/// Copies a backup without records and what quotes them.
fn stripped(path: &Path, partial: &Path, now: Timestamp) -> Result<()> {
    copy_file(path, partial)?;
    let conn = connection::writing(partial, false)?;
    conn.execute_batch("PRAGMA secure_delete = ON")?;
    conn.execute(
        "UPDATE record SET body = NULL, purged_at = ?1 WHERE body IS NOT NULL",
        params![Micros(now)],
    )?;
    conn.execute("UPDATE run_error SET sealed_example = NULL", [])?;
    // Copies of records, what was gathered from their values, and what calls were answered with. Tables stay: they are
    // the user's work. A backup may be of a format that had none of them yet.
    for table in ["pin", "schema_seen", "call_answer"] {
        let known: bool = conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)",
            [table],
            |row| row.get(0),
        )?;
        if known {
            conn.execute(&format!("DELETE FROM {table}"), [])?;
        }
    }
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); VACUUM;")?;
    one_file(conn, partial)?;
    for left in beside(partial) {
        remove_if_there(&left)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn backup(reason: Reason, days_ago: i64) -> Backup {
        let at = now() - SignedDuration::from_hours(days_ago * 24);
        Backup {
            name: format!("{days_ago}-{reason}"),
            at,
            reason,
            bytes: 1,
        }
    }

    /// A Saturday.
    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn seven_days_and_four_weeks_stay() {
        let daily: Vec<Backup> = (0..60).map(|days| backup(Reason::Daily, days)).collect();
        let fates = fates(&daily, now());
        assert!(
            fates[..7].iter().all(|fate| *fate == Fate::Keep),
            "{fates:?}"
        );
        let stripped: Vec<usize> = (0..60).filter(|at| fates[*at] == Fate::Strip).collect();
        // The newest of each of the four weeks before the seven days.
        assert_eq!(stripped, [7, 13, 20, 27]);
        assert!(fates[35..].iter().all(|fate| *fate == Fate::Remove));
    }

    #[test]
    fn what_somebody_asked_for_stays_and_what_came_before_a_migration_goes_after_a_week() {
        let backups = [
            backup(Reason::Manual, 400),
            backup(Reason::Migration, 6),
            backup(Reason::Migration, 7),
            backup(Reason::Restore, 8),
            backup(Reason::Weekly, 10),
            backup(Reason::Weekly, 36),
        ];
        assert_eq!(
            fates(&backups, now()),
            [
                Fate::Keep,
                Fate::Keep,
                Fate::Remove,
                Fate::Remove,
                Fate::Keep,
                Fate::Remove
            ]
        );
    }
}
