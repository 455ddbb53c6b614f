//! The onboarding checklist: which steps of a tenant's onboarding are done, decided from what the workspace knows.

use std::collections::BTreeSet;

use crate::counted;
use crate::views::ChecklistStep;

/// The steps a person ticks off, since nothing in the workspace shows them.
pub(crate) const BY_HAND: [&str; 3] = ["request_sent", "mapping_reviewed", "handed_over"];

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

fn step(
    name: &str,
    label: &str,
    done: bool,
    detail: impl Into<String>,
    account: Option<&KnownAccount>,
) -> ChecklistStep {
    ChecklistStep {
        step: name.to_owned(),
        label: label.to_owned(),
        done,
        detail: detail.into(),
        account: account.map(|account| account.id.clone()),
        by_hand: BY_HAND.contains(&name),
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
    let none = "Add the tenant's first account.";
    let or_none = |text: String| if any { text } else { none.to_owned() };

    let sent = marked("request_sent") || received;
    let request = if received {
        "Credentials came back, so the request was read."
    } else if sent {
        "Waiting for the administrator."
    } else {
        "Copy the message to the administrator, send it, then tick this."
    };
    let tested = match untested.map(|account| (account, account.test_errors)) {
        None => "Test syncs came through without an error.".to_owned(),
        Some((account, None)) => format!("Run a test sync of {}.", account.id),
        Some((account, Some(errors))) => {
            let errors = counted(errors, "error", "errors");
            format!("The last test sync of {} had {errors}.", account.id)
        }
    };
    vec![
        step("request_sent", "Request sent", sent, request, None),
        step(
            "credentials_received",
            "Credentials received",
            any && lacking.is_none(),
            or_none(lacking.map_or_else(
                || "Every account has its credentials.".to_owned(),
                |account| format!("{} has none yet.", account.id),
            )),
            lacking,
        ),
        step(
            "connected",
            "Connected",
            any && unconnected.is_none(),
            or_none(unconnected.map_or_else(
                || "Every account is active.".to_owned(),
                |account| format!("{} is not active.", account.id),
            )),
            unconnected,
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
            excessive,
        ),
        step(
            "test_sync_clean",
            "Test sync clean",
            any && untested.is_none(),
            or_none(tested),
            untested,
        ),
        step(
            "mapping_reviewed",
            "Mapping reviewed",
            marked("mapping_reviewed"),
            "Look through the compare view and the mapping with the customer, then tick this.",
            None,
        ),
        step(
            "alerts_on",
            "Alerts on",
            any && known.notifications && unconnected.is_none(),
            if known.notifications {
                or_none("Alerts watch every account that is connected.".to_owned())
            } else {
                "Native notifications are off: Settings.".to_owned()
            },
            None,
        ),
        step(
            "handed_over",
            "Handed over",
            marked("handed_over"),
            "Print the report, hand the tenant over, then tick this.",
            None,
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
    fn an_open_step_leads_to_the_account_it_waits_for() {
        let known = Known {
            accounts: vec![
                account("a", true, true, Some(0)),
                account("b", true, false, None),
            ],
            notifications: true,
            ..Known::default()
        };
        let steps = checklist(&known);
        let connected = steps.iter().find(|step| step.step == "connected");
        assert_eq!(
            connected.and_then(|step| step.account.as_deref()),
            Some("b")
        );
    }
}
