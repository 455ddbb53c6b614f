//! What native notifications say. Pure: rows in, words out.

use std::collections::BTreeMap;

use crosswalk_workspace::AlertId;
use crosswalk_workspace::alert::{Alert, kind};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use specta::Type;

use super::quiet::QuietHours;
use super::state::wants_telling;

/// So many are told of one by one; more become one notification.
const ONE_BY_ONE: usize = 3;

/// How the user wants to be told.
#[derive(Clone, Debug)]
pub(crate) struct Preferences {
    /// Whether there are native notifications at all.
    pub(crate) enabled: bool,
    /// Whether they may name tenants and accounts: they show on lock screens and in screen shares.
    pub(crate) names: bool,
    /// Whether tokens are renewed at their threshold without asking.
    pub(crate) auto_renew: bool,
    /// When nothing is told.
    pub(crate) quiet: Option<QuietHours>,
    /// The machine's time zone.
    pub(crate) zone: TimeZone,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            enabled: true,
            names: false,
            auto_renew: true,
            quiet: None,
            zone: TimeZone::UTC,
        }
    }
}

impl Preferences {
    /// When the quiet hours that run now end; none if it is not quiet.
    pub(crate) fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.quiet.and_then(|quiet| quiet.ends(now, &self.zone))
    }
}

/// A button on a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NoticeAction {
    /// Renew now.
    Renew,
    /// Open the account, or the alerts where there are several.
    Open,
    /// Be told again in an hour.
    Snooze,
}

impl NoticeAction {
    /// The word on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Renew => "Renew now",
            Self::Open => "Open account",
            Self::Snooze => "Snooze",
        }
    }
}

/// A native notification to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Notice {
    /// Stable for what it is about, so that a newer one can take its place.
    pub id: String,
    /// The alerts' kind; `several` where they differ, `renewed` for renewals that went well.
    pub kind: String,
    pub title: String,
    pub body: String,
    /// Whether something stops working if nobody acts.
    pub urgent: bool,
    /// The account it is about, where it is one.
    pub account: Option<String>,
    pub accounts: Vec<String>,
    /// The alerts it tells of.
    pub alerts: Vec<String>,
    pub actions: Vec<NoticeAction>,
}

/// What a kind of alert is called.
pub(super) fn title(alert_kind: &str) -> &'static str {
    match alert_kind {
        kind::ACCESS_TOKEN => "Access token due for renewal",
        kind::REFRESH_TOKEN => "Refresh token near its end",
        kind::CLIENT_SECRET_AGE => "Client secret is old",
        kind::NO_EXPIRY => "Token of unknown life",
        kind::NEEDS_REAUTH => "Credentials refused",
        kind::FAILED_RUNS => "Syncs keep failing",
        kind::SCHEDULE_STUCK => "Scheduled syncs cannot begin",
        kind::CIRCUIT_OPEN => "Sync paused by the rate limit",
        kind::MAPPED_PATH_GONE => "A mapped field is gone",
        kind::RETENTION => "Records about to be purged",
        kind::CUSTODY => "Custody list is old",
        _ => "Needs attention",
    }
}

/// What there is to say without naming anybody.
fn body(alert_kind: &str) -> &'static str {
    match alert_kind {
        kind::ACCESS_TOKEN => "The token of an account has reached the age at which it is renewed.",
        kind::REFRESH_TOKEN => "Somebody has to sign in again before it ends.",
        kind::CLIENT_SECRET_AGE => "Ask the administrator for a new one and rotate it.",
        kind::NO_EXPIRY => "The provider does not say how long an account's token lives.",
        kind::NEEDS_REAUTH => "The provider no longer takes the credentials of an account.",
        kind::FAILED_RUNS => "Syncs of an account fail, one after another.",
        kind::SCHEDULE_STUCK => "What an account has planned cannot begin; it is tried again.",
        kind::CIRCUIT_OPEN => "The provider kept asking for fewer calls; the run keeps its place.",
        kind::MAPPED_PATH_GONE => {
            "The records of an account no longer show what its mapping reads."
        }
        kind::RETENTION => "They are kept no longer than the account's retention.",
        kind::CUSTODY => "Write it anew and keep it away from this machine.",
        _ => "Open Crosswalk to see what.",
    }
}

fn urgent(alert_kind: &str) -> bool {
    matches!(
        alert_kind,
        kind::NEEDS_REAUTH | kind::REFRESH_TOKEN | kind::ACCESS_TOKEN
    )
}

fn renews(alert_kind: &str) -> bool {
    matches!(
        alert_kind,
        kind::ACCESS_TOKEN | kind::REFRESH_TOKEN | kind::NEEDS_REAUTH | kind::NO_EXPIRY
    )
}

fn single(alert: &Alert, names: bool) -> Notice {
    let body = match (&alert.account, &alert.tenant_name) {
        (Some(account), Some(tenant)) if names => {
            format!("{tenant} ({account}): {}", alert.message)
        }
        // A message can quote an address, which names the tenant.
        (Some(_), _) => body(&alert.kind).to_owned(),
        (None, _) => alert.message.clone(),
    };
    let mut actions = Vec::new();
    if renews(&alert.kind) {
        actions.push(NoticeAction::Renew);
    }
    if alert.account.is_some() {
        actions.push(NoticeAction::Open);
    }
    actions.push(NoticeAction::Snooze);
    Notice {
        id: alert.uuid.to_string(),
        kind: alert.kind.clone(),
        title: title(&alert.kind).to_owned(),
        body,
        urgent: urgent(&alert.kind),
        account: alert.account.clone(),
        accounts: alert.account.clone().into_iter().collect(),
        alerts: vec![alert.uuid.to_string()],
        actions,
    }
}

fn several(alerts: &[&Alert]) -> Notice {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for alert in alerts {
        *counts.entry(&alert.kind).or_default() += 1;
    }
    let lines: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{}: {count}", title(kind)))
        .collect();
    let mut accounts: Vec<String> = alerts
        .iter()
        .filter_map(|alert| alert.account.clone())
        .collect();
    accounts.sort();
    accounts.dedup();
    let kind = match counts.keys().next() {
        Some(only) if counts.len() == 1 => (*only).to_owned(),
        _ => "several".to_owned(),
    };
    Notice {
        id: "several".to_owned(),
        kind,
        title: format!("{} alerts need you", alerts.len()),
        body: lines.join("\n"),
        urgent: alerts.iter().any(|alert| urgent(&alert.kind)),
        account: None,
        accounts,
        alerts: alerts.iter().map(|alert| alert.uuid.to_string()).collect(),
        actions: vec![NoticeAction::Open, NoticeAction::Snooze],
    }
}

/// What to show now, and which alerts that tells of.
pub(crate) fn notices(
    rows: &[Alert],
    now: Timestamp,
    preferences: &Preferences,
) -> (Vec<Notice>, Vec<AlertId>) {
    if !preferences.enabled || preferences.quiet_until(now).is_some() {
        return (Vec::new(), Vec::new());
    }
    let wanted: Vec<&Alert> = rows
        .iter()
        .filter(|alert| wants_telling(alert, now))
        .collect();
    let told = wanted.iter().map(|alert| alert.uuid).collect();
    let shown = if wanted.len() > ONE_BY_ONE {
        vec![several(&wanted)]
    } else {
        wanted
            .iter()
            .map(|alert| single(alert, preferences.names))
            .collect()
    };
    (shown, told)
}

/// Says that tokens were renewed; nothing where none was, or nobody is to be told.
pub(crate) fn renewed(
    accounts: &[String],
    now: Timestamp,
    preferences: &Preferences,
) -> Option<Notice> {
    if accounts.is_empty() || !preferences.enabled || preferences.quiet_until(now).is_some() {
        return None;
    }
    let body = match accounts {
        [only] if preferences.names => format!("The access token of {only} was renewed."),
        [_] => "An access token was renewed.".to_owned(),
        many => format!("{} access tokens were renewed.", many.len()),
    };
    Some(Notice {
        id: "renewed".to_owned(),
        kind: "renewed".to_owned(),
        title: "Renewed in time".to_owned(),
        body,
        urgent: false,
        account: match accounts {
            [only] => Some(only.clone()),
            _ => None,
        },
        accounts: accounts.to_vec(),
        alerts: Vec::new(),
        actions: vec![NoticeAction::Open],
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::super::state::tests::{alert, at};
    use super::*;
    use crosswalk_workspace::alert::State;

    const NOON: &str = "2026-11-21T12:00:00Z";

    fn active(kind: &str) -> Alert {
        alert(kind, State::Active, NOON)
    }

    #[test]
    fn a_tenant_is_named_only_if_the_user_wants_that() {
        let rows = [active(kind::NEEDS_REAUTH)];
        let (shown, told) = notices(&rows, at(NOON), &Preferences::default());
        assert_eq!(told, [rows[0].uuid]);
        let text = format!("{}{}", shown[0].title, shown[0].body).to_lowercase();
        assert!(
            !text.contains("acme") && !text.contains("it is due"),
            "{text}"
        );
        assert_eq!(
            shown[0].actions,
            [
                NoticeAction::Renew,
                NoticeAction::Open,
                NoticeAction::Snooze
            ]
        );
        let names = Preferences {
            names: true,
            ..Preferences::default()
        };
        let (shown, _) = notices(&rows, at(NOON), &names);
        assert_eq!(shown[0].body, "Acme (acme-prod): It is due.");
    }

    #[test]
    fn more_than_three_become_one() {
        for (count, expected) in [(0, 0), (1, 1), (3, 3), (4, 1), (500, 1)] {
            let rows: Vec<Alert> = (0..count).map(|_| active(kind::NEEDS_REAUTH)).collect();
            let (shown, told) = notices(&rows, at(NOON), &Preferences::default());
            assert_eq!((shown.len(), told.len()), (expected, count));
        }
        let rows = [
            active(kind::NEEDS_REAUTH),
            active(kind::NEEDS_REAUTH),
            active(kind::FAILED_RUNS),
            active(kind::RETENTION),
        ];
        let (shown, _) = notices(&rows, at(NOON), &Preferences::default());
        assert_eq!(shown[0].title, "4 alerts need you");
        assert_eq!(
            shown[0].body,
            "Syncs keep failing: 1\nCredentials refused: 2\nRecords about to be purged: 1"
        );
    }

    #[test]
    fn nothing_is_told_twice_or_while_it_is_quiet_snoozed_seen_or_to_come() {
        let told = Alert {
            notified_at: Some(at(NOON)),
            ..active("x")
        };
        let snoozed = Alert {
            snoozed_until: Some(at("2026-11-21T12:00:01Z")),
            ..active("x")
        };
        let rows = [
            told,
            snoozed,
            alert("x", State::Acknowledged, NOON),
            alert("x", State::Upcoming, NOON),
        ];
        assert!(
            notices(&rows, at(NOON), &Preferences::default())
                .0
                .is_empty()
        );
        let quiet = Preferences {
            quiet: "11:00-13:00".parse().ok(),
            ..Preferences::default()
        };
        let (shown, told) = notices(&[active("x")], at(NOON), &quiet);
        assert!(shown.is_empty() && told.is_empty());
        assert!(renewed(&["a".into()], at(NOON), &quiet).is_none());
    }
}
