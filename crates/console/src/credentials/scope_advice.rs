//! Least privilege worked out: which scopes a choice of resources needs, and what a pasted list has too much or too
//! little.

use crosswalk_connector::{Connector, GrantKind};

use crate::connect::connection::choose_grant;
use crate::views::{CorrectedScope, ScopeAdvice};
use crate::{Console, Fault};

fn push_new(scopes: &mut Vec<String>, more: &[String]) {
    for scope in more {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
}

/// The scopes reading `resources` needs, and with `writes` marking them as handed over.
pub(crate) fn needed(connector: &Connector, resources: &[String], writes: bool) -> Vec<String> {
    let mut scopes = Vec::new();
    for resource in resources
        .iter()
        .filter_map(|name| connector.resources.get(name))
    {
        push_new(&mut scopes, &resource.scopes);
        let mark = resource
            .exported
            .as_ref()
            .and_then(|flag| flag.mark.as_ref());
        if let Some(mark) = mark.filter(|_| writes) {
            push_new(&mut scopes, &mark.scopes);
        }
    }
    scopes
}

/// Scopes that open no resource but that signing in may need, such as the one for a refresh token: never too much.
pub(crate) fn harmless(connector: &Connector, scope: &str) -> bool {
    let refresh = connector
        .auth
        .token
        .as_ref()
        .and_then(|token| token.refresh.as_ref())
        .and_then(|refresh| refresh.scope.as_deref());
    refresh == Some(scope)
        || (connector
            .scopes
            .default_scopes()
            .iter()
            .any(|one| one == scope)
            && !connector
                .resources
                .values()
                .any(|resource| resource.scopes.iter().any(|one| one == scope)))
}

/// Those of `asked` that `resources` do not need.
fn excess(
    connector: &Connector,
    resources: &[String],
    writes: bool,
    asked: &[String],
) -> Vec<String> {
    let needed = needed(connector, resources, writes);
    asked
        .iter()
        .filter(|scope| !needed.contains(scope) && !harmless(connector, scope))
        .cloned()
        .collect()
}

fn advise(
    connector: &Connector,
    resources: &[String],
    pasted: Option<&str>,
    writes: bool,
    grant: GrantKind,
) -> ScopeAdvice {
    let pasted = pasted.filter(|text| !text.trim().is_empty());
    let refresh: Vec<String> = connector
        .auth
        .refresh_scope(grant)
        .map(str::to_owned)
        .into_iter()
        .collect();
    let mut needed = needed(connector, resources, writes);
    // By itself it opens nothing: where nothing is chosen, nothing is asked for.
    if pasted.is_some() || !resources.is_empty() {
        push_new(&mut needed, &refresh);
    }
    let Some(pasted) = pasted else {
        return ScopeAdvice {
            scopes: needed,
            ..ScopeAdvice::default()
        };
    };
    let list = connector.scopes.read(pasted);
    // The client asks for the refresh scope whether it was pasted or not.
    let mut scopes = list.scopes.clone();
    push_new(&mut scopes, &refresh);
    let excess = if resources.is_empty() {
        Vec::new()
    } else {
        excess(connector, resources, writes, &list.scopes)
    };
    ScopeAdvice {
        missing: needed
            .into_iter()
            .filter(|scope| !list.scopes.contains(scope))
            .collect(),
        excess,
        corrected: list
            .corrected
            .into_iter()
            .map(|(given, meant)| CorrectedScope {
                hint: format!("{} writes it {meant}.", connector.label),
                given,
                meant,
            })
            .collect(),
        unknown: list
            .unknown
            .into_iter()
            .map(|(given, near)| match near {
                Some(near) => format!("{given} (did you mean {near}?)"),
                None => given,
            })
            .collect(),
        scopes,
    }
}

impl Console {
    /// Which scopes to ask for to sync `resources`; a pasted list in any separator is put in order and judged.
    /// Without a grant: the connector's first.
    ///
    /// # Errors
    /// `not_found`, `unknown_grant`.
    pub fn scope_advice(
        &self,
        connector: &str,
        resources: &[String],
        pasted: Option<&str>,
        purpose: &str,
        grant: Option<&str>,
    ) -> Result<ScopeAdvice, Fault> {
        let definition = self.definition(connector)?;
        Ok(advise(
            &definition.connector,
            resources,
            pasted,
            purpose == "write",
            choose_grant(&definition, grant)?.kind(),
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use crosswalk_connector::{Catalogue, Definition};

    use super::*;

    /// A machine's own credentials, with which nobody signs in.
    const MACHINE: GrantKind = GrantKind::ClientCredentials;

    /// A built-in connector that has scopes for several resources, whichever it is.
    fn definition() -> Arc<Definition> {
        Catalogue::builtin()
            .catalogue
            .iter()
            .find(|one| {
                let mut scoped = one.connector.resources.values();
                scoped.any(|resource| resource.exported.is_some() && !resource.scopes.is_empty())
            })
            .unwrap()
            .clone()
    }

    #[test]
    fn a_choice_needs_the_least_and_a_pasted_list_is_judged() {
        let definition = definition();
        let connector = &definition.connector;
        let (name, resource) = connector
            .resources
            .iter()
            .find(|(_, resource)| resource.exported.is_some())
            .unwrap();
        let chosen = std::slice::from_ref(name);
        let least = advise(connector, chosen, None, false, MACHINE);
        assert_eq!(least.scopes, resource.scopes);
        let writing = advise(connector, chosen, None, true, MACHINE);
        assert!(writing.scopes.len() > least.scopes.len());

        let write = writing.scopes.last().unwrap().clone();
        let pasted = format!("{}, {write}; made.up", resource.scopes.join(" "));
        let advice = advise(connector, chosen, Some(&pasted), false, MACHINE);
        assert_eq!(advice.missing, Vec::<String>::new());
        assert_eq!(advice.excess, [write.clone(), "made.up".to_owned()]);
        assert_eq!(advice.unknown.len(), 1);
        assert!(advice.unknown[0].starts_with("made.up"));
        let advice = advise(connector, chosen, Some(&write), true, MACHINE);
        assert_eq!(advice.missing, resource.scopes);
        assert_eq!(advice.excess, Vec::<String>::new());
    }

    #[test]
    fn the_default_set_is_never_too_much() {
        let definition = definition();
        let connector = &definition.connector;
        let every: Vec<String> = connector.resources.keys().cloned().collect();
        let defaults = connector.scopes.default_scopes();
        assert_eq!(
            excess(connector, &every, false, defaults),
            Vec::<String>::new()
        );
        assert_eq!(
            advise(connector, &[], Some("  "), false, MACHINE),
            ScopeAdvice::default()
        );
    }

    #[test]
    fn where_a_person_signs_in_the_refresh_scope_is_asked_for() {
        let definition = definition();
        let connector = &definition.connector;
        let name = connector.resources.keys().next().unwrap();
        let chosen = std::slice::from_ref(name);
        let read = &connector.resources[name].scopes;
        for grant in [GrantKind::AuthorizationCode, GrantKind::DeviceCode] {
            let refresh = connector.auth.refresh_scope(grant).unwrap().to_owned();
            let with_refresh = [read.as_slice(), std::slice::from_ref(&refresh)].concat();
            let advice = advise(connector, chosen, None, false, grant);
            assert_eq!(advice.scopes, with_refresh);
            // A list without it is short of it; one with it is not too long.
            let advice = advise(connector, chosen, Some(&read.join(" ")), false, grant);
            assert_eq!(advice.scopes, with_refresh);
            assert_eq!(advice.missing, [refresh]);
            let advice = advise(
                connector,
                chosen,
                Some(&with_refresh.join(" ")),
                false,
                grant,
            );
            assert_eq!(advice.scopes, with_refresh);
            assert!(advice.missing.is_empty() && advice.excess.is_empty());
            let nothing = advise(connector, &[], None, false, grant);
            assert_eq!(nothing, ScopeAdvice::default());
        }
        assert_eq!(
            advise(connector, chosen, None, false, MACHINE).scopes,
            *read
        );
    }
}
