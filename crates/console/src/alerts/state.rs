//! Where alerts stand at an instant. Pure: rows and the time in, decisions out.

use crosswalk_workspace::alert::{Alert, State, kind};
use jiff::{SignedDuration, Timestamp};

use super::notice::Preferences;

/// How long the runner may take to renew what fell due, before somebody is told that nobody did.
const GRACE: SignedDuration = SignedDuration::from_mins(30);

/// Whether the runner sees to it by itself, if the user lets it.
fn renews_itself(alert: &Alert) -> bool {
    matches!(
        alert.kind.as_str(),
        kind::ACCESS_TOKEN | kind::REFRESH_TOKEN
    )
}

/// Until when nobody wants to hear of it; none once that time is over.
pub(super) fn snoozed_until(alert: &Alert, now: Timestamp) -> Option<Timestamp> {
    alert.snoozed_until.filter(|until| *until > now)
}

/// Whether its time has come, seen or not.
fn has_fallen_due(alert: &Alert, now: Timestamp) -> bool {
    match alert.state {
        State::Active | State::Acknowledged => true,
        State::Upcoming => alert.due_at <= now,
        State::Resolved => false,
    }
}

/// Whether somebody is needed now: it has fallen due, nobody has seen it, and nobody wants to hear of it later. What the
/// rail, the tray and the overview count.
pub(crate) fn needs_somebody(alert: &Alert, now: Timestamp) -> bool {
    has_fallen_due(alert, now)
        && alert.state != State::Acknowledged
        && snoozed_until(alert, now).is_none()
}

/// The word an alert's state is shown by.
pub(super) fn shown(alert: &Alert, now: Timestamp) -> &'static str {
    match alert.state {
        State::Resolved => "resolved",
        State::Acknowledged => "acknowledged",
        _ if snoozed_until(alert, now).is_some() => "snoozed",
        State::Active => "active",
        State::Upcoming if alert.due_at <= now => "due",
        State::Upcoming => "upcoming",
    }
}

/// What can be done about an alert as it stands: nothing is put off or waved away before its time has come.
pub(super) fn actions(alert: &Alert, now: Timestamp) -> Vec<&'static str> {
    let mut actions = Vec::new();
    if alert.state != State::Resolved {
        actions.extend_from_slice(match alert.kind.as_str() {
            kind::ACCESS_TOKEN | kind::NO_EXPIRY => &["renew"][..],
            kind::REFRESH_TOKEN | kind::NEEDS_REAUTH => &["renew", "reauthorize"],
            _ => &[],
        });
    }
    actions.push("open");
    if has_fallen_due(alert, now) {
        actions.push("snooze");
        if alert.state != State::Acknowledged {
            actions.push("ack");
        }
    }
    actions
}

/// Planned alerts whose time has come and that need somebody. `renewing_since`: since when the runner could renew by
/// itself what fell due; that needs somebody only when it has not happened for half an hour. None: it does not.
pub(super) fn due(
    now: Timestamp,
    rows: &[Alert],
    renewing_since: Option<Timestamp>,
) -> Vec<&Alert> {
    rows.iter()
        .filter(|alert| alert.state == State::Upcoming && alert.due_at <= now)
        .filter(|alert| match renewing_since {
            Some(since) if renews_itself(alert) => {
                let from = alert.due_at.max(since);
                from.saturating_add(GRACE).is_ok_and(|late| late <= now)
            }
            _ => true,
        })
        .collect()
}

/// What falls due until a time, or at all, earliest first.
pub(super) fn forecast(rows: &[Alert], until: Option<Timestamp>) -> Vec<&Alert> {
    let mut falling: Vec<&Alert> = rows
        .iter()
        .filter(|alert| until.is_none_or(|until| alert.due_at <= until))
        .collect();
    falling.sort_by_key(|alert| (alert.due_at, alert.uuid));
    falling
}

/// Whether an alert is to be told of now, but for quiet hours.
pub(super) fn wants_telling(alert: &Alert, now: Timestamp) -> bool {
    alert.state == State::Active
        && alert.notified_at.is_none()
        && snoozed_until(alert, now).is_none()
}

/// When there is next something to do: a planned time, the end of a snooze, the end of the quiet hours if something
/// waits for it. Times that have passed and were seen to do not count, nor what nobody is to be told of. `seen`: what
/// had fallen due by then was seen to, or waits for another try.
pub(super) fn next_wake(
    rows: &[Alert],
    seen: Timestamp,
    now: Timestamp,
    preferences: &Preferences,
) -> Option<Timestamp> {
    let planned = rows.iter().filter_map(|alert| match alert.state {
        // Fallen due meanwhile: at once.
        State::Upcoming if alert.due_at > seen => Some(alert.due_at.max(now)),
        _ => None,
    });
    let woken = rows.iter().filter_map(|alert| snoozed_until(alert, now));
    let tells = preferences.enabled && rows.iter().any(|alert| wants_telling(alert, now));
    let told = tells.then(|| preferences.quiet_until(now).unwrap_or(now));
    planned.chain(woken).chain(told).min()
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crosswalk_workspace::AlertId;

    pub(in crate::alerts) fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    pub(in crate::alerts) fn alert(kind: &str, state: State, due_at: &str) -> Alert {
        Alert {
            uuid: AlertId::new(),
            account: Some("acme-prod".into()),
            tenant: Some("acme".into()),
            tenant_name: Some("Acme".into()),
            connector: Some("standin".into()),
            kind: kind.into(),
            state,
            due_at: at(due_at),
            message: "It is due.".into(),
            hint: None,
            notified_at: None,
            snoozed_until: None,
            resolved_at: None,
        }
    }

    const NOON: &str = "2028-02-29T12:00:00Z";

    #[test]
    fn what_is_renewed_by_itself_needs_somebody_only_when_that_did_not_happen() {
        let (always, woken) = (Some(Timestamp::MIN), Some(at("2028-02-29T11:45:00Z")));
        for (kind, due_at, renewing_since, expected) in [
            (kind::ACCESS_TOKEN, "2028-02-29T12:00:00Z", always, false),
            (kind::ACCESS_TOKEN, "2028-02-29T12:00:00Z", None, true),
            (kind::ACCESS_TOKEN, "2028-02-29T11:30:00Z", always, true),
            (kind::ACCESS_TOKEN, "2028-02-29T11:30:00Z", woken, false),
            (kind::ACCESS_TOKEN, "2028-02-29T12:00:01Z", None, false),
            (
                kind::CLIENT_SECRET_AGE,
                "2028-02-29T12:00:00Z",
                always,
                true,
            ),
            (kind::REFRESH_TOKEN, "2027-12-01T12:00:00Z", always, true),
        ] {
            let rows = [alert(kind, State::Upcoming, due_at)];
            assert_eq!(
                !due(at(NOON), &rows, renewing_since).is_empty(),
                expected,
                "{kind} {due_at} {renewing_since:?}"
            );
        }
    }

    #[test]
    fn an_alert_is_shown_counted_and_acted_on_as_it_stands_now() {
        let later = "2028-03-01T00:00:00Z";
        let snoozed = |alert: Alert, until: &str| Alert {
            snoozed_until: Some(at(until)),
            ..alert
        };
        let active = alert("x", State::Active, NOON);
        let all = &["open", "snooze", "ack"][..];
        for (alert, expected, counts, acted) in [
            (
                alert("x", State::Upcoming, later),
                "upcoming",
                false,
                &["open"][..],
            ),
            (alert("x", State::Upcoming, NOON), "due", true, all),
            (active.clone(), "active", true, all),
            (
                alert("x", State::Acknowledged, NOON),
                "acknowledged",
                false,
                &["open", "snooze"],
            ),
            (
                alert(kind::ACCESS_TOKEN, State::Resolved, NOON),
                "resolved",
                false,
                &["open"],
            ),
            (snoozed(active.clone(), later), "snoozed", false, all),
            (snoozed(active, NOON), "active", true, all),
            (
                snoozed(alert("x", State::Upcoming, NOON), later),
                "snoozed",
                false,
                all,
            ),
            (
                snoozed(alert("x", State::Upcoming, later), later),
                "snoozed",
                false,
                &["open"],
            ),
        ] {
            assert_eq!(shown(&alert, at(NOON)), expected);
            assert_eq!(needs_somebody(&alert, at(NOON)), counts, "{expected}");
            assert_eq!(actions(&alert, at(NOON)), acted, "{expected}");
        }
    }

    #[test]
    fn what_a_token_needs_can_be_done_before_it_is_due() {
        for (kind, acted) in [
            (kind::ACCESS_TOKEN, &["renew", "open"][..]),
            (kind::REFRESH_TOKEN, &["renew", "reauthorize", "open"]),
            (kind::CLIENT_SECRET_AGE, &["open"]),
        ] {
            let alert = alert(kind, State::Upcoming, "2028-03-01T00:00:00Z");
            assert_eq!(actions(&alert, at(NOON)), acted, "{kind}");
        }
    }

    #[test]
    fn a_forecast_is_in_order_and_ends_where_it_is_asked_to() {
        let rows = [
            alert("c", State::Upcoming, "2028-03-02T00:00:00Z"),
            alert("a", State::Active, "2028-02-28T00:00:00Z"),
            alert("b", State::Upcoming, "2028-03-01T00:00:00Z"),
        ];
        let kinds = |until: Option<&str>| -> Vec<String> {
            forecast(&rows, until.map(at))
                .iter()
                .map(|alert| alert.kind.clone())
                .collect()
        };
        assert_eq!(kinds(None), ["a", "b", "c"]);
        assert_eq!(kinds(Some("2028-03-01T00:00:00Z")), ["a", "b"]);
        assert!(kinds(Some("2028-01-01T00:00:00Z")).is_empty());
    }

    #[test]
    fn the_next_wake_is_the_next_time_that_matters() {
        let quiet = Preferences {
            quiet: "11:00-14:00".parse().ok(),
            ..Preferences::default()
        };
        let silent = Preferences {
            enabled: false,
            ..Preferences::default()
        };
        let told = Alert {
            notified_at: Some(at(NOON)),
            ..alert("x", State::Active, "2028-02-29T11:00:00Z")
        };
        let snoozed = Alert {
            snoozed_until: Some(at("2028-02-29T12:30:00Z")),
            ..alert("x", State::Active, NOON)
        };
        let waiting = alert("x", State::Active, NOON);
        let planned = alert("x", State::Upcoming, "2028-03-01T00:00:00Z");
        let seen = at("2028-02-29T11:59:00Z");
        let before = alert("x", State::Upcoming, "2028-02-29T11:59:00Z");
        let meanwhile = alert("x", State::Upcoming, "2028-02-29T11:59:01Z");
        for (rows, preferences, expected) in [
            (vec![], Preferences::default(), None),
            (vec![told.clone()], Preferences::default(), None),
            (vec![before], Preferences::default(), None),
            (vec![meanwhile], Preferences::default(), Some(NOON)),
            (
                vec![told, planned.clone()],
                Preferences::default(),
                Some("2028-03-01T00:00:00Z"),
            ),
            (
                vec![planned.clone(), snoozed],
                Preferences::default(),
                Some("2028-02-29T12:30:00Z"),
            ),
            (
                vec![planned, waiting.clone()],
                Preferences::default(),
                Some(NOON),
            ),
            (vec![waiting.clone()], quiet, Some("2028-02-29T14:00:00Z")),
            // Nobody is to be told: that nobody was is no reason to look again at once.
            (vec![waiting], silent, None),
        ] {
            assert_eq!(
                next_wake(&rows, seen, at(NOON), &preferences),
                expected.map(at),
                "{rows:?}"
            );
        }
    }
}
