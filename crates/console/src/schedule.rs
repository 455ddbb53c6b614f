//! Schedules: how often a resource of an account is synced by itself, and when a tenant wants quiet.

mod quiet;
mod quiet_window;
mod unbegun;

use std::time::Duration;

use crosswalk_connector::Period;
use crosswalk_sync::{Mode, Plan};
use crosswalk_workspace::account::{self, Status};
use crosswalk_workspace::run;
use crosswalk_workspace::setting::{self, Level};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use specta::Type;

use quiet_window::Quiet;

use crate::mapping::in_force::require_resource;
use crate::{Console, Fault};

const SCHEDULES: &str = "schedules";

/// More often than this is not a schedule but polling.
const SHORTEST: Duration = Duration::from_mins(5);

/// A run dated later than this from now was begun under a clock that was wrong.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// How often a resource is synced by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ScheduleView {
    pub account: String,
    pub resource: String,
    /// `incremental` or `full`.
    pub mode: String,
    /// Such as `6h`.
    pub every: String,
    /// Null: at the next turn, since it has never run, or ran under a clock that was wrong.
    pub next_at: Option<Timestamp>,
    /// Why it will not begin then; null: nothing is known to keep it.
    pub waits: Option<String>,
    /// When that ends; null: it is not known.
    pub waits_until: Option<Timestamp>,
}

/// How often a resource is to be synced by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Type)]
pub struct ScheduleInput {
    /// `incremental` or `full`.
    pub mode: String,
    /// Such as `6h`; `5m` at least.
    pub every: String,
}

/// As it is stored: a map from resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stored {
    mode: String,
    every: String,
}

type StoredSchedules = std::collections::BTreeMap<String, Stored>;

/// A sync whose time has come.
#[derive(Clone, Debug)]
pub(crate) struct PlannedSync {
    pub(crate) account: String,
    pub(crate) resource: String,
    pub(crate) mode: &'static str,
}

fn mode_word(mode: &str) -> Option<&'static str> {
    ["incremental", "full"]
        .into_iter()
        .find(|word| *word == mode)
}

/// When a resource is due again: so long after its last run began, by the clock that no time zone changes. None: now. A
/// run that seems to begin in time to come keeps nothing waiting. Pure.
fn next(last_started: Option<Timestamp>, every: &str, now: Timestamp) -> Option<Timestamp> {
    let period = Period::parse(every).ok()?.duration();
    let last = last_started.filter(|last| last.duration_since(now) <= CLOCK_TOLERANCE)?;
    last.checked_add(SignedDuration::try_from(period).ok()?)
        .ok()
}

/// What the next sync is counted from: the beginning of the last run, or its end where that was stopped, failed, or was
/// taken up again long after it began. It would else begin again at once, time after time. Pure.
fn counted_from(
    status: run::Status,
    was_resumed: bool,
    started: Timestamp,
    ended: Option<Timestamp>,
) -> Timestamp {
    match status {
        run::Status::Paused | run::Status::Cancelled | run::Status::Failed => {
            ended.unwrap_or(started)
        }
        run::Status::Completed if was_resumed => ended.unwrap_or(started),
        run::Status::Running | run::Status::Completed => started,
    }
}

/// Why a planned sync will wait at its time, and until when. Pure.
fn waits(status: Status, quiet: Option<Quiet>) -> (Option<String>, Option<Timestamp>) {
    match (status, quiet) {
        (Status::Active, None) => (None, None),
        (Status::Active, Some(quiet)) => (
            Some("The customer wants quiet then.".to_owned()),
            quiet.until(),
        ),
        (status, _) => (Some(format!("The account is not active: {status}.")), None),
    }
}

fn stored(
    tx: &crosswalk_workspace::ReadTx<'_>,
    level: &Level,
) -> crosswalk_workspace::Result<StoredSchedules> {
    let value = setting::get(tx, level, SCHEDULES)?;
    Ok(value
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default())
}

impl Console {
    /// Every schedule, or one account's.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn schedules(&self, account: Option<&str>) -> Result<Vec<ScheduleView>, Fault> {
        let wanted = match account {
            Some(id) => Some(self.find_account(id).await?.uuid),
            None => None,
        };
        let now = self.now();
        Ok(self
            .workspace()
            .read(move |tx| {
                let mut views = Vec::new();
                for account in account::list(tx)? {
                    if wanted.is_some_and(|wanted| wanted != account.uuid) {
                        continue;
                    }
                    for (resource, schedule) in stored(tx, &Level::Account(account.uuid))? {
                        let runs = run::list(tx, account.uuid, Some(&resource), 1)?;
                        let last = runs.first().map(|run| {
                            counted_from(run.status, run.resumed > 0, run.started_at, run.ended_at)
                        });
                        let next_at = next(last, &schedule.every, now);
                        let begins = next_at.map_or(now, |at| at.max(now));
                        let quiet = quiet::quiet_at(tx, account.tenant_uuid, begins)?;
                        let (waits, waits_until) = waits(account.status, quiet);
                        views.push(ScheduleView {
                            account: account.slug.clone(),
                            resource,
                            mode: schedule.mode,
                            every: schedule.every,
                            next_at,
                            waits,
                            waits_until,
                        });
                    }
                }
                Ok(views)
            })
            .await?)
    }

    /// Sets how often a resource is synced by itself; none: no more.
    ///
    /// # Errors
    /// `not_found`, `invalid_setting`, and `mode_unavailable` for a resource that cannot be read in that mode.
    pub async fn set_schedule(
        &self,
        account: &str,
        resource: &str,
        schedule: Option<(&str, &str)>,
    ) -> Result<Vec<ScheduleView>, Fault> {
        let held = self.find_account(account).await?;
        let definition = self.definition(&held.connector)?;
        require_resource(&definition, resource)?;
        let entry = match schedule {
            None => None,
            Some((mode, every)) => {
                let long_enough =
                    Period::parse(every).is_ok_and(|period| period.duration() >= SHORTEST);
                let (Some(mode), true) = (mode_word(mode), long_enough) else {
                    return Err(Fault::invalid(
                        "invalid_setting",
                        format!("{mode} every {every} is no schedule."),
                        "incremental or full, every 5m or more: 30m, 6h, 1d.",
                    ));
                };
                let planned = match mode {
                    "full" => Mode::Full,
                    _ => Mode::Incremental,
                };
                // Else it would be refused each time, with nobody there to read why.
                if let Some(known) = definition.connector.resources.get(resource) {
                    Plan::new(known, resource, planned, None, None)?;
                }
                Some(Stored {
                    mode: mode.to_owned(),
                    every: every.to_owned(),
                })
            }
        };
        let resource = resource.to_owned();
        self.workspace()
            .write(move |tx| {
                let level = Level::Account(held.uuid);
                let mut all = stored(tx, &level)?;
                if let Some(entry) = entry {
                    all.insert(resource, entry);
                } else {
                    unbegun::no_longer(tx, &held, &resource)?;
                    all.remove(&resource);
                }
                let value = serde_json::to_value(&all).ok().filter(|_| !all.is_empty());
                setting::set(tx, &level, SCHEDULES, value.as_ref())
            })
            .await?;
        self.schedules(Some(account)).await
    }

    /// The syncs that are planned and when each may begin, the first one first; without a time: at the next turn. What
    /// waits for nobody knows how long is left out.
    pub(crate) async fn planned_syncs(
        &self,
    ) -> Result<Vec<(Option<Timestamp>, PlannedSync)>, Fault> {
        let mut planned = Vec::new();
        for schedule in self.schedules(None).await? {
            let Some(mode) = mode_word(&schedule.mode) else {
                continue;
            };
            let begins_at = match (&schedule.waits, schedule.waits_until) {
                (None, _) => schedule.next_at,
                (Some(_), Some(until)) => Some(until),
                (Some(_), None) => continue,
            };
            planned.push((
                begins_at,
                PlannedSync {
                    account: schedule.account,
                    resource: schedule.resource,
                    mode,
                },
            ));
        }
        planned.sort_by_key(|(at, _)| *at);
        Ok(planned)
    }

    /// The syncs whose time has come, longest overdue first.
    pub(crate) async fn due_syncs(&self, now: Timestamp) -> Result<Vec<PlannedSync>, Fault> {
        let planned = self.planned_syncs().await?.into_iter();
        let due = planned.filter(|(at, _)| at.is_none_or(|at| at <= now));
        Ok(due.map(|(_, planned)| planned).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_was_stopped_failed_or_taken_up_again_begins_after_a_whole_period() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (started, ended) = (at("2026-11-21T09:00:00Z"), at("2026-11-21T11:00:00Z"));
        for (status, was_resumed, end, expected) in [
            (run::Status::Running, false, None, started),
            (run::Status::Running, true, None, started),
            (run::Status::Completed, false, Some(ended), started),
            (run::Status::Completed, true, Some(ended), ended),
            (run::Status::Failed, false, Some(ended), ended),
            (run::Status::Failed, true, Some(ended), ended),
            (run::Status::Paused, false, Some(ended), ended),
            (run::Status::Cancelled, false, Some(ended), ended),
            (run::Status::Paused, false, None, started),
        ] {
            let found = counted_from(status, was_resumed, started, end);
            assert_eq!(found, expected, "{status} {was_resumed}");
        }
    }

    #[test]
    fn a_planned_sync_waits_for_quiet_and_for_its_account() {
        let end: Timestamp = "2026-11-21T18:00:00Z".parse().unwrap();
        for (status, quiet, why, until) in [
            (Status::Active, None, None, None),
            (
                Status::Active,
                Some(Quiet::Until(end)),
                Some("quiet"),
                Some(end),
            ),
            (Status::Active, Some(Quiet::NoEnd), Some("quiet"), None),
            (Status::NeedsReauth, None, Some("needs_reauth"), None),
            (
                Status::NeedsReauth,
                Some(Quiet::Until(end)),
                Some("needs_reauth"),
                None,
            ),
        ] {
            let (said, ends) = waits(status, quiet);
            assert_eq!(said.is_some(), why.is_some(), "{status} {quiet:?}");
            let said = said.unwrap_or_default();
            assert!(said.contains(why.unwrap_or_default()), "{said}");
            assert_eq!(ends, until, "{status} {quiet:?}");
        }
    }

    #[test]
    fn a_resource_is_due_a_period_after_its_last_run_whatever_the_clock_on_the_wall_does() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (last, every, now, expected) in [
            (None, "6h", "2026-11-21T12:00:00Z", None),
            (
                Some("2026-11-21T09:00:00Z"),
                "6h",
                "2026-11-21T12:00:00Z",
                Some("2026-11-21T15:00:00Z"),
            ),
            // Missed while the machine was off: it stays due since then.
            (
                Some("2026-11-01T09:00:00Z"),
                "6h",
                "2026-11-21T12:00:00Z",
                Some("2026-11-01T15:00:00Z"),
            ),
            // Over a leap day, and where it is none.
            (
                Some("2028-02-28T18:00:00Z"),
                "1d",
                "2028-02-28T19:00:00Z",
                Some("2028-02-29T18:00:00Z"),
            ),
            (
                Some("2027-02-28T18:00:00Z"),
                "1d",
                "2027-02-28T19:00:00Z",
                Some("2027-03-01T18:00:00Z"),
            ),
            // 24 hours, also over the night in which Berlin's clocks are put forward, or back.
            (
                Some("2026-03-28T12:00:00Z"),
                "1d",
                "2026-03-28T13:00:00Z",
                Some("2026-03-29T12:00:00Z"),
            ),
            (
                Some("2026-10-24T12:00:00Z"),
                "1d",
                "2026-10-24T13:00:00Z",
                Some("2026-10-25T12:00:00Z"),
            ),
            // A clock corrected by some minutes, and one that was a year ahead when the last run began.
            (
                Some("2026-11-21T12:04:00Z"),
                "6h",
                "2026-11-21T12:00:00Z",
                Some("2026-11-21T18:04:00Z"),
            ),
            (
                Some("2027-11-21T12:00:00Z"),
                "6h",
                "2026-11-21T12:00:00Z",
                None,
            ),
            (
                Some("2026-11-21T11:00:00Z"),
                "now and then",
                "2026-11-21T12:00:00Z",
                None,
            ),
        ] {
            assert_eq!(
                next(last.map(at), every, at(now)),
                expected.map(at),
                "{last:?} {every} {now}"
            );
        }
    }
}
