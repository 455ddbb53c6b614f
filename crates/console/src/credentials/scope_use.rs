//! Least privilege: which scopes were asked for and granted, which are needed by what is configured, and which were
//! used.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_connector::Definition;
use crosswalk_workspace::account::{Account, Purpose};
use crosswalk_workspace::{audit, resource};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use specta::Type;

use crate::{Console, Fault};

/// How far back a use counts.
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

/// What is known about an account's scopes.
struct Facts<'f> {
    asked: &'f [String],
    granted: Option<&'f [String]>,
    /// Resources that are configured.
    configured: BTreeSet<String>,
    /// Resources that were called, and when last.
    called: BTreeMap<String, Timestamp>,
    writes: bool,
}

/// Which scopes there are, and which are too much. Pure.
fn judge(definition: &Definition, facts: &Facts<'_>) -> (Vec<ScopeView>, Vec<String>) {
    let connector = &definition.connector;
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut used: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (name, resource) in &connector.resources {
        if facts.configured.contains(name) {
            needed.extend(resource.scopes.iter().map(String::as_str));
            if facts.writes
                && let Some(update) = &resource.operations.update
            {
                needed.extend(update.scopes.iter().map(String::as_str));
            }
        }
        if let Some(at) = facts.called.get(name) {
            for scope in &resource.scopes {
                let last = used.entry(scope).or_insert(*at);
                *last = (*last).max(*at);
            }
        }
    }
    let refresh = connector
        .auth
        .token
        .as_ref()
        .and_then(|token| token.refresh.as_ref());
    needed.extend(refresh.and_then(|refresh| refresh.scope.as_deref()));
    let held = facts.asked.iter().chain(facts.granted.unwrap_or_default());
    let mut seen = BTreeSet::new();
    let views: Vec<ScopeView> = held
        .filter(|scope| seen.insert(scope.as_str()))
        .map(|scope| ScopeView {
            scope: scope.clone(),
            asked: facts.asked.contains(scope),
            granted: facts.granted.map(|granted| granted.contains(scope)),
            needed: needed.contains(scope.as_str()),
            used_at: used.get(scope.as_str()).copied(),
            opens: connector
                .scopes
                .catalogue
                .get(scope)
                .map(|known| known.opens.join(", "))
                .unwrap_or_default(),
        })
        .collect();
    // Before anything is configured nothing is too much: that is not known yet.
    let excess = if facts.configured.is_empty() {
        Vec::new()
    } else {
        views
            .iter()
            .filter(|view| !view.needed && view.used_at.is_none() && view.granted != Some(false))
            .map(|view| view.scope.clone())
            .collect()
    };
    (views, excess)
}

/// What to ask the administrator.
pub(super) fn letter(account: &Account, definition: &Definition, excess: &[String]) -> String {
    format!(
        "Please take these scopes from the client {} in {}. The connection does not need them, and has not used them for \
         90 days:\n\n{}\n\nThe scopes that stay are enough for everything that is set up.",
        account.client_id.as_deref().unwrap_or("of this connection"),
        definition.connector.label,
        excess.join("\n")
    )
}

impl Console {
    pub(super) async fn scope_use(
        &self,
        account: &Account,
        definition: &Definition,
    ) -> Result<(Vec<ScopeView>, Vec<String>), Fault> {
        let since = self
            .now()
            .checked_sub(USED_WITHIN)
            .unwrap_or(Timestamp::MIN);
        let (uuid, slug) = (account.uuid, account.slug.clone());
        let (mut configured, called) = self
            .workspace()
            .read(move |tx| {
                Ok((
                    resource::names(tx, uuid)?
                        .into_iter()
                        .collect::<BTreeSet<_>>(),
                    audit::resources_called(tx, &slug, since)?,
                ))
            })
            .await?;
        let schedules = self.schedules(Some(&account.slug)).await?;
        configured.extend(schedules.into_iter().map(|schedule| schedule.resource));
        let facts = Facts {
            asked: &account.scopes_asked,
            granted: account.scopes_granted.as_deref(),
            configured,
            called: called.into_iter().collect(),
            writes: account.purpose == Purpose::Write,
        };
        Ok(judge(definition, &facts))
    }
}
