//! Keeping house: what is too old goes, backups are taken and thinned, and what is about to go is told of.

use crosswalk_workspace::account::{self, Retention};
use crosswalk_workspace::alert::{self, kind};
use crosswalk_workspace::backup::{self, Reason};
use crosswalk_workspace::{AccountId, record};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use specta::Type;
use specta_typescript::Number;

use crate::{Console, Fault};

const fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count * 24)
}

/// Records are told of so long before they go.
const WARNING: SignedDuration = days(7);

/// Alerts stay so long after they are resolved.
const RESOLVED_KEPT: SignedDuration = days(90);

/// Between two daily backups, with room for a machine that is opened at about the same time each day.
const BACKUP_EVERY: SignedDuration = SignedDuration::from_hours(20);

/// When records fetched at `oldest` are told of; none where nothing is kept, or they are kept for so short a time that
/// a warning would come at once.
fn warn_at(oldest: Option<Timestamp>, retention: Retention) -> Option<Timestamp> {
    let kept = days(i64::from(retention.days()));
    let lead = kept
        .checked_sub(WARNING)
        .filter(SignedDuration::is_positive)?;
    oldest?.checked_add(lead).ok()
}

/// How long an account's records are kept.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RetentionView {
    pub account: String,
    /// `default`, `none`, or a number of days.
    pub retention: String,
    /// Days from the last fetch; 0: records are never on disk.
    pub days: u32,
    /// How many stored records are older than that: they go with the next purge.
    #[specta(type = Number)]
    pub due: u64,
    /// When the oldest stored record reaches its end; null where nothing is stored.
    #[specta(type = Option<String>)]
    pub oldest_ends_at: Option<Timestamp>,
    /// Whether what was removed is still in the database's log, since somebody reads of it: it goes when they are done.
    pub log_due: bool,
}

/// What somebody typed for a retention: `default`, `none`, or days.
fn parse(text: &str) -> Result<Retention, Fault> {
    match text.trim() {
        "default" => Ok(Retention::Default),
        "none" | "0" => Ok(Retention::None),
        days => match days.parse::<u32>() {
            Ok(days @ 1..=3650) => Ok(Retention::Days(days)),
            _ => Err(Fault::invalid(
                "invalid_retention",
                format!("Records cannot be kept for {text:?}."),
                format!(
                    "Say a number of days from 1 to 3650, default ({} days), or none.",
                    Retention::DEFAULT_DAYS
                ),
            )),
        },
    }
}

fn word(retention: Retention) -> String {
    match retention {
        Retention::Default => "default".to_owned(),
        Retention::Days(days) => days.to_string(),
        Retention::None => "none".to_owned(),
    }
}

/// What keeping house could not do.
#[derive(Debug, Default)]
struct Failures(Vec<Fault>);

impl Failures {
    fn note(&mut self, what: &str, outcome: Result<(), Fault>) {
        if let Err(fault) = outcome {
            tracing::warn!(
                code = fault.code,
                why = fault.message,
                "keeping house: {what}"
            );
            self.0.push(fault);
        }
    }
}

impl Console {
    /// How long an account's records are kept; with `wanted`, how it would be.
    ///
    /// # Errors
    /// `not_found`, `invalid_retention`.
    pub async fn retention(&self, id: &str, wanted: Option<&str>) -> Result<RetentionView, Fault> {
        let account = self.find_account(id).await?;
        let retention = wanted.map(parse).transpose()?.unwrap_or(account.retention);
        let (uuid, now) = (account.uuid, self.now());
        let (due, oldest) = self
            .workspace()
            .read(move |tx| {
                Ok((
                    record::due_under(tx, uuid, retention, now)?,
                    record::oldest_body(tx, uuid)?,
                ))
            })
            .await?;
        Ok(RetentionView {
            account: account.slug,
            retention: word(retention),
            days: retention.days(),
            due,
            oldest_ends_at: oldest
                .and_then(|oldest| oldest.checked_add(days(i64::from(retention.days()))).ok()),
            log_due: self.workspace().log_is_due(),
        })
    }

    /// Sets how long an account's records are kept, and removes at once what is older: from the database, from its log,
    /// and from memory. From the log later, and says so, where somebody reads of it.
    ///
    /// # Errors
    /// `not_found`, `invalid_retention`.
    pub async fn set_retention(&self, id: &str, wanted: &str) -> Result<RetentionView, Fault> {
        let retention = parse(wanted)?;
        let account = self.find_account(id).await?;
        let uuid = account.uuid;
        self.workspace()
            .write(move |tx| account::set_retention(tx, uuid, retention))
            .await?;
        self.workspace().purge(uuid).await?;
        self.forget_opened(id).await?;
        self.plan_house_alerts(self.now()).await?;
        self.retention(id, None).await
    }

    /// What is done once a day. A step or an account that fails keeps no other from being seen to; every failure is
    /// logged and handed back.
    pub(crate) async fn keep_house(&self, now: Timestamp) -> Vec<Fault> {
        let mut failures = Failures::default();
        // Logged where it failed, with the account.
        failures.0.extend(self.carry_on().await);
        let accounts = match self.workspace().read(account::list).await {
            Ok(accounts) => accounts,
            Err(error) => {
                failures.note("the accounts were not read", Err(error.into()));
                Vec::new()
            }
        };
        for account in &accounts {
            match self.workspace().purge(account.uuid).await {
                Ok(0) => {}
                Ok(purged) => tracing::info!(
                    account = account.slug,
                    purged,
                    "records past their retention were purged"
                ),
                Err(error) => {
                    tracing::warn!(account = account.slug, "its old records were not purged");
                    failures.note("old records were not purged", Err(error.into()));
                }
            }
        }
        failures.note("no daily backup was taken", self.back_up_daily(now).await);
        failures.note("backups were not thinned", self.thin_backups(now).await);
        // After the backups were thinned: what the last of them needed may go now.
        failures.note(
            "keys were not seen to",
            self.keep_keys(&accounts, now).await,
        );
        failures.note("alerts were not planned", self.plan_house_alerts(now).await);
        failures.0
    }

    async fn back_up_daily(&self, now: Timestamp) -> Result<(), Fault> {
        let last = backup::list(self.workspace().folder())?
            .into_iter()
            .find(|backup| backup.reason == Reason::Daily)
            .map(|backup| backup.at);
        let due = last.is_none_or(|last| now < last || now.duration_since(last) >= BACKUP_EVERY);
        if due {
            self.workspace().back_up(Reason::Daily).await?;
        }
        Ok(())
    }

    async fn thin_backups(&self, now: Timestamp) -> Result<(), Fault> {
        let folder = self.workspace().folder().clone();
        let thinned = crate::console::blocking(move || backup::thin(&folder, now)).await??;
        tracing::debug!(?thinned, "backups were thinned");
        if thinned.failed.is_empty() {
            return Ok(());
        }
        Err(Fault::failed(
            "backup_not_thinned",
            thinned.failed.join(" "),
            "Look into the workspace's folder of backups, and at the disk it is on.",
        ))
    }

    /// Plans what is told of records that are about to go and of the custody list, and drops what was resolved long
    /// ago.
    pub(crate) async fn plan_house_alerts(&self, now: Timestamp) -> Result<(), Fault> {
        self.workspace()
            .write(move |tx| {
                if let Ok(before) = now.checked_sub(RESOLVED_KEPT) {
                    alert::prune(tx, before)?;
                }
                crate::custody::plan_reminder(tx)?;
                let accounts = account::list(tx)?;
                for account in &accounts {
                    let oldest = record::oldest_body(tx, account.uuid)?;
                    let planned: (AccountId, Option<Timestamp>) =
                        (account.uuid, warn_at(oldest, account.retention));
                    match planned {
                        (id, Some(at)) => alert::plan(
                            tx,
                            Some(id),
                            kind::RETENTION,
                            at,
                            "The oldest records reach the end of their retention within seven days.",
                            Some("Sync again to keep what the provider still has, or change the retention."),
                        )?,
                        (id, None) => alert::withdraw(tx, Some(id), kind::RETENTION)?,
                    }
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_retention_is_days_none_or_the_default() {
        for (text, expected) in [
            ("default", Some(Retention::Default)),
            ("none", Some(Retention::None)),
            ("0", Some(Retention::None)),
            (" 14 ", Some(Retention::Days(14))),
            ("3651", None),
            ("-1", None),
            ("for ever", None),
        ] {
            assert_eq!(parse(text).ok(), expected, "{text}");
        }
        for retention in [Retention::Default, Retention::None, Retention::Days(5)] {
            assert_eq!(parse(&word(retention)).unwrap(), retention);
        }
    }

    #[test]
    fn records_are_told_of_seven_days_before_they_go() {
        let oldest: Timestamp = "2028-02-01T12:00:00Z".parse().unwrap();
        for (retention, expected) in [
            (Retention::Default, Some("2028-02-24T12:00:00Z")),
            (Retention::Days(36), Some("2028-03-01T12:00:00Z")),
            (Retention::Days(7), None),
            (Retention::None, None),
        ] {
            assert_eq!(
                warn_at(Some(oldest), retention),
                expected.map(|text| text.parse().unwrap()),
                "{retention:?}"
            );
        }
        assert_eq!(warn_at(None, Retention::Default), None);
    }
}
