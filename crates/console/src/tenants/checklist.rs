//! The onboarding checklist: which steps of a tenant's onboarding are done, decided from what the workspace knows.

use std::collections::BTreeSet;

use crate::counted;
use crate::views::ChecklistStep;

/// The steps a person ticks off, since nothing in the workspace shows them.
pub(crate) const BY_HAND: [&str; 3] = ["request_sent", "mapping_reviewed", "handed_over"];

/// What every step waits for before there is an account.
const FIRST: &str = "Add the tenant's first account.";

/// What the workspace knows of a tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The steps ticked off by hand.
    pub(crate) marks: BTreeSet<String>,
    pub(crate) accounts: Vec<KnownAccount>,
    /// Whether native notifications are on.
    pub(crate) notifications: bool,
}

/// What the workspace knows of an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownAccount {
    pub(crate) id: String,
    pub(crate) has_credentials: bool,
    /// The last connection test passed and nothing broke since.
    pub(crate) active: bool,
    /// Scopes that are too much, as the credentials tab judges them.
    pub(crate) excess: Vec<String>,
    /// Whether a test sync completed, and with how many errors the newest that did.
    pub(crate) test_errors: Option<u64>,
}

/// The first account for which `missing` holds, as the place to go to.
fn first(known: &Known, missing: impl Fn(&KnownAccount) -> bool) -> Option<&KnownAccount> {
    known.accounts.iter().find(|account| missing(account))
}

/// A place in the window, and the account where it belongs to one.
type Way<'k> = (&'static str, Option<&'k KnownAccount>);

/// The way to a place of the account that a step waits for; before there is one, every step begins with the first.
fn way<'k>(
    known: &Known,
    place: &'static str,
    account: Option<&'k KnownAccount>,
) -> Option<Way<'k>> {
    if known.accounts.is_empty() {
        return Some(("connect", None));
    }
    account.map(|account| (place, Some(account)))
}

fn step(
    name: &str,
    label: &str,
    done: bool,
    detail: impl Into<String>,
    way: Option<Way<'_>>,
) -> ChecklistStep {
    // What is done waits for nothing.
    let way = way.filter(|_| !done);
    ChecklistStep {
        step: name.to_owned(),
        label: label.to_owned(),
        done,
        detail: detail.into(),
        account: way.and_then(|(_, account)| Some(account?.id.clone())),
        leads_to: way.map(|(place, _)| place.to_owned()),
        by_hand: BY_HAND.contains(&name),
    }
}

/// How test syncs came out, by the first account that had none without an error.
fn tested(untested: Option<&KnownAccount>) -> String {
    match untested.map(|account| (account, account.test_errors)) {
        None => "Test syncs came through without an error.".to_owned(),
        Some((account, None)) => format!("Run a test sync of {}.", account.id),
        Some((account, Some(errors))) => {
            let errors = counted(errors, "error", "errors");
            format!("The last test sync of {} had {errors}.", account.id)
        }
    }
}

/// What alerts wait for, and the way to it.
fn alerts<'k>(
    known: &Known,
    unconnected: Option<&'k KnownAccount>,
) -> (&'static str, Option<Way<'k>>) {
    if !known.notifications {
        return ("Native notifications are off.", Some(("settings", None)));
    }
    let way = way(known, "credentials", unconnected);
    if known.accounts.is_empty() {
        (FIRST, way)
    } else {
        ("Alerts watch every account that is connected.", way)
    }
}

/// The steps in their order.
pub(crate) fn checklist(known: &Known) -> Vec<ChecklistStep> {
    let any = !known.accounts.is_empty();
    let marked = |name: &str| known.marks.contains(name);
    let lacking = first(known, |account| !account.has_credentials);
    let unconnected = first(known, |account| !account.active);
    let excessive = first(known, |account| !account.excess.is_empty());
    let untested = first(known, |account| account.test_errors != Some(0));
    let received = any && known.accounts.iter().any(|account| account.has_credentials);
    let or_none = |text: String| if any { text } else { FIRST.to_owned() };
    let (alerts, way_to_alerts) = alerts(known, unconnected);
    let way = |place, account| way(known, place, account);

    let sent = marked("request_sent") || received;
    let request = if received {
        "Credentials came back, so the request was read."
    } else if sent {
        "Waiting for the administrator."
    } else {
        "Copy the message to the administrator, send it, then tick this."
    };
    vec![
        step(
            "request_sent",
            "Request sent",
            sent,
            request,
            way("request", lacking),
        ),
        step(
            "credentials_received",
            "Credentials received",
            any && lacking.is_none(),
            or_none(lacking.map_or_else(
                || "Every account has its credentials.".to_owned(),
                |account| format!("{} has none yet.", account.id),
            )),
            way("credentials", lacking),
        ),
        step(
            "connected",
            "Connected",
            any && unconnected.is_none(),
            or_none(unconnected.map_or_else(
                || "Every account is active.".to_owned(),
                |account| format!("{} is not active.", account.id),
            )),
            way("credentials", unconnected),
        ),
        step(
            "least_privilege",
            "Scopes are least-privilege",
            any && excessive.is_none(),
            or_none(excessive.map_or_else(
                || "No account holds a scope that is known to be too much.".to_owned(),
                |account| {
                    format!(
                        "{} does not need {}.",
                        account.id,
                        account.excess.join(", ")
                    )
                },
            )),
            way("credentials", excessive),
        ),
        step(
            "test_sync_clean",
            "Test sync clean",
            any && untested.is_none(),
            or_none(tested(untested)),
            way("sync", untested),
        ),
        step(
            "mapping_reviewed",
            "Mapping reviewed",
            marked("mapping_reviewed"),
            "Look through the compare view and the mapping with the customer, then tick this.",
            way("compare", known.accounts.first()),
        ),
        step(
            "alerts_on",
            "Alerts on",
            any && known.notifications && unconnected.is_none(),
            alerts,
            way_to_alerts,
        ),
        step(
            "handed_over",
            "Handed over",
            marked("handed_over"),
            "Print the report, hand the tenant over, then tick this.",
            Some(("report", None)),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(
        id: &str,
        has_credentials: bool,
        active: bool,
        test_errors: Option<u64>,
    ) -> KnownAccount {
        KnownAccount {
            id: id.into(),
            has_credentials,
            active,
            excess: Vec::new(),
            test_errors,
        }
    }

    fn done(known: &Known) -> String {
        checklist(known)
            .iter()
            .map(|step| if step.done { 'x' } else { '-' })
            .collect()
    }

    #[test]
    fn steps_tick_themselves_from_what_is_known() {
        let marks = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let known = |marked: &[&str], accounts: Vec<KnownAccount>, notifications| Known {
            marks: marks(marked),
            accounts,
            notifications,
        };
        let greedy = KnownAccount {
            excess: vec!["order.write".into()],
            ..account("a", true, true, Some(0))
        };
        for (known, expected) in [
            (known(&[], vec![], true), "--------"),
            (known(&["request_sent"], vec![], true), "x-------"),
            (
                known(&[], vec![account("a", false, false, None)], true),
                "---x----",
            ),
            (
                known(&[], vec![account("a", true, false, None)], true),
                "xx-x----",
            ),
            (
                known(&[], vec![account("a", true, true, None)], true),
                "xxxx--x-",
            ),
            (
                known(&[], vec![account("a", true, true, Some(2))], true),
                "xxxx--x-",
            ),
            (
                known(&[], vec![account("a", true, true, Some(0))], false),
                "xxxxx---",
            ),
            (known(&[], vec![greedy], true), "xxx-x-x-"),
            (
                known(
                    &["mapping_reviewed", "handed_over"],
                    vec![
                        account("a", true, true, Some(0)),
                        account("b", false, false, None),
                    ],
                    true,
                ),
                "x--x-x-x",
            ),
            (
                known(
                    &["mapping_reviewed", "handed_over"],
                    vec![account("a", true, true, Some(0))],
                    true,
                ),
                "xxxxxxxx",
            ),
        ] {
            assert_eq!(done(&known), expected, "{known:?}");
        }
    }

    #[test]
    fn an_open_step_leads_to_where_it_is_done() {
        let two = vec![
            account("a", true, true, Some(0)),
            account("b", false, false, None),
        ];
        let one =
            |name, credentials, active, errors| vec![account(name, credentials, active, errors)];
        for (accounts, notifications, expected) in [
            (
                vec![],
                true,
                "connect connect connect connect connect connect connect report",
            ),
            (
                one("b", false, false, None),
                true,
                "request:b credentials:b credentials:b - sync:b compare:b credentials:b report",
            ),
            (
                two,
                true,
                "- credentials:b credentials:b - sync:b compare:a credentials:b report",
            ),
            (
                one("a", true, true, Some(0)),
                false,
                "- - - - - compare:a settings report",
            ),
        ] {
            let known = Known {
                accounts,
                notifications,
                ..Known::default()
            };
            let ways: Vec<String> = checklist(&known)
                .into_iter()
                .map(|step| match (step.leads_to, step.account) {
                    (Some(place), Some(account)) => format!("{place}:{account}"),
                    (place, _) => place.unwrap_or_else(|| "-".to_owned()),
                })
                .collect();
            assert_eq!(ways.join(" "), expected, "{known:?}");
        }
    }
}
