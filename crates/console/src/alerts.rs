//! Alerts: what falls due, what is to be told of, and what somebody did about it.

mod clock;
mod may_tell;
mod notice;
mod quiet;
mod spread;
mod state;

use crosswalk_workspace::alert::{self, Alert, kind};
use crosswalk_workspace::{AlertId, setting};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use specta::Type;
use tokio_util::sync::CancellationToken;

pub(crate) use clock::overslept;
pub use clock::{ClockReading, Jump, jump};
pub(crate) use may_tell::MayTell;
pub use notice::{Notice, NoticeAction};
pub(crate) use notice::{Preferences, notices, renewed};
pub(crate) use quiet::QuietHours;
pub(crate) use spread::{Due, Pace, spread};
pub(crate) use state::needs_somebody;

use crate::settings::{
    AUTO_RENEW, CLIENT_SECRET_REMINDER, NOTIFICATIONS, NOTIFY_NAMES, QUIET_HOURS,
};
use crate::{Console, Fault};

/// An alert as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct AlertView {
    pub id: String,
    /// Null for the workspace as a whole.
    pub account: Option<String>,
    pub tenant: Option<String>,
    pub tenant_name: Option<String>,
    pub connector: Option<String>,
    /// `access_token`, `refresh_token`, `client_secret_age`, `no_expiry`, `needs_reauth`, `failed_runs`,
    /// `schedule_stuck`, `circuit_open`, `mapped_path_gone`, `retention` or `custody`.
    pub kind: String,
    #[specta(type = String)]
    pub due_at: Timestamp,
    /// `upcoming`, `due`, `active`, `acknowledged`, `snoozed` or `resolved`.
    pub state: String,
    pub title: String,
    pub detail: String,
    /// The next step.
    pub hint: Option<String>,
    /// What can be done about it: `renew`, `reauthorize`, `open`, `snooze`, `ack`.
    pub actions: Vec<String>,
    #[specta(type = Option<String>)]
    pub snoozed_until: Option<Timestamp>,
    #[specta(type = Option<String>)]
    pub notified_at: Option<Timestamp>,
    /// When its cause was gone; null while it is open.
    #[specta(type = Option<String>)]
    pub resolved_at: Option<Timestamp>,
}

/// How long a snoozed notification keeps quiet where no time is named.
const SNOOZE: SignedDuration = SignedDuration::from_hours(1);

fn view(alert: &Alert, now: Timestamp) -> AlertView {
    AlertView {
        id: alert.uuid.to_string(),
        account: alert.account.clone(),
        tenant: alert.tenant.clone(),
        tenant_name: alert.tenant_name.clone(),
        connector: alert.connector.clone(),
        kind: alert.kind.clone(),
        due_at: alert.due_at,
        state: state::shown(alert, now).to_owned(),
        title: notice::title(&alert.kind).to_owned(),
        detail: alert.message.clone(),
        hint: alert.hint.clone(),
        actions: state::actions(alert, now)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        snoozed_until: state::snoozed_until(alert, now),
        notified_at: alert.notified_at,
        resolved_at: alert.resolved_at,
    }
}

impl Console {
    /// The present instant, on the workspace's clock.
    pub fn now(&self) -> Timestamp {
        self.workspace().clock().now()
    }

    async fn open_alerts(&self) -> Result<Vec<Alert>, Fault> {
        Ok(self.workspace().read(alert::open).await?)
    }

    /// What is due, active or to come, earliest first; with a time, only what falls due until then.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn alerts(&self, until: Option<Timestamp>) -> Result<Vec<AlertView>, Fault> {
        let now = self.now();
        let open = self.open_alerts().await?;
        Ok(state::forecast(&open, until)
            .into_iter()
            .map(|alert| view(alert, now))
            .collect())
    }

    /// How many alerts of the workspace as a whole need somebody now; those of accounts are in the overview.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn workspace_alerts_due(&self) -> Result<usize, Fault> {
        let now = self.now();
        let open = self.open_alerts().await?;
        Ok(open
            .iter()
            .filter(|alert| alert.account.is_none() && needs_somebody(alert, now))
            .count())
    }

    /// What was resolved in the last `days` days, the latest first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn resolved_alerts(&self, days: u32) -> Result<Vec<AlertView>, Fault> {
        let now = self.now();
        let since = now
            .checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
            .unwrap_or(Timestamp::MIN);
        let resolved = self
            .workspace()
            .read(move |tx| alert::resolved_since(tx, since))
            .await?;
        Ok(resolved.iter().map(|alert| view(alert, now)).collect())
    }

    /// Notes that somebody has seen an alert. One that has not fallen due stays as it is.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn ack_alert(&self, id: &str) -> Result<AlertView, Fault> {
        let id = id.to_owned();
        let alert = self
            .workspace()
            .write(move |tx| alert::acknowledge(tx, &id))
            .await?;
        Ok(view(&alert, self.now()))
    }

    /// Keeps an alert quiet until a time.
    ///
    /// # Errors
    /// `not_found`; `invalid_time` for one that is past.
    pub async fn snooze_alert(&self, id: &str, until: Timestamp) -> Result<AlertView, Fault> {
        if until <= self.now() {
            return Err(Fault::invalid(
                "invalid_time",
                format!("{until} is past."),
                "Name a time to come.",
            ));
        }
        let id = id.to_owned();
        let alert = self
            .workspace()
            .write(move |tx| alert::snooze(tx, &id, until))
            .await?;
        Ok(view(&alert, self.now()))
    }

    /// Does what was chosen on a notification. Opening the account is the face's own.
    ///
    /// # Errors
    /// `not_found`, and what keeps the token from being renewed.
    pub async fn act_on(
        &self,
        id: &str,
        action: NoticeAction,
        interrupted: &CancellationToken,
    ) -> Result<(), Fault> {
        match action {
            NoticeAction::Renew => {
                let key = id.to_owned();
                let alert = self
                    .workspace()
                    .read(move |tx| alert::get(tx, &key))
                    .await?;
                if let Some(account) = alert.account {
                    self.renew_token(&account, interrupted).await?;
                }
            }
            NoticeAction::Snooze => {
                let until = self.now().saturating_add(SNOOZE).unwrap_or(Timestamp::MAX);
                self.snooze_alert(id, until).await?;
            }
            NoticeAction::Open => {}
        }
        Ok(())
    }

    /// Marks what fell due, plans what follows from the settings, and says what is to be shown as native
    /// notifications. What was told of once is not told of again, and nothing is told of in quiet hours. On a machine
    /// that slept until `awake_since` what the runner renews by itself has its time from then on. Where `may_tell`
    /// says no nothing counts as told: the next turn after tells of what still is due then.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub(crate) async fn tick(
        &self,
        now: Timestamp,
        awake_since: Timestamp,
        may_tell: &MayTell,
    ) -> Result<Vec<Notice>, Fault> {
        self.plan_reminders().await?;
        let preferences = self.preferences().await?;
        let open = self.open_alerts().await?;
        let fallen: Vec<AlertId> =
            state::due(now, &open, preferences.auto_renew.then_some(awake_since))
                .into_iter()
                .map(|alert| alert.uuid)
                .collect();
        let open = if fallen.is_empty() {
            open
        } else {
            self.workspace()
                .write(move |tx| {
                    for id in &fallen {
                        alert::activate(tx, *id, None)?;
                    }
                    alert::open(tx)
                })
                .await?
        };
        let (notices, told) = notices(&open, now, &may_tell.limit(preferences));
        if !told.is_empty() {
            self.workspace()
                .write(move |tx| alert::notified(tx, &told))
                .await?;
        }
        Ok(notices)
    }

    /// When there will next be something to do or to tell; none: nothing is planned. What had fallen due by `seen` was
    /// seen to then.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) async fn next_wake(
        &self,
        seen: Timestamp,
        now: Timestamp,
        may_tell: &MayTell,
    ) -> Result<Option<Timestamp>, Fault> {
        let preferences = may_tell.limit(self.preferences().await?);
        Ok(state::next_wake(
            &self.open_alerts().await?,
            seen,
            now,
            &preferences,
        ))
    }

    /// How the user wants to be told.
    pub(crate) async fn preferences(&self) -> Result<Preferences, Fault> {
        let values = self
            .workspace()
            .read(|tx| {
                [NOTIFICATIONS, NOTIFY_NAMES, AUTO_RENEW, QUIET_HOURS]
                    .into_iter()
                    .map(|key| setting::get(tx, &setting::Level::Workspace, key))
                    .collect::<crosswalk_workspace::Result<Vec<_>>>()
            })
            .await?;
        let word = |at: usize| values[at].as_ref().and_then(|value| value.as_str());
        Ok(Preferences {
            enabled: word(0) != Some("off"),
            names: word(1) == Some("on"),
            auto_renew: word(2) != Some("off"),
            quiet: word(3).and_then(|text| text.parse::<QuietHours>().ok()),
            zone: TimeZone::system(),
        })
    }

    /// Plans what the runner plans as time goes by: for a forecast in a workspace that may have none.
    ///
    /// # Errors
    /// When the workspace cannot be read or written.
    pub async fn plan_alerts(&self) -> Result<(), Fault> {
        self.plan_reminders().await?;
        self.plan_house_alerts(self.now()).await
    }

    /// Plans the reminders that hang on a setting: the age of client secrets.
    pub(crate) async fn plan_reminders(&self) -> Result<(), Fault> {
        self.workspace()
            .write(|tx| {
                let days = setting::get(tx, &setting::Level::Workspace, CLIENT_SECRET_REMINDER)?
                    .and_then(|value| value.as_str()?.parse::<i64>().ok());
                for account in crosswalk_workspace::account::list(tx)? {
                    let since = crosswalk_workspace::credential::list(tx, account.uuid)?
                        .into_iter()
                        .map(|part| part.created_at)
                        .max();
                    let due = days.zip(since).and_then(|(days, since)| {
                        since
                            .checked_add(SignedDuration::from_hours(days.checked_mul(24)?))
                            .ok()
                    });
                    match due {
                        Some(due) => alert::plan(
                            tx,
                            Some(account.uuid),
                            kind::CLIENT_SECRET_AGE,
                            due,
                            "The client secret is older than you want secrets to be.",
                            Some("Ask the administrator for a new one and rotate it."),
                        )?,
                        None => alert::withdraw(tx, Some(account.uuid), kind::CLIENT_SECRET_AGE)?,
                    }
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
