//! Schedules: how often a resource of an account is synced by itself, and when a tenant wants quiet.

mod quiet_window;

use std::time::Duration;

use crosswalk_connector::Period;
use crosswalk_workspace::account::{self, Status};
use crosswalk_workspace::setting::{self, Level};
use crosswalk_workspace::{run, tenant};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use specta::Type;

pub(crate) use quiet_window::QuietWindows;

use crate::mappings::require_resource;
use crate::{Console, Fault};

const SCHEDULES: &str = "schedules";
const QUIET_WINDOWS: &str = "quiet_windows";

/// More often than this is not a schedule but polling.
const SHORTEST: Duration = Duration::from_mins(5);

/// A run dated later than this from now was begun under a clock that was wrong.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// How often a resource is synced by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ScheduleView {
    pub account: String,
    pub resource: String,
    /// `incremental` or `full`.
    pub mode: String,
    /// Such as `6h`.
    pub every: String,
    /// Null: at the next turn, since it has never run, or ran under a clock that was wrong.
    #[serde(default)]
    #[specta(type = Option<String>)]
    pub next_at: Option<Timestamp>,
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
                        let last = run::list(tx, account.uuid, Some(&resource), 1)?
                            .first()
                            .map(|run| run.started_at);
                        views.push(ScheduleView {
                            account: account.slug.clone(),
                            resource,
                            mode: schedule.mode,
                            next_at: next(last, &schedule.every, now),
                            every: schedule.every,
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
    /// `not_found`, `unknown_resource`, `invalid_setting`.
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
                Some(Stored {
                    mode: mode.to_owned(),
                    every: every.to_owned(),
                })
            }
        };
        let (uuid, resource) = (held.uuid, resource.to_owned());
        self.workspace()
            .write(move |tx| {
                let level = Level::Account(uuid);
                let mut all = stored(tx, &level)?;
                match entry {
                    Some(entry) => all.insert(resource, entry),
                    None => all.remove(&resource),
                };
                let value = serde_json::to_value(&all).ok().filter(|_| !all.is_empty());
                setting::set(tx, &level, SCHEDULES, value.as_ref())
            })
            .await?;
        self.schedules(Some(account)).await
    }

    /// A tenant's quiet windows as they were typed; none: scheduled syncs run at any time.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn quiet_windows(&self, id: &str) -> Result<Option<String>, Fault> {
        let id = id.to_owned();
        let value = self
            .workspace()
            .read(move |tx| {
                let level = Level::Tenant(tenant::get(tx, &id)?.uuid);
                setting::get(tx, &level, QUIET_WINDOWS)
            })
            .await?;
        Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
    }

    /// Sets when scheduled syncs of a tenant wait: `22:00-06:00`, `mon-fri 08:00-18:00`, `month-end 3`, in a list
    /// separated by commas.
    ///
    /// # Errors
    /// `not_found`, `invalid_setting`.
    pub async fn set_quiet_windows(&self, id: &str, windows: Option<&str>) -> Result<(), Fault> {
        if let Some(text) = windows {
            text.parse::<QuietWindows>().map_err(|wrong| {
                Fault::invalid(
                    "invalid_setting",
                    format!("{wrong}."),
                    "For example: 22:00-06:00, mon-fri 08:00-18:00, month-end 3.",
                )
            })?;
        }
        let value = windows.map(|text| serde_json::Value::from(text.to_owned()));
        let id = id.to_owned();
        self.workspace()
            .write(move |tx| {
                let level = Level::Tenant(tenant::get(tx, &id)?.uuid);
                setting::set(tx, &level, QUIET_WINDOWS, value.as_ref())
            })
            .await?;
        Ok(())
    }

    /// A tenant's quiet windows as they were typed, while one of them holds; what a manual sync warns of.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn quiet_now(&self, id: &str) -> Result<Option<String>, Fault> {
        let now = self.now();
        Ok(self.quiet_windows(id).await?.filter(|text| {
            text.parse::<QuietWindows>()
                .is_ok_and(|windows| windows.hold(now, &TimeZone::system()))
        }))
    }

    /// The syncs whose time has come, longest overdue first.
    pub(crate) async fn due_syncs(&self, now: Timestamp) -> Result<Vec<PlannedSync>, Fault> {
        let mut due = Vec::new();
        for schedule in self.schedules(None).await? {
            let Some(mode) = mode_word(&schedule.mode) else {
                continue;
            };
            if schedule.next_at.is_some_and(|at| at > now) {
                continue;
            }
            let account = self.find_account(&schedule.account).await?;
            if account.status != Status::Active || self.quiet_now(&account.tenant).await?.is_some()
            {
                continue;
            }
            due.push((
                schedule.next_at,
                PlannedSync {
                    account: schedule.account,
                    resource: schedule.resource,
                    mode,
                },
            ));
        }
        due.sort_by_key(|(at, _)| *at);
        Ok(due.into_iter().map(|(_, planned)| planned).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

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
