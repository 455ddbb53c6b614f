//! Least privilege: which scopes were asked for and granted, which are needed by what is configured, which were used,
//! and which are too much. The one judgement of it: the credentials tab, the onboarding checklist, the reports and the
//! letter to the administrator all ask here.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_connector::{Connector, Definition};
use crosswalk_workspace::account::{self, Account, Purpose};
use crosswalk_workspace::{audit, resource};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use specta::Type;

use crate::credentials::scope_advice;
use crate::{Console, Fault};

/// How far back a use counts, and how long nobody must have used a scope before it is too much.
const USED_WITHIN: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A scope, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ScopeView {
    pub scope: String,
    pub asked: bool,
    /// Null where the provider does not say what it granted.
    pub granted: Option<bool>,
    /// Whether something that is configured reads through it: a resource that was synced or is scheduled.
    pub needed: bool,
    /// Last use within 90 days.
    #[specta(type = Option<String>)]
    pub used_at: Option<Timestamp>,
    pub opens: String,
}

/// What an account does with its scopes.
pub(crate) struct ScopeUse {
    pub(crate) scopes: Vec<ScopeView>,
    /// Those that are too much.
    pub(crate) excess: Vec<String>,
    /// Since when it is known which are used.
    pub(crate) observed_since: Timestamp,
}

/// What is known about an account's scopes.
struct Facts<'f> {
    asked: &'f [String],
    granted: Option<&'f [String]>,
    /// Resources that are configured.
    configured: Vec<String>,
    /// Resources that were called, and when last.
    called: BTreeMap<String, Timestamp>,
    writes: bool,
    /// For how long it is known what was called.
    observed: SignedDuration,
}

/// The scopes that reading these resources takes, and with `writes` changing them.
fn taken(connector: &Connector, resources: &[String], writes: bool) -> BTreeSet<String> {
    let mut scopes: BTreeSet<String> = scope_advice::needed(connector, resources, writes)
        .into_iter()
        .collect();
    let updates = resources
        .iter()
        .filter_map(|name| connector.resources.get(name)?.operations.update.as_ref())
        .filter(|_| writes);
    scopes.extend(updates.flat_map(|update| update.scopes.iter().cloned()));
    scopes
}

/// Which scopes there are, and which are too much: at once those that nothing the account could do takes; those that
/// nothing configured needs once nobody has used them for 90 days, since before that what will be synced is not known.
/// Pure.
fn judge(definition: &Definition, facts: &Facts<'_>) -> (Vec<ScopeView>, Vec<String>) {
    let connector = &definition.connector;
    let every: Vec<String> = connector.resources.keys().cloned().collect();
    let possible = taken(connector, &every, facts.writes);
    let needed = taken(connector, &facts.configured, facts.writes);
    let mut used: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (name, resource) in &connector.resources {
        if let Some(at) = facts.called.get(name) {
            for scope in &resource.scopes {
                let last = used.entry(scope).or_insert(*at);
                *last = (*last).max(*at);
            }
        }
    }
    let held = facts.asked.iter().chain(facts.granted.unwrap_or_default());
    let mut seen = BTreeSet::new();
    let views: Vec<ScopeView> = held
        .filter(|scope| seen.insert(scope.as_str()))
        .map(|scope| ScopeView {
            scope: scope.clone(),
            asked: facts.asked.contains(scope),
            granted: facts.granted.map(|granted| granted.contains(scope)),
            needed: needed.contains(scope) || scope_advice::harmless(connector, scope),
            used_at: used.get(scope.as_str()).copied(),
            opens: connector
                .scopes
                .catalogue
                .get(scope)
                .map(|known| known.opens.join(", "))
                .unwrap_or_default(),
        })
        .collect();
    // Before anything is configured nothing that could be is too much: that is not known yet.
    let watched = !facts.configured.is_empty() && facts.observed >= USED_WITHIN;
    let excess = views
        .iter()
        .filter(|view| !view.needed && view.used_at.is_none() && view.granted != Some(false))
        .filter(|view| watched || !possible.contains(&view.scope))
        .map(|view| view.scope.clone())
        .collect();
    (views, excess)
}

/// What to ask the administrator; it says for how long nobody used the scopes, and no longer than that is known. Pure.
pub(super) fn letter(
    client: Option<&str>,
    provider: &str,
    known: &ScopeUse,
    now: Timestamp,
) -> String {
    let unused = if now.duration_since(known.observed_since) >= USED_WITHIN {
        "for 90 days".to_owned()
    } else {
        format!("since {}", known.observed_since.strftime("%Y-%m-%d"))
    };
    format!(
        "Please take these scopes from the client {} in {provider}. The connection does not need them, and has not used \
         them {unused}:\n\n{}\n\nThe scopes that stay are enough for everything that is set up.",
        client.unwrap_or("of this connection"),
        known.excess.join("\n")
    )
}

impl Console {
    /// What an account does with its scopes.
    pub(crate) async fn scope_use(
        &self,
        account: &Account,
        definition: &Definition,
    ) -> Result<ScopeUse, Fault> {
        let now = self.now();
        let since = now.checked_sub(USED_WITHIN).unwrap_or(Timestamp::MIN);
        let (uuid, slug) = (account.uuid, account.slug.clone());
        let (configured, called, chosen_at) = self
            .workspace()
            .read(move |tx| {
                Ok((
                    resource::names(tx, uuid)?,
                    audit::resources_called(tx, &slug, since)?,
                    audit::last_of(tx, &slug, account::SCOPES_ASKED)?,
                ))
            })
            .await?;
        let mut configured: BTreeSet<String> = configured.into_iter().collect();
        let schedules = self.schedules(Some(&account.slug)).await?;
        configured.extend(schedules.into_iter().map(|schedule| schedule.resource));
        // A scope that was asked for yesterday has been unused for a day, however old the account is.
        let observed_since = since
            .max(account.created_at)
            .max(chosen_at.unwrap_or(Timestamp::MIN));
        let facts = Facts {
            asked: &account.scopes_asked,
            granted: account.scopes_granted.as_deref(),
            configured: configured.into_iter().collect(),
            called: called.into_iter().collect(),
            writes: account.purpose == Purpose::Write,
            observed: now.duration_since(observed_since),
        };
        let (scopes, excess) = judge(definition, &facts);
        Ok(ScopeUse {
            scopes,
            excess,
            observed_since,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use crosswalk_connector::Catalogue;

    use super::*;

    /// A built-in connector whose resources take scopes of their own, whichever it is.
    fn definition() -> Arc<Definition> {
        Catalogue::builtin()
            .catalogue
            .iter()
            .find(|one| {
                let mut resources = one.connector.resources.values();
                resources.any(|resource| resource.exported.is_some() && !resource.scopes.is_empty())
            })
            .unwrap()
            .clone()
    }

    #[test]
    fn a_scope_is_too_much_when_nothing_can_take_it_or_nobody_took_it_for_90_days() {
        let definition = definition();
        let connector = &definition.connector;
        let (synced, resource) = connector
            .resources
            .iter()
            .find(|(_, one)| one.exported.is_some() && !one.scopes.is_empty())
            .unwrap();
        let (other, idle) = connector
            .resources
            .iter()
            .find_map(|(name, one)| {
                let scope = one.scopes.iter().find(|scope| {
                    !resource.scopes.contains(scope) && !scope_advice::harmless(connector, scope)
                })?;
                Some((name.clone(), scope.clone()))
            })
            .unwrap();
        let writing = scope_advice::needed(connector, std::slice::from_ref(synced), true)
            .into_iter()
            .find(|scope| !resource.scopes.contains(scope))
            .unwrap();
        let offline = connector.auth.token.as_ref().unwrap().refresh.as_ref();
        let mut asked = resource.scopes.clone();
        asked.extend([idle.clone(), writing.clone()]);
        asked.extend(offline.and_then(|refresh| refresh.scope.clone()));
        let day = SignedDuration::from_hours(24);
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let one = vec![synced.clone()];
        let none: Vec<String> = Vec::new();
        let neither = vec![idle.clone(), writing.clone()];
        // (days it was watched, what is configured, what else was called, whether it writes, what is too much)
        for (days, configured, called, writes, expected) in [
            // Seconds old and one resource synced: the others may follow.
            (0, &one, None, false, vec![writing.clone()]),
            (89, &one, None, false, vec![writing.clone()]),
            (90, &one, None, false, neither.clone()),
            (90, &one, Some(&other), false, vec![writing.clone()]),
            (90, &none, None, false, vec![writing.clone()]),
            (0, &one, None, true, Vec::new()),
            (90, &one, None, true, vec![idle.clone()]),
        ] {
            let facts = Facts {
                asked: &asked,
                granted: None,
                configured: configured.clone(),
                called: called.into_iter().map(|name| (name.clone(), now)).collect(),
                writes,
                observed: day * days,
            };
            let (_, mut excess) = judge(&definition, &facts);
            excess.sort();
            let mut expected = expected;
            expected.sort();
            assert_eq!(
                excess, expected,
                "{days} days, {configured:?}, {called:?}, {writes}"
            );
        }
        let refused = Facts {
            asked: &asked,
            granted: Some(&resource.scopes),
            configured: one,
            called: BTreeMap::new(),
            writes: false,
            observed: day * 90,
        };
        assert_eq!(judge(&definition, &refused).1, Vec::<String>::new());
    }

    #[test]
    fn the_letter_says_how_long_it_was_looked_at() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        for (since, period) in [
            ("2026-11-21T11:59:58Z", "since 2026-11-21:"),
            ("2026-08-24T12:00:00Z", "since 2026-08-24:"),
            ("2026-08-23T12:00:00Z", "for 90 days:"),
        ] {
            let known = ScopeUse {
                scopes: Vec::new(),
                excess: vec!["order.write".into()],
                observed_since: since.parse().unwrap(),
            };
            let letter = letter(Some("xw-1"), "Acme", &known, now);
            assert!(letter.contains(period), "{letter}");
            assert!(letter.contains("client xw-1 in Acme") && letter.contains("\norder.write\n"));
        }
    }
}
